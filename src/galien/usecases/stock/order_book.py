"""The orders of pharmacies as they are kept: proposed once a product, changed, sent, followed, as files."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from galien import __version__
from galien.kernel.clock import PARIS
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.kernel.money import round_amount
from galien.model.country import country_of
from galien.model.viewer import Viewer
from galien.records.models import Pharmacy, ProposedOrder
from galien.records.scope import visible_to
from galien.usecases import access_log
from galien.usecases.holidays import open_day
from galien.usecases.invoices.receive import may_receive
from galien.usecases.progress import Progress, silent
from galien.usecases.services import Services
from galien.usecases.stock.flows import received_since
from galien.usecases.stock.order_files import Order, OrderedLine, Partner, order_csv, order_pharmaml
from galien.usecases.stock.order_lines import Line
from galien.usecases.stock.orderable import Under
from galien.usecases.stock.preparing import FEEDS, Prepared, check_open, prepare
from galien.usecases.stock.reading import opened

State = ProposedOrder.State
NO_SUPPLIER = "Sans fournisseur connu"
UNKNOWN = "Cette commande n’existe pas."
OVERDUE = dt.timedelta(days=3)  # later, it is a shortage: nobody counts on it any more
MOST = 9_999
ZERO = Decimal(0)


@dataclass(frozen=True)
class Kept:
    """An order as it is kept, with what it comes to: euros excl. tax, lines with a quantity, units come.

    An order too small to be worth sending `waits`: it is worked out again with each proposal.
    """

    row: ProposedOrder
    lines: tuple[Mapping[str, Any], ...]
    come: Mapping[str, int]

    @property
    def wanted(self) -> tuple[Mapping[str, Any], ...]:
        """Return the lines that ask for something."""
        return tuple(line for line in self.lines if line["quantity"] > 0)

    @property
    def amount(self) -> Decimal:
        """Return what the order comes to at the prices known."""
        return sum((amount_of(line) for line in self.wanted), ZERO)

    @property
    def units(self) -> int:
        """Return the units ordered."""
        return sum(line["quantity"] for line in self.wanted)

    @property
    def units_come(self) -> int:
        """Return the units ordered that came."""
        return sum(
            min(self.come.get(each["product_code"], 0), each["quantity"]) for each in self.wanted
        )

    @property
    def free_from(self) -> Decimal:
        """Return the amount from which shipping is free; 0 without such a threshold."""
        return Decimal(self.lines[0]["free_from"]) if self.lines else ZERO

    @property
    def waits(self) -> bool:
        """Tell whether the order waits to be worth sending."""
        return _waits(self.row)

    @property
    def least(self) -> Decimal:
        """Return what an order that waits must come to."""
        return Decimal(self.lines[0]["least"]) if self.waits else ZERO

    @property
    def missing(self) -> Decimal:
        """Return what is missing to free shipping."""
        return max(ZERO, self.free_from - self.amount)


def amount_of(line: Mapping[str, Any]) -> Decimal:
    """Return what a line comes to, excl. tax; 0 when its price is not known."""
    return (
        round_amount(Decimal(line["unit_price"]) * line["quantity"]) if line["unit_price"] else ZERO
    )


def may_order(viewer: Viewer, pharmacy: str) -> bool:
    """Tell whether a viewer makes and sends a pharmacy's orders: whoever brings its invoices does."""
    return may_receive(viewer, pharmacy)


def orders_of(
    viewer: Viewer, pharmacy: str, *, states: Sequence[str], services: Services
) -> tuple[Kept, ...]:
    """Return the orders of a pharmacy in some states, the last first, then the largest."""
    check_open(viewer, pharmacy, services=services, on=services.clock.today())
    rows = _visible(viewer).filter(pharmacy=pharmacy, state__in=states)
    return _kept(list(rows), viewer, services)


def every_order(viewer: Viewer, *, states: Sequence[str], services: Services) -> tuple[Kept, ...]:
    """Return the orders of the pharmacies that are wholly open to the viewer, the last first.

    Raises NotAllowed when none is.
    """
    today = services.clock.today()
    scope = opened(viewer, (), on=today, services=services, feeds=FEEDS)
    rows = _visible(viewer).filter(pharmacy__in=scope, state__in=states)
    return _kept(list(rows), viewer, services)


def order_of(key: int, viewer: Viewer, *, services: Services) -> Kept:
    """Return an order by its key; NotAllowed, in the words of an absence, for another's."""
    row = _visible(viewer).filter(pk=key).first()
    if row is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_ORDER")
    check_open(viewer, row.pharmacy_id, services=services, on=services.clock.today())
    return Kept(row, tuple(row.lines), _come([row], viewer, services).get(row.pk, {}))


