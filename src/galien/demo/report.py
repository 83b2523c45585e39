"""Prints what the files of a demonstration hold beside the figures they were made to resemble.

Reads the files themselves, by another way than the intake: `python -m galien.demo.report DIR`.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from python_calamine import CalamineWorkbook

from galien.demo.layouts import LAYOUTS, Layout, unzipped
from galien.demo.public import Bools, Floats, Ints, Texts, read_medicines
from galien.usecases.public_data import data_folder

Table = dict[str, npt.NDArray[Any]]
_AMOUNTS = {
    "gross",
    "discount",
    "net",
    "net_excl",
    "cost",
    "fee",
    "list",
    "list_amount",
    "net_amount",
}
_COUNTS = {"quantity", "delivered", "free", "invoice", "minimum"}
_TEXTS = {"product", "day", "moment"}
_CODED = {"sale_type": "sale_types", "channel": "channels"}
FEED_FIELDS = {
    "sales": {"day", "moment", "invoice", "sale_type", "product", "quantity", "gross", "net",
              "discount", "vat", "cost", "fee"},
    "purchases": {"day", "channel", "product", "delivered", "free", "list", "net", "vat"},
    "stock": {"day", "product", "quantity", "cost"},
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """What one pharmacy's files say. Ratios, euros, days; `sold` is net sales by product in euros."""

    pharmacy: str
    invoices_a_year: float
    ratio: float
    pmo: float
    pmo_with_fee: float
    basket: float
    turnover_a_year: float
    margin: float
    stock_days: float
    products_a_month: float
    universes: int
    boxes: dict[str, float]
    sold: dict[str, float]
    bought: dict[int, tuple[float, float]]


def read_feed(folder: Path, pharmacy: str, feed: str) -> Table:
    """Read every file of a feed; where files overlap, the last export of a day wins."""
    parts: list[Table] = []
    for version, line in enumerate(_manifest(folder)):
        if (line["pharmacy"], line["feed"]) == (pharmacy, feed):
            part = _read_file(folder / line["path"], LAYOUTS[line["mapping"]], feed)
            part["version"] = np.full(len(part["day"]), float(version))
            parts.append(part)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    _, place = np.unique(whole["day"].astype(str), return_inverse=True)
    last = np.zeros(place.max() + 1)
    np.maximum.at(last, place, whole["version"])
    kept = whole["version"] == last[place]
    return {name: values[kept] for name, values in whole.items()}


