"""Checking prices: what the law refuses, then what does not hold together, worst and most sold first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from galien.calculators.pricing.coherence import Doubt, Seen, doubts
from galien.calculators.pricing.legality import Legal, Regulated, Standing, check, is_free
from galien.law import Law
from galien.model.viewer import Viewer
from galien.usecases.prices.changes import LastChange, last_changes
from galien.usecases.prices.network import compared_products
from galien.usecases.prices.reading import Sold, pharmacies_open, sold
from galien.usecases.prices.references import InForce, in_force
from galien.usecases.services import Services

ZERO = Decimal(0)


@dataclass(frozen=True)
class Checked:
    """A finding on a price: the product, a code, whether it is refused, doubted or told, and why."""

    seen: Seen
    code: str
    standing: str
    sentence: str
    gap: object = None


@dataclass(frozen=True)
class ShopPrices:
    """The prices of a pharmacy looked at: what was found, and how much of sales is at free prices.

    `turnover` and `free_turnover` are euros excl. tax of a year; `compared` tells the products that
    shoppers compare, and why.
    """

    found: tuple[Checked, ...]
    products: int
    turnover: Decimal
    free_turnover: Decimal
    compared: Mapping[str, str] = field(default_factory=dict)

    @property
    def free_share(self) -> Decimal | None:
        """Return the share of turnover in free prices; None without sales."""
        return self.free_turnover / self.turnover if self.turnover > 0 else None


def check_shop(viewer: Viewer, pharmacy: str, *, services: Services) -> ShopPrices:
    """Look at the free prices of a pharmacy, beside its costs and the other pharmacies' own.

    Raises what `ask` raises when its sales are not open to the viewer.
    """
    today = services.clock.today()
    opened = pharmacies_open(viewer, (pharmacy,), on=today, services=services)
    rows = sold(opened, viewer, on=today, services=services)
    known = in_force(today, services=services)
    free = [row for row in rows if is_free(_regulated(row, known.get(row.product_code)))]
    changes = last_changes(opened, viewer, on=today, services=services)
    prices = [
        (
            seen_of(
                row, changes.get((row.pharmacy, row.product_code)), known.get(row.product_code)
            ),
            _regulated(row, known.get(row.product_code)),
        )
        for row in free
    ]
    return ShopPrices(
        check_prices(prices, services.law, on=today),
        len(free),
        sum((row.turnover for row in rows), ZERO),
        sum((row.turnover for row in free), ZERO),
        compared_products(viewer=viewer, services=services),
    )


def _regulated(row: Sold, known: InForce | None = None) -> Regulated:
    return Regulated(
        row.nature,
        reimbursable=row.reimbursable,
        vat_rate=row.vat_rate,
        effective_cost=row.cost,
        lpp_incl=known.lpp_incl if known else None,
    )


def seen_of(row: Sold, change: LastChange | None = None, known: InForce | None = None) -> Seen:
    """Return what is sold as a price to look at, with its last change and what it is compared to."""
    return Seen(
        row.product_code,
        row.price_incl,
        units=row.units,
        vat_rate=row.vat_rate,
        cost=row.cost,
        advised_incl=known.advised_incl if known else None,
        others=row.others,
        label=row.label,
        changed_on=change.day if change else None,
        changed_by=change.size if change else None,
        former_cost=change.cost_then if change else None,
        recent_cost=change.cost_now if change else None,
    )


def check_prices(
    prices: Iterable[tuple[Seen, Regulated]], law: Law, *, on: dt.date
) -> tuple[Checked, ...]:
    """Look at every price: refusals first, then doubts, then what is only told; most sold first."""
    told = list(prices)
    legal = [
        (seen, finding)
        for seen, looked in told
        for finding in check(looked, seen.price_incl, law, on=on)
    ]
    legal.sort(key=lambda pair: (-pair[0].units, pair[0].product_code))
    refused = [_legal(*pair) for pair in legal if pair[1].standing is Standing.REFUSED]
    other = [_legal(*pair) for pair in legal if pair[1].standing is not Standing.REFUSED]
    under = {each.seen.product_code for each in refused if each.code == "under_cost"}
    doubted = [
        _doubt(each)
        for each in doubts((seen for seen, _ in told), on=on)
        if each.kind != "under_cost" or each.seen.product_code not in under
    ]
    return (*refused, *doubted, *other)


def _legal(seen: Seen, finding: Legal) -> Checked:
    return Checked(seen, finding.code, str(finding.standing), finding.sentence)


def _doubt(doubt: Doubt) -> Checked:
    return Checked(doubt.seen, str(doubt.kind), "doubted", doubt.sentence, doubt.gap)
