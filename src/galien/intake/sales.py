"""Sale lines reduced to what is kept of them: no visit, no invoice and no time of day leaves here."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from galien.intake.arrow import Array, arrow
from galien.intake.cells import Flags
from galien.intake.computed import divide_half_up
from galien.intake.framing import Ints
from galien.intake.grouping import Groups, column_array, fact_table, sorted_fact
from galien.intake.rows import DAY, Rows
from galien.model.columns import ColumnType
from galien.model.enums import COUNTER_TYPES, PRESCRIPTION_TYPES, SALE_TYPES, sale_type_mask
from galien.model.facts import BASKET_DAY, OPERATOR_DAY, SALE_DAY, TRAFFIC_DAY, VISIT_DAY

_BAND_SECONDS = 2 * 3600
_LARGEST_VISIT = 20
# Places of the sale types once in the order of their names, that of stored rows.
_TYPE_RANKS = np.argsort(np.argsort(np.array(SALE_TYPES)))
_PRESCRIPTION = sale_type_mask(*PRESCRIPTION_TYPES)
_COUNTER = sale_type_mask(*COUNTER_TYPES)


@dataclass(frozen=True)
class _Sales:
    """The accepted lines of a file with what every fact needs of them."""

    rows: Rows
    pharmacy: Ints
    product: Ints
    day: Ints
    band: Ints
    type: Ints
    fee_excl: Ints


@dataclass(frozen=True)
class _Gathering:
    """Visits (or invoices): the one of each line, and of each its first line's band and its types."""

    of_line: Ints
    pharmacy: Ints
    day: Ints
    band: Ints
    types: Ints
    first_line: Ints

    @property
    def mixed(self) -> Flags:
        return np.asarray(self.prescription & ((self.types & _COUNTER) != 0), np.bool_)

    @property
    def prescription(self) -> Flags:
        return np.asarray((self.types & _PRESCRIPTION) != 0, np.bool_)


def reduce_sales(rows: Rows, *, operator_key: bytes) -> dict[str, pa.Table]:
    """Return the five facts of the accepted sale lines of a file, whole days at a time."""
    sales = _prepare(rows)
    visits = _gather(sales, "visit")
    invoices = _gather(sales, "invoice")
    return {
        "sale_day": _sale_day(sales),
        "traffic_day": _traffic_day(sales, visits, invoices),
        "visit_day": _visit_day(sales, visits, invoices),
        "operator_day": _operator_day(sales, visits, operator_key),
        "basket_day": _basket_day(sales, visits),
    }


def fee_without_vat(fee_incl: Ints, vat_rate: Ints) -> Ints:
    """Take VAT off fees: ten-thousandths of a euro in, hundred-millionths out, rounded half up.

    fee_excl = fee_incl ÷ (1 + vat_rate), at eight decimals.

    >>> fee_without_vat(np.array([10_200]), np.array([21_000])).tolist()
    [99902057]
    """
    out = np.zeros(len(fee_incl), np.int64)
    small = np.abs(fee_incl) <= 40_000_000
    # fee × 10⁴ × 10⁶ fits in 64 bits up to 4 000 €; beyond it, Python's own integers.
    scaled = np.where(small, fee_incl, 0) * 10_000_000_000
    out = divide_half_up(scaled, 1_000_000 + vat_rate)
    for at in map(int, np.flatnonzero(~small)):
        numerator, divisor = int(fee_incl[at]) * 10**10, 1_000_000 + int(vat_rate[at])
        half = (2 * abs(numerator) + divisor) // (2 * divisor)
        out[at] = half if numerator >= 0 else -half
    return out


def _prepare(rows: Rows) -> _Sales:
    seconds = rows.number("sold_at")
    kinds = rows.texts["sale_type"].dictionary.to_pylist() if len(rows) else []
    places = np.array([SALE_TYPES.index(kind) if kind else 0 for kind in kinds] or [0], np.int64)
    return _Sales(
        rows=rows,
        pharmacy=rows.ranks("pharmacy"),
        product=rows.ranks("product_code"),
        day=seconds // DAY,
        band=(seconds % DAY) // _BAND_SECONDS,
        type=places[rows.codes("sale_type")],
        fee_excl=fee_without_vat(rows.number("fee_incl"), rows.number("vat_rate")),
    )


