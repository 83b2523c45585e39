"""The standard list of analyses: what every contender computes on the same release."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from galien.analytics.question import Filter, Question


class Place(StrEnum):
    """Where the key of an analysis stands."""

    FACT = "fact"
    PRODUCT = "product"
    PHARMACY = "pharmacy"


@dataclass(frozen=True)
class Subject:
    """What is added up: four measures, and the rate made of them.

    `sums` are the columns of the day facts to add up; the first four measures are `sums` or made of
    them (`adjusted_margin` = net_excl + fee_excl − cost_excl); the rate is `rate_of` ÷ `rate_to`.
    """

    name: str
    table: str
    sums: tuple[str, ...]
    measures: tuple[str, ...]
    money: tuple[str, ...]
    rate: str


SALES = Subject(
    name="sales",
    table="sales_day",
    sums=("quantity", "net_incl", "net_excl", "fee_excl", "cost_excl"),
    measures=("quantity", "sales_incl", "sales_excl", "adjusted_margin"),
    money=("sales_incl", "sales_excl", "adjusted_margin"),
    rate="margin_rate",
)
PURCHASES = Subject(
    name="purchases",
    table="purchase_line",
    sums=("delivered_quantity", "free_quantity", "list_amount", "net_amount"),
    measures=("delivered_quantity", "free_quantity", "list_amount", "net_amount"),
    money=("list_amount", "net_amount"),
    rate="discount_rate",
)


@dataclass(frozen=True)
class Case:
    """One analysis over the last 12 months and the 12 before, by one key, on some pharmacies.

    `key` is the column grouped by, standing in `place`; `pharmacies` the first so many of the
    release, 0 for all of them; `one_group` keeps one generic group.
    """

    name: str
    subject: Subject
    dimension: str
    key: str
    place: Place
    pharmacies: int = 0
    one_group: bool = False

    def question(self, group: str, pharmacies: tuple[str, ...]) -> Question:
        """Return the question that asks for it."""
        where = []
        if self.one_group:
            where.append(Filter("generic_group", (group,)))
        if self.pharmacies:
            where.append(Filter("pharmacy", pharmacies[: self.pharmacies]))
        return Question(
            subject=self.subject.name,
            measures=(*self.subject.measures, self.subject.rate),
            by=(self.dimension,),
            where=tuple(where),
        )


def _purchases(dimension: str, place: Place, key: str = "") -> Case:
    return Case(f"purchases {dimension}", PURCHASES, dimension, key or dimension, place)


def _sales(dimension: str, place: Place, key: str = "") -> Case:
    return Case(f"sales {dimension}", SALES, dimension, key or dimension, place)


CASES = (
    _purchases("channel", Place.FACT),
    _purchases("supplier", Place.FACT),
    _purchases("vat_rate", Place.FACT),
    _purchases("month", Place.FACT),
    _purchases("pharmacy", Place.PHARMACY),
    _purchases("lab", Place.PRODUCT),
    _purchases("brand", Place.PRODUCT),
    _purchases("product", Place.PRODUCT, "product_code"),
    _purchases("product_type", Place.PRODUCT),
    _purchases("family_1", Place.PRODUCT),
    _purchases("family_2", Place.PRODUCT),
    _purchases("segment_1", Place.PRODUCT),
    _purchases("indication", Place.PRODUCT),
    _purchases("generic_status", Place.PRODUCT),
    _purchases("generic_group", Place.PRODUCT),
    _purchases("reimbursed", Place.PRODUCT, "reimbursable"),
    _sales("universe_1", Place.PRODUCT),
    _sales("family_2", Place.PRODUCT),
    _sales("lab", Place.PRODUCT),
    _sales("product", Place.PRODUCT, "product_code"),
    _sales("month", Place.FACT),
    _sales("pharmacy", Place.PHARMACY),
    _sales("sale_type", Place.FACT),
    Case("sales lab, one generic group", SALES, "lab", "lab", Place.PRODUCT, one_group=True),
    Case("sales family_2, 10 pharmacies", SALES, "family_2", "family_2", Place.PRODUCT, 10),
)
