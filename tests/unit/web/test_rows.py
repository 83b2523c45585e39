"""What the rows of an analysis hold, and where each leads."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pytest

from galien.analytics.answer import Answer, AnswerColumn, AnswerMeta, ColumnKind
from galien.analytics.question import OTHER, Filter
from galien.kernel.period import Period
from galien.kernel.units import Unit
from galien.web.analysis.address import State, read_state
from galien.web.analysis.columns import column_model
from galien.web.analysis.declared import BY_PATH
from galien.web.analysis.rows import drill_href, records_of, table_rows

BY_LAB = BY_PATH["/achats/par-laboratoire"]
NARROWED = State(period="2026", where=(Filter("channel", ("direct",)),))


@pytest.mark.parametrize("lab", ["BIOGARAN", "Lab, B & C=é", "100 % +", None])
def test_a_row_becomes_a_filter_whatever_its_name_holds(lab: str | None) -> None:
    href = urlsplit(drill_href({"lab": lab, "lab_label": "x"}, BY_LAB, NARROWED))
    state = read_state(parse_qs(href.query))
    assert href.path == "/achats/par-produit"
    assert state.where == (Filter("channel", ("direct",)), Filter("lab", (lab or "null",)))
    assert (state.period, state.trail) == ("2026", ("par-laboratoire~lab",))


def test_the_row_of_the_others_leads_nowhere() -> None:
    assert drill_href({"lab": OTHER, "lab_label": "Autres"}, BY_LAB, NARROWED) == ""


def _answer() -> Answer:
    """Purchases of four labs: one named, one that bought nothing, the unknown, the others."""
    kinds = {"lab": ColumnKind.KEY, "lab_label": ColumnKind.LABEL, "net_amount": ColumnKind.MEASURE}
    october = Period(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    table = pa.table(
        {
            "lab": ["B & C", "VIDE", None, OTHER],
            "lab_label": ["B & C", "VIDE", "Non renseigné", "Autres"],
            "net_amount": pa.array(
                [Decimal("60.50"), Decimal("0.00"), Decimal("30.00"), None], pa.decimal128(28, 2)
            ),
        }
    )
    return Answer(
        columns=tuple(AnswerColumn(n, n, Unit.NONE, kind, n) for n, kind in kinds.items()),
        table=table,
        totals={"net_amount": Decimal("90.50")},
        meta=AnswerMeta("r", october, None, (), 4, 0.0),
    )


def test_rows_hold_figures_shares_keys_and_tones_and_empty_ones_are_left_out() -> None:
    answer = _answer()
    columns = [column_model(name, answer) for name in ("net_amount", "weight", "cumulative_weight")]
    rows = table_rows(answer, BY_LAB, State(), columns)
    assert [row.cells[:2] for row in rows.shown] == [("B & C", 61), ("Non renseigné", 30)]
    assert [row.cells[2] for row in rows.shown] == pytest.approx([60.5 / 90.5, 30 / 90.5])
    assert [row.cells[3] for row in rows.shown] == pytest.approx([60.5 / 90.5, 1])
    assert [(row.key, row.tone) for row in rows.shown] == [("B & C", ""), ("null", "unknown")]
    assert rows.shown[0].href == drill_href({"lab": "B & C"}, BY_LAB, State())
    assert (rows.total.cells, rows.hidden) == (("Total", Decimal("90.50"), 1.0, None), 2)


def test_empty_rows_are_shown_to_who_asks_and_the_others_lead_nowhere() -> None:
    answer = _answer()
    rows = table_rows(answer, BY_LAB, State(empty=True), [column_model("net_amount", answer)])
    assert [row.cells for row in rows.shown][1:] == [
        ("VIDE", 0),
        ("Non renseigné", 30),
        ("Autres", None),
    ]
    assert (rows.shown[-1].href, rows.shown[-1].tone, rows.hidden) == ("", "rest", 0)


def test_pictures_are_drawn_from_the_first_rows_without_the_others() -> None:
    answer = _answer()
    assert [each["lab"] for each in records_of(answer, BY_LAB)] == ["B & C", "VIDE", None]
    assert [each["lab"] for each in records_of(answer, BY_LAB, first=1)] == ["B & C"]
