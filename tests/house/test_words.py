"""Nothing is promised for later, and every registered name is a word of the glossary."""

from __future__ import annotations

import re

import pytest

from galien.analytics.dimensions import DIMENSIONS
from galien.analytics.measures import MEASURES
from galien.kernel.glossary import terms
from galien.law import Law
from galien.model.enums import CHANNELS, SALE_TYPES
from galien.model.facts import FACTS
from galien.model.feeds import FEEDS
from tests.house.source import texts

WRITTEN = ("src/", "tests/", "tools/", "docs/", "README.md", "Makefile")

# Written in two parts so that this module does not hold what it forbids.
PROMISES = re.compile(
    "|".join(
        (
            r"\bTO" + r"DO\b",
            r"\bFIX" + r"ME\b",
            r"\bX" + r"XX\b",
            "coming " + "soon",
            "bientôt " + "disponible",
            "prochainement " + "disponible",
            "not " + "implemented yet",
            "lorem " + "ipsum",
        )
    ),
    flags=re.IGNORECASE,
)

REGISTERED = {
    "feed": set(FEEDS),
    "fact": set(FACTS),
    "feed column": {column.name for feed in FEEDS.values() for column in feed.columns},
    "fact column": {column.name for fact in FACTS.values() for column in fact.columns},
    "sale type": set(SALE_TYPES),
    "channel": set(CHANNELS),
    "measure": {name for measures in MEASURES.values() for name in measures},
    "dimension": {name for dimensions in DIMENSIONS.values() for name in dimensions},
}


def test_nothing_is_promised_for_later() -> None:
    promises = [
        f"{path}: {found[0]}"
        for path, text in texts()
        if path.startswith(WRITTEN)
        for found in [PROMISES.search(text)]
        if found
    ]
    assert promises == []


@pytest.mark.parametrize("registry", REGISTERED)
def test_every_registered_name_is_in_the_glossary(registry: str) -> None:
    assert REGISTERED[registry]
    assert sorted(REGISTERED[registry] - set(terms())) == []


def test_every_parameter_of_the_law_brings_its_own_words() -> None:
    parameters = Law.load().parameters()
    assert parameters
    assert [each.name for each in parameters if not each.label.strip()] == []
