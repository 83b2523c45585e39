"""What suppliers cannot deliver for some weeks: packs of the national list, and a few others, by pharmacy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from galien.demo.catalogue import Catalogue
from galien.demo.days import Calendar
from galien.demo.public import Floats, Ints, Medicines
from galien.warehouse.bdpm.availability import BACK, Notice, read_notices

LISTED_GROUPS, LISTED_ALONE, OTHERS = 5, 3, 4
# Days. A shortage begins once shelves have found their level, and lasts longer than their three weeks
# of stock; one in three goes on at the end.
SETTLED, SHORTEST, LONGEST = 21, 35, 70
TAKES_PART = 0.75
NOWHERE_LEFT = LISTED_GROUPS + 2  # the place of the one that empties every shelf, and stays so
SHORT = 0.25  # of an order, when a supplier rations
_KNOWN_RANKS = (60, 700)  # by national boxes: sold every week, and not what a pharmacy lives on
_SOURCES = 2  # packs of a generic group that suppliers always have


@dataclass(frozen=True)
class Lack:
    """Packs that lack together: catalogue ranks, first day, day after the last, share delivered.

    `everywhere` when no pharmacy escapes it.
    """

    product: Ints
    first: int
    end: int
    share: float
    everywhere: bool = False


def scarcity(
    catalogue: Catalogue, medicines: Medicines, calendar: Calendar, data: Path,
    rng: np.random.Generator,
) -> tuple[Lack, ...]:  # fmt: skip
    """Choose what lacks in the country: generics of the national list and others, when and for how long."""
    groups, alone = _listed(catalogue, medicines, data)
    low, high = _KNOWN_RANKS
    usual = np.argsort(-catalogue.boxes, kind="stable")[low:high]
    usual = usual[catalogue.regulated[usual] & ~np.isin(usual, [*alone, *np.concatenate(groups)])]
    others = rng.choice(usual, OTHERS, replace=False)
    chosen = [*groups, *(np.array([rank]) for rank in (*alone, *others))]
    last = len(calendar.days)
    return tuple(_lack(each, place, last, rng) for place, each in enumerate(chosen))


def _lack(product: Ints, place: int, last: int, rng: np.random.Generator) -> Lack:
    span = int(rng.integers(SHORTEST, LONGEST))
    start = int(rng.integers(SETTLED, max(SETTLED + 1, last - LONGEST)))
    share = SHORT if place % 4 == 2 else 0.0
    if place == NOWHERE_LEFT:
        return Lack(product, max(SETTLED, last - LONGEST), last + LONGEST, 0.0, everywhere=True)
    if place % 3 == 1:
        start = last - span * 3 // 4
    return Lack(product, start, start + span, share)


def _listed(catalogue: Catalogue, medicines: Medicines, data: Path) -> tuple[list[Ints], list[int]]:
    """Return the best sold products of the list that still lack: generics by group, and others alone.

    Of each group some packs are left to deliver: pharmacies have something to give instead.
    """
    notices: dict[str, Notice] = {}
    for notice in sorted(read_notices(data / "bdpm") or (), key=lambda each: each.updated):
        notices[notice.cip13 or notice.cis] = notice
    cis = dict(zip(medicines.code.tolist(), medicines.cis.tolist(), strict=True))
    found = [notices.get(code) or notices.get(cis.get(code, "")) for code in catalogue.code]
    lacking = np.array([each is not None and each.status != BACK for each in found])
    ranked = np.argsort(-catalogue.boxes, kind="stable")
    ranked = ranked[lacking[ranked] & catalogue.regulated[ranked]]
    sizes = np.bincount(catalogue.pack_group[catalogue.pack_group >= 0])
    own = catalogue.pack_group[ranked]
    large = (own >= 0) & (sizes[np.maximum(own, 0)] > 2 * _SOURCES)
    groups = list(dict.fromkeys(own[large].tolist()))[:LISTED_GROUPS]
    alone = ranked[(own < 0) & (np.argsort(np.argsort(-catalogue.boxes))[ranked] > _KNOWN_RANKS[0])]
    return [_but_some(catalogue, lacking, group) for group in groups], alone[:LISTED_ALONE].tolist()


def _but_some(catalogue: Catalogue, lacking: np.ndarray, group: int) -> Ints:
    """Return the packs of a group that lack, without the least sold ones when they all do."""
    members = np.flatnonzero(catalogue.pack_group == group)
    short = members[lacking[members]]
    left = max(0, _SOURCES - (len(members) - len(short)))
    least = np.argsort(catalogue.boxes[short], kind="stable")[:left]
    return np.asarray(np.delete(short, least), np.int64)


def at_pharmacy(found: tuple[Lack, ...], rng: np.random.Generator) -> tuple[Lack, ...]:
    """Draw those that a pharmacy meets, each some days sooner or later."""
    kept = []
    for each in found:
        met, shift = rng.random() < TAKES_PART, int(rng.integers(-3, 6))
        if met or each.everywhere:
            kept.append(replace(each, first=each.first + shift, end=each.end + shift))
    return tuple(kept)


def shares(found: tuple[Lack, ...], day: int, products: int) -> Floats:
    """Return the share of an order that is delivered on a day, by product: 1 for what does not lack."""
    share = np.ones(products)
    for each in found:
        if each.first <= day < each.end:
            share[each.product] = each.share
    return share
