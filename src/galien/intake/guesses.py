"""Guesses about a sample: what a column's header and content look like, in pharmacies' own words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from galien.intake.convert import moments
from galien.intake.mapping import same_name
from galien.kernel import french
from galien.kernel.codes import ean13_ok, finess_ok
from galien.model.columns import Column, ColumnType
from galien.model.enums import CHANNEL_LABELS, SALE_TYPE_LABELS
from galien.model.feeds import FEEDS

ENOUGH = 0.55

# How software names each column, in French first; the canonical name always counts.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "pharmacy": ("finess", "pharmacie", "officine", "code pharmacie", "apb"),
    "sold_at": ("date", "date vente", "date heure", "horodatage", "date facture", "jour"),
    "visit": (
        "passage", "visite", "n passage", "ticket", "n ticket", "vente", "n vente", "visit no",
        "n visite", "no passage", "client no",
    ),
    "invoice": (
        "facture", "n facture", "num facture", "no facture", "numero facture", "invoice no",
        "invoice number",
    ),
    "line_no": (
        "ligne", "n ligne", "no ligne", "numero ligne", "num ligne", "row", "row no", "line",
        "line no", "rang",
    ),
    "sale_type": (
        "type", "type vente", "nature", "type de vente", "mode vente", "kind", "sale kind",
    ),
    "product_code": (
        "code", "cip", "cip13", "ean", "ean13", "code produit", "code article", "cnk",
        "code barre", "gtin", "code cip",
    ),
    "quantity": (
        "quantite", "qte", "qté vendue", "nb boites", "stock", "quantite vendue", "unites", "qty",
        "qte stock", "en stock",
    ),
    "gross_incl": (
        "brut ttc", "montant brut ttc", "mt brut ttc", "total brut", "prix ttc", "ca brut",
        "gross", "gross amount",
    ),
    "discount_incl": ("remise", "remise ttc", "montant remise", "mt remise ttc", "discount"),
    "net_incl": (
        "net ttc", "montant ttc", "total ttc", "ca ttc", "mt net ttc", "montant net ttc", "net",
        "net amount", "montant net",
    ),
    "vat_rate": ("tva", "taux tva", "tx tva", "taux de tva", "code tva", "vat", "tax rate"),
    "net_excl": (
        "net ht", "montant ht", "total ht", "ca ht", "mt net ht", "net excl", "net excl tax",
        "amount excl",
    ),
    "cost_excl": (
        "cout ht", "prix achat ht", "pamp ht", "mt pamp ht", "cout", "achat ht", "pa ht", "cost",
        "purchase cost",
    ),
    "fee_incl": ("honoraires", "honoraires ttc", "honoraire", "mt hono ttc", "hd", "fee", "fees"),
    "operator": (
        "operateur", "vendeur", "utilisateur", "code operateur", "caissier", "staff", "user",
        "seller",
    ),
    "campaign": ("campagne", "promo", "promotion", "operation"),
    "delivered_on": (
        "date livraison", "livre le", "date reception", "recu le", "date", "delivered",
        "delivery date",
    ),
    "invoiced_on": ("date facture", "facture le", "invoiced", "invoice date"),
    "document_id": (
        "bon", "n bon", "bon de livraison", "n bl", "bl", "facture", "n facture", "document",
        "note", "delivery note", "no bl", "num bl", "numero bl",
    ),
    "supplier": ("fournisseur", "grossiste", "laboratoire", "repartiteur"),
    "channel": ("canal", "circuit", "mode achat", "type fournisseur"),
    "ordered_quantity": (
        "qte commandee", "quantite commandee", "commande", "ordered qty", "ordered", "qte cde",
        "qte cmd",
    ),
    "delivered_quantity": (
        "qte livree", "quantite livree", "quantite", "qte", "qte facturee", "qty", "delivered qty",
        "qte liv",
    ),
    "free_quantity": (
        "qte gratuite", "ug", "unites gratuites", "gratuits", "free qty", "free", "qte ug",
        "qte gratuits",
    ),
    "list_price_excl": (
        "prix catalogue ht", "prix brut ht", "tarif ht", "prix unitaire brut", "list",
        "list price", "pu tarif ht", "pu brut ht", "pu catalogue",
    ),
    "net_price_excl": (
        "prix net ht", "prix unitaire net", "pu net", "price", "net price", "unit price",
        "pu net ht",
    ),
    "list_amount_excl": (
        "montant catalogue ht", "montant brut ht", "total brut ht", "list total", "list amount",
    ),
    "net_amount_excl": (
        "montant net ht", "total net ht", "montant ht", "total", "net total", "total net",
    ),
    "payment_due_on": ("echeance", "date echeance", "payer le", "due", "due date"),
    "on_date": (
        "date", "date stock", "date inventaire", "au", "counted", "count date", "date comptage",
    ),
    "weighted_average_cost": (
        "pamp", "pamp ht", "pmp", "cout moyen", "prix moyen", "pump", "avg cost", "average cost",
    ),
    "minimum": ("stock mini", "mini", "stock minimum", "seuil", "min", "min qty", "min stock"),
    "nearest_expiry": (
        "peremption", "date peremption", "dlu", "perime le", "expires", "expiry", "expiry date",
    ),
    "location": ("emplacement", "rayon", "zone", "rangement", "shelf", "place"),
}  # fmt: skip
_CENTS = re.compile(r"[\s_.(-]+(?:cents?|centimes?|cts?)\)?$", re.IGNORECASE)
_TIME_HEADERS = ("heure", "heure vente", "h")
_DATES = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S",
          "%Y-%m-%d", "%Y%m%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")  # fmt: skip
_TIMES = ("%H:%M:%S", "%H:%M", "%H%M%S", "%H%M")
_SALE_TYPE_WORDS = {
    "tp": "prescription_third_party", "tiers payant": "prescription_third_party",
    "ordonnance": "prescription_third_party", "ord": "prescription_third_party",
    "cpt": "prescription_cash", "comptant": "prescription_cash", "co": "counter", "vl": "counter",
    "comptoir": "counter", "conseil": "counter", "vente libre": "counter", "loc": "rental",
    "location": "rental", "com": "commercial", "ret": "resale", "retrocession": "resale",
    "ltp": "rental_third_party", "rx": "prescription_third_party", "rx_tp": "prescription_third_party",
    "rx_cash": "prescription_cash", "otc": "counter", "rent": "rental", "rent_tp": "rental_third_party",
    "b2b": "commercial", "transfer": "resale",
    "g": "wholesaler", "grossiste": "wholesaler", "rep": "wholesaler", "repartiteur": "wholesaler",
    "d": "direct", "direct": "direct", "lab": "direct", "laboratoire": "direct",
    "s": "distributor", "plateforme": "distributor", "shortline": "distributor", "dis": "distributor",
    "distributeur": "distributor",
}  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """A canonical column, the file's columns it seems to come from, and how sure (0 to 1)."""

    column: str
    sources: tuple[str, ...]
    score: float