def propose_orders(
    viewer: Viewer, pharmacy: str, *, services: Services, progress: Progress = silent
) -> Prepared:
    """Propose today's orders of a pharmacy and keep them, one open proposal a product.

    What an open proposal holds is not proposed again; what was sent and is due counts as coming. Raises
    NotAllowed when the viewer does not order for that pharmacy, NotAvailable without stock or sales.
    """
    check_may_order(viewer, pharmacy)
    today = services.clock.today()
    check_open(viewer, pharmacy, services=services, on=today)
    under = _under(viewer, pharmacy, services)
    given: dict[str, Any] = {"on": today, "services": services}
    # Computing takes seconds: nobody else's writing waits for it.
    found = prepare(viewer, pharmacy, under=under, progress=progress, **given)
    with transaction.atomic():
        # Two people at once would each propose the same products: the second looks again.
        Pharmacy.objects.select_for_update().get(pk=pharmacy)
        now = _under(viewer, pharmacy, services)
        if now != under:
            found = prepare(viewer, pharmacy, under=now, **given)
        for row in ProposedOrder.objects.filter(pharmacy=pharmacy, state=State.PROPOSED):
            if _waits(row):
                row.delete()
        _keep(found, viewer, services)
    return found


def _keep(found: Prepared, viewer: Viewer, services: Services) -> None:
    """Keep the lines proposed, an order a supplier, and apart those that wait."""
    due = {each.supplier: each for each in found.orders}
    for lines in (found.lines, found.waiting):
        for supplier in dict.fromkeys(line.supplier for line in lines):
            total = due.get(supplier)
            free_from = str(total.free_from) if total else "0"
            ProposedOrder.objects.create(
                pharmacy_id=found.pharmacy,
                supplier=supplier or NO_SUPPLIER,
                day=found.day,
                due_on=total.due_on if total else None,
                lines=[_kept_line(each, free_from) for each in lines if each.supplier == supplier],
                changed_by=viewer.name[:150],
            )
    _note("Commandes proposées", found.pharmacy, viewer, services)


@transaction.atomic
def change(key: int, quantities: Mapping[str, int], viewer: Viewer, *, services: Services) -> None:
    """Set the quantities of some products of an open proposal; 0 leaves a line out.

    An order that waited is then one to send, whatever it comes to.

    Raises InvalidInput when it was sent already, or a quantity is absurd.
    """
    row = _open(key, viewer, services)
    for code, units in quantities.items():
        if not 0 <= units <= MOST:
            raise InvalidInput(f"Produit {code} : une quantité va de 0 à {MOST}, et non {units}.")
    row.lines = [
        {**line, "quantity": quantities.get(line["product_code"], line["quantity"]), "least": ""}
        for line in row.lines
    ]
    _save(row, f"Commande {row.pk} modifiée", viewer, services)


@transaction.atomic
def send(key: int, viewer: Viewer, *, services: Services) -> None:
    """Note that an order went to its supplier; InvalidInput when it has no line or no supplier."""
    row = _open(key, viewer, services)
    if row.supplier == NO_SUPPLIER:
        raise InvalidInput(
            "Ces produits n’ont pas de fournisseur connu : commandez-les à la main, puis abandonnez la "
            "proposition."
        )
    if not any(line["quantity"] for line in row.lines):
        raise InvalidInput("Cette commande n’a aucune ligne : abandonnez-la.")
    row.state, row.sent_at = State.SENT, services.clock.now()
    if row.due_on is None:  # It waited: its days of delivery count from today.
        days = max(math.ceil(float(line["lead"])) for line in row.lines)
        country = country_of(row.pharmacy_id)
        due = services.clock.today() + dt.timedelta(days=days)
        row.due_on = open_day(due, country=country, law=services.law)
    _save(row, f"Commande {row.pk} envoyée", viewer, services)


@transaction.atomic
def drop(key: int, viewer: Viewer, *, services: Services) -> None:
    """Give an open proposal up: its products may be proposed again."""
    row = _open(key, viewer, services)
    row.state = State.DROPPED
    _save(row, f"Commande {row.pk} abandonnée", viewer, services)


def csv_of(kept: Kept, *, services: Services) -> bytes:
    """Write an order as a table for a spreadsheet or a supplier's site."""
    return order_csv(_order(kept, services))


def pharmaml_of(kept: Kept, pharmacy: Partner, wholesaler: Partner, *, services: Services) -> bytes:
    """Write an order as a PharmaML message between the two ends given."""
    return order_pharmaml(_order(kept, services), pharmacy, wholesaler, version=__version__)


def check_may_order(viewer: Viewer, pharmacy: str) -> None:
    """Let through who orders for a pharmacy; NotAllowed, in the words of an absence, otherwise."""
    if not may_order(viewer, pharmacy):
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")


