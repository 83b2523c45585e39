"""Reading the book of law: parameters by topic and words, on a day, and what has changed lately."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from galien.kernel.french import fold
from galien.law import Cited, Law, LawValue, Parameter
from galien.law.parameters import ALWAYS
from galien.law.topics import COUNTRIES, TOPICS


@dataclass(frozen=True)
class Entry:
    """A parameter and its value on the day asked; None when the law of that day has none."""

    parameter: Parameter
    cited: Cited[LawValue] | None


@dataclass(frozen=True)
class Change:
    """A day on which a parameter changed: its value before and after, None where there is none."""

    parameter: Parameter
    since: dt.date
    before: LawValue | None
    after: LawValue | None


def topics(law: Law) -> dict[str, int]:
    """Count the parameters of each topic, in the order topics are shown."""
    counts = Counter(parameter.topic for parameter in law.parameters())
    return {topic: counts[topic] for topic in TOPICS if counts[topic]}


def browse(law: Law, *, on: dt.date, topic: str = "", words: str = "") -> list[Entry]:
    """List the parameters of a topic that hold every word, topic by topic, with their value."""
    asked = fold(words).split()
    found = [
        Entry(parameter, parameter.find(on))
        for parameter in law.parameters(topic=topic or None)
        if all(word in _searched(parameter) for word in asked)
    ]
    order = list(TOPICS)
    return sorted(found, key=lambda each: order.index(each.parameter.topic))


def _searched(parameter: Parameter) -> str:
    texts = (entry.value for entry in parameter.values if isinstance(entry.value, str))
    place = (TOPICS[parameter.topic], COUNTRIES[parameter.country])
    return fold(" ".join((parameter.name, parameter.label, *place, *texts)))


def changes(law: Law) -> list[Change]:
    """List every change of the book, the oldest first; a first value is a change from nothing."""
    found = [change for parameter in law.parameters() for change in _changes_of(parameter)]
    return sorted(found, key=lambda each: (each.since, each.parameter.name))


def _changes_of(parameter: Parameter) -> Iterator[Change]:
    for before, after in itertools.pairwise((None, *parameter.values)):
        if after is not None and after.since > ALWAYS:
            yield Change(parameter, after.since, before.value if before else None, after.value)
