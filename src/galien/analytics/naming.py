"""What keys are called: written as text, and named from the release, or as their dimension names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from galien.analytics.dimensions.kinds import Dimension

UNKNOWN_LABEL = "Non renseigné"


@dataclass(frozen=True)
class Labels:
    """Keys that a table of the release names, each once, beside their labels.

    `numbered` has the label of each number of the table at its place, when keys come with a number.
    """

    keys: Any
    labels: Any
    numbered: Any = None

    @cached_property
    def by_key(self) -> Mapping[str, str]:
        """The labels by their keys."""
        return dict(zip(self.keys.to_pylist(), self.labels.to_pylist(), strict=True))

    def of(self, keys: Any, otherwise: Callable[[str], str], numbers: Any = None) -> Any:
        """Return the label of each key, by its number if any, working out what no table names."""
        if numbers is not None:
            found = self.numbered.take(numbers)
        else:
            found = self.labels.take(pc.index_in(keys, value_set=self.keys))
        if not found.null_count:
            return found
        unnamed: Any = keys.filter(pc.is_null(found)).unique()
        spare = _worked_out(unnamed, otherwise).take(pc.index_in(keys, value_set=unnamed))
        return pc.coalesce(found, spare)


def keys_and_labels(
    column: pa.ChunkedArray[Any],
    dimension: Dimension,
    labels: Labels | None,
    numbers: pa.ChunkedArray[Any] | None = None,
) -> tuple[Any, Any]:
    """Write keys as text and name them, working on each different key once.

    `numbers` come with keys that are numbered in the table that names them.
    """
    found: Any = column.combine_chunks()
    if dimension.textual and labels is not None:
        keys = found.cast(pa.string())
        places: Any = None if numbers is None else numbers.combine_chunks()
        return keys, labels.of(keys, dimension.name_key, places)
    encoded = found.dictionary_encode(null_encoding="encode")
    different = encoded.dictionary
    if dimension.textual:
        different = different.cast(pa.string())
    else:
        texts = [None if v is None else dimension.text(v) for v in different.to_pylist()]
        different = pa.array(texts, pa.string())
    named = _worked_out(different, dimension.name_key)
    return different.take(encoded.indices), named.take(encoded.indices)


def at_numbers(numbers: Any, labels: Any) -> Any:
    """Return labels placed at their numbers, with nothing where there is none.

    >>> at_numbers(pa.array([3, 1]), pa.array(["c", "a"])).to_pylist()
    [None, 'a', None, 'c']
    """
    numbers = numbers.to_numpy(zero_copy_only=False)
    places = np.full(int(numbers.max(initial=-1)) + 1, -1)
    places[numbers] = np.arange(len(numbers))
    return labels.take(pa.array(places, mask=places < 0))


def _worked_out(keys: Any, name: Callable[[str], str]) -> Any:
    labels = [UNKNOWN_LABEL if key is None else name(key) for key in keys.to_pylist()]
    return pa.array(labels, pa.string())
