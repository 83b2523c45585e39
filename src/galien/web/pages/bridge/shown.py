"""How the bridge from till to accounts is printed: figures, steps, turnover read otherwise, margins."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from galien.calculators.accounting.bridge import (
    TYPED_ON_MARGIN,
    TYPED_ON_SALES,
    Bridge,
    Gap,
    Origin,
)
from galien.calculators.accounting.margins import Margins
from galien.kernel import french, glossary
from galien.usecases.bridge import TYPED_TILL, BridgeReport
from galien.usecases.services import current
from galien.web.components.models import (
    Action,
    Headline,
    Link,
    Notice,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.gestion import Choice
from galien.web.lists import badge, count, plain_table, text, wrapped
from galien.web.typed import TypedForm

TILL_LABELS = {
    "till_goods": "Caisse : ventes de marchandises HT",
    "till_rentals": "Caisse : locations HT",
}
ORIGINS = {
    Origin.FACTS: ("Lignes de vente", Tone.INFO),
    Origin.ACCOUNTS: ("Comptes", Tone.INFO),
    Origin.BOTH: ("Lignes et comptes", Tone.INFO),
    Origin.TYPED: ("Saisi", Tone.NEUTRAL),
}
KINDS = {"prescription": "Ordonnance", "counter": "Vente comptoir"}
REFERENCES = {
    "prescription": "pay_margin_per_prescription",
    "counter": "pay_margin_per_counter_sale",
}
UNKNOWN = ("À saisir", Tone.NEUTRAL)
NO_FACTS = ("Non calculable", Tone.NEUTRAL)


def head(chosen: Choice, *, query: str = "") -> PageHead:
    """Return the top of the page."""
    links = tuple(
        Link(label, f"{chosen.path}?{query}{'&' if query else ''}format={style}", download=True)
        for style, label in (("csv", "CSV"), ("xlsx", "Excel"))
    )
    return PageHead(
        title="Pourquoi la caisse et la comptabilité diffèrent-elles ?",
        when=chosen.when,
        note=chosen.name,
        crumbs=(Link("Gestion", ""), Link("Caisse et comptabilité", "", current=True)),
        actions=(Action("Exporter", icon="download", items=links),) if chosen.year else (),
    )


def typed_label(name: str) -> str:
    """Return the label of an amount that is typed."""
    return TILL_LABELS.get(name) or glossary.label(name)


def read(form: TypedForm) -> dict[str, Decimal]:
    """Read the amounts typed, in euros, by their name."""
    found = {
        name: form.amount(name, typed_label(name), signed="1")
        for name in (*TYPED_TILL, *TYPED_ON_SALES, *TYPED_ON_MARGIN)
    }
    return {name: amount for name, amount in found.items() if amount is not None}


def page(report: BridgeReport, chosen: Choice, form: TypedForm) -> Mapping[str, Any]:
    """Return what the page prints of a report, and the form of what can be typed."""
    groups = (
        ("La caisse, si ses lignes ne sont pas dans Galien", TYPED_TILL),
        ("Écarts de ventes que les données ne donnent pas", TYPED_ON_SALES),
        ("Écarts de marge que les données ne donnent pas", TYPED_ON_MARGIN),
    )
    return {
        "notices": tuple(Notice(note, tone=Tone.WARNING) for note in report.notes),
        "headlines": headlines(report),
        "turnover": _steps(report.turnover, "Chiffre d’affaires HT") if report.turnover else None,
        "margin": _steps(report.margin, "Marge et locations") if report.margin else None,
        "otherwise": otherwise(report),
        "parts": parts(report),
        "margins": margins(report.margins),
        "by_type": by_type(report) if report.by_type else None,
        "fields": tuple((title, form.of(*names)) for title, names in groups),
        "typed": bool(form.kept()),
        "path": chosen.path,
        "fixed": (("pharmacie", chosen.pharmacy), ("exercice", chosen.last_day.isoformat())),
    }


def tables(report: BridgeReport) -> list[TableModel]:
    """Return the tables of the page for a file."""
    found = [otherwise(report), margins(report.margins)]
    if report.margin:
        found.insert(0, _steps(report.margin, "Marge et locations", plain=True))
    if report.turnover:
        found.insert(0, _steps(report.turnover, "Chiffre d’affaires HT", plain=True))
    return found


def headlines(report: BridgeReport) -> tuple[Headline, ...]:
    """Return the two figures of turnover, their gap, and what stays unexplained of each bridge."""
    turnover, margin = report.turnover, report.margin
    if turnover is None:
        return ()
    found = [
        _headline("Caisse", turnover.till, "marchandises et locations, HT"),
        _headline("Comptabilité", turnover.accounts, "marchandises et locations, HT"),
        _headline("Écart", turnover.total_gap, _rate(turnover)),
        _headline("Écart de ventes inexpliqué", turnover.residual, _residual(turnover)),
    ]
    if margin:
        found.append(_headline("Écart de marge inexpliqué", margin.residual, _residual(margin)))
    return tuple(found)


def _headline(label: str, amount: Decimal, against: str) -> Headline:
    return Headline(
        label=label, value=french.compact_amount(amount), exact=french.amount(amount), against=against
    )  # fmt: skip


def _rate(bridge: Bridge) -> str:
    return "" if bridge.rate is None else f"{french.percent(bridge.rate, 2)} de la caisse"


def _residual(bridge: Bridge) -> str:
    return f"sur {french.amount(bridge.total_gap)} d’écart"


def _steps(bridge: Bridge, what: str, *, plain: bool = False) -> TableModel:
    """Return the way from the till to the accounts, one gap a row."""
    columns = (
        text("step", "Étape"), count("amount", "Montant", unit="€ HT", decimals=2),
        text("origin", "D’où vient-il"), text("meaning", "Ce que c’est"),
    )  # fmt: skip
    rows = [
        Row(cells=(f"{what} de la caisse", bridge.till, "", ""), tone="strong"),
        *(_gap(gap, plain=plain) for gap in bridge.gaps),
        Row(
            cells=("Reste inexpliqué", bridge.residual, "", "Ce qu’aucun écart nommé n’explique."),
            tone="strong",
        ),
        Row(cells=(f"{what} de la comptabilité", bridge.accounts, "", ""), tone="strong"),
    ]
    return plain_table(
        f"{what}, de la caisse à la comptabilité", columns, rows, noun=("étape", "étapes"),
        identity=f"pont-{'marge' if 'Marge' in what else 'ventes'}",
    )  # fmt: skip


def _gap(gap: Gap, *, plain: bool) -> Row:
    label, tone = ORIGINS[gap.origin]
    if gap.amount is None:
        label, tone = UNKNOWN if gap.origin is Origin.TYPED else NO_FACTS
    meaning = glossary.definition(gap.code)
    cells = (
        glossary.label(gap.code),
        gap.amount,
        label if plain else badge(label, tone),
        meaning if plain else wrapped(meaning),
    )
    return Row(cells=cells, key=gap.code)


def otherwise(report: BridgeReport) -> TableModel:
    """Return turnover with and without resales and labs' cooperation."""
    statement = report.statement
    turnover = statement.amount("turnover")
    resales, cooperation = statement.amount("production_resales"), report.cooperation
    columns = (text("what", "Chiffre d’affaires"), count("amount", "Montant", unit="€", decimals=2))
    rows = (
        ("Chiffre d’affaires de la comptabilité", turnover),
        ("Rétrocessions (7088)", -resales),
        ("Coopération des laboratoires", -cooperation),
        ("Sans rétrocessions ni coopération", turnover - resales - cooperation),
    )
    return plain_table(
        "Chiffre d’affaires, vu autrement", columns, [Row(cells=row) for row in rows],
        identity="autrement",
    )  # fmt: skip


