"""The three file layouts of the demonstration: headers, codes, marks, as three softwares export them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.csv

from galien.demo.catalogue import Catalogue
from galien.demo.records import Records
from galien.demo.text import Style, joined, names, numbers, picked

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Source:
    """What figures are written with: the catalogue, the suppliers, the campaigns, the first day."""

    catalogue: Catalogue
    suppliers: tuple[str, ...]
    campaigns: tuple[str, ...]
    first: dt.date


@dataclass(frozen=True)
class Layout:
    """How one software writes its files. Columns are (header, field) pairs, in order."""

    name: str
    encoding: str
    delimiter: str
    eol: str
    style: Style
    sale_types: tuple[str, ...]
    channels: tuple[str, ...]
    columns: dict[str, tuple[tuple[str, str], ...]]
    bom: bool = False

    def text(self, records: Records, source: Source) -> dict[str, pa.StringArray]:
        """Write each column of the records as text, under its header."""
        fields = _FIELDS[records.feed]
        return {
            header: fields[name](Writing(self, records, source))
            for header, name in self.columns[records.feed]
        }

    def file(self, records: Records, source: Source) -> bytes:
        """Write the records as the bytes of a delimited file."""
        table = pa.table(self.text(records, source))
        body = io.BytesIO()
        # The stubs of Arrow do not know all options of its writer.
        write_options: Any = pyarrow.csv.WriteOptions
        options = write_options(
            include_header=False, delimiter=self.delimiter, eol=self.eol, quoting_style="none",
            batch_size=65_536,
        )  # fmt: skip
        pyarrow.csv.write_csv(table, body, options)
        header = self.delimiter.join(table.column_names) + self.eol
        content = body.getvalue()
        if self.encoding != "utf-8" and not content.isascii():
            content = _encoded(content.decode("utf-8"), self.encoding)
        return (BOM if self.bom else b"") + header.encode(self.encoding) + content


@dataclass(frozen=True)
class Writing:
    """One writing of records in a layout, with the helpers its fields use."""

    layout: Layout
    records: Records
    source: Source

    def amount(self, name: str) -> pa.StringArray:
        """Write a column of cents."""
        return self.layout.style.amounts(self.records.columns[name])

    def number(self, name: str) -> pa.StringArray:
        """Write a column of whole numbers."""
        return numbers(self.records.columns[name])

    def day(self, name: str) -> pa.StringArray:
        """Write a column of days."""
        return self.layout.style.days(self.records.columns[name], self.source.first)

    def vat(self) -> pa.StringArray:
        """Write the VAT rates."""
        return self.layout.style.vats(self.records.columns["vat"])

    def code(self) -> pa.StringArray:
        """Write the product codes."""
        return picked(self.source.catalogue.code_column, self.records.columns["product"])

    def label(self) -> pa.StringArray:
        """Write the product labels, as the pack has them."""
        return picked(self.source.catalogue.label_column, self.records.columns["product"])

    def coded(self, name: str, codes: tuple[str, ...]) -> pa.StringArray:
        """Write a column of ranks by its codes."""
        return names(codes, self.records.columns[name])

    def moment(self) -> pa.StringArray:
        """Write day and time in one value."""
        days = self.layout.style.days(self.records.columns["day"], self.source.first)
        times = self.layout.style.times(self.records.columns["second"])
        return joined(days, times, "T")


def _encoded(text: str, encoding: str) -> bytes:
    """Encode a text in a one-byte encoding: in one go where it is Latin-1, letter by letter otherwise."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode(encoding, "replace")


def _operators() -> tuple[str, ...]:
    return tuple(f"OP{number:02d}" for number in range(1, 40))


