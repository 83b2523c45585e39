"""Discounts on medicines bought, and what a lower legal ceiling would leave of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from galien.calculators.pay.tariff import Tariff
from galien.calculators.pay.what_if import Outcome, Trial, discount_left
from galien.kernel import french
from galien.kernel.period import Period, month_end
from galien.law import Law
from galien.usecases.pay.book import PriceBook, Priced, stretches
from galien.usecases.pay.classes import class_label, classes
from galien.usecases.pay.sold import Asking

_OF_STATUS = {
    "generic": "discount_ceiling_generic",
    "substitutable": "discount_ceiling_generic",
    "hybrid": "discount_ceiling_hybrid",
}
GENERAL = "discount_ceiling_general"
CEILINGS = (*dict.fromkeys(_OF_STATUS.values()), GENERAL)


def discounts_left(
    asking: Asking, when: Period, laws: tuple[Law, Law], book: PriceBook, by: str
) -> list[tuple[str, str, Trial]]:
    """Return, by key, the discounts on medicines as obtained and as the proposed ceiling leaves them.

    A ceiling holds for each pharmacy and product. Raises NotAllowed when purchases are not open to
    the viewer.
    """
    each = replace(asking, by="pharmacy")
    obtained: dict[str, Decimal] = defaultdict(Decimal)
    left: dict[str, Decimal] = defaultdict(Decimal)
    labels: dict[str, str] = {}
    cut = stretches(when, book, laws, CEILINGS)
    for stretch in (part for s in cut for part in (_months(s) if by == "month" else [s])):
        now, then = (_ceilings(law, stretch.first) for law in laws)
        priced = book.on(stretch.first)
        keyed = _keys(by, stretch, laws[0])
        answer = each.ask(
            "purchases", ("delivered_quantity", "discount_amount"), stretch, also="product"
        )
        for row in answer.table.to_pylist():
            found = priced.get(row["product"])
            if found is None:
                continue
            name = _OF_STATUS.get(found.medicine.status, GENERAL)
            key, label = keyed(row, found)
            labels[key] = label
            obtained[key] += row["discount_amount"]
            left[key] += _left(row, found.medicine.ex_factory_price, now[name], then[name])
    return [
        (key, label, Trial(Outcome(discounts=obtained[key]), Outcome(discounts=left[key])))
        for key, label in labels.items()
    ]


def _keys(
    by: str, stretch: Period, law: Law
) -> Callable[[dict[str, Any], Priced], tuple[str, str]]:
    """Return how a row is keyed: by its pharmacy, by the month, or by the class of its product."""
    if by == "pharmacy":
        return lambda row, _: (row["pharmacy"], row["pharmacy_label"])
    if by == "month":
        month = (f"{stretch.first:%Y-%m}", french.month(stretch.first))
        return lambda _, __: month
    cuts = classes(by, Tariff.on(law, stretch.first))

    def of_class(_: dict[str, Any], found: Priced) -> tuple[str, str]:
        key = cuts.of(found)
        return key, class_label(by, key)

    return of_class


def _left(
    row: dict[str, Any], price: Decimal, now: Decimal | None, then: Decimal | None
) -> Decimal:
    """Leave what a lowered ceiling leaves; one that is not lowered takes nothing away."""
    discount: Decimal = row["discount_amount"]
    if then is None or (now is not None and then >= now):
        return discount
    return discount_left(discount, price * row["delivered_quantity"], then)


def _ceilings(law: Law, on: dt.date) -> dict[str, Decimal | None]:
    found = {name: law.find(name, on=on) for name in CEILINGS}
    return {
        name: cited.value if cited is not None and isinstance(cited.value, Decimal) else None
        for name, cited in found.items()
    }


def _months(period: Period) -> list[Period]:
    return [
        Period(max(period.first, month), min(period.last, month_end(month)))
        for month in period.months()
    ]
