"""A pharmacy's sales file, drawn at random: a year of lines as its software exports them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.duck import open_duckdb

Numbers = np.ndarray[Any, np.dtype[np.int64]]
MAPPING = "demo-officine"
PHARMACY = "139900005"
FIRST_DAY, LAST_DAY = "2025-01-02", "2025-12-31"
_PRODUCTS = 6_000
_DAYS = 300
_VAT = np.array([2.1, 5.5, 10.0, 20.0])
_TYPES = np.array(["TP", "CPT", "CO", "COM"])
_BLOCK = 4 << 20

_FORMATTED = """copy (
  select strftime(day, '%d/%m/%Y') as "Date", strftime(moment, '%H:%M:%S') as "Heure",
         'P' || visit as "Passage", 'F' || invoice as "Facture", line as "Ligne", type as "Type",
         code as "Code", label as "Désignation", quantity as "Qté", {gross} as "Brut TTC",
         {discount} as "Remise TTC", {net} as "Net TTC", replace(vat::varchar, '.', ',') as "TVA",
         {excl} as "Net HT", {cost} as "Coût HT", {fee} as "Honoraires TTC",
         'OP' || operator as "Opérateur", '' as "Campagne"
  from drawn) to '{path}' (format csv, delimiter ';', header)"""


def write_sales_file(folder: Path, lines: int, seed: int) -> tuple[Path, Path]:
    """Write the file twice: as sent (cp1252, CRLF), and the same in UTF-8 with plain line ends."""
    plain, sent = folder / f"sales-{lines}-utf8.csv", folder / f"sales-{lines}.csv"
    with open_duckdb() as connection:
        connection.register("drawn", _drawn(lines, np.random.default_rng(seed)))
        connection.execute("set preserve_insertion_order = true")
        money = {name: _comma(name) for name in ("gross", "discount", "net", "excl", "cost", "fee")}
        connection.execute(_FORMATTED.format(**money, path=plain))
    with plain.open("rb") as source, sent.open("wb") as target:
        rest = b""
        while block := source.read(_BLOCK):
            whole, _, rest = (rest + block).rpartition(b"\n")
            text = whole.decode() + "\n"
            target.write(text.replace("\n", "\r\n").encode("cp1252"))
    return sent, plain


def _comma(name: str) -> str:
    return f"replace(cast(cast({name} * 0.01 as decimal(12,2)) as varchar), '.', ',')"


def _drawn(lines: int, rng: np.random.Generator) -> pa.Table:
    """Draw the lines, amounts in cents, in the order of the till."""
    per_invoice = rng.choice([1, 2, 3, 4, 6], lines, p=[0.35, 0.27, 0.18, 0.12, 0.08])
    invoice = np.repeat(np.arange(lines), per_invoice)[:lines]
    starts = np.searchsorted(invoice, np.arange(invoice[-1] + 1))
    product = _popular(lines, rng)
    price, vat = _prices(rng)
    quantity = rng.choice([1, 1, 1, 1, 2, 3], lines)
    gross = price[product] * quantity
    discount = np.where(rng.random(lines) < 0.04, gross // 10, 0)
    net = gross - discount
    rate = _VAT[vat[product]]
    kind = rng.choice(len(_TYPES), invoice[-1] + 1, p=[0.55, 0.05, 0.38, 0.02])[invoice]
    invoices_a_day = int(invoice[-1]) // _DAYS + 1
    day = invoice // invoices_a_day
    seconds = 9 * 3600 + (invoice % invoices_a_day) * (10 * 3600 // invoices_a_day)
    drawn: dict[str, Any] = {
        "day": np.datetime64(FIRST_DAY, "s") + day.astype("timedelta64[D]"),
        "moment": np.datetime64("2000-01-01", "s") + seconds.astype("timedelta64[s]"),
        "visit": invoice * 3 // 4,
        "invoice": invoice,
        "line": np.arange(lines) - starts[invoice] + 1,
        "type": _TYPES[kind],
        "code": _codes()[product],
        "label": np.array([f"PARACÉTAMOL BOÎTE Nº {n} GÉ" for n in range(_PRODUCTS)])[product],
        "quantity": quantity,
        "gross": gross,
        "discount": discount,
        "net": net,
        "vat": rate,
        "excl": np.rint(net / (1 + rate / 100)).astype(np.int64),
        "cost": np.rint(price[product] * quantity * 0.72 / (1 + rate / 100)).astype(np.int64),
        "fee": np.where(kind < 2, 102, 0),
        "operator": rng.integers(1, 9, lines),
    }
    return pa.table(drawn)


def _popular(lines: int, rng: np.random.Generator) -> Numbers:
    weight = 1 / np.arange(3, _PRODUCTS + 3) ** 0.9
    return np.searchsorted(np.cumsum(weight / weight.sum()), rng.random(lines)).clip(
        0, _PRODUCTS - 1
    )


def _prices(rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    price = np.rint(np.exp(rng.normal(2.0, 0.8, _PRODUCTS)) * 100).astype(np.int64) + 50
    return price, rng.choice(4, _PRODUCTS, p=[0.6, 0.1, 0.15, 0.15])


def _codes() -> Any:
    """Make CIP13 codes with their GS1 key."""
    body = np.array([f"34009{1_000_000 + 37 * n}" for n in range(_PRODUCTS)])
    digits = body.view("U1").reshape(_PRODUCTS, 12).astype(np.int64)
    key = -(digits @ np.array([1, 3] * 6)) % 10
    return np.char.add(body, key.astype("U1"))
