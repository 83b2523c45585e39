"""Pharmacies: importing the group's list, and knowing those that send files before they are listed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from django.db import transaction

from galien.kernel.errors import InvalidInput, did_you_mean
from galien.records.models import Organisation, OrganisationKind, Pharmacy
from galien.records.rights_watch import move_epoch
from galien.warehouse.reference import PHARMACY_COLUMNS

TEXTS = ("name", "department", "typology", "size_band", "banner", "lgo")
COLUMNS = ("finess", *TEXTS, "group")
REQUIRED = ("finess", "name")


@dataclass(frozen=True)
class ImportCount:
    """What an import did: lines read, pharmacies made, changed, groups made."""

    read: int
    created: int
    updated: int
    groups: int


def import_pharmacies(path: Path) -> ImportCount:
    """Import the group's list (CSV: finess,name,department,typology,size_band,banner,lgo,group).

    All or nothing. A group is made when new, and each pharmacy's own company, whose people its group's
    administrator invites. Raises InvalidInput with the line at fault.
    """
    rows = list(_rows(path))
    with transaction.atomic():
        groups = _groups(sorted({row["group"] for row in rows if row["group"]}))
        before = set(Pharmacy.objects.values_list("finess", flat=True))
        known = {
            group.name: group for group in Organisation.objects.filter(kind=OrganisationKind.GROUP)
        }
        Pharmacy.objects.bulk_create(
            (
                Pharmacy(
                    finess=row["finess"],
                    group=known.get(row["group"]),
                    **{name: row[name] for name in TEXTS},
                )
                for row in rows
            ),
            update_conflicts=True,
            unique_fields=["finess"],
            update_fields=[*TEXTS, "group"],
        )
        for pharmacy in Pharmacy.objects.filter(organisation=None):
            own_company(pharmacy)
        move_epoch()
    updated = len(before & {row["finess"] for row in rows})
    return ImportCount(len(rows), len(rows) - updated, updated, groups)


def own_company(pharmacy: Pharmacy) -> Organisation:
    """Return the organisation a pharmacy's own people belong to, made when there is none."""
    if pharmacy.organisation is None:
        name = f"{pharmacy.name} ({pharmacy.finess})"
        kind = OrganisationKind.PHARMACY
        pharmacy.organisation = Organisation.objects.get_or_create(name=name, kind=kind)[0]
        pharmacy.save(update_fields=["organisation"])
    return pharmacy.organisation


def make_known(finess: str) -> None:
    """Register a pharmacy that sends a file before the group listed it, under its number."""
    Pharmacy.objects.get_or_create(finess=finess, defaults={"name": finess})


def pharmacy_table() -> pa.Table:
    """Return the pharmacies as a release carries them; an empty text is null."""
    found = Pharmacy.objects.select_related("group").order_by("finess")
    rows = [
        {
            "pharmacy": each.finess,
            "grouping": each.group.name if each.group else None,
            **{name: getattr(each, name) or None for name in TEXTS},
        }
        for each in found
    ]
    schema = pa.schema([(name, pa.string()) for name in PHARMACY_COLUMNS])
    return pa.Table.from_pylist(rows, schema=schema)


def _groups(names: list[str]) -> int:
    made = [
        Organisation.objects.get_or_create(name=name, kind=OrganisationKind.GROUP)[1]
        for name in names
    ]
    return sum(made)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    text = _text(path)
    header_line = text.split("\n", 1)[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=header_line.count)
    )
    _check_header([name.strip() for name in reader.fieldnames or ()])
    seen: set[str] = set()
    for record in reader:
        if None in record or None in record.values():
            raise _wrong(
                path, reader.line_num, "le nombre de colonnes n’est pas celui de l’en-tête"
            )
        row = dict.fromkeys(COLUMNS, "")
        row.update({str(key).strip(): str(value).strip() for key, value in record.items()})
        if not row["finess"].isalnum() or len(row["finess"]) > 14:
            raise _wrong(path, reader.line_num, f"« {row['finess']} » n’est pas un numéro FINESS")
        if row["finess"] in seen:
            raise _wrong(path, reader.line_num, f"la pharmacie {row['finess']} est déjà plus haut")
        seen.add(row["finess"])
        row["name"] = row["name"] or row["finess"]
        yield row


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInput(
            f"Fichier {path} illisible ({error.strerror}).", code="NO_FILE"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"Fichier {path} : il n’est pas en UTF-8. Enregistrez-le en « CSV UTF-8 ».",
            code="ENCODING",
        ) from error


def _check_header(header: list[str]) -> None:
    for name in REQUIRED:
        if name not in header:
            raise InvalidInput(
                f"Pharmacies : la colonne {name} manque. Colonnes attendues : {', '.join(COLUMNS)}.",
                code="MISSING_COLUMN",
            )
    for name in header:
        if name not in COLUMNS:
            raise InvalidInput(
                f"Pharmacies : colonne inconnue « {name} ». {did_you_mean(name, COLUMNS)}",
                code="UNKNOWN_COLUMN",
            )


def _wrong(path: Path, line: int, why: str) -> InvalidInput:
    return InvalidInput(f"Fichier {path.name}, ligne {line} : {why}. Corrigez puis recommencez.")
