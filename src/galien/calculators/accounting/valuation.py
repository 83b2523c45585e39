"""What a pharmacy is worth: five methods side by side, each with its dated reference.

Values are those of the business with its equipment; the stock is apart, at discounted cost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from galien.calculators.accounting.references import Reference, number, reference
from galien.law import Law

ZERO = Decimal(0)

TURNOVER_SHARE = ("sale_price_turnover_share_by_size", "sale_price_turnover_share")
EBE_MULTIPLE = ("sale_price_ebe_multiple_by_size", "sale_price_ebe_multiple")
MARGIN_MULTIPLE = ("sale_price_gross_margin_multiple_by_size",)
VALUE_PER_SALE = "reference_value_added_per_sale"

# About a tenth of turnover, over 80 % of it medicines (handbook, « Valuation and acquisition »).
STOCK_SHARE = Decimal("0.10")
STEPS = tuple(Decimal(step) for step in ("-0.10", "-0.05", "0", "0.05", "0.10"))


@dataclass(frozen=True)
class Business:
    """What is known of a pharmacy: euros excl. tax and counts of a year of twelve months.

    `turnovers` are those of up to three years, the last one first. `per_client` is the value
    added per client (euros) to take instead of the pharmacy's own.
    """

    turnovers: tuple[Decimal, ...] = ()
    ebe_restated: Decimal | None = None
    global_gross_margin: Decimal | None = None
    clients: int | None = None
    invoices: int | None = None
    per_client: Decimal | None = None
    stock: Decimal | None = None

    @property
    def turnover(self) -> Decimal | None:
        """Return the mean turnover of the years given, in euros excl. tax."""
        if not self.turnovers:
            return None
        return sum(self.turnovers, ZERO) / len(self.turnovers)


@dataclass(frozen=True)
class Method:
    """A method's value in euros, unrounded: `base` × `factor`, or why there is none.

    `low` and `high` are the values at the ends of the range in use, None without a range.
    """

    code: str
    base: Decimal | None = None
    factor: Decimal | None = None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    reference: Reference | None = None
    note: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Valuation:
    """The five methods, what they span, and the stock, apart."""

    on: dt.date
    methods: tuple[Method, ...]
    stock: Decimal | None
    stock_estimated: bool

    @property
    def span(self) -> tuple[Decimal, Decimal] | None:
        """Return the least and the most of the methods that could be used."""
        values = [each.value for each in self.methods if each.value is not None]
        return (min(values), max(values)) if values else None

    def method(self, code: str) -> Method:
        """Return a method by its code."""
        return next(each for each in self.methods if each.code == code)


@dataclass(frozen=True)
class Sensitivity:
    """Values of a method when its base (rows) and its factor (columns) move, in euros."""

    code: str
    steps: tuple[Decimal, ...]
    values: tuple[tuple[Decimal, ...], ...]


def valuation(business: Business, law: Law, *, on: dt.date) -> Valuation:
    """Value a pharmacy by the five methods, with the references known on a day.

    Equations: mean turnover × share; restated EBE × multiple; global gross margin × multiple;
    clients × value added per client × multiple of the gross margin; invoices × reference value
    added per sale × multiple of the gross margin. Source: sale price surveys cited by the values
    of the law; the last survey known on the day is used, and its year is given.

    >>> found = valuation(Business((Decimal(2000000),)), Law.load(), on=dt.date(2017, 6, 30))
    >>> found.method("turnover_share").value
    Decimal('1520000.00')
    """
    ways: Sequence[Callable[[Business, Law, dt.date], Method]] = (
        _by_turnover,
        _by_ebe,
        _by_margin,
        _by_client,
        _by_sale,
    )
    stock, turnover = business.stock, business.turnover
    estimated = stock is None and turnover is not None
    if stock is None and turnover is not None:
        stock = turnover * STOCK_SHARE
    return Valuation(on, tuple(way(business, law, on) for way in ways), stock, estimated)


def sensitivity(method: Method, steps: tuple[Decimal, ...] = STEPS) -> Sensitivity | None:
    """Give a method's value when base and factor move by each step (−0.10: ten per cent less)."""
    if method.base is None or method.factor is None:
        return None
    base, factor = method.base, method.factor
    values = tuple(
        tuple(base * (1 + up) * factor * (1 + across) for across in steps) for up in steps
    )
    return Sensitivity(method.code, steps, values)


