"""The products that the contracts of the demonstration name, read from the catalogue."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from galien.usecases.services import Services
from galien.warehouse.catalogue import read_catalogue

# Labs that sell self-medication direct to pharmacies; the demonstration takes the first two it has.
SELF_CARE = ("OPELLA", "UPSA", "COOPER", "BAYER", "BOIRON")


@dataclass(frozen=True)
class Box:
    """A product of a lab: its code, and its generic group when it has one."""

    code: str
    group: str


@dataclass(frozen=True)
class Range:
    """What a lab sells of a kind, by code."""

    lab: str
    boxes: tuple[Box, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the products."""
        return tuple(box.code for box in self.boxes)


def generic_ranges(services: Services, count: int) -> list[Range]:
    """Return the reimbursed generics of the labs that sell most of them, the widest range first."""
    rows = [row for row in _on_sale(services) if row["reimbursable"]]
    ranges = _by_lab(row for row in rows if row["generic_status"] == "generic")
    return sorted(ranges, key=lambda each: (-len(each.boxes), each.lab))[:count]


def self_care_ranges(services: Services) -> list[Range]:
    """Return the medicines without reimbursement of two labs known for them, the first known first."""
    rows = [row for row in _on_sale(services) if not row["reimbursable"]]
    ranges = [each for each in _by_lab(rows) if _rank(each.lab) < len(SELF_CARE)]
    widest = {
        _rank(each.lab): each
        for each in sorted(ranges, key=lambda each: (len(each.boxes), each.lab))
    }
    return [widest[rank] for rank in sorted(widest)][:2]


def _rank(lab: str) -> int:
    return next((n for n, name in enumerate(SELF_CARE) if lab.startswith(name)), len(SELF_CARE))


def _on_sale(services: Services) -> list[dict[str, Any]]:
    product = read_catalogue(services.workspace.catalogue).product()
    names = ["product_code", "until", "lab", "generic_status", "generic_group", "reimbursable"]
    rows = product.select([*names, "on_sale", "hospital_only", "cip7"]).to_pylist()
    return [
        row
        for row in rows
        if row["until"] is None
        and row["on_sale"]
        and not row["hospital_only"]
        and row["cip7"]
        and row["lab"]
    ]


def _by_lab(rows: Any) -> list[Range]:
    boxes: dict[str, list[Box]] = defaultdict(list)
    for row in rows:
        boxes[row["lab"]].append(Box(row["product_code"], row["generic_group"] or ""))
    return [
        Range(lab, tuple(sorted(each, key=lambda box: box.code))) for lab, each in boxes.items()
    ]
