"""Every established fact of regulation is in the book of law, with its value on its dates.

`facts.csv` is the list as it was established; `which_parameter.csv` says which parameter each fact
went to, what a rule in words became in French, and why a fact was left out.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from galien.law import Banded, Law, LawValue, Scale

HERE = Path(__file__).parent / "regulation"
Row = dict[str, str]
LAW = Law.load()
TODAY = dt.date(2026, 11, 22)
FRANCS_PER_EURO = Decimal("6.55957")
SIZES = {"below_1.2M": 1_000_000, "above_1.2M": 1_500_000, "above_2M": 2_500_000}


def rows(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FACTS = rows("facts.csv")
PLACES = rows("which_parameter.csv")


def place(fact: Row) -> Row:
    """Find the line of the table a fact goes by; one with a date wins over one without."""
    key = (fact["country"], fact["topic"], fact["parameter"])
    found = [p for p in PLACES if (p["country"], p["topic"], p["fact"]) == key]
    dated = [p for p in found if p["valid_from"] == fact["valid_from"]]
    return (dated or found)[0]


def days(fact: Row) -> list[dt.date]:
    """The first day of a fact, and its last one (today when it has not ended)."""
    first = fact["valid_from"]
    full = {0: "", 4: "-01-01", 7: "-01"}.get(len(first), "")
    begins = [dt.date.fromisoformat(first + full)] if first else []
    if not fact["valid_to"]:
        return [*begins, TODAY] if not begins or begins[0] < TODAY else begins
    if len(fact["valid_to"]) == 10:
        return [*begins, dt.date.fromisoformat(fact["valid_to"])]
    return begins


def amount(fact: Row) -> Decimal:
    """The fact's figure in the units of the law: ratios, euros."""
    figure = Decimal(fact["value"])
    if fact["unit"].startswith("percent"):
        return figure / 100
    if fact["unit"].startswith("billion"):
        return figure * 10**9
    if fact["unit"].startswith("FRF"):
        return (figure / FRANCS_PER_EURO).quantize(Decimal("0.01"))
    return figure


def agrees(fact: Row, value: LawValue, text: str) -> bool:
    """Tell whether a value of the law is what a fact says."""
    if isinstance(value, bool):
        return fact["value"] == str(value).lower()
    if isinstance(value, str):
        return value == text
    if isinstance(value, Banded):
        size = next(at for words, at in SIZES.items() if words in fact["parameter"])
        return value.at(Decimal(size)) == amount(fact)
    if isinstance(value, Scale):
        bounds = re.search(r"from=([\d.]+);to=([\d.]+|inf)", fact["parameter"])
        start, end = bounds.groups() if bounds else ("0", "inf")
        starts = [bracket.start for bracket in value.brackets]
        index = starts.index(Decimal(start))
        following = starts[index + 1] if index + 1 < len(starts) else Decimal("Infinity")
        return value.brackets[index].rate == amount(fact) and following == Decimal(end)
    return value == amount(fact)


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f"{f['parameter']} {f['valid_from']}")
def test_a_fact_is_in_the_book_on_its_dates(fact: Row) -> None:
    where = place(fact)
    if where["left_out_because"]:
        return
    checked = days(fact)
    assert checked
    for day in checked:
        cited = LAW.value(where["parameter"], on=day)
        assert agrees(fact, cited.value, where["text"]), (day, cited.value)


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f"{f['parameter']} {f['valid_from']}")
def test_a_value_cites_an_address_its_fact_was_read_at(fact: Row) -> None:
    cited = LAW.value(place(fact)["parameter"], on=days(fact)[0])
    addresses = re.findall(r"https?://([^\s;)]+)", fact["source"])
    if cited.source.link and addresses:
        told = f"{cited.source.link} {cited.note}"
        assert any(address in told for address in addresses)


def test_every_line_of_the_table_serves_and_says_one_thing() -> None:
    served = [place(fact) for fact in FACTS]
    assert all(line in served for line in PLACES)
    for line in PLACES:
        assert bool(line["parameter"]) != bool(line["left_out_because"])


def test_the_facts_are_all_verified_or_well_established() -> None:
    assert len(FACTS) == 325
    assert {fact["confidence"] for fact in FACTS} == {"verified", "well-established"}
