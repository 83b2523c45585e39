"""Mappings as declared: what is wrong in one is said with its place and the nearest name."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from galien.intake.controls.registry import CONTROLS
from galien.intake.library import SHIPPED, mapping, mapping_names
from galien.intake.mapping import load_mapping, mapping_from
from galien.kernel.errors import InvalidInput, NotAvailable
from tests.builders.deliveries import lines, read, sales, text

CONTENT: dict[str, Any] = yaml.safe_load((SHIPPED / "demo-officine.yaml").read_text("utf-8"))


def edited(path: str, value: Any) -> dict[str, Any]:
    content = copy.deepcopy(CONTENT)
    *parents, last = path.split(".")
    place = content
    for each in parents:
        place = place[each]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return content


WRONG = [
    ("name", "Démo A", "minuscules"),
    ("feeds.sales.columns.quantity", None, "quantity"),
    ("feeds.sales.columns.quantity", {"from": "Q", "convert": "date"}, "ne convient pas"),
    ("feeds.sales.columns.sold_at", {"from": "D", "convert": "datetime", "format": "%H"}, "%d"),
    ("feeds.sales.columns.net_incl", {"computed": "net_excl_from_net_incl_and_vat"}, "calcule"),
    ("feeds.sales.columns.sale_type.codes", {"X": "conter"}, "« counter »"),
    ("feeds.sales.file.encoding", "cp1255", "« cp1252 »"),
    ("feeds.sales.file.delimiter", ";;", "un seul caractère"),
    ("feeds.sales.hold_above", "5", "entre 0 et 1"),
    ("feeds.sales.exported_at.filename", "(a)(b)", "un seul groupe"),
    ("feeds.sales.colums", {}, "« columns »"),
    ("feeds.sale", {}, "« sales »"),
]


@pytest.mark.parametrize(("path", "value", "said"), WRONG, ids=[path for path, _, _ in WRONG])
def test_what_is_wrong_is_said_with_its_place(path: str, value: Any, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        mapping_from(edited(path, value), where="essai.yaml")
    assert "essai.yaml" in caught.value.message and said in caught.value.message


@pytest.mark.parametrize("name", mapping_names())
def test_every_shipped_mapping_is_sound(name: str) -> None:
    assert load_mapping(SHIPPED / f"{name}.yaml").name == name
    assert mapping(name).feeds


def test_an_unknown_mapping_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable, match="« galien »"):
        mapping("galein", tmp_path)


def test_the_canonical_layout_lacks_only_columns_of_no_use() -> None:
    needed = [
        c
        for c in lines([])[0].split(";")
        if c not in ("operator", "campaign", "fee_incl", "cost_excl", "discount_incl")
    ]
    rows = sales(3, gross_incl="10,00")
    assert read(text(rows, columns=needed)).accepted == 3


def test_every_code_has_a_sentence_that_tells_what_to_do() -> None:
    said = {control.code: control.message for control in reversed(CONTROLS)}
    for code, message in said.items():
        assert code.isupper() and message.endswith("."), code
        assert message.count(".") + message.count(";") >= 2, f"{code} does not say what to do"