def parts(report: BridgeReport) -> TableModel | None:
    """Return sales at 2,1 % in their parts; None without sale lines or prices."""
    found = report.parts
    if found is None or not found.total:
        return None
    columns = (
        text("part", "Ventes à 2,1\u202f%"), count("amount", "Montant", unit="€ HT", decimals=2),
        text("share", "Part"),
    )  # fmt: skip
    rows = [
        ("Princeps et autres, jusqu’à 150 € de prix fabricant", found.originators),
        ("Princeps et autres, au-dessus de 150 €", found.dear),
        ("Génériques", found.generics),
        ("Sans prix fabricant connu ce jour-là", found.unpriced),
        ("Total", found.total),
    ]
    return plain_table(
        "Ventes à 2,1 %", columns,
        [Row(cells=(label, amount, french.percent(amount / found.total, 1))) for label, amount in rows],
        identity="taux-reduit",
    )  # fmt: skip


def by_type(report: BridgeReport) -> TableModel:
    """Return margin, cost and result a sale by type, beside their references."""
    law, day = current().law, report.statement.last_day

    def between(name: str) -> str:
        low, high = (law.number(f"{name}_{end}", on=day).value for end in ("low", "high"))
        return f"{french.number(low, 2)} à {french.number(high, 2)}"

    columns = (
        text("kind", "Type de vente"), count("sales", "Ventes"),
        count("margin", "Marge", unit="€ HT", decimals=2),
        count("each", "Marge par vente", unit="€ HT", decimals=2), text("reference", "Référence"),
        count("cost", "Coût par vente", unit="€", decimals=2),
        text("cost_reference", "Référence"),
        count("result", "Résultat par vente", unit="€", decimals=2),
    )  # fmt: skip
    rows = [
        Row(
            cells=(
                KINDS[each.kind],
                each.sales,
                each.margin,
                each.margin_per_sale,
                between(REFERENCES[each.kind]),
                each.cost_per_sale,
                between("pay_cost_per_sale"),
                each.result_per_sale,
            )
        )
        for each in report.by_type
    ]
    return plain_table(
        "Marge, coût et résultat d’une vente", columns, rows, noun=("type", "types"),
        identity="par-type",
    )  # fmt: skip