def guess_columns(
    feed: str, header: Sequence[str], columns: Sequence[Sequence[str]]
) -> list[Guess]:
    """Match the file's columns with the feed's, each once, surest first."""
    scored = [
        (_header_score(column, name) + _content_score(column, cells), column.name, name)
        for column in FEEDS[feed].columns
        for name, cells in zip(header, columns, strict=True)
    ]
    found: dict[str, Guess] = {}
    used: set[str] = set()
    for score, column, name in sorted(scored, reverse=True):
        if score >= ENOUGH and column not in found and name not in used:
            found[column] = Guess(column, (name,), round(min(score, 1.0), 2))
            used.add(name)
    _join_time(found, header, columns, used)
    return [found[column.name] for column in FEEDS[feed].columns if column.name in found]


def _join_time(
    found: dict[str, Guess], header: Sequence[str], columns: Sequence[Sequence[str]], used: set[str]
) -> None:
    sold = found.get("sold_at")
    if sold is None or "%H" in date_format(columns[header.index(sold.sources[0])]):
        return
    for name, cells in zip(header, columns, strict=True):
        if name not in used and (same_name(name) in _TIME_HEADERS or time_format(cells)):
            found["sold_at"] = Guess("sold_at", (*sold.sources, name), sold.score)
            return


def in_cents(name: str) -> bool:
    """Tell whether a header says that its amounts are in cents.

    >>> in_cents("net_cents"), in_cents("Montant (centimes)"), in_cents("Pourcents")
    (True, True, False)
    """
    return _CENTS.search(name) is not None


