"""How the book of law is printed: topics, parameters on a day, what changed last."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from galien.kernel import french
from galien.law import LawValue
from galien.law.topics import TOPICS
from galien.usecases.law_book import Change, Entry
from galien.web.components.models import Action, Field, Link, PageHead, Row, TableModel
from galien.web.law_text import UNKNOWN, since_text, source_cell, spaced, value_cell
from galien.web.lists import counted, options, plain_table, text
from galien.web.registry import discover

PATH = "/gestion/loi"
LATEST = 12
WHAT_IF = "what-if"
IN_FORCE = f"en{french.FIXED}vigueur"


def head(topics: Mapping[str, int], on: dt.date) -> PageHead:
    """Return the top of the book."""
    size = counted(sum(topics.values()), "paramètre", "paramètres")
    return PageHead(
        title="Que dit le droit de la pharmacie, et depuis quand ?",
        when=f"Valeurs au {french.day(on)}",
        note=f"{size} en {len(topics)} thèmes, chaque valeur avec sa source",
        actions=what_if(),
    )


def what_if() -> tuple[Action, ...]:
    """Return the way to the trial of a reform, when the site has it."""
    page = next((each for each in discover() if each.slug == WHAT_IF), None)
    return (Action("Essayer une réforme", href=f"/{page.path}"),) if page else ()


def fields(on: dt.date, *, topic: str, words: str) -> tuple[Field, ...]:
    """Return the form of the book: words, topic, day."""
    return (
        Field("q", "Mots", kind="search", value=words, autocomplete="off"),
        Field(
            "theme",
            "Thème",
            kind="select",
            required=True,
            options=options(TOPICS, topic, first="Tous les thèmes"),
        ),
        Field("jour", "Valeurs au", kind="date", value=on.isoformat(), required=True),
    )


def topics(counts: Mapping[str, int], on: dt.date, today: dt.date) -> tuple[tuple[Link, str], ...]:
    """Return each topic with the address of its parameters and their number."""
    day = {} if on == today else {"jour": on.isoformat()}
    return tuple(
        (
            Link(TOPICS[topic], f"{PATH}?{urlencode({'theme': topic, **day})}"),
            counted(count, "paramètre", "paramètres"),
        )
        for topic, count in counts.items()
    )


def tables(found: Sequence[Entry], on: dt.date) -> list[tuple[str, TableModel]]:
    """Return one table a topic: each parameter, its value on the day, its dates and source."""
    return [
        (TOPICS[topic], _table(topic, list(entries), on))
        for topic, entries in itertools.groupby(found, key=lambda each: each.parameter.topic)
    ]


def _table(topic: str, entries: Sequence[Entry], on: dt.date) -> TableModel:
    columns = (
        text("label", "Paramètre"), text("value", "Valeur"), text("since", "Depuis"),
        text("until", "Jusqu’au"), text("source", "Source"),
    )  # fmt: skip
    return plain_table(
        TOPICS[topic],
        columns,
        (_row(entry, on) for entry in entries),
        noun=("paramètre", "paramètres"),
        identity=topic,
    )


def _row(entry: Entry, on: dt.date) -> Row:
    parameter, cited = entry.parameter, entry.cited
    href = f"{PATH}/{parameter.name}?{urlencode({'jour': on.isoformat()})}"
    if cited is None:
        return Row(cells=(spaced(parameter.label), UNKNOWN, None, None, None), href=href)
    value = value_cell(cited.value, parameter.unit)
    until = f"{cited.until:%d/%m/%Y}" if cited.until else IN_FORCE
    return Row(
        cells=(spaced(parameter.label), value, since_text(cited), until, source_cell(cited)),
        href=href,
    )


def changes(found: Sequence[Change], on: dt.date) -> TableModel:
    """Return the last changes up to a day, and those to come, the latest first."""
    past = [each for each in found if each.since <= on][-LATEST:]
    coming = [each for each in found if each.since > on]
    columns = (
        text("label", "Paramètre"), text("since", "À partir du"), text("topic", "Thème"),
        text("before", "Avant"), text("after", "Après"),
    )  # fmt: skip
    rows = (
        Row(
            cells=(
                spaced(each.parameter.label),
                f"{each.since:%d/%m/%Y}",
                TOPICS[each.parameter.topic],
                _side(each, each.before),
                _side(each, each.after),
            ),
            href=f"{PATH}/{each.parameter.name}",
        )
        for each in reversed([*past, *coming])
    )
    return plain_table("Derniers changements", columns, rows, noun=("changement", "changements"))


def _side(change: Change, value: LawValue | None) -> object:
    return None if value is None else value_cell(value, change.parameter.unit)
