"""What a table cell prints: French figures, signs, arrows, and nothing that a text could smuggle in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.web.components.cells import cell, change
from galien.web.components.models import Better, CellKind, Change, Column, Masked, Row, TableModel
from galien.web.components.rows import rows_html

KIND = CellKind


@pytest.mark.parametrize(
    ("kind", "decimals", "value", "printed"),
    [
        (KIND.NUMBER, 0, 8215911, "8\u202f215\u202f911"),
        (KIND.NUMBER, 2, Decimal("-1234.5"), "\u22121\u202f234,50"),
        (KIND.NUMBER, 0, Decimal("-0.4"), "0"),
        (KIND.RATIO, 2, Decimal("0.0533"), "5,33"),
        (KIND.DAY, 0, dt.date(2026, 10, 1), '<time datetime="2026-10-01">01/10/2026</time>'),
        (KIND.TEXT, 0, "<b>", "&lt;b&gt;"),
        (KIND.NUMBER, 0, None, '<span class="nothing">–</span>'),
    ],
)
def test_a_value_is_printed_by_the_kind_of_its_column(
    kind: CellKind, decimals: int, value: object, printed: str
) -> None:
    assert cell(value, Column("c", "C", kind, decimals=decimals)) == printed


@pytest.mark.parametrize(
    ("value", "better", "colour", "arrow", "text"),
    [
        (0.033, Better.UP, "good", "▲", "+3,3\u202f%"),
        (-0.004, Better.UP, "bad", "▼", "\u22120,4\u202f%"),
        (0.084, Better.DOWN, "bad", "▲", "+8,4\u202f%"),
        (-0.05, Better.DOWN, "good", "▼", "\u22125,0\u202f%"),
        (0.2, Better.NEUTRAL, "same", "▲", "+20,0\u202f%"),
        (0, Better.UP, "same", "=", "0,0\u202f%"),
    ],
)
def test_a_change_has_sign_arrow_and_the_colour_of_good_or_bad_news(
    value: float, better: Better, colour: str, arrow: str, text: str
) -> None:
    made = change(Change(value, better=better))
    assert made == f'<span class="evo {colour}"><i aria-hidden="true">{arrow}</i> {text}</span>'


@pytest.mark.parametrize("points", [False, True])
def test_an_undefined_change_is_not_zero(points: bool) -> None:
    assert "n.\u202fs." in change(Change(None, points=points))


def test_a_change_too_small_to_print_has_no_sign() -> None:
    assert "▲" not in change(Change(0.0001))
    assert "▲" not in change(Change(0.0001, points=True))


def test_a_hidden_figure_says_why() -> None:
    made = cell(Masked("Moins de 5 pharmacies."), Column("c", "C"))
    assert made == '<span class="masked" title="Moins de 5 pharmacies.">secret</span>'


@pytest.mark.parametrize(("share", "width"), [(0.588, "58.8%"), (1.7, "100.0%"), (-0.2, "0.0%")])
def test_a_weight_is_drawn_within_its_cell(share: float, width: str) -> None:
    assert f'<rect width="{width}"' in cell(share, Column("w", "Poids", KIND.WEIGHT, decimals=1))


def test_a_row_leads_down_and_keeps_hostile_text_as_text() -> None:
    columns = (Column("name", "Nom", KIND.TEXT), Column("n", "Quantité"))
    row = Row(('"><script>', 12), key='a"b', href="/x?a=1&b=2", tone="unknown")
    made = rows_html(TableModel("Essai", columns, (row,)))
    assert made == (
        '<tr class="unknown"><th scope="row"><a href="/x?a=1&amp;b=2">&#34;&gt;&lt;script&gt;</a></th>'
        '<td class="k-number">12</td></tr>\n'
    )


def test_a_row_with_too_few_cells_is_refused() -> None:
    columns = (Column("name", "Nom", KIND.TEXT), Column("n", "Quantité"))
    with pytest.raises(ValueError, match="zip"):
        rows_html(TableModel("Essai", columns, (Row(("seul",)),)))
