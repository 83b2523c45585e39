"""The group's own hierarchy of products: universes, families, segments, brands, ranges, labs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from galien.kernel.errors import InvalidInput, did_you_mean

HIERARCHY_FIELDS = (
    "universe_1",
    "universe_2",
    "family_1",
    "family_2",
    "segment_1",
    "segment_2",
    "brand",
    "range",
    "lab",
    "product_type",
)
HIERARCHY_HEADER = ("product_code", *HIERARCHY_FIELDS)
# A group may also name its own products, which no public file knows.
_OPTIONAL = ("label",)


@dataclass(frozen=True)
class HierarchyRow:
    """What the group says of a product; a field left empty says nothing."""

    product_code: str
    fields: Mapping[str, str]
    label: str | None = None


def read_hierarchy(content: bytes) -> list[HierarchyRow]:
    """Read a hierarchy file: UTF-8 CSV with its header, separated by comma, semicolon or tab.

    Any text is a valid product code; a code given twice with different fields is refused.
    Raises `InvalidInput` naming the column or the line at fault.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "Hiérarchie illisible : le fichier n’est pas en UTF-8. Enregistrez-le en « CSV UTF-8 »."
        ) from error
    header = text.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    _check_header([name.strip() for name in reader.fieldnames or ()])
    rows: dict[str, HierarchyRow] = {}
    for record in reader:
        row = _row(record, reader.line_num)
        if rows.setdefault(row.product_code, row) != row:
            raise InvalidInput(
                f"Hiérarchie, ligne {reader.line_num} : le produit « {row.product_code} » est déjà "
                "décrit autrement plus haut. Gardez une seule ligne par produit."
            )
    return list(rows.values())


def _check_header(header: list[str]) -> None:
    if "product_code" not in header:
        raise InvalidInput(
            "Hiérarchie : la colonne product_code manque. Colonnes attendues : "
            f"{', '.join(HIERARCHY_HEADER)}."
        )
    for name in header:
        if name not in (*HIERARCHY_HEADER, *_OPTIONAL):
            raise InvalidInput(
                f"Hiérarchie : colonne inconnue « {name} ». {did_you_mean(name, HIERARCHY_HEADER)}"
            )


def _row(record: Mapping[str | None, str | list[str] | None], line: int) -> HierarchyRow:
    if None in record or None in record.values():
        raise InvalidInput(
            f"Hiérarchie, ligne {line} : le nombre de colonnes n’est pas celui de l’en-tête."
        )
    said = {str(k).strip(): str(v).strip() for k, v in record.items() if str(v).strip()}
    code = said.pop("product_code", "")
    if not code:
        raise InvalidInput(f"Hiérarchie, ligne {line} : le code produit est vide.")
    label = said.pop("label", None)
    return HierarchyRow(code, said, label)
