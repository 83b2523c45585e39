"""Where products stand: universes, families from the ATC, brands and labs, as `hierarchy.csv` says."""

from __future__ import annotations

import csv
from pathlib import Path

from galien.demo import assortment
from galien.demo.public import Medicines


def universes(medicines: Medicines, rank: int) -> tuple[str, str]:
    """Place a medicine in the two levels of universe."""
    if medicines.atc[rank].startswith("J07"):
        return "Vaccin", "Vaccins"
    register = ("Hors répertoire", "Générique", "Princeps")[medicines.generic[rank]]
    if medicines.listed[rank]:
        return "Prescription médicale obligatoire", register
    if medicines.homeopathic[rank]:
        return "Santé familiale", "Homéopathie"
    paid = medicines.rate[rank] > 0
    return "Santé familiale", "Médication remboursable" if paid else "Médication familiale"


def medicine_rows(medicines: Medicines, data: Path) -> list[tuple[str, ...]]:
    """Give the line of `hierarchy.csv` of every medicine; families are the levels of the ATC."""
    labels = _atc_labels(data / "atc" / "cnam_atc_labels.csv")
    rows = []
    for i in range(len(medicines)):
        atc, brand = medicines.atc[i], medicines.brand[i]
        levels = [
            labels.get(atc[:length], "") if len(atc) >= length else "" for length in (1, 3, 4, 5)
        ]
        kind = "Médicament remboursable" if medicines.rate[i] else "Médicament non remboursable"
        if medicines.homeopathic[i]:
            kind = "Homéopathie"
        marque = medicines.holder[i] if medicines.generic[i] == 1 else brand
        rows.append(
            (
                medicines.code[i],
                *universes(medicines, i),
                *levels,
                marque,
                brand,
                medicines.holder[i],
                kind,
            )
        )
    return rows


def invented_rows(invented: assortment.Assortment) -> list[tuple[str, ...]]:
    """Give the line of `hierarchy.csv` of every invented product: its shelf's."""
    shelves = (*assortment.SHELVES, assortment.RENTALS)
    return [
        (code, *shelf.universe, *shelf.family, segment, "", brand, line, lab, shelf.kind)
        for code, shelf, segment, brand, line, lab in zip(
            invented.code, (shelves[s] for s in invented.shelf), invented.segment, invented.brand,
            invented.range, invented.lab, strict=True,
        )
    ]  # fmt: skip


def _atc_labels(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["label_fr"].capitalize() for row in csv.DictReader(lines)}
