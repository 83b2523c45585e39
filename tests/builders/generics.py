"""Two pharmacies that buy the handbook's generics: a small public base, four months of purchases, offers."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.builders.workspace import FINESS, PURCHASES_HEADER, TODAY, _people, _pharmacies, _written

VITAMIN, LORAZEPAM, AMOXICILLIN, MONTELUKAST = "1219", "423", "138", "1100"
GROUPS = {
    VITAMIN: "CHOLÉCALCIFÉROL 100 000 UI - UVEDOSE 100 000 UI, solution buvable en ampoule.",
    LORAZEPAM: "LORAZEPAM 1 mg - TEMESTA 1 mg, comprimé sécable.",
    AMOXICILLIN: "AMOXICILLINE 1 g - CLAMOXYL 1 g, comprimé dispersible.",
    MONTELUKAST: "MONTELUKAST 10 mg - SINGULAIR 10 mg, comprimé pelliculé.",
}
AMPOULE, STRIP = (
    "1 ampoule(s) en verre brun de 2 ml",
    "plaquette(s) PVC aluminium de {} comprimé(s)",
)
_TABLET = "comprimé pelliculé"
# CIS, CIP13, name, form, holder, pack, public price, group
MEDICINES = (
    ("60000001", "3400930000014", "CHOLECALCIFEROL BIOGARAN 100 000 UI", "solution buvable",
     "BIOGARAN", AMPOULE, "1,15", VITAMIN),
    ("60000002", "3400930000021", "CHOLECALCIFEROL ARROW 100 000 UI", "solution buvable",
     "ARROW GENERIQUES", AMPOULE, "1,15", VITAMIN),
    ("60000003", "3400930000038", "LORAZEPAM MYLAN 1 mg", "comprimé sécable",
     "MYLAN SAS", STRIP.format(30), "0,90", LORAZEPAM),
    ("60000004", "3400930000045", "AMOXICILLINE ARROW 1 g", "comprimé dispersible",
     "ARROW GENERIQUES", STRIP.format(14), "4,08", AMOXICILLIN),
    ("60000005", "3400930000052", "AMOXICILLINE BIOGARAN 1000 mg", "comprimé dispersible",
     "BIOGARAN", STRIP.format(14), "4,08", AMOXICILLIN),
    ("60000006", "3400930000069", "MONTELUKAST BIOGARAN 10 mg", _TABLET,
     "BIOGARAN", STRIP.format(28), "7,40", MONTELUKAST),
    ("60000007", "3400930000076", "MONTELUKAST ARROW 10 mg", _TABLET,
     "ARROW GENERIQUES", STRIP.format(30), "7,90", MONTELUKAST),
)  # fmt: skip
# What is bought: CIP13, boxes paid and free in a month and pharmacy, discount on the invoice
BOUGHT = (
    ("3400930000014", 40, 0, "0.15"),
    ("3400930000038", 30, 0, "0.025"),
    ("3400930000045", 50, 0, "0.30"),
    ("3400930000069", 20, 0, "0.20"),
)
MONTHS = tuple(dt.date(2026, month, 10) for month in (7, 8, 9, 10))
PERIOD = "2026-07-01..2026-10-31"


def make(path: Path) -> None:
    """Build the workspace (run in a process of its own, whose Django stands on it)."""
    from galien.kernel.clock import FixedClock
    from galien.site.build import build
    from galien.usecases.workspace import Workspace

    place = Workspace(path)
    place.create()
    fill(path, build(place, FixedClock.on(TODAY)))


def fill(path: Path, services: Any) -> None:
    """Import the public base, load what the two pharmacies bought, and publish."""
    from galien.usecases.catalogue import import_bdpm
    from galien.usecases.load import LoadOrder, load
    from galien.usecases.pharmacies import import_pharmacies
    from galien.usecases.publish import publish

    files = path / "files"
    files.mkdir(exist_ok=True)
    import_pharmacies(_pharmacies(files))
    import_bdpm(_public_base(files / "bdpm"), services=services)
    _people()
    for finess in FINESS[:2]:
        bought = _written(files / f"{finess}.csv", PURCHASES_HEADER, _purchases(finess, services))
        load(LoadOrder(path=bought, feed="purchases", pharmacy=finess), services=services)
    publish(services=services)


def build_apart(path: Path) -> None:
    """Build the workspace in a process of its own."""
    command = [sys.executable, "-m", "tests.builders.generics", str(path)]
    subprocess.run(command, check=True, timeout=300)


def ex_factory(services: Any, code: str) -> Decimal:
    """Return the only ex-factory price of a product, as the catalogue's file holds it."""
    from galien.warehouse.catalogue import read_catalogue

    prices = read_catalogue(services.workspace.catalogue).product_price.to_pylist()
    (price,) = (row["ex_factory_price"] for row in prices if row["product_code"] == code)
    return Decimal(price)


def _public_base(folder: Path) -> Path:
    folder.mkdir()
    texts: dict[str, list[str]] = {"CIS_bdpm": [], "CIS_CIP_bdpm": [], "CIS_GENER_bdpm": []}
    for cis, cip, name, form, holder, pack, price, group in MEDICINES:
        status = "Autorisation active\tProcédure nationale\tCommercialisée\t01/01/2010\t\t"
        texts["CIS_bdpm"].append(f"{cis}\t{name}, {form}\t{form}\torale\t{status}\t {holder}\tNon")
        texts["CIS_CIP_bdpm"].append(
            f"{cis}\t{cip[5:12]}\t{pack}\tPrésentation active\tDéclaration de commercialisation"
            f"\t01/01/2010\t{cip}\toui\t65%\t{price}\t\t\t"
        )
        texts["CIS_GENER_bdpm"].append(f"{group}\t{GROUPS[group]}\t{cis}\t1\t1")
    for name, lines in texts.items():
        encoding = "utf-8" if name == "CIS_CIP_bdpm" else "cp1252"
        (folder / f"{name}.txt").write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return folder


def _purchases(finess: str, services: Any) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for day in MONTHS:
        for rank, (code, paid, free, rate) in enumerate(BOUGHT, start=1):
            listed = paid * ex_factory(services, code)
            net = (listed * (1 - Decimal(rate))).quantize(Decimal("0.01"))
            rows.append(
                (finess, day, f"F{day:%m}", rank, "Labo", "direct", code, paid, free, listed, net, "0.021")
            )  # fmt: skip
    return rows


if __name__ == "__main__":
    make(Path(sys.argv[1]))
