"""Orders of shelves made up at random, against the handbook's rules written by hand, quantity by quantity."""

from __future__ import annotations

import csv
import datetime as dt
import math
import random
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

from tests.builders.commands import galien_here

DAY = dt.date(2026, 5, 15)
LINE, HOLDING, LONGEST = 0.30, 0.15, 90
SERVICE = {"A": 0.98, "B": 0.95, "C": 0.90}


def drawn(chance: random.Random, number: int) -> dict[str, Any]:
    """Make up a product, hard ones included: expired boxes, a maximum below the need, free units."""
    demand = chance.choice([0, 0.01, 0.1, 0.5, 1, 2.5, 7, 20])
    expires = chance.choice([None, None, -3, 0, 1, 4, 200])
    due = chance.choice([None, 1, 3, 30])
    tiers = [(6, 0.02), (12, 0.05), (24, 0.08), (60, 0.10), (200, 0.12)]
    steps = sorted(chance.sample(tiers, chance.randint(0, 2)))
    paid, free = chance.choice([(0, 0), (0, 0), (10, 1), (3, 2), (24, 6)])
    return {
        "product_code": f"P{number}", "daily_demand": demand, "on_hand": chance.choice([0, 1, 3, 10, 40]),
        "daily_deviation": chance.choice([0.0, round(math.sqrt(demand), 6), demand]),
        "lead_days": chance.choice([1, 2, 3.5, 7]), "lead_deviation": chance.choice([0, 0.5, 2]),
        "review_days": chance.choice([0, 1, 7]), "class": chance.choice("ABC"),
        "held": chance.choice(["oui", "oui", "oui", "non"]),
        "handling": chance.choice(["", "", "", "froid", "hospitalier"]),
        "incoming": chance.choice([0, 0, 5, 20]), "due_on": later(due), "owed": chance.choice([0, 0, 2]),
        "proposed": chance.choice([0, 0, 0, 4]), "minimum": chance.choice(["", "", 0, 2, 6]),
        "maximum": chance.choice(["", "", "", 4, 12, 20]), "duty": chance.choice([0, 0, 0, 5]),
        "multiple": chance.choice([1, 1, 2, 3, 10]), "shelf_life_days": chance.choice(["", "", 60, 20]),
        "expiring": chance.choice(["", 1, 3]), "expires_on": later(expires),
        "list_price": round(chance.choice([0.8, 5, 20, 150]) * (1 + chance.random()), 2),
        "tiers": " ".join(f"{start}:{rate}" for start, rate in steps),
        "paid": paid, "free": free,
    }  # fmt: skip


def later(days: int | None) -> str:
    return "" if days is None else (DAY + dt.timedelta(days=days)).isoformat()


def days_to(text: str) -> int:
    return (dt.date.fromisoformat(text) - DAY).days


def by_hand(row: dict[str, Any]) -> tuple[float, float, int] | None:
    """Return position, threshold and quantity of a product; None when nothing is to order."""
    demand, wait = row["daily_demand"], row["lead_days"] + row["review_days"]
    spread = wait * row["daily_deviation"] ** 2 + (demand * row["lead_deviation"]) ** 2
    guard = NormalDist().inv_cdf(SERVICE[row["class"]]) * math.sqrt(spread)
    least = -1 if row["minimum"] == "" else row["minimum"]
    most = -1 if row["maximum"] == "" else row["maximum"]
    point = math.ceil(demand * wait + guard - 1e-9) if row["held"] == "oui" else 0
    level = max(point, least + 1, row["duty"])
    if most >= 0:
        level = min(level, max(most, least + 1, row["duty"]))
    there = sound(row, wait)
    coming = row["incoming"] if not row["due_on"] or days_to(row["due_on"]) <= wait else 0
    position = there + coming + row["proposed"] - row["owed"]
    need = level - position
    if need <= 0 or row["proposed"]:
        return None
    pack = row["multiple"]
    units = packs(need, pack)
    if not row["handling"] and most >= 0:
        units = packs(max(need, most - position), pack)
    elif not row["handling"]:
        life = min(LONGEST, row["shelf_life_days"] or math.inf)
        last = max(units, math.floor((demand * life - there - coming) / pack + 1e-9) * pack)
        units = min(range(max(units, pack), last + 1, pack), key=lambda q: yearly(row, q))
    return position, level, units


def packs(units: float, pack: int) -> int:
    return math.ceil(units / pack - 1e-9) * pack


def sound(row: dict[str, Any], wait: float) -> float:
    """Count the boxes that can still be sold: those that expire while one waits, as far as they sell."""
    if not row["expires_on"]:
        return float(row["on_hand"])
    left = days_to(row["expires_on"])
    first = min(row["on_hand"], row["on_hand"] if row["expiring"] == "" else row["expiring"])
    kept = (
        0
        if left <= 0
        else first
        if left >= wait
        else min(first, math.floor(row["daily_demand"] * left))
    )
    return float(row["on_hand"] - first + kept)


def yearly(row: dict[str, Any], units: int) -> float:
    lot = row["paid"] + row["free"]
    charged = units - (row["free"] * (units // lot) if lot else 0)
    steps = [each.split(":") for each in row["tiers"].split()]
    rate = max([float(rate) for start, rate in steps if charged >= int(start)], default=0.0)
    price = row["list_price"] * (1 - rate) * charged / units
    return float(365 * row["daily_demand"] * (price + LINE / units) + HOLDING * price * units / 2)


@pytest.mark.parametrize("seed", [11, 12])
def test_every_line_is_the_one_found_by_trying_every_quantity(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = [drawn(chance, number) for number in range(250)]
    with (tmp_path / "rayons.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = galien_here(
        "stock", "orders", "--shelves", tmp_path / "rayons.csv", "--on", DAY, "--format", "json"
    )
    found = {
        line["product_code"]: (line["position"], line["threshold"], line["quantity"])
        for line in done.answer["rows"]
    }
    wanted = {row["product_code"]: lines for row in rows if (lines := by_hand(row))}
    assert len(wanted) > 60
    assert found == wanted
