"""Belgium's inventory of 31/08/2025 of a pharmacy: kept under each method, then its method locked."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from galien.calculators.stock.belgian_inventory import (
    INVENTORY_DAY,
    ChangeOfMethod,
    Counted,
    change_of_method,
)
from galien.calculators.stock.valuation import Method
from galien.kernel import french
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.country import BELGIUM, country_of
from galien.model.viewer import Viewer
from galien.records.models import Pharmacy, PhysicalCount
from galien.records.scope import visible_to
from galien.usecases import access_log
from galien.usecases.duties import duties
from galien.usecases.services import Services
from galien.usecases.stock.change_of_method import summary_text

NUMBERS = ("quantity", "public_price_incl", "vat_rate", "theoretical_margin", "average_cost")


@dataclass(frozen=True)
class KeptInventory:
    """An inventory as it is kept: what it says, whether its method is locked, by whom and when."""

    found: ChangeOfMethod
    locked: bool
    received_by: str
    received_at: dt.datetime

    @property
    def fiscal_before(self) -> bool:
        """Tell whether the pharmacy was on the fiscal method."""
        return any(each.method is Method.FISCAL for each in self.found.summaries)


def belgian_pharmacies(viewer: Viewer) -> dict[str, str]:
    """Return the names of the Belgian pharmacies whose inventory is open to a viewer, by number."""
    day = INVENTORY_DAY
    found = visible_to(viewer).pharmacies().order_by("name")
    opened = None if viewer.everything else viewer.pharmacies("stock", day, day)
    return {
        each.finess: each.name
        for each in found
        if country_of(each.finess) == BELGIUM and (opened is None or each.finess in opened)
    }


def may_keep(viewer: Viewer, pharmacy: str) -> bool:
    """Tell whether a viewer may bring a pharmacy's inventory: those who send its files may."""
    return viewer.everything or pharmacy in duties(viewer).sends_for


def kept_inventory(viewer: Viewer, pharmacy: str) -> KeptInventory | None:
    """Return a pharmacy's inventory of the change of method; None when none is open to the viewer."""
    rows = list(visible_to(viewer).counts().filter(pharmacy=pharmacy, day=INVENTORY_DAY))
    if not rows:
        return None
    fiscal = any(row.method == Method.FISCAL for row in rows)
    found = change_of_method(_counted(rows[0].lines), fiscal_before=fiscal)
    locked = any(row.locked for row in rows)
    return KeptInventory(found, locked, rows[0].received_by, rows[0].received_at)


def keep(
    found: ChangeOfMethod,
    pharmacy: str,
    viewer: Viewer,
    *,
    services: Services,
    locked: bool = False,
) -> None:
    """Keep the inventory of a pharmacy, a row for each method, in the place of the one before.

    Raises NotAllowed when it is locked, or when the viewer does not send that pharmacy's files;
    InvalidInput when the pharmacy is not in Belgium.
    """
    place = _place(pharmacy, viewer)
    day = found.summaries[0].day
    with transaction.atomic():
        former = PhysicalCount.objects.filter(pharmacy=place, day=day)
        _check_open(former)
        former.delete()
        for summary in found.summaries:
            PhysicalCount.objects.create(
                pharmacy=place,
                day=day,
                method=str(summary.method),
                lines=[_line(row, summary.method) for row in found.rows],
                sha256=hashlib.sha256(summary_text(summary).encode()).hexdigest(),
                locked=locked,
                received_by=viewer.name[:150],
            )
        said = "arrêté" if locked else "reçu"
        _note(f"Inventaire du {french.day(day)} {said}", pharmacy, viewer, services)


def lock(pharmacy: str, viewer: Viewer, *, services: Services) -> None:
    """Lock the method of a pharmacy whose inventory is kept; it cannot be undone.

    Raises NotAllowed when it is locked already, or when the viewer does not send that pharmacy's
    files; InvalidInput when there is no inventory.
    """
    place = _place(pharmacy, viewer)
    with transaction.atomic():
        rows = PhysicalCount.objects.filter(pharmacy=place, day=INVENTORY_DAY)
        _check_open(rows)
        if not rows.update(locked=True):
            raise InvalidInput(
                f"Aucun inventaire du {french.day(INVENTORY_DAY)} n’est reçu pour cette pharmacie : "
                "déposez-le d’abord."
            )
        said = f"Méthode de stock arrêtée à l’inventaire du {french.day(INVENTORY_DAY)}"
        _note(said, pharmacy, viewer, services)


def is_locked(pharmacy: str) -> bool:
    """Tell whether the method of a pharmacy is locked."""
    rows = PhysicalCount.objects.filter(pharmacy=pharmacy, day=INVENTORY_DAY)
    return rows.filter(locked=True).exists()


def kept_margins(pharmacy: str) -> dict[str, Decimal]:
    """Return the theoretical margin of each product of a pharmacy's inventory, as a ratio."""
    row = PhysicalCount.objects.filter(pharmacy=pharmacy, day=INVENTORY_DAY).first()
    lines = row.lines if row else ()
    return {each["product_code"]: Decimal(each["theoretical_margin"]) for each in lines}


def _place(pharmacy: str, viewer: Viewer) -> Pharmacy:
    place = Pharmacy.objects.filter(finess=pharmacy).first()
    if place is None or not may_keep(viewer, pharmacy):
        raise NotAllowed(
            f"La pharmacie « {pharmacy} » n’est pas de celles dont vous apportez l’inventaire.",
            code="UNKNOWN_PHARMACY",
        )
    if country_of(pharmacy) != BELGIUM:
        raise InvalidInput(
            f"La pharmacie « {pharmacy} » n’est pas belge (un numéro APB a six chiffres) : l’inventaire "
            "du changement de méthode ne la concerne pas."
        )
    return place


def _check_open(rows: QuerySet[PhysicalCount]) -> None:
    if rows.filter(locked=True).exists():
        raise NotAllowed(
            f"L’inventaire du {french.day(INVENTORY_DAY)} est arrêté pour cette pharmacie : sa "
            "méthode ne change plus.",
            code="LOCKED",
        )


def _line(row: Counted, method: Method) -> dict[str, str]:
    return {
        "product_code": row.product_code,
        "label": row.label,
        **{name: str(getattr(row, name)) for name in NUMBERS},
        "unit_cost": str(row.unit_cost(method)),
    }


def _counted(lines: Sequence[Mapping[str, str]]) -> list[Counted]:
    return [
        Counted(
            product_code=each["product_code"],
            label=each["label"],
            **{name: Decimal(each[name]) for name in NUMBERS},
        )
        for each in lines
    ]


def _note(subject: str, pharmacy: str, viewer: Viewer, services: Services) -> None:
    access_log.note(access_log.CHANGE, subject, viewer, services=services, pharmacies=(pharmacy,))
