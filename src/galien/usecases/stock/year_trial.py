"""A year of one pharmacy tried under a policy, beside what really happened and two simpler policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.outcomes import Figures, Outcome
from galien.calculators.stock.policies import USUAL, Policy
from galien.calculators.stock.simulation import (
    HAPPENED,
    Trace,
    happened,
    happened_trace,
    simulate,
    trace,
)
from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.usecases.progress import Progress, silent
from galien.usecases.services import Services
from galien.usecases.stock.by_hand import ByHand
from galien.usecases.stock.replaying import Terms, Year, year_of
from galien.usecases.stock.year_asked import YearAsked

KEPT = 200  # products told one by one
READ = 0.4  # share of the work that reading is


@dataclass(frozen=True)
class Gain:
    """What the policy changes for a product: as it happened, then under the policy.

    `euros` a year: margin no longer lost, and what stock no longer held costs.
    """

    product_code: str
    label: str
    abc: str
    shortages: tuple[int, int]
    lost_units: tuple[float, float]
    stock_value: tuple[float, float]
    euros: float


@dataclass(frozen=True)
class YearTried:
    """The answer: figures of the policy first, what happened next, then the simpler policies.

    `gains` are the products that gain most, then those that lose most, at most 200 in all.
    """

    pharmacy: str
    first: dt.date
    last: dt.date
    products: int
    corrected_units: float
    not_valued: int
    events: int
    set_products: int
    figures: tuple[Figures, ...]
    gains: tuple[Gain, ...]

    def of(self, policy: str) -> Figures:
        """Return the figures of a policy by its name."""
        return next(each for each in self.figures if each.policy == policy)

    def plain(self) -> dict[str, Any]:
        """Return what JSON keeps of it."""
        return asdict(self) | {"first": self.first.isoformat(), "last": self.last.isoformat()}

    @classmethod
    def from_plain(cls, kept: dict[str, Any]) -> YearTried:
        """Read what `plain` wrote."""
        given = kept | {
            "first": dt.date.fromisoformat(kept["first"]),
            "last": dt.date.fromisoformat(kept["last"]),
            "figures": tuple(Figures(**each) for each in kept["figures"]),
            "gains": tuple(_gain(each) for each in kept["gains"]),
        }
        return cls(**given)


@dataclass(frozen=True)
class ProductYear:
    """The year of one product: as it happened, and under the policy."""

    product_code: str
    label: str
    abc: str
    first: dt.date
    really: Trace
    tried: Trace
    figures: tuple[Figures, Figures]


def try_year(
    asked: YearAsked, viewer: Viewer, *, services: Services, progress: Progress = silent,
    others: Sequence[Policy] = (),
) -> YearTried:  # fmt: skip
    """Replay the days asked with the policy and simpler ones, and count what happened.

    `others` are tried instead of the usual ones, the first as the policy.

    Raises NotAllowed when rights do not open the pharmacy, NotAvailable without sales or counts.
    """
    year, by_hand = _read(asked, viewer, services, progress)
    policies = asked.held(others, year) if others else asked.policies(year)
    found = []
    for rank, each in enumerate(policies):
        share = (1 - READ) / len(policies)

        def told(done: float, rank: int = rank, share: float = share) -> None:
            progress(READ + share * (rank + done), "Rejeu jour par jour")

        found.append(simulate(year.replay, each, told))
    really = happened(year.replay, year.sold, year.delivered, year.stock)
    ours, *simpler = found
    codes = set(year.replay.goods.codes)
    return YearTried(
        asked.pharmacy, year.first, year.last, len(codes), year.corrected_units, year.not_valued,
        len(by_hand.events), len(codes & by_hand.products.keys()),
        tuple(each.figures for each in (ours, really, *simpler)), _gains(year, ours, really),
    )  # fmt: skip


def product_year(asked: YearAsked, code: str, viewer: Viewer, *, services: Services) -> ProductYear:
    """Replay the year of one product and keep its every day."""
    year = _read(asked, viewer, services, silent, code)[0]
    if not year.labels:
        raise NotAllowed("Ce produit n’est pas dans l’année rejouée.", code="UNKNOWN_PRODUCT")
    policy = asked.policies(year)[0]
    really = happened(year.replay, year.sold, year.delivered, year.stock)
    return ProductYear(
        code, year.labels[0], year.replay.goods.classes[0], year.first,
        happened_trace(year.replay, year.sold, year.delivered, year.stock),
        trace(year.replay, policy),
        (simulate(year.replay, policy).figures, really.figures),
    )  # fmt: skip


def _read(
    asked: YearAsked, viewer: Viewer, services: Services, progress: Progress, code: str = ""
) -> tuple[Year, ByHand]:
    # What is set by hand is in the records.
    from galien.usecases.stock.by_hand_book import by_hand_of

    progress(0.02, "Lecture des ventes, des achats et des comptages")
    by_hand = by_hand_of(asked.pharmacy)
    terms = Terms(by_hand, asked.payment, asked.review, code)
    days = asked.days(services.clock.today())
    year = year_of(viewer, asked.pharmacy, days, terms, services=services)
    return asked.settled(year), by_hand


def _gains(year: Year, ours: Outcome, really: Outcome) -> tuple[Gain, ...]:
    goods = year.replay.goods
    tried, was = ours.by_product, really.by_product
    margin = goods.price - goods.cost
    yearly = 365 / year.replay.days
    euros = margin * (was.lost_units - tried.lost_units) * yearly
    euros += USUAL.holding * (was.stock_value - tried.stock_value)
    return tuple(_product(year, ours, really, euros, row) for row in _ranked(euros))


def _ranked(euros: Floats) -> Sequence[int]:
    """Return the rows that gain most, then those that lose most, both in order."""
    order = np.argsort(-euros, kind="stable")
    half = KEPT // 2
    best = [int(row) for row in order[:half] if euros[row] > 0]
    worst = [int(row) for row in order[::-1][:half] if euros[row] < 0]
    return [*best, *reversed(worst)]


def _product(year: Year, ours: Outcome, really: Outcome, euros: Floats, row: int) -> Gain:
    tried, was = ours.by_product, really.by_product
    goods = year.replay.goods
    return Gain(
        goods.codes[row], year.labels[row], goods.classes[row],
        (int(was.shortages[row]), int(tried.shortages[row])),
        (float(was.lost_units[row]), float(tried.lost_units[row])),
        (float(was.stock_value[row]), float(tried.stock_value[row])), float(euros[row]),
    )  # fmt: skip


def _gain(kept: dict[str, Any]) -> Gain:
    pairs = {name: tuple(kept[name]) for name in ("shortages", "lost_units", "stock_value")}
    return Gain(**kept | pairs)


__all__ = ["HAPPENED", "Figures", "Gain", "ProductYear", "YearTried", "product_year", "try_year"]
