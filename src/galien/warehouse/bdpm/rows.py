"""The public files as plain rows: medicines, presentations, and each presentation's prices."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from galien.kernel.errors import InvalidInput
from galien.warehouse.bdpm.files import csv_rows, find_file, tabbed_rows
from galien.warehouse.bdpm.register import (
    Conditions,
    GenericPlace,
    read_atc_codes,
    read_conditions,
    read_generic_places,
)
from galien.warehouse.bdpm.wording import read_cents, read_rate

_ON_SALE = "Déclaration de commercialisation"
_ACTIVE = "Présentation active"


@dataclass(frozen=True)
class Medicine:
    """A medicine (CIS): name, form, holder as written."""

    cis: str
    name: str
    form: str
    holder: str


@dataclass(frozen=True)
class PricePoint:
    """What a presentation costs from a day on, in cents incl. tax; None has no price that day.

    `price` is before the dispensing fee, `public` what is paid; `rate` in percent.
    """

    since: dt.date
    price: int | None = None
    fee: int | None = None
    public: int | None = None
    rate: int | None = None

    @property
    def reimbursable(self) -> bool:
        """A price and a rate: without them the product has a free price or is for hospitals."""
        return self.price is not None and self.rate is not None

    def same_terms(self, other: PricePoint) -> bool:
        """Say whether two points differ by their day only."""
        mine = (self.price, self.fee, self.public, self.rate)
        return mine == (other.price, other.fee, other.public, other.rate)


@dataclass(frozen=True)
class Presentation:
    """A pack (CIP13): its label, whether it is on sale, its prices from first to last."""

    cip13: str
    cip7: str
    cis: str
    label: str
    on_sale: bool
    prices: tuple[PricePoint, ...]


@dataclass(frozen=True)
class Bdpm:
    """All that the folder says, keyed by CIS but the presentations, which are in CIP13 order.

    `speaks_from` is the first day its prices tell of, `published_on` the last.
    """

    speaks_from: dt.date
    published_on: dt.date
    presentations: tuple[Presentation, ...]
    medicines: Mapping[str, Medicine]
    generics: Mapping[str, GenericPlace]
    conditions: Mapping[str, Conditions]
    atc_codes: Mapping[str, str]


def read_bdpm(folder: Path, *, published_on: dt.date) -> Bdpm:
    """Read a folder of public files, each plain or `.gz`; only the first two are required.

    CIS_bdpm, CIS_CIP_bdpm; CIS_GENER_bdpm, fic02grp and fic03spe, CIS_CPD_bdpm, CIS_ATC,
    cip_price_history. `published_on` is the day of the files when no history tells it.
    Raises `InvalidInput` when a required file is missing or a line has too few columns.
    """
    history = _read_history(folder)
    days = [point.since for points in history.values() for point in points] or [published_on]
    generics = read_generic_places(folder)
    return Bdpm(
        speaks_from=min(days),
        published_on=max(days),
        presentations=_read_presentations(folder, history, max(days)),
        medicines=_read_medicines(folder),
        generics=generics,
        conditions=read_conditions(folder),
        atc_codes=read_atc_codes(folder, generics),
    )


def price_point(since: dt.date, *, price: str, public: str, fee: str, rate: str) -> PricePoint:
    """Read a line's prices. Some lines had the fee in the public price's place: put right."""
    cents, total, charge = read_cents(price), read_cents(public), read_cents(fee)
    if cents is not None and charge is None and total is not None and total < cents:
        total, charge = cents + total, total
    return PricePoint(since, cents, charge, total, read_rate(rate))


def _required(folder: Path, name: str) -> Path:
    path = find_file(folder, name)
    if path is None:
        raise InvalidInput(
            f"Fichier absent : {name} (ou {name}.gz) dans {folder}. Téléchargez les fichiers de la "
            "base de données publique des médicaments dans ce dossier."
        )
    return path


def _read_medicines(folder: Path) -> dict[str, Medicine]:
    rows = tabbed_rows(_required(folder, "CIS_bdpm.txt"), columns=12)
    return {row[0]: Medicine(row[0], row[1], row[2], row[10]) for row in rows}


def _read_presentations(
    folder: Path, history: Mapping[str, tuple[PricePoint, ...]], day: dt.date
) -> tuple[Presentation, ...]:
    found = []
    for row in tabbed_rows(_required(folder, "CIS_CIP_bdpm.txt"), columns=12):
        cis, cip7, label, status, state, _, cip13, _, rate, price, public, fee, *_ = row
        point = price_point(day, price=price, public=public, fee=fee, rate=rate)
        found.append(
            Presentation(
                cip13=cip13,
                cip7=cip7,
                cis=cis,
                label=label,
                on_sale=status == _ACTIVE and state == _ON_SALE,
                prices=_without_repeats((*history.get(cip13, ()), point)),
            )
        )
    return tuple(sorted(found, key=lambda presentation: presentation.cip13))


def _read_history(folder: Path) -> dict[str, tuple[PricePoint, ...]]:
    """Read the changes between daily files, by CIP13."""
    path = find_file(folder, "cip_price_history.csv")
    if path is None:
        return {}
    points: dict[str, list[PricePoint]] = defaultdict(list)
    for row in csv_rows(path):
        day = dt.date.fromisoformat(row["snapshot_date"])
        if row["event"] == "removed":
            points[row["cip13"]].append(PricePoint(day))
            continue
        points[row["cip13"]].append(
            price_point(
                day,
                price=row["prix_hors_honoraires"],
                public=row["prix_public_ttc"],
                fee=row["honoraires"],
                rate=row["taux"],
            )
        )
    return {code: tuple(sorted(each, key=lambda p: p.since)) for code, each in points.items()}


def _without_repeats(points: tuple[PricePoint, ...]) -> tuple[PricePoint, ...]:
    kept: list[PricePoint] = []
    for point in points:
        if not kept or not point.same_terms(kept[-1]):
            kept.append(point)
    return tuple(kept)
