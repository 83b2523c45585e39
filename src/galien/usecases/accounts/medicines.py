"""Turnover at the rate of reimbursable medicines in three parts, read in the lines of sales."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from galien.analytics.question import Filter, Question
from galien.calculators.margin import regulated_price
from galien.kernel.errors import GalienError
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

DEAR = Decimal(150)  # euros excl. tax, ex-factory: the bound that the profession follows
RATE = Decimal("0.021")
GENERIC = "generic"


@dataclass(frozen=True)
class MedicineParts:
    """Sales at 2,1 % in euros excl. tax: originators up to 150 € ex-factory, above, generics.

    `bound` is the public price incl. tax, before fee, of a box at 150 € ex-factory on the last day.
    """

    originators: Decimal
    dear: Decimal
    generics: Decimal
    bound: Decimal

    @property
    def whole(self) -> Decimal:
        """Return the three parts together."""
        return self.originators + self.dear + self.generics


def medicine_parts(
    viewer: Viewer, pharmacy: str, first: dt.date, last: dt.date, *, services: Services
) -> MedicineParts | None:
    """Return the three parts of a year; None when its sales or the prices of the day are not known.

    A product is above the bound when its mean price of the year is, tax included and fee apart.
    """
    question = Question(
        "sales",
        measures=("quantity", "sales_incl", "sales_excl"),
        by=("product", "generic_status"),
        period=Period(first, last).iso(),
        compare="none",
        where=(Filter("pharmacy", (pharmacy,)), Filter("vat_rate", (str(RATE),))),
    )
    try:
        price = regulated_price(services.law, DEAR, on=last).public_price_incl
        rows = ask(question, viewer, services=services).table.to_pylist()
    except GalienError:
        return None
    if price is None or not rows:
        return None
    parts = {"generics": Decimal(0), "dear": Decimal(0), "originators": Decimal(0)}
    for row in rows:
        boxes, incl = int(row["quantity"] or 0), Decimal(str(row["sales_incl"] or 0))
        name = "dear" if boxes > 0 and incl / boxes > price else "originators"
        if row["generic_status"] == GENERIC:
            name = "generics"
        parts[name] += Decimal(str(row["sales_excl"] or 0))
    return MedicineParts(bound=price, **parts)