def _header_score(column: Column, name: str) -> float:
    folded = same_name(_CENTS.sub("", name) if column.type is ColumnType.AMOUNT else name)
    known = [same_name(each) for each in (column.name, *SYNONYMS.get(column.name, ()))]
    if folded in known:
        return 0.7 + 0.05 * (folded == known[0])
    near = max(difflib.SequenceMatcher(None, folded, each).ratio() for each in known)
    return 0.6 * near if near > 0.75 else 0.0


def _content_score(column: Column, cells: Sequence[str]) -> float:
    given = [cell for cell in cells if cell]
    if not given:
        return 0.0
    test = _TESTS.get(column.name) or _BY_TYPE.get(column.type)
    if test is None:
        return 0.0
    share = sum(map(test, given)) / len(given)
    return 0.3 * share if share > 0.8 else -0.5


def _dated(cell: str) -> bool:
    return re.match(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{8}$", cell) is not None


def _number(cell: str) -> bool:
    return re.fullmatch(r"-?[\d \u00a0\u202f]+(?:[.,]\d+)?(?: ?%)?", cell) is not None


_TESTS: dict[str, Callable[[str], bool]] = {
    "product_code": lambda cell: ean13_ok(cell) or re.fullmatch(r"\d{7}", cell) is not None,
    "pharmacy": finess_ok,
}
_BY_TYPE: dict[ColumnType, Callable[[str], bool]] = {
    ColumnType.DATE: _dated,
    ColumnType.DATETIME: _dated,
    ColumnType.INTEGER: lambda cell: re.fullmatch(r"-?\d{1,9}(?:[.,]0+)?", cell) is not None,
    ColumnType.AMOUNT: _number,
    ColumnType.RATE: _number,
}


def _first_format(cells: Sequence[str], forms: Sequence[str]) -> str:
    given = pa.array([cell for cell in cells if cell][:200], pa.string())
    for form in forms:
        if len(given) and not moments(given, form).faults.any():
            return form
    return ""


def date_format(cells: Sequence[str]) -> str:
    """Return the format all dates (or times of day) of a column have; day first when nothing fits."""
    return _first_format(cells, _DATES) or time_format(cells) or _DATES[2]


def time_format(cells: Sequence[str]) -> str:
    """Return the format all times of day of a column have, or nothing."""
    return _first_format(cells, _TIMES)


def decimal_mark(columns: Sequence[Sequence[str]], delimiter: str) -> str:
    """Return the mark most numbers have; a comma only where it does not separate columns."""
    numbers = [cell for cells in columns for cell in cells]
    commas = sum(re.fullmatch(r"-?\d+,\d+", cell) is not None for cell in numbers)
    points = sum(re.fullmatch(r"-?\d+\.\d+", cell) is not None for cell in numbers)
    return "," if commas > points and delimiter != "," else "."


def convert_for(column: Column, name: str, cells: Sequence[str]) -> str:
    """Return the conversion of a column, under its header, when it is not its type's usual one."""
    if column.type is ColumnType.AMOUNT and in_cents(name):
        return "cents"
    if column.type is ColumnType.RATE:
        rates = [cell.rstrip("% ").replace(",", ".") for cell in cells if cell]
        large = any(re.fullmatch(r"\d+(?:\.\d+)?", rate) and float(rate) > 1 for rate in rates)
        return "percent" if large else "ratio"
    if column.type in (ColumnType.DATE, ColumnType.DATETIME):
        return column.type.value
    return "code" if column.choices else ""


def shape_code_table(column: str, cells: Sequence[str]) -> dict[str, str]:
    """Return a table of the codes met, each with the choice it seems to mean; a person completes it."""
    labels = SALE_TYPE_LABELS if column == "sale_type" else CHANNEL_LABELS
    known = {french.fold(label): choice for choice, label in labels.items()}
    known |= {french.fold(choice): choice for choice in labels}
    known |= {word: choice for word, choice in _SALE_TYPE_WORDS.items() if choice in labels}
    default = "counter" if column == "sale_type" else "unknown"
    met = list(dict.fromkeys(cell for cell in cells if cell))[:50]
    return {code: known.get(french.fold(code), default) for code in met}
