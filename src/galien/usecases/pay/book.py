"""The price book of a release: every priced medicine, its price and place in the registers, day by day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from threading import Lock
from typing import Any

from galien.calculators.pay.tariff import Medicine, Pack
from galien.kernel.errors import NotAvailable
from galien.kernel.period import Period
from galien.law import Law
from galien.usecases.services import Services
from galien.warehouse.reader import Held

_PRICES = (
    "product_code",
    "since",
    "until",
    "ex_factory_price",
    "fee_incl",
    "reimbursement_rate",
)
_PRODUCTS = ("product_code", "since", "until", "generic_status", "generic_group", "pack_size")
_BEGINNING = dt.date(1, 1, 1)
_END = dt.date(9999, 12, 31)
_DAYS_KEPT = 40
Family = tuple[str, int]


@dataclass(frozen=True)
class Quote:
    """A price that holds from a day to the eve of another."""

    since: dt.date
    until: dt.date
    ex_factory_price: Decimal
    reimbursement_rate: Decimal
    pack: Pack


@dataclass(frozen=True)
class Place:
    """A product's place in the registers from a day on."""

    since: dt.date
    status: str
    family: Family | None


@dataclass(frozen=True)
class Priced:
    """A medicine on a day: what the law asks of it, and its reimbursement rate (a ratio)."""

    medicine: Medicine
    reimbursement_rate: Decimal


class PriceBook:
    """The prices of a release. A price stands before its first day where no earlier one is known."""

    def __init__(
        self, prices: Iterable[dict[str, Any]], products: Iterable[dict[str, Any]]
    ) -> None:
        self._quotes: dict[str, list[Quote]] = defaultdict(list)
        for row in prices:
            quote = _quote(row)
            if quote is not None:
                self._quotes[row["product_code"]].append(quote)
        self._places: dict[str, list[Place]] = defaultdict(list)
        for row in products:
            if row["product_code"] in self._quotes:
                self._places[row["product_code"]].append(_place(row))
        for quotes in self._quotes.values():
            quotes.sort(key=lambda quote: quote.since)
        for places in self._places.values():
            places.sort(key=lambda place: place.since)
        self._days: dict[dt.date, dict[str, Priced]] = {}
        self._lock = Lock()

    @cached_property
    def changes(self) -> frozenset[dt.date]:
        """Every day on which a price or a place begins or ends."""
        days = {
            day for quotes in self._quotes.values() for q in quotes for day in (q.since, q.until)
        }
        return frozenset(days | {p.since for places in self._places.values() for p in places})

    def on(self, day: dt.date) -> dict[str, Priced]:
        """Return the medicines that have a regulated price on a day, by product code."""
        start = max((change for change in self.changes if change <= day), default=_BEGINNING)
        with self._lock:
            if start not in self._days:
                while len(self._days) >= _DAYS_KEPT:
                    self._days.pop(next(iter(self._days)))
                self._days[start] = self._read(day)
            return self._days[start]

    def _read(self, day: dt.date) -> dict[str, Priced]:
        quotes = {code: quote for code in self._quotes if (quote := self._quote_on(code, day))}
        places = {code: self._place_on(code, day) for code in quotes}
        references: dict[Family, Decimal] = {}
        for code, quote in quotes.items():
            place = places[code]
            if place.family and place.status in {"originator", "outside"}:
                known = references.get(place.family, quote.ex_factory_price)
                references[place.family] = max(known, quote.ex_factory_price)
        return {
            code: Priced(
                Medicine(
                    quote.ex_factory_price,
                    _of(references, places[code].family),
                    places[code].status,
                    quote.pack,
                ),
                quote.reimbursement_rate,
            )
            for code, quote in quotes.items()
        }

    def _quote_on(self, code: str, day: dt.date) -> Quote | None:
        quotes = self._quotes[code]
        if day < quotes[0].since:
            return quotes[0]
        return next((q for q in reversed(quotes) if q.since <= day < q.until), None)

    def _place_on(self, code: str, day: dt.date) -> Place:
        places = self._places.get(code)
        if not places:
            return Place(_BEGINNING, "outside", None)
        return next((place for place in reversed(places) if place.since <= day), places[0])


def _of(references: dict[Family, Decimal], family: Family | None) -> Decimal | None:
    return None if family is None else references.get(family)


def _quote(row: dict[str, Any]) -> Quote | None:
    """Read a price; None when no regulated margin comes with it (not reimbursed, or not taken apart)."""
    if row["ex_factory_price"] is None or row["reimbursement_rate"] is None:
        return None
    return Quote(
        since=row["since"] or _BEGINNING,
        until=row["until"] or _END,
        ex_factory_price=row["ex_factory_price"].normalize(),
        reimbursement_rate=row["reimbursement_rate"].normalize(),
        pack=_pack(row["fee_incl"]),
    )


# The public file prints 1,02 € for a common box since 2016 and 2,76 € for a three-month pack.
_LARGE_FROM = Decimal("1.50")


def _pack(fee_incl: Decimal | None) -> Pack:
    if not fee_incl:
        return Pack.NO_FEE
    return Pack.LARGE if fee_incl >= _LARGE_FROM else Pack.COMMON


def _place(row: dict[str, Any]) -> Place:
    group, size = row.get("generic_group"), row.get("pack_size")
    family = (str(group), int(size)) if group and size else None
    return Place(row["since"] or _BEGINNING, row.get("generic_status") or "outside", family)


_books: dict[str, PriceBook] = {}
_reading = Lock()


def price_book(services: Services) -> PriceBook:
    """Return the price book of the release that serves; the last two are kept.

    Raises `NotAvailable` when nothing is published, or without any price.
    """
    with services.reader.hold() as held:
        return _book_of(held, services)


def _book_of(held: Held, services: Services) -> PriceBook:
    names = ("prices", "catalogue")
    hashes = [held.manifest.table(name).sha256 for name in names]
    key = ":".join((str(services.workspace.path), *hashes))
    with _reading:
        if key not in _books:
            prices, products = (services.store.read(sha256) for sha256 in hashes)
            if not {*_PRICES} <= {*prices.column_names} or not prices.num_rows:
                raise NotAvailable(
                    "Aucun prix réglementé dans la publication : importez la base publique des "
                    "médicaments (galien catalogue import bdpm) puis publiez.",
                    code="NO_PRICES",
                )
            kept = [name for name in _PRODUCTS if name in products.column_names]
            while len(_books) > 1:
                _books.pop(next(iter(_books)))
            _books[key] = PriceBook(
                prices.select(list(_PRICES)).to_pylist(), products.select(kept).to_pylist()
            )
        return _books[key]


def stretches(
    period: Period, book: PriceBook, laws: Iterable[Law], names: Iterable[str]
) -> list[Period]:
    """Cut a period where a price, a place in the registers or one of the named values changes."""
    listed = list(names)
    days = set(book.changes)
    for law in laws:
        known = {parameter.name for parameter in law.parameters()}
        days |= {day for name in listed if name in known for day in law.changes(name)}
    cuts = sorted(day for day in days if period.first < day <= period.last)
    firsts = [period.first, *cuts]
    lasts = [*(day - dt.timedelta(days=1) for day in cuts), period.last]
    return [Period(first, last) for first, last in zip(firsts, lasts, strict=True)]
