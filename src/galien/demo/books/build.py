"""Writes and loads the demonstration's books: two closed years of accounts for every pharmacy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from galien.demo.books.book import Book
from galien.demo.books.fec import FORMS, fec_bytes, file_name
from galien.demo.books.firm import Firm, make_firm
from galien.demo.books.keeping import Year, keep_books, sales_of
from galien.demo.books.trade import MonthTrade, Trade, read_trade
from galien.kernel.period import Period, shift_months
from galien.model.accounts import ZERO
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.accounts.writing import import_fec
from galien.usecases.services import Services

# A year before the files begin is told from the same month a year later, this much smaller.
_YEAR_BEFORE = Decimal("0.98")


@dataclass(frozen=True)
class BookFile:
    """A year of accounts as a file of the demonstration."""

    path: Path
    pharmacy: str
    last_day: dt.date


def write_books(
    services: Services, finess: Sequence[str], *, months: Period, seed: int
) -> list[BookFile]:
    """Write the books of every pharmacy from what was published over whole months."""
    folder = services.workspace.files / "fec"
    folder.mkdir(parents=True, exist_ok=True)
    trade = read_trade(services, months.first, months.last)
    made = []
    for rank, pharmacy in enumerate(finess):
        firm = make_firm(pharmacy, rank, seed)
        form = FORMS[rank % len(FORMS)]
        for last_day, book in _books(firm, trade, months.last.replace(day=1)):
            path = folder / file_name(firm.siren, last_day)
            path.write_bytes(fec_bytes(book, last_day, form))
            made.append(BookFile(path, pharmacy, last_day))
    return made


def _books(firm: Firm, trade: Trade, last_month: dt.date) -> Iterator[tuple[dt.date, Book]]:
    months = trade[firm.finess]
    opening: dict[str, Decimal] = {}
    for first_day, last_day in firm.years(last_month):
        year_months = [_month(months, shift_months(first_day, n)) for n in range(12)]
        if not opening:
            before = _month(months, shift_months(first_day, -1))
            opening = _first_opening(firm, year_months, before.stock)
        book = keep_books(Year(firm, first_day, last_day, year_months, opening))
        opening = book.closing()
        yield last_day, book


def _month(months: dict[dt.date, MonthTrade], first: dt.date) -> MonthTrade:
    """Return a month, or when it is before the files, the same month of the next year made smaller."""
    back = 0
    while first not in months and back < 3:
        first, back = shift_months(first, 12), back + 1
    return months[first].scaled(_YEAR_BEFORE**back) if first in months else MonthTrade()


def _first_opening(firm: Firm, months: list[MonthTrade], stock: Decimal) -> dict[str, Decimal]:
    """Make the balance sheet on the morning of the first year; the owner's account balances it."""
    turnover = sum((sales_of(month) for month in months), ZERO)
    bought = sum((sum(month.purchases.values(), ZERO) for month in months), ZERO)
    opening = {
        "101000": Decimal(-10_000) if firm.company else ZERO,
        "164000": -turnover * firm.loan,
        "207000": turnover * firm.goodwill,
        "215400": turnover * Decimal("0.07"),
        "281540": -turnover * Decimal("0.04"),
        "370000": stock,
        "401000": -bought * Decimal("0.123"),
        "411000": turnover * Decimal("0.026"),
        "431000": -turnover * firm.staff * Decimal("0.05"),
        "512000": turnover * Decimal("0.045"),
    }
    balance = -sum(opening.values(), ZERO)
    return {**opening, "106800" if firm.company else "108000": balance}


def load_books(services: Services, books: list[BookFile]) -> None:
    """Load the files as years of accounts, through the door of anybody's ledger."""
    for book in books:
        with book.path.open("rb") as source:
            import_fec(source, book.path.name, book.pharmacy, WORKSPACE_VIEWER, services=services)
