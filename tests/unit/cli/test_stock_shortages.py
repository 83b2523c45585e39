"""`galien stock shortages`: orders typed by people, shortages ready to be declared."""

from __future__ import annotations

from pathlib import Path

from tests.builders.commands import Ran, galien_here

ORDERS = """
product_code;supplier;ordered_at;quantity;delivered_at;delivered_quantity
A;Grossiste;2026-11-02T09:00;5;;
A;Labo;2026-11-03T09:00;5;2026-11-12T09:00;5
B;Grossiste;2026-11-02T09:00;5;2026-11-03;
"""
PRODUCTS = """
product_code;label;lab;generic_group;daily_demand;owed;price;cost
A;AMOXICILLINE;Zed;g1;0,5;2;4,10;3,00
C;AMOXICILLINE B;Ypsilon;g1;;;;
"""
AVAILABLE = "product_code;place;units;sister\nC;Grossiste;12;\nA;Pharmacie 2;3;oui\n"


def told(folder: Path, orders: str = ORDERS, form: str = "json") -> Ran:
    for name, text in (("o", orders), ("p", PRODUCTS), ("a", AVAILABLE)):
        (folder / f"{name}.csv").write_text(text.lstrip(), "utf-8")
    return galien_here(
        "stock", "shortages", "--orders", folder / "o.csv", "--products", folder / "p.csv",
        "--available", folder / "a.csv", "--on", "2026-11-20", "--format", form,
    )  # fmt: skip


def test_a_shortage_has_dates_duration_loss_and_substitutes(tmp_path: Path) -> None:
    done = told(tmp_path)
    assert done.code == 0, done.stderr
    (row,) = done.answer["rows"]
    assert (row["product_code"], row["lab"], row["units"]) == ("A", "Zed", 10)
    assert row["since"].startswith("2026-11-05T09:00")
    assert row["until"].startswith("2026-11-12T09:00")
    assert row["days"] == 10
    assert (row["lost_units"], row["lost_turnover"], row["lost_margin"]) == (7, 28.70, 7.70)
    assert row["days_without_stock"] == 10, "without more, the days of the shortage"
    assert [each["place"] for each in row["substitutes"]] == ["Grossiste", "Pharmacie 2"]
    assert done.answer["by_lab"][0]["name"] == "Zed"


def test_the_declarations_are_a_table(tmp_path: Path) -> None:
    lines = told(tmp_path, form="csv").stdout.splitlines()
    assert len(lines) == 2
    assert "AMOXICILLINE" in lines[1]


def test_a_delivery_before_its_order_is_refused(tmp_path: Path) -> None:
    done = told(tmp_path, ORDERS.replace("2026-11-12", "2026-11-01"))
    assert done.code == 2
    assert "ligne 3 : livrée avant d’être commandée" in done.stderr
