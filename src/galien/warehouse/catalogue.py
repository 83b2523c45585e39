"""The catalogue: every product as it was on each day, from the public files and the hierarchy."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from galien.kernel.units import Unit
from galien.law import Law
from galien.model.columns import Column, ColumnType, date, integer, rate, text
from galien.warehouse.bdpm import (
    GENERIC_STATUSES,
    PRESCRIPTION_STATUSES,
    Bdpm,
    GenericPlace,
    Presentation,
    PricePoint,
)
from galien.warehouse.bdpm.register import read_indications
from galien.warehouse.bdpm.wording import product_label, read_lab, read_pack, read_strength
from galien.warehouse.hierarchy import HIERARCHY_FIELDS, HierarchyRow
from galien.warehouse.product_prices import PRICE_SCHEMA, price_table
from galien.warehouse.versions import carry_on

# A product's first known state stands for the days before it: whatever was sold then was sold so.
BEGINNING = dt.date(1900, 1, 1)
MEDICINE = "Médicament"

PRODUCT_COLUMNS: tuple[Column, ...] = (
    text("product_code", "Code du produit, tel que les ventes le portent"),
    date("since", "Premier jour de cette version du produit"),
    date("until", "Premier jour où elle ne vaut plus ; vide si elle court encore", required=False),
    text("label", "Libellé lisible : nom et conditionnement"),
    text("cip7", "Code CIP à 7 chiffres", required=False),
    text("cis", "Code de la spécialité dans la base publique", required=False),
    *(text(name, "Hiérarchie du groupement", required=False) for name in HIERARCHY_FIELDS),
    text("form", "Forme pharmaceutique", required=False),
    text("strength", "Dosage, tel que le nom l’écrit", required=False),
    integer("pack_size", "Unités par boîte", Unit.COUNT, required=False),
    text("generic_status", "Place au répertoire", required=False, choices=GENERIC_STATUSES),
    text("generic_group", "Numéro du groupe générique (H et numéro : hybride)", required=False),
    text("generic_group_label", "Libellé du groupe générique", required=False),
    Column("reimbursable", ColumnType.BOOLEAN, "Inscrit au remboursement", required=False),
    rate("reimbursement_rate", "Taux de remboursement", required=False),
    text(
        "prescription_status",
        "Liste de prescription",
        required=False,
        choices=PRESCRIPTION_STATUSES,
    ),
    Column("hospital_only", ColumnType.BOOLEAN, "Réservé à l’hôpital", required=False),
    Column("on_sale", ColumnType.BOOLEAN, "Commercialisé", required=False),
    text("atc_code", "Code ATC", required=False),
    text("indication", "Classe thérapeutique (ATC, deuxième niveau)", required=False),
)
PRODUCT_SCHEMA = pa.schema([column.field for column in PRODUCT_COLUMNS])
HIERARCHY_SCHEMA = pa.schema(
    [pa.field("product_code", pa.string(), nullable=False)]
    + [pa.field(name, pa.string()) for name in (*HIERARCHY_FIELDS, "label")]
)

_VERSION_TERMS = (
    "reimbursable",
    "reimbursement_rate",
    "generic_status",
    "generic_group",
)
_FILES = {"public": PRODUCT_SCHEMA, "hierarchy": HIERARCHY_SCHEMA, "product_price": PRICE_SCHEMA}


@dataclass(frozen=True)
class Catalogue:
    """What the public files and the group say; `product` is the two laid one over the other.

    `public` and `product_price` come from the public files, `hierarchy` from the group. Importing
    one leaves the other as it was.
    """

    public: pa.Table
    hierarchy: pa.Table
    product_price: pa.Table

    @classmethod
    def empty(cls) -> Catalogue:
        """Give the catalogue of a new workspace: products sold are still counted by their code."""
        return cls(*(schema.empty_table() for schema in _FILES.values()))

    def with_bdpm(self, bdpm: Bdpm, law: Law) -> Catalogue:
        """Add what the public files say, from the first day they tell of.

        Earlier versions and prices are kept; a version changes with the reimbursement, its rate or
        the place in the registers. Prices are taken apart with the law of their day.
        """
        public = carry_on(
            self.public.to_pylist(),
            _public_rows(bdpm),
            day=bdpm.speaks_from,
            terms=_VERSION_TERMS,
            absent_ends=False,
        )
        prices = carry_on(
            self.product_price.to_pylist(),
            price_table(bdpm, law).to_pylist(),
            day=bdpm.speaks_from,
            terms=PRICE_SCHEMA.names[3:],
            absent_ends=True,
        )
        return replace(
            self,
            public=pa.Table.from_pylist(public, schema=PRODUCT_SCHEMA),
            product_price=pa.Table.from_pylist(prices, schema=PRICE_SCHEMA),
        )

    def with_hierarchy(self, rows: Iterable[HierarchyRow]) -> Catalogue:
        """Add the group's rows; a row replaces the earlier one of the same product."""
        known = {record["product_code"]: record for record in self.hierarchy.to_pylist()}
        known |= {
            row.product_code: {"product_code": row.product_code, "label": row.label, **row.fields}
            for row in rows
        }
        ordered = [known[code] for code in sorted(known)]
        return replace(self, hierarchy=pa.Table.from_pylist(ordered, schema=HIERARCHY_SCHEMA))

    def product(self) -> pa.Table:
        """Give one row per version of a product, by code then date.

        A field of the hierarchy wins when it is given; a product it alone knows has one version.
        """
        codes = self.public["product_code"]
        said = self.hierarchy.take(pc.index_in(codes, self.hierarchy["product_code"]))
        laid_over = [
            pc.coalesce(said[name], self.public[name])
            if name in said.column_names
            else self.public[name]
            for name in PRODUCT_SCHEMA.names
        ]
        known = pa.Table.from_arrays(laid_over, schema=PRODUCT_SCHEMA)
        own = self.hierarchy.filter(pc.invert(pc.is_in(self.hierarchy["product_code"], codes)))
        return pa.concat_tables([known, _own_products(own)]).sort_by(
            [("product_code", "ascending"), ("since", "ascending")]
        )


