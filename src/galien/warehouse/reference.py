"""The tables a release carries beside its facts: products by version, prices, pharmacies, holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from galien.kernel.errors import InternalError

# Columns that `product` always has, in the engine's file, whatever the catalogue brings.
PRODUCT_TEXTS = ("label", "cip7")
PRODUCT_LISTS = (
    "universe_1", "universe_2", "family_1", "family_2", "segment_1", "segment_2", "brand", "range",
    "lab", "product_type", "generic_status", "generic_group", "generic_group_label",
    "prescription_status", "atc_code", "indication", "price_band",
)  # fmt: skip
PRODUCT_FLAGS = ("reimbursable",)
PRODUCT_KEYS = ("product_code", "since", "until")
PHARMACY_LISTS = ("department", "typology", "size_band", "banner", "lgo", "grouping")
PHARMACY_COLUMNS = ("pharmacy", "name", *PHARMACY_LISTS)

_DATE = pa.date32()


def _no_products() -> pa.Table:
    types: dict[str, pa.DataType] = {"product_code": pa.string(), "since": _DATE, "until": _DATE}
    return pa.schema(types).empty_table()


def _no_pharmacies() -> pa.Table:
    return pa.schema([pa.field(name, pa.string()) for name in PHARMACY_COLUMNS]).empty_table()


@dataclass(frozen=True)
class Reference:
    """What is known of products and pharmacies on the day of a publication.

    `products`: one row per version: `product_code`, `since` (first day, null = always), `until` (first
    day it no longer holds, null = still), then any attributes. `prices`: `product_code`, `since` and any
    columns. `pharmacies`: `pharmacy` (FINESS) and PHARMACY_COLUMNS. `holidays`: public holidays.
    """

    products: pa.Table = field(default_factory=_no_products)
    prices: pa.Table = field(default_factory=_no_products)
    pharmacies: pa.Table = field(default_factory=_no_pharmacies)
    holidays: Iterable[dt.date] = ()

    def tables(self) -> Mapping[str, pa.Table]:
        """Return the tables by name, in one order whatever the order they came in."""
        holidays = pa.table({"day": pa.array(sorted(set(self.holidays)), _DATE)})
        return {
            "catalogue": _ordered("catalogue", self.products, "product_code", "since"),
            "prices": _ordered("prices", self.prices, "product_code", "since"),
            "pharmacies": _ordered("pharmacies", self.pharmacies, "pharmacy"),
            "holidays": holidays,
        }


def _ordered(name: str, table: pa.Table, *keys: str) -> pa.Table:
    missing = [key for key in keys if key not in table.column_names]
    if missing:
        raise InternalError(f"La table {name} n’a pas de colonne {', '.join(missing)}.")
    columns = [*keys, *(column for column in table.column_names if column not in keys)]
    order: list[tuple[str, Literal["ascending", "descending"]]] = [
        (column, "ascending")
        for column in columns
        if not pa.types.is_nested(table.field(column).type)
    ]
    return table.select(columns).sort_by(order)
