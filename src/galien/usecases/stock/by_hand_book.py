"""What is set of stocks by hand, as it is kept: whose it is, who reads it, who writes it.

An organisation keeps one record of it, its own part and one for each of its pharmacies; the settings of
a pharmacy are those of its company and of its group together, its own first.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import transaction

from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.model.viewer import Viewer
from galien.records.models import Membership, Pharmacy, PricePolicy, Role
from galien.records.scope import STOCK_SETTINGS
from galien.usecases import access_log
from galien.usecases.services import Services
from galien.usecases.stock.by_hand import (
    ByHand,
    EventKind,
    KnownEvent,
    ProductSetting,
    Written,
    merged,
)
from galien.usecases.stock.flows import known
from galien.usecases.stock.order_book import may_order

NAME = "Réglages de stock"
EVERY = ""  # the part of an organisation that is for all its pharmacies
PRODUCTS, EVENTS = "products", "events"
GROUP_WRITERS = frozenset({Role.ADMINISTRATOR, Role.BUYER, Role.NETWORK_MANAGER})
MOST_PRODUCTS, MOST_EVENTS = 20_000, 500
UNKNOWN = "Cette pharmacie n’existe pas."


@dataclass(frozen=True)
class Part:
    """What is set for a pharmacy, or for a whole group: `pharmacy` is empty for the group's."""

    owner: str
    pharmacy: str
    products: tuple[ProductSetting, ...]
    events: tuple[KnownEvent, ...]
    writable: bool


@dataclass(frozen=True)
class Book:
    """All that is set for a pharmacy, part by part: its own, then its group's when it has one."""

    parts: tuple[Part, ...]

    def of(self, *, group: bool) -> Part:
        """Return a part; NotAllowed, in the words of an absence, without a group."""
        for part in self.parts:
            if group == (not part.pharmacy):
                return part
        raise NotAllowed("Ce groupement n’existe pas.", code="UNKNOWN_GROUP")


def by_hand_of(pharmacy: str) -> ByHand:
    """Return all that is set for a pharmacy; whoever calls has checked that its stock is open."""
    place = Pharmacy.objects.select_related("organisation", "group").filter(pk=pharmacy).first()
    if place is None:
        return ByHand()
    own, group = _own(place), _of_group(place)
    products = merged(group[0], own[0])
    return ByHand(products, (*own[1], *group[1]))


def book_of(viewer: Viewer, pharmacy: str) -> Book:
    """Return what is set for a pharmacy; NotAllowed, in the words of an absence, when it is closed."""
    place = _seen(viewer, pharmacy)
    products, events = _own(place)
    parts = [Part(place.name, pharmacy, products, events, may_order(viewer, pharmacy))]
    if place.group is not None:
        products, events = _of_group(place)
        parts.append(Part(place.group.name, EVERY, products, events, _writes_group(viewer, place)))
    return Book(tuple(parts))


def set_products(
    viewer: Viewer, pharmacy: str, given: Sequence[ProductSetting], *, group: bool,
    services: Services, whole: bool = False,
) -> None:  # fmt: skip
    """Keep settings of products, each in place of the former of its product; `whole`: of all of them."""

    def change(kept: dict[str, Any]) -> None:
        former = {} if whole else {each["product_code"]: each for each in kept[PRODUCTS]}
        former |= {each.product_code: _plain(each) for each in given}
        if len(former) > MOST_PRODUCTS:
            raise InvalidInput(f"Un stock garde au plus {MOST_PRODUCTS} produits réglés.")
        kept[PRODUCTS] = [former[code] for code in sorted(former)]

    _change(viewer, pharmacy, change, group=group, services=services)


def drop_product(
    viewer: Viewer, pharmacy: str, code: str, *, group: bool, services: Services
) -> None:
    """Forget what is set of a product."""

    def change(kept: dict[str, Any]) -> None:
        kept[PRODUCTS] = [each for each in kept[PRODUCTS] if each["product_code"] != code]

    _change(viewer, pharmacy, change, group=group, services=services)


def add_events(
    viewer: Viewer, pharmacy: str, given: Sequence[KnownEvent], *, group: bool,
    services: Services, whole: bool = False,
) -> None:  # fmt: skip
    """Keep known events beside those kept already, or in their place when `whole`."""

    def change(kept: dict[str, Any]) -> None:
        named = [_plain(replace(each, key=secrets.token_hex(4))) for each in given]
        found = [*([] if whole else kept[EVENTS]), *named]
        if len(found) > MOST_EVENTS:
            raise InvalidInput(
                f"Un stock garde au plus {MOST_EVENTS} évènements : ôtez les anciens."
            )
        kept[EVENTS] = sorted(found, key=lambda each: (each["first"], each["name"]))

    _change(viewer, pharmacy, change, group=group, services=services)


def drop_event(viewer: Viewer, pharmacy: str, key: str, *, group: bool, services: Services) -> None:
    """Forget an event."""

    def change(kept: dict[str, Any]) -> None:
        kept[EVENTS] = [each for each in kept[EVENTS] if each["key"] != key]

    _change(viewer, pharmacy, change, group=group, services=services)


