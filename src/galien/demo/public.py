"""The real medicines that the demonstration group sells, read from the public files in `data`."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

SNAPSHOT = dt.date(2026, 7, 24)
FIRST_RELIABLE = dt.date(2025, 7, 7)
ABSENT = -1
_ON_SALE = "Déclaration de commercialisation"
_GENERIC = {"0": 2, "1": 1, "2": 1, "4": 1}


@dataclass(frozen=True)
class Medicines:
    """One entry per presentation; amounts in cents, `ABSENT` where there is no price.

    `generic`: 0 outside the register, 1 generic, 2 reference. `price` has one column per entry of
    `versions`: the price before fee, tax included, from that day on.
    """

    code: Texts
    cis: Texts
    label: Texts
    brand: Texts
    holder: Texts
    atc: Texts
    group: Texts
    pack: Ints
    generic: Ints
    listed: Bools
    hospital: Bools
    homeopathic: Bools
    on_sale: Bools
    rate: Ints
    fee: Ints
    price: Ints
    versions: tuple[dt.date, ...]
    reimbursed: Floats
    boxes: Floats

    def __len__(self) -> int:
        return len(self.code)


@cache
def read_medicines(folder: Path) -> Medicines:
    """Read the presentations of the last public snapshot, their price history and their demand.

    Read once: the files do not change while Galien runs, and nothing writes in what is returned.
    """
    bdpm = folder / "bdpm"
    specialities = {row[0]: row for row in _tabbed(bdpm / "CIS_bdpm.txt.gz", "cp1252")}
    packs = [r for r in _tabbed(bdpm / "CIS_CIP_bdpm.txt.gz", "utf-8") if r[0] in specialities]
    packs.sort(key=lambda row: row[6])
    codes = [row[6] for row in packs]
    groups = _groups(bdpm / "CIS_GENER_bdpm.txt.gz")
    conditions = _conditions(bdpm / "CIS_CPD_bdpm.txt.gz")
    atc = _atc_codes(bdpm / "CIS_ATC.csv.gz", specialities)
    versions, price = _price_history(bdpm / "cip_price_history.csv.gz", codes)
    names, reimbursed, boxes = _demand(folder / "openmedic", codes)
    speciality = [specialities[row[0]] for row in packs]
    return Medicines(
        code=_texts(codes),
        cis=_texts([row[0] for row in packs]),
        label=_texts(
            [names.get(r[6]) or _label(s[1], r[2]) for r, s in zip(packs, speciality, strict=True)]
        ),
        brand=_texts([_brand(s[1]) for s in speciality]),
        holder=_texts([holder_name(s[10]) for s in speciality]),
        atc=_texts([atc.get(row[0], "") for row in packs]),
        group=_texts([groups.get(row[0], ("", 0))[0] for row in packs]),
        pack=np.array([_pack_size(row[2]) for row in packs], np.int64),
        generic=np.array([groups.get(row[0], ("", 0))[1] for row in packs], np.int64),
        listed=np.array([bool(_LISTED & conditions.get(row[0], set())) for row in packs]),
        hospital=np.array([_for_hospitals(conditions.get(row[0], set())) for row in packs]),
        homeopathic=np.array(["homéo" in s[5] for s in speciality]),
        on_sale=np.array([row[4] == _ON_SALE for row in packs]),
        rate=np.array([int(row[8].rstrip("% ") or 0) for row in packs], np.int64),
        fee=np.array([french_cents(row[11]) for row in packs], np.int64),
        price=price,
        versions=versions,
        reimbursed=reimbursed,
        boxes=boxes,
    )


def french_cents(text: str) -> int:
    """Read a price of the public file in cents; the last comma is the decimal mark.

    >>> french_cents("1,466,29"), french_cents("2,18"), french_cents("")
    (146629, 218, 0)
    """
    if not text:
        return 0
    whole, _, decimals = text.rpartition(",")
    return int(whole.replace(",", "") or 0) * 100 + int(decimals.ljust(2, "0"))


def holder_name(text: str) -> str:
    """Give the lab that sells a medicine: the first holder, generic houses under one name.

    >>> holder_name(" ARROW GENERIQUES"), holder_name(" VIATRIS SANTE;MYLAN SAS")
    ('ARROW', 'VIATRIS')
    """
    first = text.split(";", maxsplit=1)[0].strip()
    for house in GENERIC_HOUSES:
        if first.startswith(house):
            return house
    return "VIATRIS" if first.startswith("MYLAN") else first


GENERIC_HOUSES = (
    "BIOGARAN", "VIATRIS", "ARROW", "EG LABO", "SANDOZ", "ZENTIVA", "TEVA", "CRISTERS", "ZYDUS",
    "EVOLUPHARM",
)  # fmt: skip
_LISTED = {"liste I", "liste II", "stupéfiants"}


def _texts(values: list[str]) -> Texts:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _tabbed(path: Path, encoding: str) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding=encoding, newline="") as lines:
        for line in lines:
            fields = line.rstrip("\r\n").split("\t")
            if len(fields) > 1:
                yield fields


def _groups(path: Path) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for group, _label_text, cis, kind, *_ in _tabbed(path, "cp1252"):
        found.setdefault(cis, (group, _GENERIC[kind]))
    return found


def _conditions(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for cis, condition, *_ in _tabbed(path, "cp1252"):
        found.setdefault(cis, set()).add(condition.strip())
    return found


def _for_hospitals(conditions: set[str]) -> bool:
    return any("HOSPITALIER" in c or "assistance médicale mobile" in c for c in conditions)


def _atc_codes(path: Path, specialities: dict[str, list[str]]) -> dict[str, str]:
    """Read the ATC of the medicines; one that has none takes that of its namesakes."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        found = {row["code_cis"]: row["code_atc"] for row in csv.DictReader(lines)}
    by_name = {
        _brand(specialities[cis][1]): code for cis, code in found.items() if cis in specialities
    }
    for cis, row in specialities.items():
        if cis not in found and _brand(row[1]) in by_name:
            found[cis] = by_name[_brand(row[1])]
    return found


