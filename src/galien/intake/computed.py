"""Named computations of columns that a source does not carry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from galien.intake.framing import Ints
from galien.intake.mapping import ColumnRule
from galien.intake.rows import Rows


def fill_computed(rules: Sequence[ColumnRule], rows: Rows) -> None:
    """Fill the computed columns of a block of rows, in the order of the mapping."""
    for rule in rules:
        if rule.computed == "visit_from_invoice":
            rows.texts["visit"] = rows.texts["invoice"]
        elif rule.computed and rule.computed != "line_no_from_position":
            rows.numbers[rule.column] = _figure(rule.computed, rows)


def number_lines(rows: Rows, document: str) -> None:
    """Number the lines of each document of a day by their order in the file, from 1."""
    keys = rows.codes(document) * 100_000 + rows.days(
        "sold_at" if rows.feed == "sales" else "delivered_on"
    )
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], sorted_keys[1:] != sorted_keys[:-1])))
    lengths = np.diff(np.append(starts, len(keys)))
    ranks = np.arange(len(keys)) - np.repeat(starts, lengths) + 1
    numbers = np.empty(len(keys), np.int64)
    numbers[order] = ranks
    rows.numbers["line_no"] = numbers


def divide_half_up(numerator: Ints, divisor: Ints) -> Ints:
    """Divide whole numbers, rounding half away from zero; the divisor is positive.

    >>> divide_half_up(np.array([5, -5, 4]), np.array([2, 2, 3])).tolist()
    [3, -3, 1]
    """
    half = (2 * np.abs(numerator) + divisor) // (2 * divisor)
    return np.asarray(np.sign(numerator) * half, np.int64)


def _figure(name: str, rows: Rows) -> Ints:
    if name == "net_incl_from_gross_and_discount":
        return rows.number("gross_incl") - rows.number("discount_incl")
    if name == "gross_incl_from_net_and_discount":
        return rows.number("net_incl") + rows.number("discount_incl")
    if name == "discount_incl_from_gross_and_net":
        return rows.number("gross_incl") - rows.number("net_incl")
    if name == "net_excl_from_net_incl_and_vat":
        # To the cent, as software prints it: a cent is 100 ten-thousandths.
        divisor = (1_000_000 + rows.number("vat_rate")) * 100
        return divide_half_up(rows.number("net_incl") * 1_000_000, divisor) * 100
    if name == "list_amount_from_price_and_quantity":
        return rows.number("list_price_excl") * rows.number("delivered_quantity")
    return rows.number("net_price_excl") * rows.number("delivered_quantity")