def _by_turnover(business: Business, law: Law, on: dt.date) -> Method:
    if business.turnover is None:
        return Method("turnover_share", missing="le chiffre d’affaires HT d’une à trois années")
    years = len(business.turnovers)
    note = (
        "" if years == 3 else f"Moyenne de {years} an{'s' if years > 1 else ''} au lieu de trois."
    )
    found = _factor(TURNOVER_SHARE, law, on, business.turnover)
    return replace(_valued("turnover_share", business.turnover, found), note=note)


def _by_ebe(business: Business, law: Law, on: dt.date) -> Method:
    if business.ebe_restated is None:
        return Method("ebe_multiple", missing="l’EBE retraité")
    found = _factor(EBE_MULTIPLE, law, on, _size(business))
    ends = _ends("sale_price_ebe_multiple", law, on)
    return _ranged(_valued("ebe_multiple", business.ebe_restated, found), ends)


def _by_margin(business: Business, law: Law, on: dt.date) -> Method:
    if business.global_gross_margin is None:
        return Method("gross_margin_multiple", missing="la marge brute globale")
    found = _factor(MARGIN_MULTIPLE, law, on, _size(business))
    ends = _ends("sale_price_gross_margin_multiple", law, on)
    return _ranged(_valued("gross_margin_multiple", business.global_gross_margin, found), ends)


def _by_client(business: Business, law: Law, on: dt.date) -> Method:
    per_client, note = business.per_client, ""
    if per_client is None and business.global_gross_margin is not None and business.clients:
        per_client = business.global_gross_margin / business.clients
        note = (
            "Valeur ajoutée par client de l’officine elle-même : le résultat est celui de la marge. "
            "Donnez la vôtre pour mesurer ce que vaudrait cette clientèle."
        )
    if business.clients is None or per_client is None:
        return Method("value_per_client", missing="le nombre de clients et la marge brute globale")
    found = _factor(MARGIN_MULTIPLE, law, on, _size(business))
    return replace(_valued("value_per_client", business.clients * per_client, found), note=note)


def _by_sale(business: Business, law: Law, on: dt.date) -> Method:
    if business.invoices is None:
        return Method("value_per_sale", missing="le nombre de factures")
    per_sale = reference(law, VALUE_PER_SALE, on=on)
    if per_sale is None:
        return Method("value_per_sale", missing="une référence de valeur ajoutée par vente")
    found = _factor(MARGIN_MULTIPLE, law, on, _size(business))
    note = f"À {per_sale.value.normalize():f} € de valeur ajoutée par vente, référence {per_sale.year}."
    return replace(_valued("value_per_sale", business.invoices * per_sale.value, found), note=note)


def _size(business: Business) -> Decimal | None:
    return business.turnovers[0] if business.turnovers else None


def _factor(names: Sequence[str], law: Law, on: dt.date, size: Decimal | None) -> Reference | None:
    """Return the latest of the references: a survey by size, or one for all pharmacies."""
    found = [reference(law, name, on=on, size=size) for name in names]
    known = [each for each in found if each is not None]
    return max(known, key=lambda each: each.year, default=None)


def _ends(name: str, law: Law, on: dt.date) -> tuple[Decimal, Decimal] | None:
    low, high = (number(law, f"{name}_{end}", on=on) for end in ("low", "high"))
    return None if low is None or high is None else (low, high)


def _valued(code: str, base: Decimal, found: Reference | None) -> Method:
    if found is None:
        return Method(
            code,
            base,
            missing="une référence connue à cette date pour cette taille (donnez le chiffre d’affaires)",
        )
    return Method(code, base, found.value, base * found.value, reference=found)


def _ranged(method: Method, ends: tuple[Decimal, Decimal] | None) -> Method:
    if ends is None or method.base is None:
        return method
    inside = method.factor is None or ends[0] <= method.factor <= ends[1]
    note = "" if inside else "La moyenne de cette tranche sort de la fourchette d’usage."
    return replace(method, low=method.base * ends[0], high=method.base * ends[1], note=note)
