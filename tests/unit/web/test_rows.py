"""Where a row of an analysis leads."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from galien.analytics.question import OTHER, Filter
from galien.web.analysis.address import State, read_state
from galien.web.analysis.declared import BY_PATH
from galien.web.analysis.rows import drill_href

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
