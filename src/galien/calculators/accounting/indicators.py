"""Indicators of a pharmacy: baskets, weight of prescriptions, value added, from activity and accounts.

Formulas are those of the study of a panel of pharmacies told in docs/methods/indicateurs.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from galien.model.enums import COUNTER_TYPES, PRESCRIPTION_TYPES, RESALE_TYPES, SALE_TYPES

ZERO, ONE = Decimal(0), Decimal(1)
TOLERANCE = Decimal("0.001")


@dataclass(frozen=True)
class ActivityRow:
    """Sales of a type over a year: gross amount in euros, VAT included, and number of invoices."""

    sale_type: str
    gross_incl: Decimal
    invoices: int


@dataclass(frozen=True)
class Activity:
    """The yearly summary of a dispensing software; `fte` counts full-time equivalents.

    `printed` is the total that the software prints under its rows, when it was given.
    """

    rows: tuple[ActivityRow, ...]
    clients: int | None = None
    fte: Decimal | None = None
    printed: ActivityRow | None = None

    def gross(self, *sale_types: str) -> Decimal:
        """Sum the gross amounts of some types, in euros, VAT included."""
        return sum((r.gross_incl for r in self.rows if r.sale_type in sale_types), ZERO)

    def invoices(self, *sale_types: str) -> int:
        """Sum the invoices of some types."""
        return sum(row.invoices for row in self.rows if row.sale_type in sale_types)

    def printed_gap(self) -> Decimal | None:
        """Return the printed total less the sum of the types, in euros; None without a total."""
        if self.printed is None:
            return None
        return self.printed.gross_incl - self.gross(*SALE_TYPES)

    def adds_up(self) -> bool:
        """Tell whether the printed total is that of the types, to a thousandth."""
        gap, whole = self.printed_gap(), self.gross(*SALE_TYPES)
        return gap is None or abs(gap) <= TOLERANCE * abs(whole)


@dataclass(frozen=True)
class Indicator:
    """An indicator: its value, unrounded, or why there is none; what was divided by what.

    Its label, unit and formula in words are those of the glossary. `under` is None for an amount.
    """

    name: str
    value: Decimal | None
    over: Decimal | None = None
    under: Decimal | None = None
    missing: str = ""


class _MissingError(Exception):
    """An input that an indicator needs is not there; says which, in French."""


@dataclass(frozen=True)
class _Inputs:
    """Activity and accounts, each read through a name; raises when it is not there."""

    activity: Activity | None
    accounts: Mapping[str, Decimal] = field(default_factory=dict)

    def amount(self, code: str) -> Decimal:
        """Return a line of the accounts, in euros excl. tax."""
        if not self.accounts:
            raise _MissingError("les comptes de l’exercice ne sont pas fournis")
        if code not in self.accounts:
            raise _MissingError("les comptes fournis n’ont pas cette ligne")
        return self.accounts[code]

    @property
    def summary(self) -> Activity:
        if self.activity is None:
            raise _MissingError("le bilan d’activité n’est pas fourni")
        return self.activity

    @property
    def sales(self) -> Decimal:
        """Sales of every type; those to other pharmacies are no part of an activity."""
        return self.summary.gross(*(t for t in SALE_TYPES if t not in RESALE_TYPES))

    @property
    def invoices(self) -> Decimal:
        return Decimal(self.summary.invoices(*(t for t in SALE_TYPES if t not in RESALE_TYPES)))

    @property
    def prescription(self) -> Decimal:
        return self.summary.gross(*PRESCRIPTION_TYPES)

    @property
    def prescription_invoices(self) -> Decimal:
        return Decimal(self.summary.invoices(*PRESCRIPTION_TYPES))

    @property
    def counter(self) -> Decimal:
        return self.summary.gross(*COUNTER_TYPES)

    @property
    def counter_invoices(self) -> Decimal:
        return Decimal(self.summary.invoices(*COUNTER_TYPES))

    @property
    def clients(self) -> Decimal:
        if self.summary.clients is None:
            raise _MissingError("le nombre de clients n’est pas renseigné")
        return Decimal(self.summary.clients)

    @property
    def fte(self) -> Decimal:
        if self.summary.fte is None:
            raise _MissingError("le nombre d’équivalents temps plein n’est pas renseigné")
        return self.summary.fte

    @property
    def tied(self) -> Decimal:
        """Counter sales made in the same visit as another invoice."""
        return self.invoices - self.clients

    @property
    def tied_turnover(self) -> Decimal:
        return self.tied * divided(self.counter, self.counter_invoices)

    @property
    def staff(self) -> Decimal:
        """Salaries and social charges, owners excluded."""
        return self.amount("staff_costs") - self.amount("owner_costs")

    @property
    def purchases_21(self) -> Decimal:
        """Purchases at 2,1 %, before rebates."""
        found = self.amount("goods_purchased_2_1")
        if not found:
            raise _MissingError("aucun compte d’achats à 2,1 % n’est reconnu dans les comptes")
        return found

    @property
    def rebates(self) -> Decimal:
        """Rebates on purchases, negative as charges that are given back."""
        return self.accounts.get("purchase_rebates", ZERO)

    @property
    def stock_built(self) -> Decimal:
        """Closing less opening stock: what purchases left on the shelves."""
        return -self.amount("stock_change")


def divided(over: Decimal, under: Decimal) -> Decimal:
    """Divide; a divisor of nothing is a missing input."""
    if not under:
        raise _MissingError("le dénominateur est nul")
    return over / under


Terms = tuple[Decimal, Decimal | None]

# The lines of the management balances that indicators read.
ACCOUNT_CODES = (
    "goods_purchased_2_1",
    "purchase_rebates",
    "goods_purchased",
    "stock_change",
    "cost_of_goods_sold",
    "commercial_margin",
    "turnover",
    "global_gross_margin",
    "external_charges",
    "value_added",
    "taxes",
    "staff_costs",
    "owner_costs",
)

FORMULAS: dict[str, Callable[[_Inputs], Terms]] = {
    "pmo": lambda i: (i.prescription, i.prescription_invoices),
    "pmc": lambda i: (i.sales, i.clients),
    "pmvc": lambda i: (i.counter, i.counter_invoices),
    "pmv": lambda i: (i.sales, i.invoices),
    "prescription_counter_ratio": lambda i: (i.prescription_invoices, i.counter_invoices),
    "prescription_share": lambda i: (i.sales - i.counter, i.sales),
    "prescription_share_strict": lambda i: (i.prescription, i.sales),
    "prescription_linked_share": lambda i: (i.prescription + i.tied_turnover, i.sales),
    "tied_counter_share": lambda i: (i.tied, i.counter_invoices),
    "bare_counter_share": lambda i: (i.counter_invoices - i.tied, i.counter_invoices),
    "tied_counter_turnover": lambda i: (i.tied_turnover, None),
    "prescription_bearer_share": lambda i: (i.prescription_invoices, i.clients),
    "other_client_share": lambda i: (i.clients - i.prescription_invoices, i.clients),
    "other_turnover_share": lambda i: (i.sales - i.prescription - i.tied_turnover, i.sales),
    "bearer_invoice_share": lambda i: (i.prescription_invoices + i.tied, i.invoices),
    "pmc_to_pmo": lambda i: (
        divided(i.sales, i.clients),
        divided(i.prescription, i.prescription_invoices),
    ),
    "value_added_per_sale": lambda i: (i.amount("global_gross_margin"), i.invoices),
    "value_added_per_client": lambda i: (i.amount("global_gross_margin"), i.clients),
    "balance_margin_per_client": lambda i: (i.amount("value_added"), i.clients),
    "vat21_purchase_share": lambda i: (
        i.purchases_21 + i.rebates + i.stock_built,
        i.amount("cost_of_goods_sold"),
    ),
    "vat21_purchase_share_net_of_stock": lambda i: (
        i.purchases_21 + i.rebates - i.stock_built,
        i.amount("cost_of_goods_sold"),
    ),
    "vat21_purchase_share_gross": lambda i: (
        i.purchases_21,
        i.amount("goods_purchased") - i.rebates,
    ),
    "staff_ratio": lambda i: (i.staff, i.amount("turnover")),
    "turnover_per_fte": lambda i: (i.sales, i.fte),
    "pcg": lambda i: (
        i.amount("commercial_margin") - i.amount("external_charges") - i.amount("taxes") - i.staff,
        None,
    ),
    "pcg_with_owners": lambda i: (
        i.amount("commercial_margin")
        - i.amount("external_charges")
        - i.amount("taxes")
        - i.amount("staff_costs"),
        None,
    ),
}


def indicators(
    activity: Activity | None, accounts: Mapping[str, Decimal] | None = None
) -> dict[str, Indicator]:
    """Compute every indicator of a year by name, in the order of the handbook.

    `accounts` are the amounts of the management balances by code (euros excl. tax). An indicator
    whose input is missing has no value and says why. Formulas and case 1171: docs/methods.

    >>> rows = (ActivityRow("counter", Decimal("244006.02"), 19796),)
    >>> found = indicators(Activity(rows))
    >>> round(found["pmvc"].value, 2), found["pmc"].missing
    (Decimal('12.33'), 'le nombre de clients n’est pas renseigné')
    """
    inputs = _Inputs(activity, accounts or {})
    return {found.name: found for found in _computed(inputs)}


def _computed(inputs: _Inputs) -> Iterator[Indicator]:
    for name, formula in FORMULAS.items():
        try:
            over, under = formula(inputs)
            value = over if under is None else divided(over, under)
        except _MissingError as missing:
            yield Indicator(name, None, missing=str(missing))
        else:
            yield Indicator(name, value, over, under)
