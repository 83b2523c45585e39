"""What the files say about the trade: calendar, prices, VAT, ceilings, ranges of the handbook."""

from __future__ import annotations

import datetime as dt

import numpy as np

from galien.demo.public import read_medicines
from galien.demo.report import Figures, Table, day_key
from galien.law import Law
from galien.usecases.public_data import data_folder

CLOSED = ("20250815", "20251101", "20251111")
MEDICINES = read_medicines(data_folder())
PRICED = set(MEDICINES.code[MEDICINES.price.max(axis=1) > 0])
GENERIC = PRICED & set(MEDICINES.code[MEDICINES.generic == 1])


def test_nothing_is_sold_on_sundays_and_holidays(sales: list[Table]) -> None:
    for table in sales:
        # A date that does not exist is one of the rows made wrong on purpose.
        days = {day_key(day) for day in set(table["day"])} - {"20260231"}
        assert not days & set(CLOSED)
        assert all(dt.date.fromisoformat(day).weekday() < 6 for day in days)


def test_net_is_gross_less_discount_and_excl_follows_vat(sales: list[Table]) -> None:
    wrong = 0
    for table in sales:
        gap = np.abs(table["gross"] - table["discount"] - table["net"])
        wrong += int((gap > 0.004).sum())
    assert wrong == 4  # two rows in each of the two files made wrong on purpose


def test_fees_go_with_prescriptions_only(sales: list[Table]) -> None:
    for table in sales:
        prescription = np.isin(table["sale_type"], (0, 1))
        assert not table["fee"][~prescription].any()
        assert table["fee"][prescription].sum() > 0


def test_no_discount_passes_the_ceiling_of_the_day(purchases: list[Table]) -> None:
    law, seen = Law.load(), 0.0
    for table in purchases:
        rate = 1 - table["net"] / np.maximum(table["list"], 0.01)
        product = table["product"].astype(str)
        generic, priced = np.isin(product, sorted(GENERIC)), np.isin(product, sorted(PRICED))
        days, place = np.unique(table["day"].astype(str), return_inverse=True)
        for mine, name in ((generic, "generic"), (~generic, "general")):
            highest = np.zeros(len(days))
            kept = priced & mine & (table["list"] > 0)
            np.maximum.at(highest, place[kept], rate[kept])
            on = [dt.date.fromisoformat(day_key(day)) for day in days]
            ceiling = [float(law.number(f"discount_ceiling_{name}", on=d).value) for d in on]
            assert (highest <= np.array(ceiling) + 1e-9).all(), name
            seen = max(seen, highest.max())
    assert seen > 0.35


def test_channels_and_discounts_resemble_those_of_a_group(purchases: list[Table]) -> None:
    listed, net = np.zeros(3), np.zeros(3)
    for table in purchases:
        for way in range(3):
            rows = table["channel"] == way
            listed[way] += (table["list"] * table["delivered"])[rows].sum()
            net[way] += (table["net"] * table["delivered"])[rows].sum()
    share, rate = listed / listed.sum(), 1 - net / listed
    assert 0.55 <= share[0] <= 0.72 and 0.20 <= share[1] <= 0.36 and 0.04 <= share[2] <= 0.12
    assert 0.035 <= rate[0] <= 0.065 and 0.15 <= rate[1] <= 0.24 and 0.02 <= rate[2] <= 0.04


def test_figures_stay_in_the_ranges_of_the_trade(figures: list[Figures]) -> None:
    for each in figures:
        assert 1.0 <= each.ratio <= 3.3, each.pharmacy
        assert each.pmo >= 39 and each.pmo_with_fee <= 58, each.pharmacy
        assert 10 <= each.basket <= 20, each.pharmacy
        assert 35_000 <= each.invoices_a_year <= 100_000, each.pharmacy
        assert 0.28 <= each.margin <= 0.33, each.pharmacy
        assert 28 <= each.stock_days <= 62, each.pharmacy


def test_generics_weigh_what_they_weigh_in_the_country(figures: list[Figures]) -> None:
    boxes = amount = total_boxes = total = 0.0
    for each in figures:
        total += sum(each.sold.values())
        total_boxes += sum(b for code, b in each.boxes.items() if code in PRICED)
        boxes += sum(b for code, b in each.boxes.items() if code in GENERIC)
        amount += sum(a for code, a in each.sold.items() if code in GENERIC)
    assert abs(boxes / total_boxes - 0.461) < 0.03
    assert abs(amount / total - 0.16) < 0.03


def test_what_is_sold_was_bought_or_in_stock(sales: list[Table], purchases: list[Table]) -> None:
    for sold, bought in zip(sales, purchases, strict=True):
        out, came = sold["quantity"].sum(), (bought["delivered"] + bought["free"]).sum()
        assert 0.85 <= came / out <= 1.15
