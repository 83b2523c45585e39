"""Named conversions of distinct text values into exact integers, dates and codes, vectorised.

Amounts become ten-thousandths of a euro, rates millionths, dates days and times seconds since 1970,
as 64-bit integers: exact, and checked before any arithmetic. Only ASCII digits are digits.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from galien.intake.arrow import Array, pc
from galien.intake.cells import Flags

Ints = npt.NDArray[np.int64]
AMOUNT_SCALE, RATE_SCALE = 4, 6
FAULTS = (
    "",
    "NOT_A_NUMBER",
    "AMBIGUOUS_NUMBER",
    "NOT_A_DATE",
    "UNKNOWN_CODE",
    "OUT_OF_RANGE",
)
_NUMBER, _AMBIGUOUS, _DATE, _CODE, _RANGE = range(1, 6)
# Beyond this an amount is no sale line, and products of two amounts would overflow.
LARGEST_AMOUNT = 10_000_000
_SPACES = " \u00a0\u202f\u2009"


@dataclass(frozen=True)
class Converted:
    """Distinct values once converted: the integer, whether the cell was empty, the fault if any."""

    values: Ints
    empty: Flags
    faults: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class NumberStyle:
    """How a source writes numbers: `decimal` is `,` or `.` or both, `thousands` what groups digits."""

    decimal: str = "."
    thousands: str = ""

    @property
    def other_mark(self) -> str:
        """The mark that is not the decimal one and could be taken for it."""
        return "." if "," in self.decimal else ","


def _blank(text: Array) -> Flags:
    return np.asarray(pc.equal(pc.binary_length(text), 0).to_numpy(zero_copy_only=False), np.bool_)


def _matches(text: Array, pattern: str) -> Flags:
    found = pc.match_substring_regex(text, pattern)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)


def decimals(text: Array, style: NumberStyle, *, scale: int, shift: int = 0) -> Converted:
    """Read numbers as integers of 10**-scale; `shift` divides by a power of ten (2 for percent).

    Digits beyond the scale are rounded half away from zero.
    """
    empty = _blank(text)
    plain, faults = _plain_numbers(text, style, empty)
    good = faults == 0
    values = np.zeros(len(text), np.int64)
    use = good & ~empty
    if use.any():
        chosen = plain.filter(pa.array(use))
        values[use] = _scaled(chosen, scale, shift)
    return Converted(values, empty, faults)


def _plain_numbers(
    text: Array, style: NumberStyle, empty: Flags
) -> tuple[Array, npt.NDArray[np.uint8]]:
    mark = "[" + re.escape(style.decimal) + "]"
    faults = np.zeros(len(text), np.uint8)
    ok = _matches(text, rf"^-?\d{{1,12}}(?:{mark}\d{{1,12}})?$")
    if style.thousands:
        group = f"[{_SPACES}]" if style.thousands in ("space", " ") else re.escape(style.thousands)
        grouped = _matches(text, rf"^-?\d{{1,3}}(?:{group}\d{{3}})+(?:{mark}\d{{1,12}})?$")
        if grouped.any():
            bare = pc.replace_substring_regex(text, group, "")
            text = pc.if_else(pa.array(grouped), bare, text)
        ok |= grouped
    if len(style.decimal) == 2:
        # Both marks are read, but 1.234 could be a thousand, unless its column shows that it is not.
        doubtful = _matches(text, r"^-?[1-9]\d{0,2}\.\d{3}$")
        if doubtful.any() and _point_is_decimal(text, doubtful):
            doubtful[:] = False
    else:
        other = re.escape(style.other_mark)
        doubtful = ~ok & _matches(text, rf"^-?\d{{1,3}}(?:{other}\d{{3}})+(?:{mark}\d+)?$")
    faults[~ok & ~empty] = _NUMBER
    faults[doubtful & ~empty] = _AMBIGUOUS
    if "," in style.decimal:
        text = pc.replace_substring(text, ",", ".")
    return text, faults


def _point_is_decimal(text: Array, doubtful: Flags) -> bool:
    """Tell whether a column has numbers such as 12.5 or 0.125, and none with a comma."""
    pointed = _matches(text, r"^-?\d{1,12}\.\d{1,12}$") & ~doubtful
    return bool(pointed.any()) and not _matches(text, ",").any()


def _scaled(text: Array, scale: int, shift: int) -> Ints:
    kept = scale - shift
    long = _matches(text, rf"\.\d{{{kept + 1},}}$")
    out = np.zeros(len(text), np.int64)
    if not long.all():
        out[~long] = _units(text.filter(pa.array(~long)).cast(pa.decimal128(18, kept)))
    if long.any():
        exact = text.filter(pa.array(long)).cast(pa.decimal128(38, 12))
        rounded = pc.round(exact, ndigits=kept, round_mode="half_towards_infinity")
        out[long] = _units(rounded.cast(pa.decimal128(18, kept)))
    return out


def _units(exact: Array) -> Ints:
    # The low half of a 128-bit decimal of at most 18 digits is its whole value.
    if isinstance(exact, pa.ChunkedArray):
        exact = exact.combine_chunks()
    halves = np.frombuffer(exact.buffers()[1], np.int64)
    return halves[0::2][exact.offset : exact.offset + len(exact)].copy()


def amounts(text: Array, style: NumberStyle) -> Converted:
    """Read amounts in euros, in ten-thousandths; absurd ones are out of range."""
    read = decimals(text, style, scale=AMOUNT_SCALE)
    return _within(read, LARGEST_AMOUNT * 10**AMOUNT_SCALE)


def cents(text: Array, style: NumberStyle) -> Converted:
    """Read amounts written in whole cents."""
    read = integers(text, style)
    scaled = np.where(np.abs(read.values) <= LARGEST_AMOUNT * 100, read.values * 100, 0)
    too_large = np.abs(read.values) > LARGEST_AMOUNT * 100
    return Converted(
        scaled,
        read.empty,
        np.where(too_large & (read.faults == 0), _RANGE, read.faults).astype(np.uint8),
    )


def ratios(text: Array, style: NumberStyle) -> Converted:
    """Read ratios (0.055), in millionths, below 10."""
    return _within(decimals(text, style, scale=RATE_SCALE), 9_999_999)


def percents(text: Array, style: NumberStyle) -> Converted:
    """Read percentages (5,5 or 5,5 %), as ratios in millionths."""
    bare = pc.utf8_rtrim_whitespace(pc.utf8_rtrim(text, characters="%"))
    return _within(decimals(bare, style, scale=RATE_SCALE, shift=2), 9_999_999)


def integers(text: Array, style: NumberStyle) -> Converted:
    """Read whole numbers; a fraction is allowed when it is zero (`2,00`)."""
    read = decimals(text, style, scale=AMOUNT_SCALE)
    whole = read.values // 10_000
    faults = np.where((read.faults == 0) & (whole * 10_000 != read.values), _NUMBER, read.faults)
    return Converted(whole, read.empty, faults.astype(np.uint8))


def _within(read: Converted, largest: int) -> Converted:
    over = (np.abs(read.values) > largest) & (read.faults == 0)
    if not over.any():
        return read
    return Converted(
        np.where(over, 0, read.values),
        read.empty,
        np.where(over, _RANGE, read.faults).astype(np.uint8),
    )


_WIDTH = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}


def moments(text: Array, form: str) -> Converted:
    """Read dates or times of day by a strptime format, as seconds since 1970 (or since midnight).

    Fixed-width values are read by position, all at once; others one by one; nothing is guessed.
    """
    empty = _blank(text)
    seconds = np.zeros(len(text), np.int64)
    faults = np.where(empty, 0, _DATE).astype(np.uint8)
    layout, width = _layout(form)
    lengths = pc.binary_length(text).to_numpy(zero_copy_only=False)
    fixed = (lengths == width) & ~empty
    if fixed.any():
        chosen = text if fixed.all() else text.filter(pa.array(fixed))
        value, good = _by_position(chosen, layout, width)
        seconds[fixed] = value
        faults[fixed] = np.where(good, 0, _DATE)
    for at in map(int, np.flatnonzero((faults != 0) & ~fixed & ~empty)):
        moment = _one_by_one(text[at].as_py(), form)
        if moment is not None:
            seconds[at], faults[at] = moment, 0
    return Converted(seconds, empty, faults)


def _layout(form: str) -> tuple[list[tuple[str, str, int]], int]:
    layout: list[tuple[str, str, int]] = []
    at = 0
    for directive, literal in re.findall(r"%(.)|(.)", form):
        layout.append((directive, literal, at))
        at += _WIDTH[directive] if directive else 1
    return layout, at


def _by_position(text: Array, layout: list[tuple[str, str, int]], width: int) -> tuple[Ints, Flags]:
    offsets = np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + 1]
    start = int(offsets[0])
    grid = np.frombuffer(text.buffers()[2], np.uint8)[start : start + len(text) * width]
    grid = grid.reshape(len(text), width)
    good = np.ones(len(text), np.bool_)
    parts: dict[str, Ints] = {}
    for directive, literal, at in layout:
        if not directive:
            good &= grid[:, at] == ord(literal)
            continue
        digits = grid[:, at : at + _WIDTH[directive]].astype(np.int64) - 48
        good &= ((digits >= 0) & (digits <= 9)).all(axis=1)
        value = digits[:, 0]
        for column in range(1, digits.shape[1]):
            value = value * 10 + digits[:, column]
        parts[directive] = value
    seconds, valid = _assemble(parts, len(text))
    good &= valid
    return np.where(good, seconds, 0), good


def _assemble(parts: dict[str, Ints], count: int) -> tuple[Ints, Flags]:
    zero = np.zeros(count, np.int64)
    hour, minute, second = (parts.get(each, zero) for each in "HMS")
    valid = (hour < 24) & (minute < 60) & (second < 60)
    seconds = hour * 3600 + minute * 60 + second
    if "d" not in parts:
        return seconds, valid
    year = parts["Y"] if "Y" in parts else parts["y"] + 2000
    month, day = parts["m"], parts["d"]
    valid &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    index = np.where(valid, (year - 1970) * 12 + month - 1, 0)
    months = index.astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(valid, day - 1, 0)
    valid &= days.astype("datetime64[M]") == months
    return days.astype(np.int64) * 86_400 + seconds, valid


def _one_by_one(text: str, form: str) -> int | None:
    if not text.isascii() or re.fullmatch(r"\d{1,4}(?:[^\d]\d{1,4}){1,6}", text) is None:
        return None
    try:
        moment = dt.datetime.strptime(text, form)
    except ValueError:
        return None
    if "%d" not in form:
        return moment.hour * 3600 + moment.minute * 60 + moment.second
    return int((moment - dt.datetime(1970, 1, 1)).total_seconds())
