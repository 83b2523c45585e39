"""Checking prices: what the law refuses, then what does not hold together, worst and most sold first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from galien.calculators.pricing.coherence import Doubt, Seen, doubts
from galien.calculators.pricing.legality import Legal, Regulated, Standing, check
from galien.law import Law


@dataclass(frozen=True)
class Checked:
    """A finding on a price: the product, a code, whether it is refused, doubted or told, and why."""

    seen: Seen
    code: str
    standing: str
    sentence: str
    gap: object = None


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