def margins(each: Margins) -> TableModel:
    """Return the margins of the year, each with its own definition."""
    columns = (
        text("what", "Marge"), count("amount", "Montant", unit="€ HT", decimals=2),
        text("rate", "Taux"), text("meaning", "Définition"),
    )  # fmt: skip
    turnover = each.turnover or Decimal(1)
    without = each.commercial_margin_rate_without_resales
    rows = (
        ("Marge brute", each.gross_margin, each.gross_margin / turnover,
         "Marchandises vendues − marchandises achetées."),
        ("Marge commerciale", each.commercial_margin, each.commercial_margin_rate,
         "Marge brute − (stock d’ouverture − stock de clôture)."),
        ("Marge commerciale, CA sans rétrocessions", each.commercial_margin, without,
         "La même marge, sur un chiffre d’affaires sans le compte 7088, vendu au prix coûtant."),
        ("Marge de production", each.production_margin, each.production_margin / turnover,
         "Prestations vendues − matières premières."),
        ("Marge brute globale", each.global_gross_margin, each.global_gross_margin_rate,
         "Marge commerciale + marge de production + honoraires qui n’y sont pas déjà."),
        ("Marge « brute bilan »", each.balance_margin, each.balance_margin / turnover,
         "Marge brute globale − autres achats et charges externes : la valeur ajoutée."),
        ("Marge nette", each.net_margin, each.net_margin / turnover,
         "Marge commerciale − personnel, charges externes et dotations."),
    )  # fmt: skip
    shown = [
        Row(cells=(label, amount, "–" if rate is None else french.percent(rate, 2), wrapped(words)))
        for label, amount, rate, words in rows
    ]
    return plain_table(
        "Les marges de l’exercice", columns, shown, noun=("marge", "marges"), identity="marges"
    )