def write_catalogue(catalogue: Catalogue, folder: Path) -> None:
    """Write the catalogue's three tables as Parquet, each one whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        path = folder / f"{name}.parquet"
        pending = path.with_suffix(".pending")
        pq.write_table(getattr(catalogue, name), pending, compression="snappy")
        with pending.open("rb") as written:
            os.fsync(written.fileno())
        pending.replace(path)


def read_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue of a workspace; an absent table is empty."""
    tables = []
    for name, schema in _FILES.items():
        path = folder / f"{name}.parquet"
        table = pq.ParquetFile(path).read() if path.exists() else schema.empty_table()
        tables.append(table.cast(schema))
    return Catalogue(*tables)


def written_at(folder: Path) -> int:
    """Return a mark that changes when the catalogue of a workspace is written again; 0 without one."""
    return max((path.stat().st_mtime_ns for path in folder.glob("*.parquet")), default=0)


def _public_rows(bdpm: Bdpm) -> Iterator[dict[str, object]]:
    indications = read_indications()
    for presentation in bdpm.presentations:
        fixed = _attributes(bdpm, presentation, indications)
        versions = _versions(presentation.prices)
        ends = [since for since, _, _ in versions[1:]]
        for (since, reimbursable, percent), until in zip(versions, [*ends, None], strict=True):
            yield {
                **fixed,
                "since": since,
                "until": until,
                "reimbursable": reimbursable,
                "reimbursement_rate": None if percent is None else Decimal(percent).scaleb(-2),
            }


def _versions(points: Sequence[PricePoint]) -> list[tuple[dt.date, bool, int | None]]:
    """Give the days on which a product became reimbursable or not, or changed rate."""
    versions: list[tuple[dt.date, bool, int | None]] = []
    for point in points:
        terms = (point.reimbursable, point.rate if point.reimbursable else None)
        if not versions or versions[-1][1:] != terms:
            versions.append((point.since if versions else BEGINNING, *terms))
    return versions


def _attributes(
    bdpm: Bdpm, presentation: Presentation, indications: dict[str, str]
) -> dict[str, object]:
    medicine = bdpm.medicines.get(presentation.cis)
    place = bdpm.generics.get(presentation.cis, GenericPlace())
    conditions = bdpm.conditions[presentation.cis]
    atc = bdpm.atc_codes.get(presentation.cis)
    pack = read_pack(presentation.label)
    name = medicine.name if medicine else presentation.label
    return {
        "product_code": presentation.cip13,
        "label": product_label(name, pack) if medicine else name,
        "cip7": presentation.cip7,
        "cis": presentation.cis,
        "lab": read_lab(medicine.holder) if medicine else None,
        "product_type": MEDICINE,
        "form": medicine.form or None if medicine else None,
        "strength": read_strength(medicine.name) if medicine else None,
        "pack_size": pack.size,
        "generic_status": place.status,
        "generic_group": place.group,
        "generic_group_label": place.label,
        "prescription_status": conditions.prescription_status,
        "hospital_only": conditions.hospital_only,
        "on_sale": presentation.on_sale,
        "atc_code": atc,
        "indication": indications.get(atc[:3]) if atc else None,
    }


def _own_products(said: pa.Table) -> pa.Table:
    """Return the one version of products that the group alone knows, named by their code at worst."""
    named = said["label"].to_pylist()
    labels = [
        label or code for label, code in zip(named, said["product_code"].to_pylist(), strict=True)
    ]
    given = {name: said[name] for name in said.column_names} | {
        "since": pa.chunked_array([pa.repeat(pa.scalar(BEGINNING), said.num_rows)]),
        "label": pa.chunked_array([pa.array(labels, pa.string())]),
    }
    columns = [
        given.get(field.name, pa.chunked_array([pa.nulls(said.num_rows, field.type)]))
        for field in PRODUCT_SCHEMA
    ]
    return pa.Table.from_arrays(columns, schema=PRODUCT_SCHEMA)
