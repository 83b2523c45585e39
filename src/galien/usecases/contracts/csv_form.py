"""Price lists of labs as CSV files: one row for each product (or group, range, brand) and rate.

Columns, in any order and in English or French: `lab`, `supplier`, `reference`, `standing`,
`signed_on`, `since`, `until`, `note` say of which contract a row is; `product_code`, `generic_group`,
`range`, `brand` or `class` what it covers; `discount_rate`, `extra_rate` (`extra_kind`: rebate or
cooperation), `paid` and `free` what it gives; `minimum`, `measured` and `span` from what tier on.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.model.contracts import Contract, Standing
from galien.usecases.contracts.csv_rows import Draft, Head, Target, give
from galien.usecases.contracts.kinds import Choice, Day, Place, Text
from galien.usecases.contracts.plain import CLASSES

MOST_BYTES, MOST_ROWS = 20_000_000, 200_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "lab": ("laboratoire", "labo"),
    "supplier": ("fournisseur",),
    "reference": ("référence", "contrat"),
    "standing": ("état",),
    "signed_on": ("signé le", "signature"),
    "since": ("début", "du", "date d’effet"),
    "until": ("fin", "au"),
    "note": ("remarque",),
    "product_code": ("code", "cip", "cip13", "ean", "acl", "code produit"),
    "generic_group": ("groupe générique", "groupe"),
    "range": ("gamme",),
    "brand": ("marque",),
    "class": ("classe",),
    "discount_rate": ("remise", "taux de remise", "taux"),
    "discount_percent": ("remise %", "taux %", "% remise", "remise en %"),
    "extra_rate": ("complément", "remise différée"),
    "extra_percent": ("complément %", "remise différée %"),
    "extra_kind": ("nature du complément",),
    "paid": ("ug payées", "payées"),
    "free": ("ug", "ug offertes", "offertes", "gratuites"),
    "minimum": ("palier", "seuil", "à partir de"),
    "measured": ("mesure",),
    "span": ("période",),
}
TARGETS = ("product_code", "generic_group", "range", "brand", "class")
HEAD = ("lab", "supplier", "reference", "standing", "signed_on", "since", "until", "note")
_CODE = re.compile(r"[0-9]{7}|[0-9]{13}|0[0-9]{13}")
_SHOWN = 160


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken: its line in the file, why, and what it held."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class PriceList:
    """A file read: every row is in a contract or among those rejected."""

    contracts: tuple[Contract, ...]
    rows: int
    rejected: tuple[Rejected, ...]
    ignored: tuple[str, ...]


@dataclass
class _Reading:
    """What is read so far: contracts by reference, rows refused."""

    defaults: Mapping[str, str]
    known: Mapping[str, str]
    drafts: dict[str, Draft] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    rows: int = 0


def read_csv(
    content: bytes,
    *,
    name: str,
    defaults: Mapping[str, str] | None = None,
    known: Mapping[str, str] | None = None,
) -> PriceList:
    """Read a price list: a contract for each reference, products of one rate put in one clause.

    `defaults` gives the columns of the contract that the file lacks (lab, since…); `known` the
    product code of each code of the catalogue, CIP7 among them. A row that cannot be used is listed
    with its line and the reason. Raises InvalidInput when the file is no such table at all.
    """
    if len(content) > MOST_BYTES:
        raise InvalidInput(f"« {name} » dépasse {MOST_BYTES // 1_000_000} Mo : coupez-le.")
    reading = _Reading(defaults or {}, known or {})
    ignored: tuple[str, ...] = ()
    columns: list[str] = []
    for line, cells in _lines(content, name):
        if not columns:
            columns, ignored = _columns(cells, name)
            continue
        if not any(cells):
            continue
        reading.rows += 1
        if reading.rows > MOST_ROWS:
            raise InvalidInput(f"« {name} » compte plus de {MOST_ROWS} lignes : coupez-le.")
        _take(reading, columns, cells, line)
    if not columns:
        raise InvalidInput(f"« {name} » est vide.")
    contracts = tuple(each.contract() for each in reading.drafts.values() if each.given)
    return PriceList(contracts, reading.rows, tuple(reading.rejected), ignored)


def _take(reading: _Reading, columns: list[str], cells: list[str], line: int) -> None:
    """Put a row in its contract, or among those rejected."""
    try:
        if any(cells[len(columns) :]):
            raise InvalidInput("Cette ligne a plus de cases que de colonnes.")
        row = {key: cell for key, cell in zip(columns, cells, strict=False) if cell}
        give(_draft(reading, row, line), _target(row, reading.known), row, line)
    except InvalidInput as wrong:
        reading.rejected.append(Rejected(line, wrong.message, ";".join(cells)[:_SHOWN]))


def _lines(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    if b"\x00" in content:
        raise InvalidInput(f"« {name} » n’est pas un fichier texte : enregistrez-le en CSV.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count))
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput(
            f"« {name} », ligne {line} : illisible comme tableau ({error})."
        ) from error


def _columns(header: list[str], name: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the name of each column, and those of the file that nothing reads."""
    names = {_plain(word): key for key, words in COLUMNS.items() for word in (key, *words)}
    columns = [names.get(_plain(cell), cell) for cell in header]
    read = [each for each in columns if each in COLUMNS]
    doubled = sorted({each for each in read if read.count(each) > 1})
    if doubled:
        raise InvalidInput(f"« {name} » a deux colonnes {doubled[0]} : gardez-en une.")
    if not {"discount_rate", "discount_percent", "extra_rate", "extra_percent", "free"} & set(read):
        raise InvalidInput(
            f"« {name} » n’a aucune colonne de remise ; lu : {', '.join(header)[:200] or 'rien'}. La "
            "première ligne nomme les colonnes : product_code, discount_rate… ou code, remise…"
        )
    return columns, tuple(each for each in header if each and _plain(each) not in names)


