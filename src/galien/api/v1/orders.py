"""Orders: proposed as a task, read with the reason of each line, changed, sent, as files for suppliers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from galien.api.access import person, viewer
from galien.api.answers import answered, done
from galien.api.paging import Page, paged
from galien.api.params import FINESS, OPTIONAL, named
from galien.api.registry import Subject
from galien.api.v1.jobs import accepted
from galien.api.v1.shapes.common import gives
from galien.api.v1.shapes.orders import JobAnswer, OrderAnswer, OrdersAnswer
from galien.usecases.export import Download
from galien.usecases.services import current
from galien.usecases.stock import order_book, order_jobs
from galien.usecases.stock.order_book import State
from galien.usecases.stock.order_files import Partner
from galien.usecases.stock.told.kept_orders import order_told, whole_order_told

router = Router()
READ, WRITE = "stock", "stock:write"


class OrderParameters(Page):
    """Which orders to list."""

    pharmacy: str = Field("", description=OPTIONAL)
    state: State | None = Field(
        None, description="proposed, sent, delivered ou dropped ; sans lui, toutes."
    )


class Wanted(Schema):
    """For whom to propose orders."""

    pharmacy: str = Field(description=FINESS)


class Quantities(Schema):
    """Quantities to set, by product code; 0 leaves a line out."""

    quantities: dict[str, int] = Field(description="Boîtes à commander, par code de produit.")


class Ends(Schema):
    """The two ends of a PharmaML message, as the wholesaler names them."""

    client: str = Field(description="Identifiant de la pharmacie chez le répartiteur.")
    supplier: str = Field(description="Identifiant du répartiteur.")
    supplier_code: str = Field("00", description="Code de deux caractères du répartiteur.")


@router.get("", summary="Commandes", response=gives(OrdersAnswer))
def orders(request: HttpRequest, asked: Query[OrderParameters]) -> HttpResponse:
    """Donne les commandes proposées et passées, les dernières d’abord, sans leurs lignes."""
    asker = viewer(request, READ)
    states = [asked.state] if asked.state else list(State)
    given: dict[str, Any] = {"states": states, "services": current()}
    pharmacies = named(asker, asked.pharmacy)

    def made() -> dict[str, Any]:
        if pharmacies:
            found = order_book.orders_of(asker, asked.pharmacy, **given)
        else:
            found = order_book.every_order(asker, **given)
        return paged({"rows": [order_told(each) for each in found]}, asked)

    return answered(request, asker, made, about="stock/orders", pharmacies=pharmacies)


@router.post("", summary="Proposer des commandes", response=gives(JobAnswer, 202))
def propose_orders(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    """Demande les commandes du jour d’une pharmacie : répond 202 et la tâche à suivre (`Location`).

    Une fois la tâche finie, son champ `answer` donne l’adresse des commandes proposées. Une proposition déjà
    demandée n’est pas demandée deux fois.
    """
    asker = viewer(request, WRITE)
    return accepted(order_jobs.ask_for(asker, wanted.pharmacy, person(request), services=current()))


@router.get("/{int:key}", summary="Une commande", response=gives(OrderAnswer))
def one_order(request: HttpRequest, key: int) -> HttpResponse:
    """Donne une commande et ses lignes (`rows`), chacune avec sa quantité, son prix et sa raison."""
    asker = viewer(request, READ)
    kept = order_book.order_of(key, asker, services=current())
    return answered(
        request, asker, lambda: whole_order_told(kept), about=f"stock/orders/{key}",
        pharmacies=[kept.row.pharmacy_id],
    )  # fmt: skip


@router.patch("/{int:key}", summary="Changer des quantités", response=gives(OrderAnswer))
def change_order(request: HttpRequest, key: int, changes: Quantities) -> HttpResponse:
    """Change les quantités d’une proposition, et la rend telle qu’elle est."""
    asker = viewer(request, WRITE)
    order_book.change(key, changes.quantities, asker, services=current())
    return done(whole_order_told(order_book.order_of(key, asker, services=current())))


@router.post("/{int:key}/send", summary="Noter une commande envoyée", response=gives(OrderAnswer))
def send_order(request: HttpRequest, key: int) -> HttpResponse:
    """Note qu’une proposition est partie chez son fournisseur : elle ne change plus, et est attendue."""
    asker = viewer(request, WRITE)
    order_book.send(key, asker, services=current())
    return done(whole_order_told(order_book.order_of(key, asker, services=current())))


@router.post("/{int:key}/drop", summary="Abandonner une commande", response=gives(OrderAnswer))
def drop_order(request: HttpRequest, key: int) -> HttpResponse:
    """Abandonne une proposition : ses produits peuvent être proposés de nouveau."""
    asker = viewer(request, WRITE)
    order_book.drop(key, asker, services=current())
    return done(whole_order_told(order_book.order_of(key, asker, services=current())))


@router.get("/{int:key}/order.csv", summary="Une commande en CSV")
def order_csv(request: HttpRequest, key: int) -> HttpResponse:
    """Donne une commande comme un tableau, pour un tableur ou le site d’un fournisseur."""
    asker, services = viewer(request, READ), current()
    kept = order_book.order_of(key, asker, services=services)
    name = f"commande_{kept.row.pharmacy_id}_G{key}.csv"

    def made() -> Download:
        return Download(order_book.csv_of(kept, services=services), "text/csv", name)

    pharmacies = [kept.row.pharmacy_id]
    return answered(request, asker, made, about=f"stock/orders/{key} csv", pharmacies=pharmacies)


@router.get("/{int:key}/order.xml", summary="Une commande en PharmaML")
def order_xml(request: HttpRequest, key: int, ends: Query[Ends]) -> HttpResponse:
    """Donne une commande comme un message PharmaML, entre les deux identifiants donnés par le répartiteur."""
    asker, services = viewer(request, READ), current()
    kept = order_book.order_of(key, asker, services=services)
    pharmacy = Partner(ends.client, kept.row.pharmacy.name)
    wholesaler = Partner(ends.supplier, kept.row.supplier, ends.supplier_code)
    name = f"commande_{kept.row.pharmacy_id}_G{key}.xml"

    def made() -> Download:
        content = order_book.pharmaml_of(kept, pharmacy, wholesaler, services=services)
        return Download(content, "application/xml", name)

    pharmacies = [kept.row.pharmacy_id]
    return answered(request, asker, made, about=f"stock/orders/{key} xml", pharmacies=pharmacies)


SUBJECT = Subject("/stock/orders", "Stock et commandes", router, order=70)
