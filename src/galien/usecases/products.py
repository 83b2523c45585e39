"""Products: finding one by its code, a scan or its name, and reading all that is known of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from galien.analytics.answer import Answer
from galien.analytics.question import UNKNOWN, Filter, Question
from galien.kernel import french
from galien.kernel.datamatrix import parse_datamatrix
from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services
from galien.warehouse.catalogue import Catalogue, read_catalogue, written_at

MOST = 200
LISTED = ("product_code", "label", "lab", "brand", "cip7", "product_type", "on_sale")
CODE = re.compile(r"[0-9]{4,14}")


@dataclass(frozen=True)
class Found:
    """A product of the catalogue as a list shows it; `words` is what searches read."""

    code: str
    label: str
    lab: str
    cip7: str
    product_type: str
    on_sale: bool
    words: str


@dataclass(frozen=True)
class Price:
    """A price of a product from a day on; `carried` tells the last one known, still applied."""

    since: dt.date
    until: dt.date | None
    public_price_incl: Decimal
    fee_incl: Decimal | None
    ex_factory_price: Decimal | None
    reimbursement_rate: Decimal | None
    carried: bool


@dataclass(frozen=True)
class ProductSheet:
    """All that is known of a product. `known` is False for a code that no catalogue has.

    `attributes` are those of its last version; `versions` the days it changed; `sales` the viewer's
    own last twelve months, None when they may read none.
    """

    code: str
    label: str
    known: bool
    attributes: dict[str, Any]
    versions: tuple[dict[str, Any], ...]
    prices: tuple[Price, ...]
    sales: Answer | None


@dataclass(frozen=True)
class _Shelf:
    """The catalogue read once: products by code, in order of label, and the tables they come from."""

    products: dict[str, Found]
    catalogue: Catalogue

    def of(self, code: str) -> Catalogue:
        """Return what the catalogue says of one code."""
        whole = self.catalogue
        tables = (whole.public, whole.hierarchy, whole.product_price)
        return Catalogue(*(table.filter(pc.field("product_code") == code) for table in tables))


def search(text: str, *, services: Services) -> list[Found]:
    """Return the products that a code, a scan or words of a name tell, the likeliest first.

    A code is matched from its beginning (CIP13, EAN13, CIP7); names without accents or case, each
    word anywhere. At most 200. An empty text finds nothing.
    """
    wanted = scanned(text.strip()[:200])
    if not wanted:
        return []
    shelf = _shelf(services)
    if CODE.fullmatch(wanted):
        exact = shelf.products.get(wanted.removeprefix("0") if len(wanted) == 14 else wanted)
        if exact:
            return [exact]
        return [p for p in shelf.products.values() if _starts(p, wanted)][:MOST]
    words = french.fold(wanted).split()
    hits = [p for p in shelf.products.values() if all(word in p.words for word in words)]
    first = words[0] if words else ""
    hits.sort(key=lambda p: (not p.on_sale, not p.words.startswith(first), p.label))
    return hits[:MOST]


def scanned(text: str) -> str:
    """Return the product code of a pack's DataMatrix, or the text itself when it is none.

    >>> scanned("01034009303026132132780924334799 10MA00614A 17270430")
    '3400930302613'
    >>> scanned("doliprane")
    'doliprane'
    """
    digits = re.sub(r"[\s.-]", "", text)
    if CODE.fullmatch(digits):
        return digits
    if not re.match(r"(\][a-zA-Z]\d)?[0-9]{16}", text):
        return text
    try:
        return parse_datamatrix(text).product_code
    except InvalidInput:
        return text


def sheet(code: str, viewer: Viewer, *, services: Services) -> ProductSheet:
    """Return what is known of a product, with the viewer's own sales of it.

    Raises NotAllowed, in the words of an absence, for a code that neither the catalogue nor the
    viewer's sales know.
    """
    shelf = _shelf(services)
    sales = _sales(code, viewer, services)
    known = code in shelf.products
    if not known and (sales is None or not sales.meta.rows):
        raise NotAllowed("Ce produit n’existe pas au catalogue.", code="UNKNOWN_PRODUCT")
    said = shelf.of(code)
    versions = said.product().to_pylist()
    return ProductSheet(
        code=code,
        label=shelf.products[code].label if known else f"Code {code}",
        known=known,
        attributes=versions[-1] if versions else {},
        versions=tuple(versions),
        prices=tuple(_price(row) for row in said.product_price.to_pylist()),
        sales=sales,
    )


def unknown_codes(viewer: Viewer, *, services: Services) -> list[dict[str, Any]]:
    """Return the codes the viewer's pharmacies sold in twelve months that no catalogue knows.

    Most sold first, with `product`, `quantity` and `sales_incl`.
    """
    question = Question(
        "sales",
        measures=("quantity", "sales_incl"),
        by=("product",),
        compare="none",
        where=(Filter("lab", (UNKNOWN,)),),
        order="-sales_incl",
    )
    try:
        answer = ask(question, viewer, services=services)
    except (NotAllowed, NotAvailable):
        return []
    known = _shelf(services).products
    return [
        row for row in answer.table.to_pylist() if row["product"] and row["product"] not in known
    ]


def catalogue_codes(services: Services) -> dict[str, str]:
    """Return the product code of each code the catalogue knows, CIP7 among them."""
    products = _shelf(services).products
    short = {found.cip7: found.code for found in products.values() if found.cip7}
    return short | {code: code for code in products}


def labels(codes: Iterable[str], *, services: Services) -> dict[str, str]:
    """Return the label of each code that the catalogue knows."""
    products = _shelf(services).products
    return {code: products[code].label for code in codes if code in products}


def regulated_prices(
    codes: Collection[str], on: dt.date, *, services: Services
) -> dict[str, Decimal]:
    """Return the ex-factory price in force on a day, in euros excl. tax, of the codes that have one."""
    if not codes:
        return {}
    prices = _shelf(services).catalogue.product_price
    wanted = pc.field("product_code").isin(sorted(set(codes)))
    rows = prices.filter(wanted & (pc.field("since") <= on)).to_pylist()
    rows.sort(key=lambda row: row["since"])
    return {
        row["product_code"]: row["ex_factory_price"]
        for row in rows
        if row["ex_factory_price"] is not None and (row["until"] is None or row["until"] > on)
    }


def size(services: Services) -> int:
    """Count the products of the catalogue."""
    return len(_shelf(services).products)


def _sales(code: str, viewer: Viewer, services: Services) -> Answer | None:
    question = Question(
        "sales",
        measures=("quantity", "sales_incl", "adjusted_margin", "margin_rate"),
        by=("month",),
        where=(Filter("product", (code,)),),
    )
    try:
        return ask(question, viewer, services=services)
    except (NotAllowed, NotAvailable):
        return None


def _starts(product: Found, digits: str) -> bool:
    return product.code.startswith(digits) or product.cip7.startswith(digits)


def _price(row: dict[str, Any]) -> Price:
    return Price(
        since=row["since"],
        until=row["until"],
        public_price_incl=row["public_price_incl"],
        fee_incl=row["fee_incl"],
        ex_factory_price=row["ex_factory_price"],
        reimbursement_rate=row["reimbursement_rate"],
        carried=row["until"] is None,
    )


def _shelf(services: Services) -> _Shelf:
    place = services.workspace.catalogue
    return _read(place, written_at(place))


@lru_cache(maxsize=2)
def _read(place: Path, _mark: int) -> _Shelf:
    catalogue = read_catalogue(place)
    said = {row["product_code"]: row for row in _rows(catalogue.public)}
    for row in _rows(catalogue.hierarchy):
        given = {name: value for name, value in row.items() if value is not None}
        said[row["product_code"]] = said.get(row["product_code"], {}) | given
    ordered = sorted(map(_listed, said.values()), key=lambda product: french.fold(product.label))
    return _Shelf({product.code: product for product in ordered}, catalogue)


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    """The last version of each product has the last word."""
    return table.select([name for name in LISTED if name in table.column_names]).to_pylist()


def _listed(row: dict[str, Any]) -> Found:
    code = row["product_code"]
    label, lab = row.get("label") or code, row.get("lab") or ""
    return Found(
        code=code,
        label=label,
        lab=lab,
        cip7=row.get("cip7") or "",
        product_type=row.get("product_type") or "",
        on_sale=row.get("on_sale") is not False,
        words=french.fold(f"{label} {row.get('brand') or ''} {lab}"),
    )
