"""Writes the contracts and offers of the demonstration as files, and brings them in as anybody would."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from galien.demo.contracts.offers import LABS, offers
from galien.demo.contracts.products import generic_ranges, self_care_ranges
from galien.demo.contracts.signed import signed
from galien.model.contracts import ClauseKind, Contract
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.contracts.importing import keep_all, read_path
from galien.usecases.contracts.yaml_form import dump_yaml
from galien.usecases.services import Services

FOLDER = "contracts"
# The last offers come as the price lists that labs send: products and rates, and nothing else.
PRICE_LISTS = 3


def write_contracts(services: Services, *, seed: int) -> list[Path]:
    """Write the files under files/contracts: signed contracts, offers, and a few price lists."""
    today = services.clock.today()
    generics = generic_ranges(services, LABS)
    if len(generics) < LABS:
        return []
    folder = services.workspace.files / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    made = offers(generics, seed=seed, today=today)
    whole, bare = made[:-PRICE_LISTS], made[-PRICE_LISTS:]
    agreed = signed(generics, self_care_ranges(services), today=today)
    return [
        _yaml(folder / "contrats.yaml", agreed),
        _yaml(folder / "offres.yaml", whole),
        *(_price_list(folder / f"cgv-{rank}.csv", each) for rank, each in enumerate(bare, start=1)),
    ]


def load_contracts(services: Services, files: list[Path]) -> int:
    """Bring the files in, through the door of anybody's contracts; return how many they hold."""
    count = 0
    for path in files:
        found = read_path(path, services=services)
        count += len(keep_all(found.contracts, WORKSPACE_VIEWER, services=services))
    return count


def _yaml(path: Path, contracts: list[Contract]) -> Path:
    path.write_text("# Conditions inventées.\n" + dump_yaml(contracts), encoding="utf-8")
    return path


def _price_list(path: Path, offer: Contract) -> Path:
    header = (
        "lab",
        "supplier",
        "reference",
        "since",
        "until",
        "note",
        "product_code",
        "discount_rate",
    )
    until = offer.until or dt.date.max
    head = (offer.lab, offer.supplier, offer.reference, offer.since, until, offer.note)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        for clause in offer.clauses:
            if clause.kind is ClauseKind.INVOICE_DISCOUNT:
                writer.writerows((*head, code, clause.rate) for code in clause.scope.products)
    return path
