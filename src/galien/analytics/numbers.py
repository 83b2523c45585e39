"""Exact columns of figures, counted in whole small units: quick ratios, one rounding at the end.

Arrow widens, divides and rounds decimals row by row; as machine words the same work takes a tenth of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from galien.kernel.errors import InternalError

Units = npt.NDArray[Any]  # machine words, or Python's integers where those are too small
Floats = npt.NDArray[np.float64]

AMOUNT = pa.decimal128(28, 2)
_ROOM = 61  # bits of a word that figures may take, so that doubling and adding stay within it
_EXACT_FLOAT = 2**53  # whole numbers up to it are binary numbers as they are
_WORD = 2**64 - 1


@dataclass(frozen=True, eq=False)
class Numbers:
    """Figures counted in units of 10⁻ˢᶜᵃˡᵉ, exactly."""

    units: Units
    scale: int

    @classmethod
    def of(cls, column: pa.ChunkedArray[Any]) -> Numbers:
        """Read a column of integers or decimals.

        Raises InternalError when a row has no figure: sums are made to have one.
        """
        if column.null_count:
            raise InternalError("Une somme exacte manque dans une réponse.")
        scale = 0 if pa.types.is_integer(column.type) else column.type.scale
        return cls(_units(column.combine_chunks()), scale)

    def with_total(self, total: Any = None) -> Numbers:
        """Return the figures, then their total as one more: their sum when it is not given."""
        if total is None:
            units = _roomy(self.units, len(self.units))
            return Numbers(np.append(units, units.sum()), self.scale)
        kind = pa.decimal128(38, self.scale) if self.scale else pa.int64()
        return Numbers(np.append(self.units, _units(pa.array([total], kind))), self.scale)

    def whole(self) -> Any:
        """Return counts, which have no decimals."""
        if self.scale:
            raise InternalError("Un compte a des décimales.")
        return pa.array(self.units, pa.int64())

    @cached_property
    def floats(self) -> Floats:
        """The figures as the nearest binary numbers, for ratios."""
        found: Floats = self.units.astype(np.float64) / 10.0**self.scale
        if _largest(self.units) > _EXACT_FLOAT:
            for large in np.flatnonzero(np.abs(self.units) > _EXACT_FLOAT):
                found[large] = int(self.units[large]) / 10**self.scale
        return found

    @cached_property
    def cents(self) -> Units:
        """The figures rounded to the cent, half away from zero."""
        if self.scale <= 2:
            more = 10 ** (2 - self.scale)
            cents: Units = _roomy(self.units, more) * more
            return cents
        return _rounded(self.units, 10 ** (self.scale - 2))

    def prices(self, counts: Numbers) -> Any:
        """Divide amounts by counts exactly, then round to the cent; no count, no price."""
        known = counts.units != 0
        more, less = 100 * 10**counts.scale, 10**self.scale
        over = _roomy(self.units, more) * more * np.sign(counts.units)
        under = np.where(known, np.abs(_roomy(counts.units, less)), 1) * less
        return amounts(_rounded(over, under), known)


def amounts(cents: Units, known: npt.NDArray[np.bool_] | None = None) -> Any:
    """Return cents as amounts in euros, empty where they are not `known`."""
    words = np.empty((len(cents), 2), np.int64)
    if cents.dtype == object:
        words[:, 0] = (cents & _WORD).astype(np.uint64).view(np.int64)
        words[:, 1] = (cents >> 64).astype(np.int64)
    else:
        words[:, 0] = cents
        words[:, 1] = cents >> 63
    valid = None if known is None else _buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(AMOUNT, len(cents), [valid, _buffer(words)])


def divide(over: Floats, under: Floats) -> Floats:
    """Divide, leaving without a number (NaN) what has no divisor.

    >>> divide(np.array([6.0, 1.0]), np.array([4.0, 0.0])).tolist()
    [1.5, nan]
    """
    nothing = np.full(len(over), np.nan)
    found: Floats = np.divide(over, under, out=nothing, where=under != 0)
    return found


def ratios(values: Floats) -> Any:
    """Return ratios as a column, empty where there is no number."""
    return pa.array(values, pa.float64(), from_pandas=True)


def _units(column: Any) -> Units:
    """Return the whole numbers a column of integers or decimals is stored as."""
    if pa.types.is_integer(column.type):
        counts: Units = column.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
        return _roomy(counts, 1)
    if not len(column):
        return np.empty(0, np.int64)
    stored = column
    if not pa.types.is_decimal128(column.type):
        stored = column.cast(pa.decimal128(38, column.type.scale))
    data = np.frombuffer(stored.buffers()[1], np.int64)
    words = data[2 * stored.offset : 2 * (stored.offset + len(stored))]
    low, high = words[0::2], words[1::2]
    if (low >> _ROOM == high).all():
        return low
    large: Units = (high.astype(object) << 64) | low.view(np.uint64).astype(object)
    return large


def _buffer(words: Any) -> pa.Buffer:
    return pa.py_buffer(words)


def _rounded(over: Units, under: Any) -> Units:
    """Divide whole numbers, rounding half away from zero."""
    found: Units = np.sign(over) * ((2 * np.abs(over) + under) // (2 * under))
    return found


def _roomy(units: Units, factor: int) -> Units:
    """Return figures able to be multiplied by a factor: as Python's integers when words are too small."""
    if units.dtype == object or _largest(units) * factor < 1 << _ROOM:
        return units
    return units.astype(object)


def _largest(units: Units) -> int:
    return max(int(units.max(initial=0)), -int(units.min(initial=0)))
