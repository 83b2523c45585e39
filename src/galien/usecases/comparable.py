"""The products that labs can be compared on: those of generic groups, each in its equivalence."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from galien.calculators.discounts.boxes import pack_words
from galien.calculators.discounts.equivalence import Placed, Presentation, equivalences
from galien.model.clauses import GENERIC, HYBRID, ceiling_class, class_named
from galien.usecases.services import Services
from galien.warehouse.catalogue import read_catalogue, written_at


@dataclass(frozen=True)
class Comparable:
    """A product of a generic group. `prices` are ex-factory, euros excl. tax, from a day on.

    `product_class` is the class by which clauses name it; `ceiling_class` is empty where no ceiling holds.
    """

    code: str
    label: str
    lab: str
    brand: str
    range: str
    generic_group: str
    product_class: str
    ceiling_class: str
    on_sale: bool
    placed: Placed
    prices: tuple[tuple[dt.date, Decimal], ...] = ()

    @property
    def substitute(self) -> bool:
        """Tell whether it is given in place of the reference medicine, and not that medicine."""
        return self.product_class in {GENERIC, HYBRID}

    def price_on(self, day: dt.date) -> Decimal | None:
        """Return the ex-factory price on a day, the first known one before it; None without any."""
        if not self.prices:
            return None
        return next(
            (price for since, price in reversed(self.prices) if since <= day), self.prices[0][1]
        )


@dataclass(frozen=True)
class Shelf:
    """Products by code, with those of an equivalence at hand; `mark` tells a reading from another."""

    products: Mapping[str, Comparable]
    mark: str = ""

    @cached_property
    def by_equivalence(self) -> Mapping[str, tuple[Comparable, ...]]:
        """Return the products of each equivalence, by its key."""
        found: dict[str, list[Comparable]] = defaultdict(list)
        for each in self.products.values():
            found[each.placed.equivalence.key].append(each)
        return {key: tuple(each) for key, each in found.items()}

    @cached_property
    def unread(self) -> tuple[Comparable, ...]:
        """Return the products whose box or strength could not be read: each stands alone."""
        return tuple(each for each in self.products.values() if not each.placed.equivalence.read)


def shelf(services: Services, *, same_box: bool = True) -> Shelf:
    """Return what the workspace's catalogue lets be compared, read again only when it changes."""
    place = services.workspace.catalogue
    return _shelf(place, written_at(place), same_box=same_box)


def presentation_of(row: Mapping[str, Any]) -> Presentation:
    """Return what the catalogue keeps of a box's texts; the pack is at the end of its label."""
    return Presentation(
        code=row["product_code"],
        generic_group=row["generic_group"] or "",
        group_label=row["generic_group_label"] or "",
        lab=row["lab"] or "",
        form=row["form"] or "",
        strength=row["strength"] or "",
        pack=pack_words(row["label"]) if row["pack_size"] else "",
    )


@lru_cache(maxsize=4)
def _shelf(place: Path, mark: int, *, same_box: bool) -> Shelf:
    catalogue = read_catalogue(place)
    public = _grouped(catalogue.public)
    placed = equivalences(map(presentation_of, public.values()), same_box=same_box)
    prices = _prices(catalogue.product_price, set(public))
    said = _grouped(catalogue.product())
    return Shelf(
        {
            code: Comparable(
                code=code,
                label=row["label"] or code,
                lab=row["lab"] or "",
                brand=row["brand"] or "",
                range=row["range"] or "",
                generic_group=row["generic_group"],
                product_class=class_named(row["generic_status"], row["reimbursable"]),
                ceiling_class=ceiling_class(row["generic_status"], row["reimbursable"]),
                on_sale=row["on_sale"] is not False and row["hospital_only"] is not True,
                placed=placed[code],
                prices=tuple(prices.get(code, ())),
            )
            for code, row in said.items()
        },
        f"{place}:{mark}:{same_box}",
    )


def _grouped(products: pa.Table) -> dict[str, dict[str, Any]]:
    """Return the last version of each product of a generic group."""
    kept = products.filter(pc.is_valid(products["generic_group"]))
    return {row["product_code"]: row for row in kept.to_pylist()}


def _prices(table: pa.Table, codes: set[str]) -> dict[str, list[tuple[dt.date, Decimal]]]:
    wanted = table.filter(
        pc.and_(
            pc.is_in(table["product_code"], pa.array(sorted(codes), pa.string())),
            pc.is_valid(table["ex_factory_price"]),
        )
    ).select(["product_code", "since", "ex_factory_price"])
    found: dict[str, list[tuple[dt.date, Decimal]]] = defaultdict(list)
    for row in wanted.to_pylist():
        found[row["product_code"]].append((row["since"], row["ex_factory_price"]))
    return {code: sorted(each) for code, each in found.items()}