def _gather(sales: _Sales, name: str) -> _Gathering:
    rows = sales.rows
    groups = Groups([sales.pharmacy, sales.day, rows.codes(name)])
    # The first line is the earliest, then the first of the file: rows are in line order.
    moment = rows.number("sold_at") % DAY * (len(rows) + 1) + np.arange(len(rows))
    first = groups.smallest(moment) % (len(rows) + 1)
    return _Gathering(
        of_line=groups.of_rows(),
        pharmacy=sales.pharmacy[groups.heads],
        day=sales.day[groups.heads],
        band=sales.band[first],
        types=groups.bits(1 << sales.type),
        first_line=first,
    )


def _texts(rows: Rows, name: str, at: Ints) -> Array:
    if name not in rows.texts:
        return pa.nulls(len(at), pa.string())
    return rows.texts[name].take(arrow.array(at)).dictionary_decode()


def _days(days: Ints) -> Array:
    return column_array(ColumnType.DATE, days * DAY)


def _types(places: Ints) -> Array:
    return pa.array(SALE_TYPES).take(arrow.array(places))


def _amount(units: Ints) -> Array:
    return column_array(ColumnType.AMOUNT, units)


def _fine(units: Ints) -> Array:
    return column_array(ColumnType.FINE_AMOUNT, units)


def _sale_day(sales: _Sales) -> pa.Table:
    rows = sales.rows
    groups = Groups(
        [
            sales.pharmacy,
            sales.product,
            sales.day,
            _TYPE_RANKS[sales.type],
            rows.number("vat_rate"),
            rows.ranks("campaign"),
        ]
    )
    heads = groups.heads
    quantity = rows.number("quantity")
    net_incl, net_excl = groups.sum(rows.number("net_incl")), groups.sum(rows.number("net_excl"))
    columns = {
        "pharmacy": _texts(rows, "pharmacy", heads),
        "day": _days(sales.day[heads]),
        "product_code": _texts(rows, "product_code", heads),
        "sale_type": _types(sales.type[heads]),
        "vat_rate": column_array(ColumnType.RATE, rows.number("vat_rate")[heads]),
        "campaign": _texts(rows, "campaign", heads),
        "quantity": pa.array(groups.sum(quantity)),
        "returned_quantity": pa.array(groups.sum(np.maximum(-quantity, 0))),
        "lines": pa.array(groups.count()),
        "uncosted_lines": pa.array(groups.sum(~rows.given("cost_excl"))),
        "gross_incl": _amount(groups.sum(rows.number("gross_incl"))),
        "discount_incl": _amount(groups.sum(rows.number("discount_incl"))),
        "net_incl": _amount(net_incl),
        "net_excl": _amount(net_excl),
        "vat_amount": _amount(net_incl - net_excl),
        "cost_excl": _amount(groups.sum(rows.number("cost_excl"))),
        "fee_incl": _amount(groups.sum(rows.number("fee_incl"))),
        "fee_excl": _fine(groups.sum(sales.fee_excl)),
    }
    return fact_table(SALE_DAY, columns)


def _distinct_by(groups: Groups, members: Ints, flags: Flags | None = None) -> Ints:
    # Count each (group, member) pair once.
    pairs = Groups([groups.of_rows(), members])
    at = pairs.heads if flags is None else pairs.heads[flags[members[pairs.heads]]]
    return np.bincount(groups.of_rows()[at], minlength=len(groups)).astype(np.int64)


def _traffic_day(sales: _Sales, visits: _Gathering, invoices: _Gathering) -> pa.Table:
    rows = sales.rows
    groups = Groups([sales.pharmacy, sales.day, sales.band, _TYPE_RANKS[sales.type]])
    heads = groups.heads
    columns = {
        "pharmacy": _texts(rows, "pharmacy", heads),
        "day": _days(sales.day[heads]),
        "band": pa.array(sales.band[heads]),
        "sale_type": _types(sales.type[heads]),
        "lines": pa.array(groups.count()),
        "invoices": pa.array(_distinct_by(groups, invoices.of_line)),
        "visits": pa.array(_distinct_by(groups, visits.of_line)),
        "mixed_visits": pa.array(_distinct_by(groups, visits.of_line, visits.mixed)),
        "net_incl": _amount(groups.sum(rows.number("net_incl"))),
        "net_excl": _amount(groups.sum(rows.number("net_excl"))),
    }
    return fact_table(TRAFFIC_DAY, columns)


