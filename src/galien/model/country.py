"""The country of a pharmacy, told from its number: FINESS in France, APB in Belgium."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

Country = Literal["FR", "BE"]
FRANCE: Final = "FR"
BELGIUM: Final = "BE"
_APB = re.compile(r"\d{6}", re.ASCII)


def country_of(pharmacy: str) -> Country:
    """Return the country of a pharmacy: six digits are an APB number, anything else is French.

    A FINESS has nine characters, so that the two never meet.

    >>> country_of("750100042"), country_of("990017")
    ('FR', 'BE')
    """
    return BELGIUM if _APB.fullmatch(pharmacy) else FRANCE


def country_of_all(pharmacies: Iterable[str]) -> Country:
    """Return the country that pharmacies share; France as soon as one of them is there, or none.

    >>> country_of_all(["990017", "990025"]), country_of_all(["990017", "750100042"])
    ('BE', 'FR')
    """
    found = {country_of(each) for each in pharmacies}
    return BELGIUM if found == {BELGIUM} else FRANCE
