"""The public medicines file against the law: which published prices are what the scales give."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from galien.law import Law, PriceStructure
from galien.law.price_batch import NO_PRICE, Cents, ex_factory_cents, public_cents
from galien.warehouse.bdpm import Bdpm
from galien.warehouse.product_prices import Family, PricedRow, borrowing_statuses, priced_rows

# How far an ex-factory price is looked for around the one found, in cents.
_AROUND: Final = (0, -1, 1, -2, 2)
# Prices moved by so many cents tell how often chance alone gives a price back.
_MOVED: Final = (1, 2, 3, 5, 7)
_LARGE_PACK: Final = 84
_EXAMPLES: Final = 5

# Verdict → its sentence. A presentation has one verdict on each of the three questions.
AGREES: Final = {
    "sum": "le prix avec honoraire est la somme du prix et de l’honoraire",
    "own_scale": "le prix revient au centime sur la marge du produit",
    "originator_margin": "le prix d’un générique revient au centime sur la marge de son princeps",
    "fee_month": "honoraire par boîte, pour moins de 84 unités",
    "fee_quarter": "honoraire de trois mois, pour 84 unités ou plus",
}
DEPARTS: Final = {
    "sum_off": "le prix avec honoraire n’est pas la somme publiée",
    "generic_own_scale": "générique dont le prix revient sur sa propre marge seulement",
    "parts_rounded": "le prix ne revient que si chaque marge est d’abord arrondie au centime",
    "unreachable": "aucun prix fabricant en centimes ne donne ce prix public",
    "fee_month_large_pack": "honoraire par boîte pour 84 unités ou plus : un mois à plusieurs par jour",
    "fee_quarter_small_pack": "honoraire de trois mois pour moins de 84 unités : prise espacée, flacons",
    "fee_pack_unread": "taille de la boîte illisible dans le libellé",
    "fee_unlawful": "honoraire qui n’est pas l’un des deux de la loi",
}


Cases = tuple[str, str, str]


@dataclass(frozen=True)
class Verdict:
    """How many presentations are in a case, with a few product codes of it."""

    case: str
    label: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class PriceCheck:
    """The check of a file's prices on a day: `consistent` agree on the sum, the price and the fee.

    `cases` gives each presentation's answers to the three questions, by product code.

    `by_chance` is the share of prices that come back when each is moved by a few cents: what the
    figure would be if the scales explained nothing.
    """

    on: dt.date
    presentations: int
    consistent: int
    prices_back: int
    by_chance: Decimal
    cases: Mapping[str, Cases]
    verdicts: tuple[Verdict, ...]

    def count(self, case: str) -> int:
        """Give the number of presentations in a case."""
        return sum(verdict.count for verdict in self.verdicts if verdict.case == case)


def check_prices(bdpm: Bdpm, law: Law, *, on: dt.date) -> PriceCheck:
    """Check every presentation priced on a day against the fees and the scales of that day.

    Three questions: is the price with fee the sum of the two; does an ex-factory price in cents
    give the public price back; is the fee the law's for the pack. Raises `NotAvailable` when the
    law of the day does not allow the inversion.
    """
    rows = [row for row in priced_rows(bdpm) if row.until is None]
    public = np.array([row.point.price for row in rows], dtype=np.int64)
    structure = PriceStructure.on(law, on)
    lenders = _lenders(rows, public, structure, borrowing_statuses(law, on))
    prices = _price_cases(public, structure, lenders)
    cases = {
        row.code: ("sum" if _adds_up(row) else "sum_off", price, fee)
        for row, price, fee in zip(rows, prices, _fee_cases(rows, law, on), strict=True)
    }
    moved = [np.mean(_comes_back(public + step, structure, lenders)) for step in _MOVED]
    return PriceCheck(
        on=on,
        presentations=len(rows),
        consistent=sum(all(case not in _AGAINST for case in each) for each in cases.values()),
        prices_back=sum(price in AGREES for price in prices),
        by_chance=Decimal(str(round(float(np.mean(moved)), 4))),
        cases=cases,
        verdicts=tuple(_verdicts(cases)),
    )


# A pack's size does not tell how long it lasts: those fees are shown, not held against the file.
_AGAINST: Final = set(DEPARTS) - {
    "fee_month_large_pack",
    "fee_quarter_small_pack",
    "fee_pack_unread",
}


def _adds_up(row: PricedRow) -> bool:
    point = row.point
    return point.public is None or point.public == (point.price or 0) + (point.fee or 0)


def _lenders(
    rows: list[PricedRow], public: Cents, structure: PriceStructure, borrowing: set[str]
) -> Cents:
    """Give each generic the dearest ex-factory price of its group and size, or `NO_PRICE`."""
    own = ex_factory_cents(public, structure).tolist()
    references: dict[Family, int] = defaultdict(lambda: NO_PRICE)
    for row, cents in zip(rows, own, strict=True):
        if row.family and row.status in {"originator", "outside"}:
            references[row.family] = max(references[row.family], cents)
    return np.array(
        [
            references[row.family] if row.family and row.status in borrowing else NO_PRICE
            for row in rows
        ],
        dtype=np.int64,
    )


def _price_cases(public: Cents, structure: PriceStructure, lenders: Cents) -> list[str]:
    lent = lenders >= 0
    none = np.full_like(lenders, NO_PRICE)
    borrowed = _comes_back(public, structure, lenders)
    own = _comes_back(public, structure, none)
    rounded = _comes_back(public, structure, lenders, parts_rounded=True) | _comes_back(
        public, structure, none, parts_rounded=True
    )
    chosen = np.select(
        [~lent & own, lent & borrowed, lent & own, rounded],
        ["own_scale", "originator_margin", "generic_own_scale", "parts_rounded"],
        "unreachable",
    )
    return [str(case) for case in chosen]


def _comes_back(
    public: Cents, structure: PriceStructure, lenders: Cents, *, parts_rounded: bool = False
) -> NDArray[np.bool_]:
    """Tell which public prices an ex-factory price in cents gives back to the cent."""
    found = np.clip(ex_factory_cents(public, structure, originators=lenders), 0, None)
    back = np.zeros(len(public), dtype=np.bool_)
    for step in _AROUND:
        near = np.clip(found + step, 0, None)
        back |= public == public_cents(
            near, structure, originators=lenders, parts_rounded=parts_rounded
        )
    return back


def _fee_cases(rows: list[PricedRow], law: Law, on: dt.date) -> Iterator[str]:
    month, quarter = (_cents(law, name, on) for name in ("fee_hd_incl", "fee_hg_incl"))
    for row in rows:
        fee, size = row.point.fee, row.size
        if fee not in {month, quarter}:
            yield "fee_unlawful"
        elif size is None:
            yield "fee_pack_unread"
        elif fee == month:
            yield "fee_month_large_pack" if size >= _LARGE_PACK else "fee_month"
        else:
            yield "fee_quarter" if size >= _LARGE_PACK else "fee_quarter_small_pack"


def _cents(law: Law, name: str, on: dt.date) -> int:
    return int(law.number(name, on=on).value * 100)


def _verdicts(cases: Mapping[str, Cases]) -> Iterator[Verdict]:
    counts = Counter(case for each in cases.values() for case in each)
    for case, label in {**AGREES, **DEPARTS}.items():
        codes = (code for code, each in cases.items() if case in each)
        yield Verdict(case, label, counts[case], tuple(itertools.islice(codes, _EXAMPLES)))
