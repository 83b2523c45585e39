"""The files of the demonstration: same bytes each time, readable, with the accidents announced."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from galien.demo import DemoFiles, generate
from galien.demo.export import ManifestLine
from galien.demo.generate import lay_out, write_manifest
from galien.demo.hands import keep_world, write_one
from galien.intake import Terms, mapping, read_delivery
from galien.kernel.codes import ean13_ok, finess_ok
from galien.kernel.errors import InvalidInput
from galien.warehouse.ledger import ReceiptStatus

TODAY = dt.date(2025, 12, 5)
VAT = tuple(map(Decimal, ("0.021", "0.055", "0.1", "0.2")))


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_same_seed_same_bytes_whoever_writes_them_and_in_what_order(tmp_path: Path) -> None:
    size = {"pharmacies": 3, "months": 2, "seed": 3}
    generate(tmp_path / "one", **size, today=TODAY)
    group = lay_out(tmp_path / "two", **size, today=TODAY)
    world = keep_world(group.world, tmp_path / "world")
    written: list[ManifestLine] = []
    for member in reversed(group.members):
        written += write_one(world, member, group.files.manifest.parent)
        write_manifest(group.files, written)
    assert _hashes(tmp_path / "one") == _hashes(tmp_path / "two")


def test_another_seed_gives_other_sales(tmp_path: Path) -> None:
    one = generate(tmp_path / "a", pharmacies=1, months=2, seed=3, today=TODAY)
    other = generate(tmp_path / "b", pharmacies=1, months=2, seed=4, today=TODAY)
    assert _hashes(one.manifest.parent) != _hashes(other.manifest.parent)


def test_numbers_out_of_range_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="2 à 60 mois"):
        generate(tmp_path, pharmacies=3, months=1, today=TODAY)


def test_the_manifest_lists_every_file_in_order_of_export(demo: DemoFiles) -> None:
    lines = _rows(demo.manifest)
    listed = {line["path"] for line in lines}
    there = {path.name for path in demo.manifest.parent.iterdir()} - {"manifest.csv"}
    assert listed == there
    assert [line["exported_at"] for line in lines] == sorted(line["exported_at"] for line in lines)
    assert {line["mapping"] for line in lines} == {"demo-officine", "demo-comptoir", "demo-balance"}


def test_intake_accepts_every_file_and_sets_only_the_wrong_rows_aside(demo: DemoFiles) -> None:
    aside: dict[str, int] = {}
    for line in _rows(demo.manifest):
        rates = ((dt.date(2014, 1, 1), frozenset(VAT)),)
        terms = Terms(line["pharmacy"], TODAY, vat_rates=rates, operator_key=b"k" * 32)
        delivery = read_delivery(
            demo.manifest.parent / line["path"],
            feed=line["feed"],
            mapping=mapping(line["mapping"]),
            terms=terms,
            isolated=False,
        )
        assert delivery.status is ReceiptStatus.ACCEPTED, (line["path"], delivery.message)
        assert delivery.exported_at is not None
        exported = delivery.exported_at.replace(tzinfo=None)
        assert exported == dt.datetime.fromisoformat(line["exported_at"])
        if delivery.quarantined:
            aside[line["path"][:9]] = delivery.quarantined
    assert aside == {demo.finess[0]: 8, demo.finess[1]: 8}


def test_pharmacies_and_products_carry_valid_codes_and_say_what_is_invented(
    demo: DemoFiles,
) -> None:
    for pharmacy in _rows(demo.pharmacies_csv):
        assert finess_ok(pharmacy["finess"])
        assert pharmacy["name"].startswith("Pharmacie de démonstration")
    products = _rows(demo.hierarchy_csv)
    assert all(ean13_ok(product["product_code"]) for product in products)
    invented = [p for p in products if p["product_code"].startswith("395")]
    assert all("(ficti" in p["brand"] and "(ficti" in p["lab"] for p in invented)
    assert len({p["universe_1"] for p in products}) >= 12


def test_the_invented_price_note_says_from_when_prices_are_carried_forward(demo: DemoFiles) -> None:
    assert '"carried_forward_after": "2026-07-24"' in demo.provenance.read_text("utf-8")
