"""The invented pharmacies of the demonstration group: where they are, what kind, how they trade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.kernel.codes import luhn_ok

GROUP = "Groupement de démonstration"
LAYOUTS = ("demo-officine", "demo-comptoir", "demo-balance")
_DEPARTMENTS = ("13", "31", "33", "35", "44", "59", "69", "76")
_STREETS = (
    "du Marché", "de la Gare", "des Halles", "du Parc", "de l’Église", "des Tilleuls", "du Pont",
    "de la Mairie", "des Écoles", "du Lavoir", "de la Fontaine", "des Remparts", "du Moulin",
    "de la Place", "du Canal", "des Vignes", "du Théâtre", "de la Colline", "du Port", "des Arcades",
    "de l’Horloge", "du Château", "de la Source", "des Jardins",
)  # fmt: skip
_BANNERS = ("Enseigne Alpha (démonstration)", "Enseigne Bêta (démonstration)", "")
_SOFTWARE = ("Officine (démonstration)", "Comptoir (démonstration)", "Balance (démonstration)")


@dataclass(frozen=True)
class Typology:
    """A kind of pharmacy: ranges its members are drawn from.

    `ratio`: prescription invoices ÷ counter invoices; `tied`: share of counter invoices made with
    a prescription; `pmo` and `basket` in euros, tax included; `cover`: stock factor; `days`: the
    stock days published for it; `hours`: opening and closing on weekdays.
    """

    name: str
    share: int
    invoices: tuple[int, int]
    ratio: tuple[float, float]
    tied: tuple[float, float]
    pmo: tuple[float, float]
    basket: tuple[float, float]
    cover: float
    days: int
    hours: tuple[float, float]
    lunch: bool


TYPOLOGIES = (
    Typology("Quartier", 9, (48_000, 66_000), (1.7, 2.4), (0.52, 0.62), (42.0, 49.0), (11.5, 14.0),
             1.00, 40, (8.5, 19.5), False),
    Typology("Ville moyenne", 9, (52_000, 70_000), (1.8, 2.6), (0.55, 0.65), (42.5, 50.0), (11.0, 13.5),
             0.90, 37, (8.75, 19.25), True),
    Typology("Centre-ville", 7, (55_000, 76_000), (1.3, 1.8), (0.40, 0.50), (41.0, 46.0), (13.0, 16.5),
             1.20, 46, (9.0, 19.75), False),
    Typology("Rural", 7, (44_000, 58_000), (2.4, 3.2), (0.60, 0.70), (44.0, 52.0), (10.5, 12.5),
             0.95, 33, (8.75, 19.0), True),
    Typology("Centre commercial", 4, (74_000, 96_000), (1.03, 1.3), (0.28, 0.38), (40.5, 43.5), (16.0, 19.0),
             1.00, 54, (9.0, 20.0), False),
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One pharmacy: its line in `pharmacies.csv` and the parameters its trade is drawn from."""

    rank: int
    finess: str
    name: str
    department: str
    typology: Typology
    size_band: str
    banner: str
    layout: str
    invoices: int
    ratio: float
    tied: float
    pmo: float
    basket: float
    growth: float
    operators: int

    @property
    def software(self) -> str:
        """Name the dispensing software, one per layout of files."""
        return _SOFTWARE[LAYOUTS.index(self.layout)]

    def row(self) -> tuple[str, ...]:
        """Give the line of `pharmacies.csv`."""
        return (self.finess, self.name, self.department, self.typology.name, self.size_band,
                self.banner, self.software, GROUP)  # fmt: skip


def make_members(count: int, rng: np.random.Generator) -> list[Member]:
    """Draw the members; the same seed gives the same first ones whatever the count."""
    order = [typology for typology in TYPOLOGIES for _ in range(typology.share)]
    order = [order[i] for i in np.random.default_rng(20_261).permutation(len(order))]
    return [_member(rank, order[rank % len(order)], rng) for rank in range(count)]


def _member(rank: int, typology: Typology, rng: np.random.Generator) -> Member:
    department = _DEPARTMENTS[rank % len(_DEPARTMENTS)]
    # Position in the range moves all at once: a big prescription pharmacy has big prescriptions.
    place = float(rng.uniform(0, 1))
    invoices = round(_between(typology.invoices, float(rng.uniform(0, 1))), -2)
    pmo = _between(typology.pmo, 0.7 * place + 0.3 * float(rng.uniform(0, 1)))
    return Member(
        rank=rank,
        finess=_finess(department, rank),
        name=_name(rank),
        department=department,
        typology=typology,
        size_band=_size_band(invoices, pmo),
        banner=_BANNERS[int(rng.integers(0, len(_BANNERS)))],
        layout=LAYOUTS[rank % len(LAYOUTS)],
        invoices=int(invoices),
        ratio=_between(typology.ratio, place),
        tied=_between(typology.tied, float(rng.uniform(0, 1))),
        pmo=pmo,
        basket=_between(typology.basket, 1 - place),
        growth=float(rng.normal(0.015, 0.03)),
        operators=4 + int(invoices // 14_000),
    )


def _between(bounds: tuple[float, float], place: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * place


def _name(rank: int) -> str:
    street = _STREETS[rank % len(_STREETS)]
    turn = rank // len(_STREETS)
    return f"Pharmacie de démonstration {street}" + (f" {turn + 1}" if turn else "")


def _size_band(invoices: float, pmo: float) -> str:
    turnover = invoices * pmo * 0.75 / 1e6
    bands = ((1.0, "< 1 M€"), (1.5, "1 à 1,5 M€"), (2.0, "1,5 à 2 M€"), (2.5, "2 à 2,5 M€"))
    return next((label for limit, label in bands if turnover < limit), "> 2,5 M€")


def _finess(department: str, rank: int) -> str:
    """Make a number no pharmacy has: 99 after the department, then the rank and the Luhn key."""
    body = f"{department}99{rank:04d}"
    return next(body + str(key) for key in range(10) if luhn_ok(body + str(key)))
