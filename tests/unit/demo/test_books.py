"""Books kept for the demonstration: balanced, chained from year to year, written as software does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.demo.books.book import LABELS, Book
from galien.demo.books.fec import COLUMNS, FORMS, Form, fec_bytes, file_name
from galien.demo.books.firm import make_firm
from galien.demo.books.keeping import Year, keep_books
from galien.demo.books.trade import MonthTrade

FIRST, LAST = dt.date(2025, 10, 1), dt.date(2026, 9, 30)
REDUCED, NORMAL = Decimal("0.021"), Decimal("0.2")
OPENING = {"370000": Decimal(150_000), "512000": Decimal(90_000), "106800": Decimal(-240_000)}


def month(stock: int) -> MonthTrade:
    return MonthTrade(
        sales={REDUCED: Decimal(120_000), NORMAL: Decimal("20000.01")},
        fees={REDUCED: Decimal(15_000)},
        rentals={NORMAL: Decimal(800)},
        resales=Decimal(100),
        purchases={REDUCED: Decimal(95_000), NORMAL: Decimal(12_000)},
        stock=Decimal(stock),
    )


def books(rank: int) -> Book:
    months = [month(150_000 + 500 * number) for number in range(12)]
    return keep_books(Year(make_firm("139900005", rank, 1), FIRST, LAST, months, OPENING))


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_every_entry_is_balanced_and_every_account_has_a_name(rank: int) -> None:
    book = books(rank)
    assert all(sum(amount for _, amount in entry.amounts) == 0 for entry in book.entries)
    assert {account for entry in book.entries for account, _ in entry.amounts} <= set(LABELS)


def test_the_books_hold_what_was_sold_bought_and_counted() -> None:
    book = books(0)
    assert book.balance("707200") == -12 * Decimal("20000.01")
    assert book.balance("607") == 12 * Decimal(107_000)
    assert book.balance("7088") == -12 * Decimal(100)
    assert book.balance("37") == Decimal(155_500)
    assert book.balance("6037") == -Decimal(5_500)


@pytest.mark.parametrize("rank", [0, 2])
def test_the_next_year_opens_with_the_balance_sheet_and_the_result(rank: int) -> None:
    book = books(rank)
    opening = book.closing()
    assert sum(opening.values()) == 0
    assert opening["120000"] == book.balance("6", "7") < 0
    assert opening["512000"] > 0


@pytest.mark.parametrize("form", FORMS)
def test_a_file_can_be_read_back_by_hand(form: Form) -> None:
    book = books(0)
    text = fec_bytes(book, LAST, form).decode(form.encoding)
    header, *lines = [line.split(form.separator) for line in text.splitlines()]
    assert [name for name in header if name in COLUMNS] or form.sided
    assert {len(line) for line in lines} == {len(COLUMNS)}
    assert len(lines) == sum(len(entry.amounts) for entry in book.entries)
    debits = sum(signed(line, form) for line in lines)
    assert debits == 0


def signed(line: list[str], form: Form) -> Decimal:
    first, second = line[COLUMNS.index("Debit")], line[COLUMNS.index("Credit")]
    if form.sided:
        return Decimal(first.replace(",", ".")) * {"D": 1, "C": -1}[second]
    return Decimal(first.replace(",", ".")) - Decimal(second.replace(",", "."))


def test_a_company_closes_its_last_two_years_and_its_file_says_when() -> None:
    firm = make_firm("139900005", 0, 1)
    spans = [(dt.date(2024, 10, 1), dt.date(2025, 9, 30)), (FIRST, LAST)]
    assert firm.years(dt.date(2026, 10, 1)) == spans
    assert file_name(firm.siren, LAST) == f"{firm.siren}FEC20260930.txt"


def test_the_same_seed_gives_the_same_company() -> None:
    assert make_firm("139900005", 0, 1) == make_firm("139900005", 0, 1)
    assert make_firm("139900005", 0, 1) != make_firm("139900005", 0, 2)
