"""Rows once typed: exact integers for figures, days and times, dictionaries for texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from galien.intake.arrow import Array, pc
from galien.intake.cells import Flags
from galien.intake.framing import Ints

DAY = 86_400


@dataclass
class Rows:
    """Typed rows of a feed, with the physical line each comes from.

    `numbers` holds quantities, ten-thousandths of euros, millionths of rates, days and seconds since
    1970; `empty` tells which of them were not given; `texts` are dictionary arrays, null when not given.
    """

    feed: str
    lines: Ints
    numbers: dict[str, Ints] = field(default_factory=dict)
    empty: dict[str, Flags] = field(default_factory=dict)
    texts: dict[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def given(self, column: str) -> Flags:
        """Tell which rows have a figure in a column."""
        if column not in self.numbers:
            return np.zeros(len(self), np.bool_)
        empty = self.empty.get(column)
        return np.ones(len(self), np.bool_) if empty is None else ~empty

    def number(self, column: str) -> Ints:
        """Return a column's figures, zero where none was given."""
        return self.numbers.get(column, np.zeros(len(self), np.int64))

    def days(self, column: str) -> Ints:
        """Return the local day of a date or time column, in days since 1970."""
        return np.asarray(self.numbers[column] // DAY, np.int64)

    def codes(self, column: str) -> Ints:
        """Return the place of each row's text among the distinct ones, −1 for none."""
        text = self.texts.get(column)
        if text is None:
            return np.full(len(self), -1, np.int64)
        indices = text.indices
        if indices.null_count:
            indices = pc.fill_null(indices, -1)
        return np.asarray(indices.to_numpy(zero_copy_only=False), np.int64)

    def ranks(self, column: str) -> Ints:
        """Return whole numbers in the order of a column's texts, equal for equal ones, none last."""
        text = self.texts.get(column)
        if text is None:
            return np.zeros(len(self), np.int64)
        order = pc.array_sort_indices(text.dictionary).to_numpy()
        ranks = np.empty(len(order) + 1, np.int64)
        ranks[order] = np.arange(len(order))
        ranks[-1] = len(order)
        return np.asarray(ranks[self.codes(column)], np.int64)

    def where(self, keep: Flags) -> Rows:
        """Keep only some rows."""
        if keep.all():
            return self
        mask = pa.array(keep)
        return Rows(
            self.feed,
            self.lines[keep],
            {name: values[keep] for name, values in self.numbers.items()},
            {name: flags[keep] for name, flags in self.empty.items()},
            {name: text.filter(mask) for name, text in self.texts.items()},
        )

    def take(self, order: Ints) -> Rows:
        """Put the rows in another order."""
        places = pa.array(order)
        return Rows(
            self.feed,
            self.lines[order],
            {name: values[order] for name, values in self.numbers.items()},
            {name: flags[order] for name, flags in self.empty.items()},
            {name: text.take(places) for name, text in self.texts.items()},
        )


def gather(feed: str, parts: Sequence[Rows]) -> Rows:
    """Put blocks of rows together, in the order of their lines."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return Rows(feed, np.zeros(0, np.int64))
    rows = Rows(
        feed,
        np.concatenate([part.lines for part in parts]),
        {name: np.concatenate([p.numbers[name] for p in parts]) for name in parts[0].numbers},
        {
            name: np.concatenate([~p.given(name) for p in parts])
            for name in {name for p in parts for name in p.empty}
        },
        {name: _together([p.texts[name] for p in parts]) for name in parts[0].texts},
    )
    if (np.diff(rows.lines) < 0).any():
        return rows.take(np.argsort(rows.lines, kind="stable"))
    return rows


def _together(texts: list[Array]) -> Array:
    # Combining chunks of one dictionary gives a plain array, or a chunked one in older versions.
    chunked: Any = pa.chunked_array(texts).unify_dictionaries()
    whole = chunked.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
