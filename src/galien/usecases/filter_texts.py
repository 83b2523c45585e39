"""Filters as addresses write them: `dimension=value`, once for each value, whatever the value holds."""

from __future__ import annotations

from collections.abc import Iterable

from galien.analytics.question import Filter
from galien.kernel.errors import InvalidInput

MAX_VALUES = 200
MAX_LENGTH = 400


def read_filters(texts: Iterable[str], *, exclude: bool = False) -> tuple[Filter, ...]:
    """Read filters; a dimension written again adds a value, so that values may hold commas.

    Raises InvalidInput for a text that is no filter, or for more than 200 values.

    >>> read_filters(["lab=A, B & C", "channel=direct", "lab=D"])[0].values
    ('A, B & C', 'D')
    """
    found: dict[str, list[str]] = {}
    for count, text in enumerate(texts, 1):
        dimension, separator, value = text.partition("=")
        if not separator or not dimension or len(text) > MAX_LENGTH:
            raise InvalidInput(
                f"Le filtre « {text[:40]} » n’est pas compris : il s’écrit dimension=valeur. "
                "Corrigez l’adresse, ou reprenez la page par le menu."
            )
        if count > MAX_VALUES:
            raise InvalidInput(
                f"Plus de {MAX_VALUES} valeurs de filtres : gardez-en moins, ou faites-en une liste "
                "de produits."
            )
        values = found.setdefault(dimension, [])
        if value not in values:
            values.append(value)
    return tuple(Filter(name, tuple(values), exclude) for name, values in found.items())
