"""Generates the demonstration group: simulates each pharmacy and writes its files and the two lists."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from galien.demo.baskets import make_lines
from galien.demo.campaigns import Campaign, campaigns_of
from galien.demo.catalogue import Shop, build_shop
from galien.demo.days import Calendar, make_calendar
from galien.demo.export import ManifestLine, write_files
from galien.demo.free_prices import make_prices
from galien.demo.layouts import Source
from galien.demo.members import Member, make_members
from galien.demo.public import SNAPSHOT, Floats, read_medicines
from galien.demo.records import Records, purchase_records, sales_records, stock_records
from galien.demo.scarcity import Lack, at_pharmacy, scarcity
from galien.demo.supply import Sold, run_supply
from galien.demo.taste import make_taste, theme_shares
from galien.demo.terms import make_terms
from galien.demo.trade import Trade
from galien.demo.visits import make_invoices
from galien.kernel.errors import InvalidInput
from galien.usecases.public_data import data_folder

PHARMACY_COLUMNS = (
    "finess",
    "name",
    "department",
    "typology",
    "size_band",
    "banner",
    "lgo",
    "group",
)
HIERARCHY_COLUMNS = (
    "product_code", "universe_1", "universe_2", "family_1", "family_2", "segment_1", "segment_2",
    "brand", "range", "lab", "product_type",
)  # fmt: skip
_SHOP, _MEMBERS, _TRADE, _LACKS, _PRICES = range(5)


@dataclass(frozen=True)
class DemoFiles:
    """Where the generated files are. `manifest` paths are relative to its own folder."""

    folder: Path
    manifest: Path
    pharmacies_csv: Path
    hierarchy_csv: Path
    labels_csv: Path
    provenance: Path
    finess: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """What all pharmacies of one generation share."""

    shop: Shop
    calendar: Calendar
    themes: Floats
    campaigns: tuple[Campaign, ...]
    lacks: tuple[Lack, ...]
    seed: int


def make_world(months: int, seed: int, today: dt.date) -> World:
    """Read the public data and lay out the period; the same seed gives the same invented range."""
    data = data_folder()
    medicines = read_medicines(data)
    shop = build_shop(medicines, data, np.random.default_rng([seed, _SHOP]))
    calendar = make_calendar(today, months, data)
    campaigns = campaigns_of(calendar.first.year, calendar.days[-1].year)
    chance = np.random.default_rng([seed, _LACKS])
    lacks = scarcity(shop.catalogue, medicines, calendar, data, chance)
    return World(shop, calendar, theme_shares(shop.catalogue), campaigns, lacks, seed)


def simulate(world: World, member: Member) -> tuple[dict[str, Records], Source]:
    """Live the months of one pharmacy; its draws depend on the seed and its rank alone."""
    rng = np.random.default_rng([world.seed, _TRADE, member.rank])
    catalogue, calendar = world.shop.catalogue, world.calendar
    taste = make_taste(catalogue, member, rng)
    prices = make_prices(
        catalogue, calendar, member, np.random.default_rng([world.seed, _PRICES, member.rank])
    )
    trade = Trade(catalogue, calendar, member, taste, world.themes, world.campaigns, prices)
    invoices = make_invoices(calendar, member, taste, rng)
    lines = make_lines(trade, invoices, rng)
    terms = make_terms(catalogue, calendar, taste, rng)
    sold = Sold(invoices.day[lines.invoice], lines.product, lines.quantity)
    lacks = at_pharmacy(world.lacks, np.random.default_rng([world.seed, _LACKS, member.rank]))
    supply = run_supply(trade, terms, sold, lacks, rng)
    lines = lines.only(supply.served, catalogue.fee)
    records = {
        "sales": sales_records(catalogue, invoices, lines, supply.unit_cost[supply.served]),
        "purchases": purchase_records(catalogue, terms, supply.purchases),
        "stock": stock_records(catalogue, supply.counts),
    }
    codes = tuple(campaign.code for campaign in world.campaigns)
    return records, Source(catalogue, terms.suppliers, codes, calendar.first)


@dataclass(frozen=True)
class Group:
    """A group whose files can be written: what its pharmacies share, who they are, where files go."""

    world: World
    members: tuple[Member, ...]
    files: DemoFiles


def lay_out(out: Path, *, pharmacies: int, months: int, seed: int, today: dt.date) -> Group:
    """Write what describes the group under `out`: its pharmacies, its hierarchy, where all comes from.

    `months` are the full months that end before the month of `today`. Raises `InvalidInput` when a
    number is out of range.
    """
    if not (1 <= pharmacies <= 9_999 and 2 <= months <= 60):
        raise InvalidInput(
            "La démonstration compte de 1 à 9 999 pharmacies et de 2 à 60 mois. "
            "Corrigez --pharmacies ou --months."
        )
    world = make_world(months, seed, today)
    members = make_members(pharmacies, np.random.default_rng([seed, _MEMBERS]))
    files = _places(out, members)
    _write(files.pharmacies_csv, PHARMACY_COLUMNS, (member.row() for member in members))
    _write(files.hierarchy_csv, HIERARCHY_COLUMNS, world.shop.hierarchy)
    _write(files.labels_csv, ("product_code", "label"), world.shop.labels)
    files.provenance.write_text(
        json.dumps(_provenance(seed), ensure_ascii=False, indent=2), "utf-8"
    )
    return Group(world, tuple(members), files)


def write_pharmacy(world: World, member: Member, folder: Path) -> list[ManifestLine]:
    """Write the files of one pharmacy in a folder; returns their manifest lines in order of export."""
    records, source = simulate(world, member)
    rng = np.random.default_rng([world.seed, _TRADE, member.rank, 1])
    return write_files(folder, member, world.calendar, records, source, rng)


def write_manifest(files: DemoFiles, lines: Iterable[ManifestLine]) -> None:
    """List the files written, in order of export."""
    ordered = sorted(
        lines, key=lambda line: (line.exported_at, line.pharmacy, line.feed, line.path)
    )
    _write(files.manifest, [f.name for f in fields(ManifestLine)], map(astuple, ordered))


def generate(
    out: Path, *, pharmacies: int = 36, months: int = 25, seed: int = 1, today: dt.date
) -> DemoFiles:
    """Write the demonstration group under `out`; the same arguments give the same bytes.

    See `lay_out` for the arguments, and what it raises.
    """
    group = lay_out(out, pharmacies=pharmacies, months=months, seed=seed, today=today)
    folder = group.files.manifest.parent
    lines = [write_pharmacy(group.world, member, folder) for member in group.members]
    write_manifest(group.files, itertools.chain.from_iterable(lines))
    return group.files


def _places(out: Path, members: list[Member]) -> DemoFiles:
    (out / "files").mkdir(parents=True, exist_ok=True)
    return DemoFiles(
        folder=out,
        manifest=out / "files" / "manifest.csv",
        pharmacies_csv=out / "pharmacies.csv",
        hierarchy_csv=out / "hierarchy.csv",
        labels_csv=out / "labels.csv",
        provenance=out / "provenance.json",
        finess=tuple(member.finess for member in members),
    )


def _write(path: Path, header: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _provenance(seed: int) -> dict[str, object]:
    """Say what is real, what is carried forward and what is invented."""
    return {
        "seed": seed,
        "prices": {
            "last_public_snapshot": SNAPSHOT.isoformat(),
            "carried_forward_after": SNAPSHOT.isoformat(),
            "note": "Après le 24/07/2026, les derniers prix publics connus sont reportés. Avant le "
            "07/07/2025, aucun relevé n'existe depuis avril 2020 : le prix de juillet 2025 sert. "
            "Les prix fabricant sont retrouvés à partir du prix public sans honoraire, par les "
            "barèmes du jour.",
        },
        "real": "Médicaments, titulaires, prix réglementés (base publique des médicaments) ; volumes "
        "relatifs (Open Medic 2025) ; jours fériés.",
        "invented": "Pharmacies, FINESS, grossistes, distributeurs, conditions d'achat, prix libres "
        "(et ce que leurs changements font aux ventes), "
        "parapharmacie et matériel (codes 395…, marques et laboratoires dits fictifs), opérations, "
        "ruptures : leurs dates et leurs officines ; huit sur douze sont de vrais avis de l'ANSM.",
    }
