"""The communes of France and their municipal population, from INSEE's census of 2023."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from galien.kernel.errors import InvalidInput, did_you_mean
from galien.kernel.french import fold
from galien.usecases.public_data import data_folder

CENSUS = 2023
_FILE = Path("geo") / "communes_population.csv.gz"
SHOWN = 6


@dataclass(frozen=True)
class Commune:
    """A commune by its INSEE code (not its postal code), with the people counted in it."""

    code: str
    department: str
    name: str
    population: int


def commune_named(text: str) -> Commune:
    """Find a commune by its INSEE code or its name, accents and case apart.

    Raises InvalidInput when there is none, with near names, or several, with their codes.

    >>> commune_named("villeurbanne").department
    '69'
    """
    wanted = text.strip()
    found = _by_code().get(wanted.upper())
    if found is not None:
        return found
    named = _by_name().get(_folded(wanted), [])
    if len(named) == 1:
        return named[0]
    if not named:
        near = did_you_mean(_folded(wanted), _by_name())
        raise InvalidInput(
            f"Aucune commune « {wanted[:40]} ». {near} Donnez son nom entier ou son code Insee "
            "(pas le code "
            "postal)."
        )
    codes = ", ".join(f"{each.code} ({each.department})" for each in named[:SHOWN])
    raise InvalidInput(
        f"Plusieurs communes s’appellent « {wanted[:40]} » : donnez le code Insee, parmi {codes}."
    )


@cache
def _by_code() -> dict[str, Commune]:
    with gzip.open(data_folder() / _FILE, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {
            row["commune"]: Commune(
                row["commune"], row["department"], row["name"], int(row["population"])
            )
            for row in rows
        }


@cache
def _by_name() -> dict[str, list[Commune]]:
    found: dict[str, list[Commune]] = {}
    for each in _by_code().values():
        found.setdefault(_folded(each.name), []).append(each)
    return found


def _folded(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").replace("’", "'").split())
