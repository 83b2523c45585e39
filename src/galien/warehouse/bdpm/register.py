"""What the registers say of a medicine: generic or hybrid group, prescription list, ATC."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from galien.warehouse.bdpm.files import csv_rows, find_file, tabbed_rows

GENERIC_STATUSES = ("originator", "generic", "substitutable", "hybrid", "outside")
PRESCRIPTION_STATUSES = ("narcotic", "list_i", "list_ii", "optional")

_STATUS_OF_TYPE = {"0": "originator", "1": "generic", "2": "generic", "4": "substitutable"}
_STATUS_OF_CONDITION = {"stupéfiants": "narcotic", "liste I": "list_i", "liste II": "list_ii"}
_HOSPITAL = "réservé à l'usage hospitalier"


@dataclass(frozen=True)
class GenericPlace:
    """Where a medicine stands in the registers; outside them, no group."""

    status: str = "outside"
    group: str | None = None
    label: str | None = None


def read_generic_places(folder: Path) -> dict[str, GenericPlace]:
    """Read the generic and the hybrid registers: a place for each medicine (CIS) they name.

    A medicine of several groups takes the first group by number; generic groups come before
    hybrid ones, whose identifiers are written H and their number. The reference of a hybrid group
    stands outside the generic register: it keeps that status, with its group.
    """
    places = _hybrid_places(folder)
    path = find_file(folder, "CIS_GENER_bdpm.txt")
    rows = list(tabbed_rows(path, columns=5)) if path else []
    for group, label, cis, kind, *_ in sorted(rows, key=lambda row: -int(row[0])):
        places[cis] = GenericPlace(_STATUS_OF_TYPE.get(kind, "outside"), group, group_label(label))
    return places


def _hybrid_places(folder: Path) -> dict[str, GenericPlace]:
    groups, medicines = find_file(folder, "fic02grp.txt"), find_file(folder, "fic03spe.txt")
    if groups is None or medicines is None:
        return {}
    # A tab typed in a label makes one column more: the label is all that follows the route.
    labels = {row[1]: group_label(" ".join(row[3:])) for row in tabbed_rows(groups, columns=4)}
    return {
        cis: GenericPlace("hybrid" if kind == "H" else "outside", f"H{group}", labels.get(group))
        for group, cis, kind, *_ in sorted(
            tabbed_rows(medicines, columns=4), key=lambda row: -int(row[0])
        )
    }


def group_label(label: str) -> str:
    """Shorten a group's label to its substance, strength and first reference.

    >>> group_label("OMEPRAZOLE 20 mg - MOPRAL 20 mg, gélule - ZOLTUM 20 mg, gélule.")
    'OMEPRAZOLE 20 mg (MOPRAL 20 mg, gélule)'
    """
    parts = [part.strip(" .") for part in re.split(r"\s+[-\u2013]\s+", re.sub(r"\s+", " ", label))]
    return f"{parts[0]} ({parts[1]})" if len(parts) > 1 and parts[1] else parts[0]


@dataclass(frozen=True)
class Conditions:
    """How a medicine may be prescribed and delivered; None when the file is not there."""

    prescription_status: str | None = None
    hospital_only: bool | None = None


def read_conditions(folder: Path) -> Mapping[str, Conditions]:
    """Read prescription lists and hospital reserve by CIS; absent from the file is `optional`."""
    path = find_file(folder, "CIS_CPD_bdpm.txt")
    if path is None:
        return defaultdict(Conditions)
    said: dict[str, set[str]] = defaultdict(set)
    for cis, condition, *_ in tabbed_rows(path, columns=2):
        said[cis].add(condition)
    found: dict[str, Conditions] = defaultdict(lambda: Conditions("optional", hospital_only=False))
    for cis, conditions in said.items():
        lists = {_STATUS_OF_CONDITION.get(condition, "optional") for condition in conditions}
        hospital = any(condition.lower().startswith(_HOSPITAL) for condition in conditions)
        found[cis] = Conditions(min(lists, key=PRESCRIPTION_STATUSES.index), hospital_only=hospital)
    return found


def read_atc_codes(folder: Path, places: Mapping[str, GenericPlace]) -> dict[str, str]:
    """Read the ATC code by CIS; a medicine without one takes that of its generic group."""
    path = find_file(folder, "CIS_ATC.csv", "CIS-ATC*.csv")
    if path is None:
        return {}
    codes = dict(_atc_pairs(csv_rows(path)))
    of_group: dict[str, Counter[str]] = defaultdict(Counter)
    for cis, place in places.items():
        if place.group and cis in codes:
            of_group[place.group][codes[cis]] += 1
    for cis, place in places.items():
        known = of_group.get(place.group or "")
        if known and cis not in codes:
            codes[cis] = min(known, key=lambda code: (-known[code], code))
    return codes


def _atc_pairs(rows: Iterable[Mapping[str, str]]) -> Iterable[tuple[str, str]]:
    for row in rows:
        cis, code, *_ = row.values()
        yield cis, code


def read_indications() -> dict[str, str]:
    """Give the readable name of each ATC class of the second level."""
    text = (Path(__file__).parent / "indications.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
