"""Every measure by every dimension, against plain Python over the lines: no silent wrong figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from galien.analytics.answer import Answer
from galien.analytics.dimensions import DIMENSIONS
from galien.analytics.question import UNKNOWN, Filter, Question
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import WORKSPACE_VIEWER, Grant, Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services
from tests.builders.answering import services
from tests.builders.derived import Group, random_group
from tests.builders.oracle import Bounds, Key, cents, key_of, table

YEAR: Bounds = (dt.date(2025, 11, 1), dt.date(2026, 10, 31))
YEAR_BEFORE: Bounds = (dt.date(2024, 11, 1), dt.date(2025, 10, 31))
ALIGNED = {"month": 12, "quarter": 12, "year": 12}
UNKNOWN_TO_ORACLE = {"size_band", "banner", "lgo", "group", "week", "day", "clause", "step_source"}


@pytest.fixture(scope="module")
def group() -> Group:
    return random_group(7)


@pytest.fixture(scope="module")
def here(group: Group, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    made = services(group, tmp_path_factory.mktemp("derived"))
    yield made
    with made.reader.hold() as held:
        held.engine.close()


def pairs() -> list[tuple[str, str]]:
    return [
        (subject, name)
        for subject, dimensions in DIMENSIONS.items()
        for name in dimensions
        if name not in UNKNOWN_TO_ORACLE
    ]


def shown(answer: Answer, by: tuple[str, ...]) -> dict[Key, dict[str, Any]]:
    return {tuple(row[name] for name in by): row for row in answer.table.to_pylist()}


def moved(key: Key, by: tuple[str, ...]) -> Key:
    """Put a compared key beside the period's: same month or quarter, a year later."""
    return tuple(
        value.replace(value[:4], str(int(value[:4]) + 1), 1) if name in ALIGNED and value else value
        for name, value in zip(by, key, strict=True)
    )


def agree(found: Any, expected: Any) -> bool:
    if isinstance(found, Decimal):
        return found == (cents(expected) if expected is not None else None)
    if found is None or expected is None or isinstance(found, int):
        return bool(found == expected)
    return bool(abs(found - float(expected)) <= 1e-9 * max(1.0, abs(float(expected))))


def check(answer: Answer, by: tuple[str, ...], now: Any, before: Any) -> None:
    rows = shown(answer, by)
    measures = [
        c.name for c in answer.columns if c.kind == "measure" and c.name in now_or(now, before)
    ]
    for key in now.keys() | before.keys():
        if key not in rows:
            exact = [side.get(key, {}) for side in (now, before)]
            assert not any(v for side in exact for v in side.values()), key
            continue
        for name in measures:
            expected = now.get(key, {}).get(name)
            if expected is None and isinstance(rows[key][name], (int, Decimal)):
                expected = 0
            assert agree(rows[key][name], expected), (key, name)
            if f"{name}_previous" in rows[key] and name in before.get(key, {}):
                previous = rows[key][f"{name}_previous"]
                if not (isinstance(previous, Decimal) and before[key][name] is None):
                    assert agree(previous, before[key][name]), (key, name)
    assert rows.keys() <= now.keys() | before.keys()


def now_or(now: Any, before: Any) -> set[str]:
    return {name for side in (now, before) for figures in side.values() for name in figures}


@pytest.mark.parametrize(("subject", "name"), pairs())
def test_a_breakdown_is_what_the_lines_say(
    group: Group, here: Services, subject: str, name: str
) -> None:
    answer = ask(Question(subject, by=(name,)), WORKSPACE_VIEWER, services=here)
    now = table(group, subject, (name,), YEAR)
    before = {moved(k, (name,)): v for k, v in table(group, subject, (name,), YEAR_BEFORE).items()}
    check(answer, (name,), now, before)


@pytest.mark.parametrize(("subject", "name"), pairs())
def test_totals_are_those_of_all_lines_whatever_the_breakdown(
    group: Group, here: Services, subject: str, name: str
) -> None:
    answer = ask(Question(subject, by=(name,)), WORKSPACE_VIEWER, services=here)
    expected = table(group, subject, (), YEAR)[()]
    for measure, total in answer.totals.items():
        if measure in expected:
            assert agree(total, expected[measure]), measure