def _kept(rows: Sequence[ProposedOrder], viewer: Viewer, services: Services) -> tuple[Kept, ...]:
    """Return orders with what came of them, the last first, then the largest."""
    come = _come(rows, viewer, services)
    kept = [Kept(row, tuple(row.lines), come.get(row.pk, {})) for row in rows]
    return tuple(
        sorted(kept, key=lambda each: (-each.row.day.toordinal(), -each.amount, each.row.pk))
    )


def _order(kept: Kept, services: Services) -> Order:
    row = kept.row
    lines = tuple(
        OrderedLine(
            line["product_code"], line["label"], line["quantity"],
            unit_price=Decimal(line["unit_price"]) if line["unit_price"] else None,
            reason=line["reason"],
        )
        for line in kept.wanted
    )  # fmt: skip
    sent = (row.sent_at or services.clock.now()).astimezone(PARIS)
    return Order(f"G{row.pk}", row.supplier, lines, sent, row.due_on)


def _waits(row: ProposedOrder) -> bool:
    """Tell whether an order waits to be worth sending; orders kept by older versions do not."""
    return row.state == State.PROPOSED and any(line.get("least") for line in row.lines)


def _visible(viewer: Viewer) -> QuerySet[ProposedOrder]:
    return visible_to(viewer).orders().select_related("pharmacy")


def _open(key: int, viewer: Viewer, services: Services) -> ProposedOrder:
    kept = order_of(key, viewer, services=services)
    check_may_order(viewer, kept.row.pharmacy_id)
    row = ProposedOrder.objects.select_for_update().get(pk=key)
    if row.state != State.PROPOSED:
        raise InvalidInput("Cette commande n’est plus une proposition : elle ne se modifie plus.")
    return row


def _save(row: ProposedOrder, text: str, viewer: Viewer, services: Services) -> None:
    row.changed_by = viewer.name[:150]
    row.save()
    _note(text, row.pharmacy_id, viewer, services)


def _note(text: str, pharmacy: str, viewer: Viewer, services: Services) -> None:
    access_log.note(access_log.CHANGE, text, viewer, services=services, pharmacies=[pharmacy])


def _under(viewer: Viewer, pharmacy: str, services: Services) -> Under:
    """Return what open proposals hold and what was sent and has not come; close what came whole."""
    today = services.clock.today()
    proposed: dict[str, float] = defaultdict(float)
    for row in ProposedOrder.objects.filter(pharmacy=pharmacy, state=State.PROPOSED):
        for line in () if _waits(row) else row.lines:
            # A line set to 0 was refused: it is not proposed again before the proposal is closed.
            proposed[line["product_code"]] += max(line["quantity"], 1)
    sent = list(ProposedOrder.objects.filter(pharmacy=pharmacy, state=State.SENT))
    come = _come(sent, viewer, services)
    incoming: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in sent:
        kept = Kept(row, tuple(row.lines), come.get(row.pk, {}))
        if kept.units_come >= kept.units:
            row.state = State.DELIVERED
            row.save(update_fields=("state",))
        elif row.due_on and today - row.due_on <= OVERDUE:
            for line in kept.wanted:
                left = line["quantity"] - kept.come.get(line["product_code"], 0)
                incoming[line["product_code"]].append((max(left, 0), (row.due_on - today).days))
    return Under({code: tuple(each) for code, each in incoming.items()}, proposed)


def _come(
    rows: Sequence[ProposedOrder], viewer: Viewer, services: Services
) -> dict[int, dict[str, int]]:
    """Return the units of each order sent that came from its supplier since, the oldest served first."""
    sent = sorted((row.sent_at, row.pk, row) for row in rows if row.sent_at)
    found: dict[int, dict[str, int]] = {}
    left: dict[str, dict[tuple[str, str], int]] = {}
    for sent_at, _, row in sent:
        since = sent_at.astimezone(PARIS).date()
        if row.pharmacy_id not in left:
            come = received_since(viewer, row.pharmacy_id, since, services=services)
            left[row.pharmacy_id] = come
        pool, mine = left[row.pharmacy_id], {}
        for line in row.lines:
            at = (line["product_code"], row.supplier)
            mine[line["product_code"]] = min(pool.get(at, 0), line["quantity"])
            pool[at] = pool.get(at, 0) - mine[line["product_code"]]
        found[row.pk] = mine
    return found


def _kept_line(line: Line, free_from: str) -> dict[str, Any]:
    return {
        "product_code": line.product_code, "label": line.label, "quantity": line.quantity,
        "proposed": line.quantity, "stock": round(line.stock), "raw": f"{line.raw:.4f}",
        "corrected": f"{line.corrected:.4f}", "days_out": round(line.days_out),
        "lead": f"{line.lead:.1f}", "safety": f"{line.safety:.1f}",
        "threshold": round(line.threshold),
        "unit_price": "" if line.unit_price is None else str(line.unit_price),
        "apart": line.apart, "reason": line.reason, "free_from": free_from,
        "least": "" if line.least is None else str(line.least),
    }  # fmt: skip