def _manifest(folder: Path) -> Iterable[dict[str, str]]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _read_file(path: Path, layout: Layout, feed: str) -> Table:
    names = dict(layout.columns[feed])
    if path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        columns = dict(zip(header, zip(*rows, strict=True), strict=True))
        table = pa.table({str(h): pa.array([str(v) for v in c]) for h, c in columns.items()})
    else:
        content = path.read_bytes()
        content = unzipped(content) if path.suffix == ".zst" else content
        table = pyarrow.csv.read_csv(
            io.BytesIO(content.decode(layout.encoding).encode()),
            parse_options=pyarrow.csv.ParseOptions(delimiter=layout.delimiter, quote_char=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    found: Table = {}
    for column, name in names.items():
        if name in FEED_FIELDS[feed]:
            found["day" if name == "moment" else name] = _values(table[column], name, layout)
    if "gross" not in found and feed == "sales":
        found["gross"] = found["net"] + found["discount"]
    return found


def _values(column: Any, name: str, layout: Layout) -> npt.NDArray[Any]:
    texts: Any = column.combine_chunks()
    if name in _TEXTS:
        texts = pc.utf8_slice_codeunits(texts, 0, 10) if name == "moment" else texts
        return np.asarray(texts.to_numpy(zero_copy_only=False))
    if name in _CODED:
        codes = pa.array(getattr(layout, _CODED[name]))
        return np.asarray(pc.index_in(texts, codes).to_numpy(zero_copy_only=False), np.int64)
    if layout.style.decimal == ",":
        texts = pc.replace_substring(pc.replace_substring(texts, " ", ""), ",", ".")
    numbers = np.asarray(pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False))
    percent = name == "vat" and layout.style.vat == "percent"
    cents = name in _AMOUNTS and not layout.style.decimal
    return numbers / 100 if percent or cents else numbers


def figures_of(folder: Path, pharmacy: str, universe: dict[str, str]) -> Figures:
    """Compute one pharmacy's figures from its files."""
    sales = read_feed(folder, pharmacy, "sales")
    stock = read_feed(folder, pharmacy, "stock")
    bought = read_feed(folder, pharmacy, "purchases")
    kind = sales["sale_type"].astype(np.int64)
    months = len({_month(day) for day in set(sales["day"])})
    _, first = np.unique(sales["invoice"], return_index=True)
    prescription, counter = np.isin(kind, (0, 1, 3)), kind == 2
    excl = sales["net"] / (1 + sales["vat"]) + sales["fee"] / 1.021
    prescriptions = float(np.isin(kind[first], (0, 1, 3)).sum())
    value = np.asarray(stock["quantity"] * stock["cost"], np.float64)
    by_count = [value[stock["day"] == day].sum() for day in sorted(set(stock["day"]), key=day_key)][
        -13:
    ]
    cost = sales["cost"]
    year = 12 / months
    return Figures(
        pharmacy=pharmacy,
        invoices_a_year=len(first) * year,
        ratio=prescriptions / max(float((kind[first] == 2).sum()), 1),
        pmo=sales["gross"][prescription].sum() / prescriptions,
        pmo_with_fee=(sales["gross"] + sales["fee"])[prescription].sum() / prescriptions,
        basket=sales["gross"][counter].sum() / max((kind[first] == 2).sum(), 1),
        turnover_a_year=excl.sum() * year,
        margin=1 - cost.sum() / excl.sum(),
        stock_days=360 * float(np.mean(by_count)) / (cost.sum() * year),
        products_a_month=_products_a_month(sales),
        universes=len({universe[code] for code in set(sales["product"]) if code in universe}),
        boxes=_by_product(sales["product"], sales["quantity"]),
        sold=_by_product(sales["product"], sales["net"]),
        bought=_by_channel(bought),
    )


def day_key(day: str) -> str:
    """Order days of any layout: ISO and compact dates as they are, French ones turned round."""
    return "".join(reversed(day.split("/"))) if "/" in day else day.replace("-", "")


def _month(day: str) -> str:
    return day_key(day)[:6]


def _products_a_month(sales: Table) -> float:
    days, place = np.unique(sales["day"].astype(str), return_inverse=True)
    months = np.array([_month(day) for day in days])[place]
    _, product = np.unique(sales["product"].astype(str), return_inverse=True)
    pairs = np.unique(np.unique(months, return_inverse=True)[1] * (product.max() + 1) + product)
    return len(pairs) / len(set(months))


def _by_product(product: Texts, amount: Floats) -> dict[str, float]:
    codes, place = np.unique(product.astype(str), return_inverse=True)
    totals = np.bincount(place, weights=amount)
    return dict(zip(codes.tolist(), totals.tolist(), strict=True))


def _by_channel(bought: Table) -> dict[int, tuple[float, float]]:
    listed, net = bought["list"] * bought["delivered"], bought["net"] * bought["delivered"]
    channel: Ints = bought["channel"].astype(np.int64)
    return {
        way: (float(listed[channel == way].sum()), float(net[channel == way].sum()))
        for way in range(3)
    }


def report(folder: Path) -> list[str]:
    """Write the report of a generated demonstration, line by line."""
    with (folder / "pharmacies.csv").open(encoding="utf-8", newline="") as lines:
        members = list(csv.DictReader(lines))
    with (folder / "hierarchy.csv").open(encoding="utf-8", newline="") as lines:
        universe = {row["product_code"]: row["universe_1"] for row in csv.DictReader(lines)}
    head = f"{'pharmacie':10}{'typologie':19}{'fact./an':>9}{'VO/VHO':>7}{'PMO':>7}{'+hono':>7}"
    out = [head + f"{'PMVC':>7}{'CA HT':>11}{'marge':>7}{'jours':>6}{'réf./m':>7}{'univ.':>6}"]
    found = []
    for member in members:
        each = figures_of(folder / "files", member["finess"], universe)
        found.append(each)
        out.append(
            f"{each.pharmacy:10}{member['typology']:19}{each.invoices_a_year:9.0f}{each.ratio:7.2f}"
            f"{each.pmo:7.2f}{each.pmo_with_fee:7.2f}{each.basket:7.2f}{each.turnover_a_year:11.0f}"
            f"{each.margin:7.1%}{each.stock_days:6.1f}{each.products_a_month:7.0f}{each.universes:6d}"
        )
    return [*out, *_group_lines(found, universe)]


def _group_lines(found: list[Figures], universe: dict[str, str]) -> list[str]:
    medicines = read_medicines(data_folder())
    generic = set(medicines.code[medicines.generic == 1])
    paid = set(medicines.code[medicines.price.max(axis=1) > 0])
    boxes, sold = _summed(each.boxes for each in found), _summed(each.sold for each in found)
    reimbursed = {code: amount for code, amount in sold.items() if code in paid}
    all_boxes = sum(boxes[code] for code in reimbursed)
    generics = [code for code in reimbursed if code in generic]
    total, amount = sum(sold.values()), sum(reimbursed.values())
    mine = sum(sold[code] for code in generics)
    shares = {code: sum(v for c, v in sold.items() if universe.get(c, "") == code) / total
              for code in sorted(set(universe.values()))}  # fmt: skip
    out = [
        f"Génériques : {sum(boxes[c] for c in generics) / all_boxes:.1%} des boîtes remboursables, "
        f"{mine / amount:.1%} de leur montant, {mine / total:.1%} des ventes (46 % et 16 %)",
        "Concentration : " + ", ".join(
            f"{_needed(np.array(list(reimbursed.values())), share)} produits pour {share:.0%}"
            for share in (0.5, 0.8, 0.9)
        ) + f" du montant remboursable, {len(sold)} produits vendus",
        "Univers : " + ", ".join(f"{name} {share:.1%}" for name, share in shares.items() if share),
    ]  # fmt: skip
    listed = {way: sum(each.bought[way][0] for each in found) for way in range(3)}
    net = {way: sum(each.bought[way][1] for each in found) for way in range(3)}
    names = ("Répartiteur", "Direct", "Distributeur")
    out.append("Achats : " + ", ".join(
        f"{name} {listed[way] / sum(listed.values()):.1%} remisé {1 - net[way] / listed[way]:.2%}"
        for way, name in enumerate(names)
    ) + " (64 / 28 / 8 %, remises 5 / 20 / 3 %)")  # fmt: skip
    return out


def _needed(amounts: Floats, share: float) -> int:
    ordered: Floats = np.sort(amounts)[::-1].cumsum()
    reached: Bools = ordered < share * ordered[-1]
    return int(reached.sum()) + 1


def _summed(each: Iterable[dict[str, float]]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for one in each:
        for code, amount in one.items():
            total[code] += amount
    return total


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(Path(sys.argv[1]))) + "\n")