QUESTIONS = st.tuples(
    st.sampled_from(sorted(DIMENSIONS)),
    st.lists(st.integers(0, 40), min_size=1, max_size=2, unique=True),
    st.sampled_from(
        [
            "last-12-months", "2026-03", "2026-Q1", "2026", "year-to-date",
            "2026-01-17..2026-05-09", "2026-02-10..2026-02-11", "2025-12-31..2026-03-01",
        ]
    ),
    st.booleans(),
    st.integers(0, 40),
    st.booleans(),
    st.sampled_from(["all", "some"]),
)  # fmt: skip
BOUNDS: dict[str, Bounds] = {
    "last-12-months": YEAR,
    "2026-03": (dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
    "2026-Q1": (dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
    "2026": (dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    "year-to-date": (dt.date(2026, 1, 1), dt.date(2026, 11, 21)),
    "2026-01-17..2026-05-09": (dt.date(2026, 1, 17), dt.date(2026, 5, 9)),
    "2026-02-10..2026-02-11": (dt.date(2026, 2, 10), dt.date(2026, 2, 11)),
    "2025-12-31..2026-03-01": (dt.date(2025, 12, 31), dt.date(2026, 3, 1)),
}


def test_lines_without_cost_are_counted_in_a_note_and_only_then(
    group: Group, here: Services, tmp_path: Path
) -> None:
    question = Question("sales", ("adjusted_margin",), by=("lab",))
    first, last = YEAR
    bare = [x for x in group.lines if x["cost_excl"] is None and first <= x["day"] <= last]
    (note,) = [n for n in ask(question, WORKSPACE_VIEWER, services=here).state.notes if "coût" in n]
    assert note.startswith(f"{len(bare)} lignes de vente sans coût")
    costed = random_group(7)
    for line in costed.lines:
        line["cost_excl"] = line["cost_excl"] or Decimal(0)
    made = services(costed, tmp_path)
    answer = ask(question, WORKSPACE_VIEWER, services=made)
    assert not any("coût" in each for each in answer.state.notes)
    with made.reader.hold() as held:
        held.engine.close()


@given(drawn=QUESTIONS)
def test_any_question_with_a_filter_is_what_the_lines_say(
    group: Group, here: Services, drawn: Any
) -> None:
    subject, positions, period, compared, filtered, exclude, who = drawn
    names = [n for n in DIMENSIONS[subject] if n not in UNKNOWN_TO_ORACLE]
    by = tuple(dict.fromkeys(names[position % len(names)] for position in positions))
    other = names[filtered % len(names)]
    compared = compared and other not in ALIGNED
    assume(not (subject == "stock" and other in ALIGNED))
    rows = {"purchases": group.purchases, "stock": group.stock}.get(subject, group.lines)
    values = sorted({key_of(group, subject, other, row) or UNKNOWN for row in rows})[:2]
    some = {row["pharmacy"] for row in group.pharmacies[:2]}
    viewer = WORKSPACE_VIEWER
    if who == "some":
        grants = tuple(Grant(each, own=True) for each in sorted(some))
        viewer = Viewer("u", "Une titulaire", "owner", grants)

    def keep(row: Any) -> bool:
        inside = (key_of(group, subject, other, row) or UNKNOWN) in values
        return inside is not exclude and (who == "all" or row["pharmacy"] in some)

    question = Question(
        subject,
        by=by,
        period=period,
        where=(Filter(other, tuple(values), exclude=exclude),),
        compare="previous-year" if compared else "none",
    )
    now = table(group, subject, by, BOUNDS[period], keep=keep)
    first, last = BOUNDS[period]
    before = table(group, subject, by, (_year_before(first), _year_before(last)), keep=keep)
    before = {moved(key, by): value for key, value in before.items()} if compared else {}
    try:
        answer = ask(question, viewer, services=here)
    except InvalidInput as refused:
        assert "retirez" in refused.message or "mois entiers" in refused.message  # noqa: PT017
    except NotAllowed:
        assert not now
        assert not before
    else:
        check(answer, by, now, before)


def _year_before(day: dt.date) -> dt.date:
    return day.replace(year=day.year - 1)
