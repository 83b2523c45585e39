"""Builds the Belgian pair's workspace: writes its files, loads them as anybody would, publishes."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from galien.calculators.stock.belgian_inventory import INVENTORY_DAY, change_of_method
from galien.demo.belgium.products import Product, make_products
from galien.demo.belgium.trade import PAIR, Place, Row, Trade, make_trade, price_of
from galien.demo.people import PASSWORD
from galien.kernel.errors import InvalidInput
from galien.model.viewer import WORKSPACE_VIEWER
from galien.records.models import (
    Authorisation,
    Membership,
    Organisation,
    OrganisationKind,
    Pharmacy,
    Role,
    User,
)
from galien.records.models.rights import every_feed
from galien.usecases.catalogue import import_hierarchy
from galien.usecases.load import LoadOrder, load
from galien.usecases.pharmacies import import_pharmacies
from galien.usecases.progress import Progress
from galien.usecases.publish import publish
from galien.usecases.services import Services
from galien.usecases.stock.belgian_inventory import keep
from galien.usecases.stock.change_of_method import COLUMNS, read_counted

MARK: Final = "demo.json"
GROUP: Final = "Groupement belge de démonstration (fictif)"
OWNER: Final = ("titulaire-be", "Tine Titulaire")
SALES: Final = ("pharmacy", "sold_at", "visit", "invoice", "line_no", "sale_type", "product_code",
                "quantity", "gross_incl", "discount_incl", "net_incl", "vat_rate", "net_excl",
                "cost_excl", "fee_incl", "operator", "campaign")  # fmt: skip
PURCHASES: Final = ("pharmacy", "delivered_on", "document_id", "line_no", "supplier", "channel",
                    "product_code", "delivered_quantity", "free_quantity", "list_amount_excl",
                    "net_amount_excl", "vat_rate")  # fmt: skip
STOCK: Final = (
    "pharmacy",
    "on_date",
    "product_code",
    "quantity",
    "weighted_average_cost",
    "minimum",
)


def build_pair(services: Services, *, seed: int, progress: Progress) -> dict[str, Any]:
    """Build the pair in a workspace of its own, once; return what it holds.

    Raises InvalidInput when the workspace holds another demonstration, or real data.
    """
    mark = services.workspace / MARK
    if mark.is_file():
        built: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
        if built.get("country") != "BE" or built["seed"] != seed:
            raise _taken()
        return built
    # A build that was cut is taken up again: its files are duplicates; other data is refused.
    started = (services.workspace.files / "belgium.csv").exists()
    if not started and services.ledger.sequence():
        raise _taken()
    built = {"country": "BE", "pharmacies": len(PAIR), "seed": seed}
    built |= _build(services, seed=seed, progress=progress)
    mark.write_text(json.dumps(built, ensure_ascii=False, indent=2), encoding="utf-8")
    return built


def _taken() -> InvalidInput:
    return InvalidInput(
        "Cet espace de travail contient déjà d’autres données : la paire belge demande un dossier à "
        "elle (--workspace).",
        code="DEMO_EXISTS",
    )


def _build(services: Services, *, seed: int, progress: Progress) -> dict[str, Any]:
    folder = services.workspace.files
    folder.mkdir(parents=True, exist_ok=True)
    products = make_products(services.law)
    last = services.clock.today().replace(day=1) - dt.timedelta(1)
    import_hierarchy(_hierarchy(folder, products), services=services)
    import_pharmacies(_pharmacies(folder))
    _people(services.clock.today())
    statuses = []
    for rank, place in enumerate(PAIR):
        progress(0.1 + 0.35 * rank, f"Fichiers de {place.name}")
        trade = make_trade(place, products, last=last, seed=seed)
        statuses += _load(services, folder, place, trade)
        _keep_inventory(services, folder, place, products, trade)
    progress(0.8, "Publication")
    release = publish(services=services).release
    progress(1, "Paire belge prête")
    return {"files": statuses, "release": release.release}


def _load(services: Services, folder: Path, place: Place, trade: Trade) -> list[str]:
    written = {
        "sales": _written(folder / f"{place.number}-ventes.csv", SALES, trade.sales),
        "purchases": _written(folder / f"{place.number}-achats.csv", PURCHASES, trade.purchases),
        "stock": _written(folder / f"{place.number}-stock.csv", STOCK, trade.stock),
    }
    orders = (
        LoadOrder(path=path, feed=feed, pharmacy=place.number, sender="demo")
        for feed, path in written.items()
    )
    return [load(order, services=services).status.value for order in orders]


def _keep_inventory(
    services: Services, folder: Path, place: Place, products: Sequence[Product], trade: Trade
) -> None:
    """Write the count of 31 August 2025 and bring it in; it waits for the owner to lock it."""
    known = {each.code: each for each in products}
    rows = []
    for _, day, code, quantity, cost, _ in trade.stock:
        product = known[str(code)]
        if day == INVENTORY_DAY and quantity:
            price = price_of(product, place, INVENTORY_DAY)
            rows.append((code, quantity, price, product.vat_rate, product.theoretical_margin, cost,
                         product.label))  # fmt: skip
    if not rows:
        return
    path = _written(folder / f"{place.number}-inventaire.csv", (*COLUMNS, "label"), rows)
    found = change_of_method(read_counted(path), fiscal_before=place.fiscal)
    keep(found, place.number, WORKSPACE_VIEWER, services=services)


def _hierarchy(folder: Path, products: Iterable[Product]) -> Path:
    rows = [(each.code, each.universe, each.lab, each.lab, each.label) for each in products]
    return _written(
        folder / "hierarchy.csv", ("product_code", "universe_1", "lab", "brand", "label"), rows
    )


def _pharmacies(folder: Path) -> Path:
    header = ("finess", "name", "department", "typology", "size_band", "banner", "lgo", "group")
    rows = [(each.number, each.name, each.province, "Quartier", "", "",
             "Logiciel belge (démonstration)", GROUP) for each in PAIR]  # fmt: skip
    return _written(folder / "belgium.csv", header, rows)


@transaction.atomic
def _people(today: dt.date) -> None:
    """Make the owner of both pharmacies, who also runs the group; twice changes nothing."""
    group = Organisation.objects.get(name=GROUP, kind=OrganisationKind.GROUP)
    username, name = OWNER
    owner = User.objects.filter(username=username).first()
    if owner is None:
        owner = User.objects.create_user(username, password=PASSWORD, display_name=name)
    for place in Pharmacy.objects.filter(finess__in=[each.number for each in PAIR]):
        if place.organisation is None:
            place.organisation = Organisation.objects.create(
                name=f"{place.name} ({place.finess})", kind=OrganisationKind.PHARMACY
            )
            place.save(update_fields=["organisation"])
        Membership.objects.get_or_create(
            user=owner, organisation=place.organisation, defaults={"role": Role.OWNER}
        )
        Authorisation.objects.get_or_create(
            pharmacy=place, organisation=group, withdrawn_at=None,
            defaults={"feeds": every_feed(), "signed_by": f"Titulaire de {place.name}",
                      "signed_on": today - dt.timedelta(days=600),
                      "document": "Convention de partage des données, version 1"},
        )  # fmt: skip


def _written(path: Path, header: Sequence[str], rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
