"""Lines of an order as they are told: what is ordered, of whom, at what price, and the whole reason."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from galien.calculators.stock.orders.proposal import Proposal
from galien.calculators.stock.orders.wording import sentence
from galien.kernel import french
from galien.kernel.money import round_amount
from galien.usecases.stock.asked import Asked
from galien.usecases.stock.orderable import NOBODY, Sight
from galien.usecases.stock.shared_lines import Shared
from galien.usecases.stock.sourcing import Placed, Waiting

WHOLE_YEAR = 360  # days known, from which one speaks of twelve months
NO_LONGER_SOLD = (
    "N’est plus commercialisé d’après la base publique : vérifiez qu’on le livre encore."
)


@dataclass(frozen=True)
class Line:
    """A line proposed: units, units a day, days, euros excl. tax; no `supplier` when nobody sells it.

    `least` is what its order must come to before it is worth sending, for a line that waits.
    """

    product_code: str
    label: str
    supplier: str
    quantity: int
    need: float
    position: float
    threshold: float
    stock: float
    raw: float
    corrected: float
    days_out: float
    lead: float
    safety: float
    unit_price: Decimal | None
    amount: Decimal | None
    apart: int
    reason: str
    least: Decimal | None = None


def line_of(
    placed: Placed, split: Shared, at: tuple[int, int], aside: Sequence[str] = (), waits: str = ""
) -> Line:
    """Return a line at its place in a split and its row; `aside` are the tiers left aside.

    `waits` tells why it is in no order yet, empty when it is in one.
    """
    (place, row), sight, final = at, placed.sight, placed.final
    found, names, prices = split.supplied, split.names, split.prices
    code = sight.found.codes[sight.place[row]]
    chosen = int(found.split.supplier[place])
    units = int(final.quantity[row])
    price = None if chosen < 0 else Decimal(repr(round(float(prices[place, chosen]), 4)))
    told, column = sight.demand, int(sight.place[row])
    raw, corrected, out = (
        float(each[column]) for each in (told.raw, told.corrected, told.days_out)
    )
    notes = placed.notes.get(code, [])
    said = [
        sentence(final, row),
        *_by_hand(sight, final, row, code),
        "" if sight.products[code].on_sale else NO_LONGER_SOLD,
        sight.national.sentence(code),
        "" if notes else sight.unanswered.get(code, ""),
        _demand(told, column),
        *aside,
        *(notes if not waits else ()),
        waits or found.reasons[place],
        "" if waits or chosen < 0 else _from(placed, row, names[chosen]),
    ]
    return Line(
        product_code=code, label=sight.products[code].label,
        supplier=names[chosen] if chosen >= 0 else NOBODY, quantity=units,
        need=float(final.need[row]), position=float(final.position[row]),
        threshold=float(final.threshold[row]), stock=float(final.shelf.on_hand[row]),
        raw=raw, corrected=corrected, days_out=out, lead=float(final.shelf.lead[row]),
        safety=float(final.safety[row]), unit_price=price,
        amount=None if price is None else round_amount(price * units),
        apart=int(final.shelf.apart[row]), reason=" ".join(each for each in said if each),
    )  # fmt: skip


def waiting_line(each: Waiting) -> Line:
    """Return a line that is in no order yet, and what its order must come to."""
    line = line_of(each.placed, each.split, (each.place, each.row), waits=each.note)
    return replace(line, least=round_amount(Decimal(repr(each.least))))


def _from(placed: Placed, row: int, supplier: str) -> str:
    """Say what is unusual of a supplier: it never sold this here, is dearer, or is asked for little."""
    code = placed.sight.found.codes[placed.sight.place[row]]
    said = []
    if any(each.assumed and each.supplier == supplier for each in placed.sources[row]):
        said.append(
            f"{supplier} ne l’a pas livré depuis un an : prix de liste et disponibilité à confirmer."
        )
    cheapest = placed.cheapest(code) if placed.final.shelf.bridge[row] else None
    if cheapest is not None and cheapest.supplier != supplier:
        price = french.amount(cheapest.unit(1))
        said.append(
            f"Le besoin seulement : le reste coûte moins chez {cheapest.supplier} ({price})."
        )
    least = placed.sight.trade.answers.least.get(supplier)
    if least is not None and placed.amount(supplier) < least.amount:
        days = (placed.sight.on - least.last).days
        said.append(
            f"Petite commande envoyée quand même : rien reçu de {supplier} depuis "
            f"{french.number(days)} jours."
        )
    return " ".join(said)


def _by_hand(sight: Sight, final: Proposal, row: int, code: str) -> list[str]:
    """Say what is set of a product, and the events that touch it while it is waited for."""
    wait = math.ceil(float(final.shelf.lead[row] + final.shelf.review[row]))
    first = sight.hands.day
    days = (first, first + dt.timedelta(days=max(wait, 1) - 1))
    return sight.hands.by_hand.said(code, sight.products[code], days)


def _demand(told: Asked, column: int) -> str:
    """Say what was sold, in all and a day, and what would have been."""
    days, out = float(told.known[column]), float(told.days_out[column])
    raw = float(told.raw[column])
    units = round(raw * days)
    span = "douze mois" if days >= WHOLE_YEAR else f"{french.number(days)} jours"
    sold = f"{french.number(units)} vendu{'s' if units >= 2 else ''} en {span}"
    said = f"{sold} ({french.number(raw, 2)} par jour)"
    if not told.usual[column]:
        return f"{said}, produit rarement en rayon."
    if out < 1:
        return f"{said}, jamais en rupture."
    corrected = french.number(float(told.corrected[column]), 2)
    return (
        f"{said}, {corrected} par jour une fois corrigé de {french.number(out)} "
        f"jour{'s' if out >= 2 else ''} sans stock."
    )