def _label(name: str, pack: str) -> str:
    return f"{name.split(', ', maxsplit=1)[0].strip()} {_pack_size(pack)}"


def _brand(name: str) -> str:
    words = re.split(r"[ ,/]", name.strip(), maxsplit=1)[0]
    return words.rstrip(",").upper()


def _pack_size(label: str) -> int:
    """Count the units of a pack from its label ("plaquette(s) de 30 comprimé(s)": 30)."""
    numbers = re.findall(r"(\d+) *(?:comprim|gélule|capsule|sachet|dose|récipient|lyoph)", label)
    return int(numbers[-1]) if numbers else 1


def _price_history(path: Path, codes: list[str]) -> tuple[tuple[dt.date, ...], Ints]:
    """Lay the price events out as one column per snapshot, the last one that named the pack.

    Nothing is known between April 2020 and July 2025: the price of July 2025 serves before it.
    """
    position = {code: rank for rank, code in enumerate(codes)}
    events: dict[str, list[tuple[int, int]]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["cip13"] in position:
                price = row["prix_hors_honoraires"]
                cents = round(float(price) * 100) if price else ABSENT
                gone = row["event"] == "removed"
                events.setdefault(row["snapshot_date"], []).append(
                    (position[row["cip13"]], ABSENT if gone else cents)
                )
    current = np.full(len(codes), ABSENT, np.int64)
    columns: list[Ints] = []
    days: list[dt.date] = []
    for day in sorted(events):
        for rank, cents in events[day]:
            current[rank] = cents
        if dt.date.fromisoformat(day) >= FIRST_RELIABLE:
            columns.append(current.copy())
            days.append(dt.date.fromisoformat(day))
    return tuple(days), np.stack(columns, axis=1)


def _demand(folder: Path, codes: list[str]) -> tuple[dict[str, str], Floats, Floats]:
    """Read short names, what was reimbursed nationally and, where published, boxes (else 0)."""
    position = {code: rank for rank, code in enumerate(codes)}
    names: dict[str, str] = {}
    reimbursed, boxes = np.zeros(len(codes)), np.zeros(len(codes))
    for name in _DEMAND_TABLES:
        path = folder / name
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for row in csv.DictReader(content.decode("utf-8").splitlines()):
            rank = position.get(row["cip13"])
            if rank is None:
                continue
            if row["lib_cip13"] not in ("", "NA"):
                names[row["cip13"]] = row["lib_cip13"]
            reimbursed[rank] = float(row["remboursement_total"])
            boxes[rank] = float(row.get("boites_delivrees") or boxes[rank])
    return names, reimbursed, boxes


_DEMAND_TABLES = (
    "eda_12_analyse_pareto.csv.gz",
    "eda_02_top_medicaments_remboursement.csv",
    "eda_03_top_medicaments_boites.csv",
    "eda_14_medicaments_faible_impact.csv.gz",
)
