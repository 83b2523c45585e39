"""Margin, prices and fees on both sides of every change of the law, against plain arithmetic.

The oracle takes its rates from the list of established facts, never from the book under test.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from galien.calculators.margin import regulated_price
from galien.law import Law

LAW = Law.load()
FACTS = Path(__file__).parents[1] / "registries" / "regulation" / "facts.csv"
PRICES = [Decimal(p) for p in ("0.5", "0.83", "1.91", "10", "22.90", "152", "460", "1700", "2500")]
FEES = {
    "HD_box": "fee_hd", "HC_complex_prescription": "fee_hc", "HDR_prescription": "fee_hdr",
    "HDA_age": "fee_hda", "HDE_specific": "fee_hde",
}  # fmt: skip
SIDES = {"HT": "excl", "TTC": "incl"}
VAT_FACTS = {
    "rate_normal": "vat_rate_normal",
    "rate_intermediate": "vat_rate_intermediate",
    "product_non_reimbursable_medicine": "vat_non_reimbursable_medicine",
    "product_parapharmacy": "vat_parapharmacy",
}


def facts(topic: str) -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return [r for r in csv.DictReader(file) if (r["country"], r["topic"]) == ("FR", topic)]


def first(fact: dict[str, str]) -> dt.date:
    text = fact["valid_from"]
    return dt.date.fromisoformat(text + {4: "-01-01", 7: "-01"}.get(len(text), ""))


def holds(fact: dict[str, str], day: dt.date) -> bool:
    end = fact["valid_to"]
    return first(fact) <= day <= (dt.date.fromisoformat(end) if end else dt.date.max)


def on(topic: str, day: dt.date) -> dict[str, Fraction]:
    return {
        r["parameter"]: Fraction(r["value"])
        for r in facts(topic)
        if r["valid_from"] and re.fullmatch(r"[\d.]+", r["value"]) and holds(r, day)
    }


def earned(rates: dict[str, Fraction], price: Fraction) -> Fraction | None:
    """Cut a price by hand: None when a slice it reaches has no rate among the facts."""
    total, reached = Fraction(0), Fraction(0)
    for name, rate in rates.items():
        bounds = re.fullmatch(r"rate\[from=([\d.]+);to=([\d.]+|inf)\]", name)
        if bounds is None:
            continue
        start = Fraction(bounds[1])
        end = price if bounds[2] == "inf" else min(price, Fraction(bounds[2]))
        if end > start:
            total += (end - start) * rate / 100
            reached += end - start
    return total if reached == price else None


def both_sides(*topics: str) -> list[dt.date]:
    changes = {first(r) for topic in topics for r in facts(topic) if r["valid_from"]}
    return sorted(changes | {day - dt.timedelta(days=1) for day in changes})


MARGIN_DAYS = both_sides("mdl_pharmacien", "marge_repartiteur", "tva")


@pytest.mark.parametrize("day", MARGIN_DAYS, ids=str)
def test_the_price_on_both_sides_of_a_change(day: dt.date) -> None:
    pharmacist, wholesaler = on("mdl_pharmacien", day), on("marge_repartiteur", day)
    vat = on("tva", day).get("product_reimbursable_medicine")
    for price in PRICES:
        found = regulated_price(LAW, price, on=day)
        cut = Fraction(price)
        flat = pharmacist.get("flat_rate_before_mdl")
        margin = cut * flat / 100 if flat is not None else earned(pharmacist, cut)
        assert found.margin == margin
        grossed = earned(wholesaler, cut)
        if grossed is not None:
            least = wholesaler.get("minimum_per_box", Fraction(0))
            grossed = min(max(grossed, least), wholesaler.get("maximum_per_box", Fraction(10**9)))
        assert found.wholesaler_margin == grossed
        if None in (margin, grossed, vat):
            assert found.public_price_incl is None
            assert found.unknown
        else:
            assert margin is not None and grossed is not None and vat is not None
            total = (cut + margin + grossed) * (1 + vat / 100)
            assert found.public_price_incl is not None
            assert abs(Fraction(found.public_price_incl) - total) < Fraction(1, 10**20)


@pytest.mark.parametrize("day", both_sides("honoraire_dispensation", "mdl_pharmacien"), ids=str)
def test_the_fees_on_both_sides_of_a_change(day: dt.date) -> None:
    known = on("honoraire_dispensation", day)
    for fact, name in FEES.items():
        for side, suffix in SIDES.items():
            cited = LAW.find(f"{name}_{suffix}", on=day)
            assert (cited.value if cited else None) == known.get(f"{fact}_{side}"), (fact, side)
    box = on("mdl_pharmacien", day).get("forfait_par_boite_HT") or known.get("HD_box_HT")
    assert regulated_price(LAW, Decimal(10), on=day).box_fee == box


@pytest.mark.parametrize("day", both_sides("tva"), ids=str)
def test_vat_on_both_sides_of_a_change(day: dt.date) -> None:
    known = on("tva", day)
    for fact, name in VAT_FACTS.items():
        cited = LAW.find(name, on=day)
        expected = known.get(fact)
        assert (cited.value if cited else None) == (None if expected is None else expected / 100)


def test_every_change_of_the_book_is_among_the_days_tried() -> None:
    for name in (
        "mdl_scale",
        "wholesaler_margin_scale",
        "wholesaler_margin_minimum",
        "mdl_box_fee",
    ):
        begun = [day for day in LAW.changes(name) if LAW.find(name, on=day)]
        assert set(begun) <= set(MARGIN_DAYS)
    assert all(a < b for a, b in pairwise(MARGIN_DAYS))
