"""A small group that lives: 4 pharmacies, 4 months of canonical files loaded and published, its people.

`small_workspace` builds it once per session in a process of its own; `desk` gives a test a copy of its
records to write in, and services that stand on 21 November 2026.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

FINESS = ("750100018", "750100026", "750100034", "750100042")
NAMES = ("Pharmacie du Marché", "Pharmacie de la Gare", "Pharmacie du Port", "Pharmacie du Lac")
TODAY = dt.date(2026, 11, 21)
FIRST, LAST = dt.date(2026, 7, 1), dt.date(2026, 10, 31)
GROUP = "Groupement d’essai"
LATE = FINESS[3]
CENT = Decimal("0.01")

# code, label, universe, lab, price incl. tax, VAT, sale type
PRODUCTS = (
    ("3400930000014", "Générique A 30", "Médicaments", "Alpha", "4.90", "0.021", "prescription_third_party"),
    ("3400930000021", "Princeps B 28", "Médicaments", "Bêta", "18.20", "0.021", "prescription_third_party"),
    ("3400930000038", "Conseil C 16", "Médicaments", "Gamma", "5.60", "0.100", "counter"),
    ("3770000000016", "Crème D 50 ml", "Beauté", "Delta", "12.40", "0.200", "counter"),
)  # fmt: skip
STRANGER = "3770000000092"


@dataclass(frozen=True)
class Desk:
    """A workspace a test may write in: its folder and its services."""

    path: Path
    services: Any

    def client(self, username: str | None) -> Any:
        """Return a browser signed in as somebody, or nobody."""
        from django.test import Client

        from galien.records.models import User

        client = Client()
        if username:
            user = User.objects.get(username=username)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client


def make(path: Path) -> None:
    """Build the workspace (run in a process of its own, whose Django stands on it)."""
    from galien.kernel.clock import FixedClock
    from galien.site.build import build
    from galien.usecases.workspace import Workspace

    place = Workspace(path)
    place.create()
    fill(path, build(place, FixedClock.on(TODAY)))


def fill(path: Path, services: Any) -> None:
    """Import, load and publish the group; then receive a file that has to wait for its sender."""
    from galien.usecases.catalogue import import_hierarchy
    from galien.usecases.load import LoadOrder, load
    from galien.usecases.pharmacies import import_pharmacies
    from galien.usecases.publish import publish

    files = path / "files"
    files.mkdir(exist_ok=True)
    import_pharmacies(_pharmacies(files))
    import_hierarchy(_hierarchy(files), services=services)
    _prices(services)
    _people()
    for finess in FINESS:
        for feed in ("sales", "purchases", "stock"):
            order = LoadOrder(path=_feed(files, finess, feed), feed=feed, pharmacy=finess)
            load(order, services=services)
    publish(services=services)
    held = LoadOrder(path=_held(files), feed="sales", pharmacy=FINESS[0])
    load(held, services=services)


@contextmanager
def standing_in(path: Path, copy: Path) -> Iterator[Desk]:
    """Point Django's database at a copy of the workspace's records, and install its services."""
    from django.db import connections

    from galien.kernel.clock import FixedClock
    from galien.site.build import _services
    from galien.usecases.services import install
    from galien.usecases.workspace import Workspace

    shutil.copy(path / "galien.sqlite3", copy)
    connection = connections["default"]
    # Other tests may have opened a database in memory, which closing would leave open, and in use:
    # its connection is put aside, and given back.
    before = connection.settings_dict["NAME"], connection.connection
    connection.settings_dict["NAME"], connection.connection = str(copy), None
    services = _services(Workspace(path), FixedClock.on(TODAY))
    install(services)
    try:
        yield Desk(path, services)
    finally:
        services.reader.close()
        connection.close()
        connection.settings_dict["NAME"], connection.connection = before


def build_apart(path: Path) -> None:
    """Build the workspace in a process of its own."""
    command = [sys.executable, "-m", "tests.builders.workspace", str(path)]
    subprocess.run(command, check=True, timeout=300)


def _pharmacies(files: Path) -> Path:
    rows = [
        (finess, name, "75", "Quartier", "1 à 2 M€", "Sans", "Essai", GROUP)
        for finess, name in zip(FINESS, NAMES, strict=True)
    ]
    header = "finess,name,department,typology,size_band,banner,lgo,group"
    return _written(files / "pharmacies.csv", header, rows)


def _hierarchy(files: Path) -> Path:
    header = (
        "product_code,universe_1,universe_2,family_1,family_2,segment_1,segment_2,brand,range,lab,"
        "product_type,label"
    )
    rows = [
        (code, universe, universe, "Famille 1", "Famille 2", "", "", lab, "", lab, "Essai", label)
        for code, label, universe, lab, *_ in PRODUCTS
    ]
    return _written(files / "hierarchy.csv", header, rows)


def _prices(services: Any) -> None:
    """Give the two medicines of prescriptions a regulated price."""
    from dataclasses import replace

    import pyarrow as pa

    from galien.warehouse.catalogue import read_catalogue, write_catalogue
    from galien.warehouse.product_prices import PRICE_SCHEMA

    rows = [
        {
            "product_code": code, "since": dt.date(2020, 4, 17), "until": None,
            "public_price_incl": Decimal(price), "fee_incl": Decimal("1.02"),
            "price_with_fee_incl": Decimal(price) + Decimal("1.02"),
            "ex_factory_price": Decimal(factory), "reimbursement_rate": Decimal("0.65"),
        }
        for (code, _, _, _, price, *_), factory in zip(PRODUCTS[:2], ("3.80", "15.60"), strict=True)
    ]  # fmt: skip
    place = services.workspace.catalogue
    prices = pa.Table.from_pylist(rows, schema=PRICE_SCHEMA)
    write_catalogue(replace(read_catalogue(place), product_price=prices), place)


def _people() -> None:
    from galien.demo.people import make_people
    from galien.records.models import Membership, Pharmacy, Role, User

    make_people(FINESS, today=TODAY)
    other = User.objects.create_user("voisin", password="galien", display_name="Viviane Voisin")
    company = Pharmacy.objects.get(pk=FINESS[1]).organisation
    assert company is not None
    Membership.objects.create(user=other, organisation=company, role=Role.OWNER)


def open_days() -> list[dt.date]:
    """Return the days the pharmacies open: every day but Sundays and 14 July and 15 August."""
    span = (FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    closed = {dt.date(2026, 7, 14), dt.date(2026, 8, 15)}
    return [day for day in span if day.isoweekday() < 7 and day not in closed]


def days_of(finess: str) -> list[dt.date]:
    """Return the days a pharmacy sent: one of them stopped on 20 October."""
    last = dt.date(2026, 10, 20) if finess == LATE else LAST
    return [day for day in open_days() if day <= last]


def boxes(finess: str, day: dt.date, rank: int) -> int:
    """Return how many boxes of the product of a rank a pharmacy sold that day."""
    return 1 + (FINESS.index(finess) + day.day + rank) % 3


def euros(value: Decimal) -> str:
    """Write an amount as the canonical layout does."""
    return str(value.quantize(CENT, ROUND_HALF_UP))


def sale_rows(finess: str) -> list[tuple[object, ...]]:
    """Return the sale lines of a pharmacy, one of them of a code that no catalogue has."""
    rows: list[tuple[object, ...]] = []
    for day in days_of(finess):
        for rank, (code, _, _, _, price, vat, kind) in enumerate(PRODUCTS):
            count = boxes(finess, day, rank)
            net = Decimal(price) * count
            excl = (net / (1 + Decimal(vat))).quantize(CENT, ROUND_HALF_UP)
            sold = code if (day, rank) != (FIRST, 3) else STRANGER
            visit = rank // 2
            rows.append((
                finess, f"{day}T{9 + 2 * visit:02}:30:00", f"V{visit}", f"F{visit}", rank + 1, kind,
                sold, count, euros(net), "0.00", euros(net), vat, euros(excl), euros(excl * Decimal("0.7")),
                "0.00", "A", "",
            ))  # fmt: skip
    return rows


SALES_HEADER = (
    "pharmacy,sold_at,visit,invoice,line_no,sale_type,product_code,quantity,gross_incl,discount_incl,"
    "net_incl,vat_rate,net_excl,cost_excl,fee_incl,operator,campaign"
)


def _feed(files: Path, finess: str, feed: str) -> Path:
    path = files / f"{finess}_{feed}.csv"
    if feed == "sales":
        rows = sale_rows(finess)
        if finess == FINESS[0]:
            bad = list(rows[0])
            bad[1], bad[4], bad[11] = f"{FIRST}T09:31:00", 9, "0.333"
            rows.append(tuple(bad))
        return _written(path, SALES_HEADER, rows)
    if feed == "purchases":
        return _written(path, PURCHASES_HEADER, list(_purchase_rows(finess)))
    header = "pharmacy,on_date,product_code,quantity,weighted_average_cost"
    rows = [(finess, LAST, code, 10 + rank, "3.50") for rank, (code, *_) in enumerate(PRODUCTS)]
    return _written(path, header, rows)


PURCHASES_HEADER = (
    "pharmacy,delivered_on,document_id,line_no,supplier,channel,product_code,delivered_quantity,"
    "free_quantity,list_amount_excl,net_amount_excl,vat_rate"
)


def _purchase_rows(finess: str) -> Iterator[tuple[object, ...]]:
    for day in days_of(finess):
        for rank, (code, _, _, lab, *_, vat, _) in enumerate(PRODUCTS):
            channel = "direct" if rank > 1 else "wholesaler"
            yield (
                finess,
                day,
                f"BL{day:%Y%m%d}",
                rank + 1,
                lab,
                channel,
                code,
                4,
                0,
                "20.00",
                "18.00",
                vat,
            )


def _held(files: Path) -> Path:
    """A file of which most lines are wrong: it waits for its sender."""
    rows = sale_rows(FINESS[0])[-4:]
    spoilt = [(*row[:11], "0.333", *row[12:]) for row in rows[:3]]
    return _written(files / "held.csv", SALES_HEADER, [*spoilt, rows[3]])


def _written(path: Path, header: str, rows: list[tuple[Any, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{header}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows(rows)
    return path


if __name__ == "__main__":
    make(Path(sys.argv[1]))