def labels(codes: Sequence[str], *, services: Services) -> dict[str, str]:
    """Return the names of products that the catalogue knows; none while nothing is published."""
    try:
        found = known(codes, services=services) if codes else {}
    except NotAvailable:
        return {}
    return {code: each.label for code, each in found.items()}


def written_now(viewer: Viewer, services: Services) -> Written:
    """Return who writes, today."""
    return Written(viewer.name[:150], services.clock.today())


def _seen(viewer: Viewer, pharmacy: str) -> Pharmacy:
    opened = viewer.everything or any(
        each.pharmacy == pharmacy and "stock" in each.feeds for each in viewer.grants
    )
    place = Pharmacy.objects.select_related("organisation", "group").filter(pk=pharmacy).first()
    if not opened or place is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_PHARMACY")
    return place


def _writes_group(viewer: Viewer, place: Pharmacy) -> bool:
    if viewer.everything:
        return True
    mine = Membership.objects.filter(organisation=place.group, role__in=GROUP_WRITERS)
    return viewer.user_id.isdigit() and mine.filter(user=int(viewer.user_id)).exists()


def _rows(place: Pharmacy) -> list[tuple[bool, dict[str, Any]]]:
    """Return what the company, then the group, keep; the first tells whether it is the company's."""
    named = [place.organisation_id, place.group_id]
    found = PricePolicy.objects.filter(
        organisation__in=[each for each in named if each], body__has_key=STOCK_SETTINGS
    )
    rows = [(each.organisation_id == place.organisation_id, each.body) for each in found]
    return sorted(rows, key=lambda each: not each[0])


def _own(place: Pharmacy) -> tuple[tuple[ProductSetting, ...], tuple[KnownEvent, ...]]:
    """Return what is set for a pharmacy alone: by its company, or by its group when it has none."""
    products: dict[str, ProductSetting] = {}
    events: list[KnownEvent] = []
    for _, body in _rows(place):
        told = body[STOCK_SETTINGS].get(place.finess, {})
        read = _read(told, place.name)
        products = {each.product_code: each for each in read[0]} | products
        events += read[1]
    return tuple(products[code] for code in sorted(products)), tuple(events)


def _of_group(place: Pharmacy) -> tuple[tuple[ProductSetting, ...], tuple[KnownEvent, ...]]:
    """Return what is set for all the pharmacies of a group."""
    if place.group is None:
        return (), ()
    for company, body in _rows(place):
        if not company:
            return _read(body[STOCK_SETTINGS].get(EVERY, {}), place.group.name)
    return (), ()


def _read(
    kept: dict[str, Any], owner: str
) -> tuple[tuple[ProductSetting, ...], tuple[KnownEvent, ...]]:
    products = tuple(
        ProductSetting(**{**each, "written": _written(each, owner)})
        for each in kept.get(PRODUCTS, ())
    )
    events = tuple(_event(each, owner) for each in kept.get(EVENTS, ()))
    return products, events


def _event(kept: dict[str, Any], owner: str) -> KnownEvent:
    given = kept | {
        "kind": EventKind(kept["kind"]),
        "first": dt.date.fromisoformat(kept["first"]),
        "last": dt.date.fromisoformat(kept["last"]),
        "written": _written(kept, owner),
    }
    return KnownEvent(**given)


def _written(kept: dict[str, Any], owner: str) -> Written:
    return Written(kept["written"]["by"], dt.date.fromisoformat(kept["written"]["on"]), owner)


def _plain(each: ProductSetting | KnownEvent) -> dict[str, Any]:
    given: dict[str, Any] = {one.name: getattr(each, one.name) for one in fields(each)}
    given["written"] = {"by": each.written.by, "on": each.written.on.isoformat()}
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in given.items()
    }


@transaction.atomic
def _change(viewer: Viewer, pharmacy: str, change: Any, *, group: bool, services: Services) -> None:
    """Change a part of the record of the organisation that keeps it, made when it is the first."""
    place = _seen(viewer, pharmacy)
    allowed = _writes_group(viewer, place) if group else may_order(viewer, pharmacy)
    keeper = place.group_id if group else place.organisation_id or place.group_id
    if not allowed:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_PHARMACY")
    if keeper is None:
        raise InvalidInput(
            "Cette pharmacie n’a ni société ni groupement dans Galien : rattachez-la d’abord à l’un des "
            "deux (Administration)."
        )
    row, _ = PricePolicy.objects.select_for_update().get_or_create(
        organisation_id=keeper, name=NAME, defaults={"body": {STOCK_SETTINGS: {}}}
    )
    if STOCK_SETTINGS not in row.body:
        raise InvalidInput(f"Une politique de prix porte le nom « {NAME} » : renommez-la d’abord.")
    part = EVERY if group else pharmacy
    kept = {PRODUCTS: [], EVENTS: [], **row.body[STOCK_SETTINGS].get(part, {})}
    change(kept)
    row.body = {STOCK_SETTINGS: {**row.body[STOCK_SETTINGS], part: kept}}
    row.changed_by = viewer.name[:150]
    row.save()
    whose = "du groupement" if group else "de la pharmacie"
    access_log.note(
        access_log.CHANGE, f"Réglages de stock {whose}", viewer, services=services,
        pharmacies=[pharmacy],
    )  # fmt: skip