Field = Callable[[Writing], pa.StringArray]
_FIELDS: dict[str, dict[str, Field]] = {
    "sales": {
        "day": lambda w: w.day("day"),
        "time": lambda w: w.layout.style.times(w.records.columns["second"]),
        "moment": Writing.moment,
        "visit": lambda w: w.number("visit"),
        "invoice": lambda w: w.number("invoice"),
        "line_no": lambda w: w.number("line_no"),
        "sale_type": lambda w: w.coded("sale_type", w.layout.sale_types),
        "product": Writing.code,
        "quantity": lambda w: w.number("quantity"),
        "gross": lambda w: w.amount("gross"),
        "discount": lambda w: w.amount("discount"),
        "net": lambda w: w.amount("net"),
        "vat": Writing.vat,
        "net_excl": lambda w: w.amount("net_excl"),
        "cost": lambda w: w.amount("cost"),
        "fee": lambda w: w.amount("fee"),
        "operator": lambda w: w.coded("operator", _operators()),
        "campaign": lambda w: w.coded("campaign", ("", *w.source.campaigns)),
    },
    "purchases": {
        "day": lambda w: w.day("day"),
        "invoiced": lambda w: w.day("invoiced"),
        "document": lambda w: joined(
            names(["BL"], w.records.columns["document"] * 0), w.number("document"), ""
        ),
        "line_no": lambda w: w.number("line_no"),
        "supplier": lambda w: w.coded("supplier", w.source.suppliers),
        "channel": lambda w: w.coded("channel", w.layout.channels),
        "product": Writing.code,
        "label": Writing.label,
        "ordered": lambda w: w.number("ordered"),
        "delivered": lambda w: w.number("delivered"),
        "free": lambda w: w.number("free"),
        "list": lambda w: w.amount("list"),
        "net": lambda w: w.amount("net"),
        "list_amount": lambda w: w.amount("list_amount"),
        "net_amount": lambda w: w.amount("net_amount"),
        "vat": Writing.vat,
        "due": lambda w: w.day("due"),
    },
    "stock": {
        "day": lambda w: w.day("day"),
        "product": Writing.code,
        "label": Writing.label,
        "quantity": lambda w: w.number("quantity"),
        "cost": lambda w: w.amount("cost"),
        "minimum": lambda w: w.number("minimum"),
        "expiry": lambda w: w.day("expiry"),
        "place": lambda w: w.coded("place", tuple(f"R{rank:02d}" for rank in range(40))),
    },
}