def _plain(text: str) -> str:
    return re.sub(r"[\s_'’]+", " ", french.fold(text)).strip()


def _draft(reading: _Reading, row: Mapping[str, str], line: int) -> Draft:
    """Return the contract a row is of; what it repeats of it must agree."""
    given = {key: row[key] for key in HEAD if key in row}
    said = {key: each for key, each in reading.defaults.items() if each} | given
    reference = said.get("reference") or said.get("lab") or said.get("supplier") or ""
    if not reference:
        raise InvalidInput("Ni laboratoire, ni fournisseur : on ne sait de qui est cette ligne.")
    draft = reading.drafts.get(reference)
    if draft is None:
        draft = Draft(_head(reference, said), line)
        reading.drafts[reference] = draft
        return draft
    if draft.told == given or not given:
        return draft
    head = _head(reference, {**draft.said, **given})
    if head != draft.head:
        raise InvalidInput(
            f"Le contrat « {reference} » est décrit autrement à la ligne {draft.line} : donnez-lui "
            "les mêmes parties et les mêmes dates, ou une autre référence."
        )
    draft.told = given
    return draft


def _head(reference: str, said: Mapping[str, str]) -> Head:
    if "since" not in said:
        raise InvalidInput("Le début du contrat manque (colonne since).")
    day, place = Day(), Place()
    head = Head(
        reference=Text(120).read(reference, place),
        supplier=Text(200).read(said.get("supplier", ""), place),
        lab=Text(200).read(said.get("lab", ""), place),
        since=day.read(said["since"], place),
        until=day.read(said["until"], place) if said.get("until") else None,
        signed_on=day.read(said["signed_on"], place) if said.get("signed_on") else None,
        standing=Standing(Choice(Standing).read(said.get("standing", "offer"), place)),
        note=Text(4_000).read(said.get("note", ""), place),
    )
    head.contract(())
    return head


def _target(row: Mapping[str, str], known: Mapping[str, str]) -> Target:
    """Return what a row covers: the most precise name it gives, else all of the lab."""
    kind = next((each for each in TARGETS if each in row), "")
    if not kind:
        return Target("", "")
    name = row[kind]
    if kind == "product_code":
        code = re.sub(r"[\s.-]", "", name)
        if not _CODE.fullmatch(code):
            raise InvalidInput(f"« {name[:40]} » n’est pas un code de produit (CIP13, CIP7, EAN).")
        code = code[1:] if len(code) == 14 else code
        return Target(kind, known.get(code, code))
    if kind == "generic_group" and not re.fullmatch(r"H?[0-9]{1,10}", name):
        raise InvalidInput(f"« {name[:40]} » n’est pas un numéro de groupe générique.")
    if kind == "class" and name not in CLASSES:
        raise InvalidInput(f"« {name[:40]} » n’est pas une classe : {', '.join(CLASSES)}.")
    return Target(kind, Text(200).read(name, Place()))