def _visit_day(sales: _Sales, visits: _Gathering, invoices: _Gathering) -> pa.Table:
    tables = []
    for kind, gathered in (("visit", visits), ("invoice", invoices)):
        groups = Groups([gathered.pharmacy, gathered.day, gathered.band, gathered.types])
        heads = groups.heads
        columns = {
            "pharmacy": _texts(sales.rows, "pharmacy", gathered.first_line[heads]),
            "day": _days(gathered.day[heads]),
            "band": pa.array(gathered.band[heads]),
            "kind": pa.array([kind] * len(heads), pa.string()),
            "sale_types": pa.array(gathered.types[heads]),
            "count": pa.array(groups.count()),
        }
        tables.append(fact_table(VISIT_DAY, columns))
    return sorted_fact(VISIT_DAY, pa.concat_tables(tables))


def pseudonym(operator: str, key: bytes) -> str:
    """Return the name an operator goes by: the first 8 hexadecimal digits of a keyed hash."""
    return hmac.new(key, operator.encode(), hashlib.sha256).hexdigest()[:8]


def _operator_day(sales: _Sales, visits: _Gathering, key: bytes) -> pa.Table:
    rows = sales.rows
    served = rows.codes("operator")
    nobody = served < 0
    names = [] if nobody.all() else rows.texts["operator"].dictionary.to_pylist()
    aliases = pa.array([pseudonym(name or "", key) for name in names], pa.string())
    groups = Groups([sales.pharmacy, sales.day, served + 1, sales.band])
    heads = groups.heads
    columns = {
        "pharmacy": _texts(rows, "pharmacy", heads),
        "day": _days(sales.day[heads]),
        # Lines of nobody stay, under no name: operators add up to the sales.
        "operator": aliases.take(arrow.array(served[heads], mask=nobody[heads])),
        "band": pa.array(sales.band[heads]),
        "lines": pa.array(groups.count()),
        "quantity": pa.array(groups.sum(rows.number("quantity"))),
        **{
            name: _amount(groups.sum(rows.number(name)))
            for name in ("net_incl", "net_excl", "cost_excl", "fee_incl")
        },
        "fee_excl": _fine(groups.sum(sales.fee_excl)),
        "visits": pa.array(_distinct_by(groups, visits.of_line)),
        "prescription_visits": pa.array(_distinct_by(groups, visits.of_line, visits.prescription)),
        "mixed_visits": pa.array(_distinct_by(groups, visits.of_line, visits.mixed)),
    }
    return sorted_fact(OPERATOR_DAY, fact_table(OPERATOR_DAY, columns))


def _basket_day(sales: _Sales, visits: _Gathering) -> pa.Table:
    rows = sales.rows
    once = Groups([visits.of_line, sales.product])
    line, visit = once.heads, visits.of_line[once.heads]
    size = np.bincount(visit, minlength=len(visits.day))[visit]
    line, visit = line[size <= _LARGEST_VISIT], visit[size <= _LARGEST_VISIT]
    firsts, seconds = _pairs(visit)
    first, second = line[firsts], line[seconds]
    groups = Groups(
        [sales.pharmacy[first], sales.day[first], sales.product[first], sales.product[second]]
    )
    first, second = first[groups.heads], second[groups.heads]
    columns = {
        "pharmacy": _texts(rows, "pharmacy", first),
        "day": _days(sales.day[first]),
        "product_a": _texts(rows, "product_code", first),
        "product_b": _texts(rows, "product_code", second),
        "visits": pa.array(groups.count()),
    }
    return fact_table(BASKET_DAY, columns)


def _pairs(visit: Ints) -> tuple[Ints, Ints]:
    # Products of a visit follow each other, in order: pair each with those 1, 2, … places further.
    firsts, seconds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for gap in range(1, _LARGEST_VISIT):
        at = (
            np.flatnonzero(visit[gap:] == visit[:-gap])
            if gap < len(visit)
            else np.zeros(0, np.int64)
        )
        if not len(at):
            break
        firsts.append(at)
        seconds.append(at + gap)
    return np.concatenate(firsts), np.concatenate(seconds)