OFFICINE = Layout(
    name="demo-officine",
    encoding="cp1252",
    delimiter=";",
    eol="\r\n",
    style=Style(",", "", "%d/%m/%Y", "%H:%M:%S", "percent"),
    sale_types=("TP", "CPT", "CO", "LTP", "LOC", "COM", "RET"),
    channels=("G", "D", "S"),
    columns={
        "sales": (
            ("Date", "day"), ("Heure", "time"), ("Passage", "visit"), ("Facture", "invoice"),
            ("Ligne", "line_no"), ("Type", "sale_type"), ("Code", "product"), ("Qté", "quantity"),
            ("Brut TTC", "gross"), ("Remise TTC", "discount"), ("Net TTC", "net"), ("TVA", "vat"),
            ("Net HT", "net_excl"), ("Coût HT", "cost"), ("Honoraires TTC", "fee"),
            ("Opérateur", "operator"), ("Campagne", "campaign"),
        ),
        "purchases": (
            ("Livré le", "day"), ("Facturé le", "invoiced"), ("Bon", "document"),
            ("Ligne", "line_no"), ("Fournisseur", "supplier"), ("Canal", "channel"),
            ("Code", "product"), ("Désignation", "label"), ("Qté commandée", "ordered"),
            ("Qté livrée", "delivered"), ("Qté gratuite", "free"), ("Prix catalogue HT", "list"),
            ("Prix net HT", "net"), ("Montant catalogue HT", "list_amount"),
            ("Montant net HT", "net_amount"), ("TVA", "vat"), ("Échéance", "due"),
        ),
        "stock": (
            ("Date", "day"), ("Code", "product"), ("Désignation", "label"), ("Stock", "quantity"),
            ("PAMP HT", "cost"), ("Stock mini", "minimum"), ("Péremption", "expiry"),
            ("Emplacement", "place"),
        ),
    },
)  # fmt: skip
COMPTOIR = Layout(
    name="demo-comptoir",
    encoding="utf-8",
    delimiter="\t",
    eol="\n",
    style=Style("", "", "%Y-%m-%d", "%H:%M:%S", "ratio"),
    sale_types=("RX_TP", "RX_CASH", "OTC", "RENT_TP", "RENT", "B2B", "TRANSFER"),
    channels=("WHOLESALER", "DIRECT", "SHORTLINE"),
    columns={
        "sales": (
            ("sold_at", "moment"), ("visit_no", "visit"), ("invoice_no", "invoice"),
            ("row", "line_no"), ("kind", "sale_type"), ("ean", "product"), ("qty", "quantity"),
            ("gross_cents", "gross"), ("discount_cents", "discount"), ("net_cents", "net"),
            ("vat", "vat"), ("net_excl_cents", "net_excl"), ("cost_cents", "cost"),
            ("fee_cents", "fee"), ("staff", "operator"), ("promo", "campaign"),
        ),
        "purchases": (
            ("delivered", "day"), ("invoiced", "invoiced"), ("note", "document"), ("row", "line_no"),
            ("supplier", "supplier"), ("channel", "channel"), ("ean", "product"),
            ("ordered_qty", "ordered"), ("qty", "delivered"), ("free_qty", "free"),
            ("list_cents", "list"), ("price_cents", "net"), ("list_total_cents", "list_amount"),
            ("total_cents", "net_amount"), ("vat", "vat"), ("due", "due"),
        ),
        "stock": (
            ("counted", "day"), ("ean", "product"), ("qty", "quantity"), ("avg_cost_cents", "cost"),
            ("min_qty", "minimum"), ("expires", "expiry"), ("shelf", "place"),
        ),
    },
    bom=True,
)  # fmt: skip
BALANCE = Layout(
    name="demo-balance",
    encoding="utf-8",
    delimiter="|",
    eol="\n",
    style=Style(",", " ", "%Y%m%d", "%H%M%S", "percent"),
    sale_types=("1", "2", "3", "4", "5", "6", "7"),
    channels=("REP", "LAB", "DIS"),
    columns={
        "sales": (
            ("DATE_VENTE", "day"), ("HEURE", "time"), ("NO_PASSAGE", "visit"),
            ("NO_FACTURE", "invoice"), ("NO_LIGNE", "line_no"), ("NATURE", "sale_type"),
            ("CIP", "product"), ("QUANTITE", "quantity"), ("MT_NET_TTC", "net"),
            ("MT_REMISE_TTC", "discount"), ("TX_TVA", "vat"), ("MT_PAMP_HT", "cost"),
            ("MT_HONO_TTC", "fee"), ("VENDEUR", "operator"), ("PROMO", "campaign"),
        ),
        "purchases": (
            ("DATE_LIVRAISON", "day"), ("DATE_FACTURE", "invoiced"), ("NO_BL", "document"),
            ("NO_LIGNE", "line_no"), ("FOURNISSEUR", "supplier"), ("CANAL", "channel"),
            ("CIP", "product"), ("LIBELLE", "label"), ("QTE_CDE", "ordered"),
            ("QTE_LIV", "delivered"), ("QTE_UG", "free"), ("PU_TARIF_HT", "list"),
            ("PU_NET_HT", "net"), ("TX_TVA", "vat"), ("DATE_ECHEANCE", "due"),
        ),
        "stock": (
            ("DATE_INVENTAIRE", "day"), ("CIP", "product"), ("LIBELLE", "label"),
            ("QTE_STOCK", "quantity"), ("PAMP_HT", "cost"), ("SEUIL", "minimum"),
            ("DATE_PEREMPTION", "expiry"), ("RAYON", "place"),
        ),
    },
)  # fmt: skip
LAYOUTS = {layout.name: layout for layout in (OFFICINE, COMPTOIR, BALANCE)}


def zipped(content: bytes) -> bytes:
    """Compress a file the same way each time."""
    return pa.Codec("zstd", compression_level=1).compress(content, asbytes=True)


def unzipped(content: bytes) -> bytes:
    """Give back what `zipped` compressed."""
    with pa.CompressedInputStream(pa.BufferReader(content), "zstd") as stream:
        return stream.read()
