"""The address of an analysis holds its whole state, and nothing a reader types breaks it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.analytics.question import Filter
from galien.kernel.errors import InvalidInput
from galien.web.analysis.address import State, read_state

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(
    lambda text: text.strip() or "x"
)
names = st.sampled_from(["lab", "channel", "pharmacy", "product"])


@st.composite
def states(draw: st.DrawFn) -> State:
    """Any state a reader can reach."""
    kept = draw(st.dictionaries(names, st.lists(words, min_size=1, max_size=3, unique=True)))
    out = draw(st.dictionaries(names, st.lists(words, min_size=1, max_size=2, unique=True)))
    return State(
        period=draw(st.sampled_from(["last-month", "2026", "2026-01-01..2026-06-30"])),
        compare=draw(st.sampled_from(["previous-year", "none", "2024"])),
        where=(
            *(Filter(name, tuple(values)) for name, values in kept.items()),
            *(Filter(name, tuple(values), exclude=True) for name, values in out.items()),
        ),
        order=draw(st.none() | st.sampled_from(["-net_amount", "quantity"])),
        top=draw(st.none() | st.integers(1, 1000)),
        columns=tuple(draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True))),
        constant=draw(st.booleans()),
        empty=draw(st.booleans()),
        trail=tuple(draw(st.lists(st.sampled_from(["par-canal~channel"]), max_size=3))),
    )


@given(states())
def test_what_is_written_reads_back_the_same(state: State) -> None:
    written = state.query()
    assert read_state(parse_qs(written.removeprefix("?"))) == state


@given(states(), st.sampled_from(["last-month", "last-12-months"]))
def test_a_page_that_opens_on_another_period_reads_back_what_it_wrote(
    state: State, usual: str
) -> None:
    here = replace(state, usual=usual)
    assert read_state(parse_qs(here.query().removeprefix("?")), usual) == here


def test_a_page_without_a_period_opens_on_its_own() -> None:
    assert read_state({}, "last-12-months").period == "last-12-months"
    assert read_state({}).period == "last-month"


def test_two_values_of_a_dimension_are_one_filter() -> None:
    state = read_state({"where": ["lab=A, B", "lab=C", "channel=direct"]})
    assert state.where == (Filter("lab", ("A, B", "C")), Filter("channel", ("direct",)))


def test_the_two_date_fields_make_a_period() -> None:
    state = read_state({"from": ["2026-01-05"], "to": ["2026-02-04"]})
    assert state.period == "2026-01-05..2026-02-04"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"sql": ["1"]}, "champ inconnu"),
        ({"where": ["lab"]}, "dimension=valeur"),
        ({"top": ["-1"]}, "nombre entre"),
        ({"top": ["\u0661"]}, "nombre entre"),
        ({"top": ["99999999"]}, "nombre entre"),
        ({"where": ["x" * 500 + "=1"]}, "dimension=valeur"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_sentence(
    parameters: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        read_state(parameters)


def test_a_click_keeps_filters_and_replaces_the_same_dimension() -> None:
    state = State().with_filter("lab", "A").with_filter("channel", "direct").with_filter("lab", "B")
    assert state.where == (Filter("channel", ("direct",)), Filter("lab", ("B",)))
    assert state.without_filter("lab").where == (Filter("channel", ("direct",)),)
