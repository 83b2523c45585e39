"""Early warnings on a pharmacy's accounts: each figure against its dated threshold, in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from galien.calculators.accounting.balance import Balance
from galien.calculators.accounting.figures import Figures
from galien.calculators.accounting.references import Reference, reference
from galien.kernel import french
from galien.kernel.units import Unit
from galien.law import Law

ZERO = Decimal(0)
SIX_MONTHS = "warning_receivable_months"
SALE_SHARE = ("sale_price_turnover_share_by_size", "sale_price_turnover_share")
# Where a margin above the ceiling is usual: shopping centres and resorts.
PASSING_TRADE = ("centre commercial", "commercial", "station", "tourist", "balneaire", "thermal")


class State(StrEnum):
    """What a warning says."""

    ALERT = "alert"
    CLEAR = "clear"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Situation:
    """What warnings look at: figures of the year, the balance sheet, and what accounts do not say.

    `previous_turnover` and `old_receivables` (euros, over six months) are None when unknown;
    `zone` is the pharmacy's typology, in its own words.
    """

    figures: Figures
    balance: Balance
    previous_turnover: Decimal | None = None
    old_receivables: Decimal | None = None
    zone: str = ""


@dataclass(frozen=True)
class EarlyWarning:
    """A warning: its figure, the threshold with its source, the sentence, or what is missing."""

    code: str
    label: str
    unit: Unit
    state: State
    value: Decimal | None = None
    threshold: Reference | None = None
    sentence: str = ""
    missing: str = ""


@dataclass(frozen=True)
class _Reading:
    situation: Situation
    law: Law
    on: dt.date

    def figure(self, code: str) -> tuple[Decimal | None, str]:
        found = self.situation.figures[code]
        return found.value, found.missing

    def threshold(self, name: str) -> Reference | None:
        size = self.situation.figures["turnover"].value
        return reference(self.law, name, on=self.on, size=size)


Says = Callable[[Decimal, Decimal], str]


@dataclass(frozen=True)
class Limit:
    """A declared warning: a figure over (or under) a threshold of the law."""

    code: str
    label: str
    unit: Unit
    figure: str
    threshold: str
    says: Says
    under: bool = False


def _days(value: Decimal) -> str:
    return f"{french.number(value, 0)} jours"


LIMITS = (
    Limit(
        "margin_low", "Marge avec honoraires trop basse", Unit.RATIO,
        "commercial_margin_rate", "warning_commercial_margin_low",
        lambda v, t: f"La marge commerciale, honoraires compris, est de {french.percent(v)} du chiffre "
        f"d’affaires, sous {french.percent(t, 0)} : vérifiez le stock, les remises et les prix.",
        under=True,
    ),
    Limit(
        "turnover_per_head", "Chiffre d’affaires par personne", Unit.EUR_EXCL,
        "turnover_per_head", "federation_turnover_per_head",
        lambda v, t: f"Chaque personne fait {french.amount(v, 0)} de chiffre d’affaires, sous les "
        f"{french.amount(t, 0)} de la tranche : l’effectif est large pour l’activité.",
        under=True,
    ),
    Limit(
        "stock_days", "Durée du stock", Unit.DAYS, "stock_days", "warning_stock_days",
        lambda v, t: f"Le stock tourne en {_days(v)}, plus de {_days(t)} : cherchez ce qui dort.",
    ),
    Limit(
        "stock_days_vat_2_1", "Durée du stock à 2,1 %", Unit.DAYS,
        "stock_days_vat_2_1", "warning_stock_days_vat_2_1",
        lambda v, t: f"Le stock remboursable tourne en {_days(v)}, plus de {_days(t)}, alors que le "
        "grossiste livre plusieurs fois par jour.",
    ),
    Limit(
        "stock_days_vat_20", "Durée du stock de parapharmacie", Unit.DAYS,
        "stock_days_vat_20", "warning_stock_days_vat_20",
        lambda v, t: f"Le stock à 20 % tourne en {_days(v)}, plus de {_days(t)} : la gamme est trop large.",
    ),
    Limit(
        "working_capital", "Besoin en fonds de roulement", Unit.DAYS,
        "working_capital_days", "warning_working_capital_days",
        lambda v, t: f"Le besoin en fonds de roulement est de {_days(v)} de chiffre d’affaires, plus de "
        f"{_days(t)} (norme de 7 à 10) : stock ou créances immobilisent la trésorerie.",
    ),
    Limit(
        "debt", "Endettement hors acquisition", Unit.RATIO, "free_debt_rate", "warning_debt_rate",
        lambda v, t: f"Les emprunts font {french.percent(v)} du chiffre d’affaires, plus de "
        f"{french.percent(t, 0)} (norme de 15 à 20 %), sans les emprunts que les comptes "
        "nomment d’acquisition.",
    ),
    Limit(
        "third_party", "Tiers payants en retard", Unit.DAYS,
        "third_party_days", "benchmark_oec_client_credit_days",
        lambda v, t: f"Les tiers payants doivent {_days(v)} de ventes TTC, plus de {_days(t)} : relancez "
        "les rejets et les lots non payés.",
    ),
)  # fmt: skip


def warnings(situation: Situation, law: Law, *, on: dt.date) -> tuple[EarlyWarning, ...]:
    """Look at every declared warning on a day; each one says alert, clear, or what it lacks.

    Thresholds and their sources are the law's values of topics `warning` and `benchmark`; days
    are worked out by `figures`.
    """
    reading = _Reading(situation, law, on)
    limits = [_limit(each, reading) for each in LIMITS]
    margin_high = _margin_high(reading)
    special = (_stock_over_suppliers, _goodwill, _receivables)
    return (limits[0], margin_high, *limits[1:], *(each(reading) for each in special))


def _limit(limit: Limit, reading: _Reading) -> EarlyWarning:
    value, missing = reading.figure(limit.figure)
    threshold = reading.threshold(limit.threshold)
    if value is None or threshold is None:
        missing = missing or "le seuil de cette date pour cette taille"
        return EarlyWarning(limit.code, limit.label, limit.unit, State.UNKNOWN, missing=missing)
    over = value < threshold.value if limit.under else value > threshold.value
    return EarlyWarning(
        limit.code,
        limit.label,
        limit.unit,
        State.ALERT if over else State.CLEAR,
        value,
        threshold,
        limit.says(value, threshold.value) if over else "",
    )


def _margin_high(reading: _Reading) -> EarlyWarning:
    zone = french.fold(reading.situation.zone)
    usual = any(word in zone for word in PASSING_TRADE)
    found = _limit(
        Limit(
            "margin_high", "Marge avec honoraires très haute", Unit.RATIO,
            "commercial_margin_rate", "warning_commercial_margin_high",
            lambda v, t: f"La marge commerciale, honoraires compris, est de {french.percent(v)} du chiffre "
            f"d’affaires, plus de {french.percent(t, 0)} : normal en centre commercial ou en station, à "
            "expliquer ailleurs (stock surévalué, achats non comptés).",
        ),
        reading,
    )  # fmt: skip
    if found.state is State.ALERT and usual:
        return EarlyWarning(
            found.code, found.label, found.unit, State.CLEAR, found.value, found.threshold,
            "Au-dessus du plafond, ce qui est normal dans cette situation.",
        )  # fmt: skip
    return found


def _stock_over_suppliers(reading: _Reading) -> EarlyWarning:
    label, unit = "Stock plus long que le crédit des fournisseurs", Unit.DAYS
    stock, no_stock = reading.figure("stock_days")
    credit, no_credit = reading.figure("supplier_days")
    if stock is None or credit is None:
        missing = no_stock or no_credit
        return EarlyWarning("stock_over_suppliers", label, unit, State.UNKNOWN, missing=missing)
    over = stock > credit
    sentence = (
        f"Le stock tourne en {_days(stock)} et les fournisseurs sont payés à {_days(credit)} : la "
        "trésorerie paie la différence."
    )
    return EarlyWarning(
        "stock_over_suppliers",
        label,
        unit,
        State.ALERT if over else State.CLEAR,
        stock - credit,
        reading.threshold("benchmark_oec_supplier_credit_days"),
        sentence if over else "",
    )


def _goodwill(reading: _Reading) -> EarlyWarning:
    label, unit, now = "Fonds à déprécier", Unit.EUR, reading.situation
    goodwill, turnover = now.balance.goodwill, now.figures["turnover"].value
    known = [reading.threshold(name) for name in SALE_SHARE]
    share = max((each for each in known if each), key=lambda each: each.year, default=None)
    if not goodwill or turnover is None or share is None:
        return EarlyWarning(
            "goodwill", label, unit, State.UNKNOWN, missing="le fonds au bilan (compte 207)"
        )
    worth = turnover * share.value
    fell = now.previous_turnover is not None and turnover < now.previous_turnover
    if goodwill <= worth:
        return EarlyWarning("goodwill", label, unit, State.CLEAR, goodwill, share)
    why = " et le chiffre d’affaires baisse" if fell else ""
    sentence = (
        f"Le fonds est au bilan pour {french.amount(goodwill, 0)} ; au prix des cessions de "
        f"{share.year} "
        f"({french.percent(share.value, 0)} du chiffre d’affaires) il vaudrait "
        f"{french.amount(worth, 0)}{why} : "
        "parlez d’une dépréciation avec votre expert-comptable."
    )
    return EarlyWarning("goodwill", label, unit, State.ALERT, goodwill, share, sentence)


def _receivables(reading: _Reading) -> EarlyWarning:
    label, unit, now = "Créances anciennes à provisionner", Unit.EUR, reading.situation
    months = reading.threshold(SIX_MONTHS)
    old = now.old_receivables if now.old_receivables is not None else now.balance.doubtful
    if old is None or months is None:
        missing = "l’âge des créances (balance âgée), ou un compte de créances douteuses (416)"
        return EarlyWarning("receivables", label, unit, State.UNKNOWN, missing=missing)
    bare = old - now.balance.provisions
    sentence = (
        f"{french.amount(old, 0)} de créances de plus de {french.number(months.value, 0)} mois ou "
        "douteuses, "
        f"provisionnées pour {french.amount(now.balance.provisions, 0)}."
    )
    alert = bare > ZERO
    state = State.ALERT if alert else State.CLEAR
    return EarlyWarning("receivables", label, unit, state, bare, months, sentence if alert else "")
