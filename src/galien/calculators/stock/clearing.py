"""Clearing the shelf: what to send back, pass on to a sister pharmacy, sell off or take away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Final

from galien.calculators.stock.sleeping import MONTH, USUAL, ZERO, Finding, Settings

MOST_SISTERS = 2  # a product is not scattered over the whole group

RESALE_FLAG: Final = (
    "Rétrocession entre officines : la distribution en gros n’est pas ouverte aux pharmacies. Elle se "
    "fait à prix coûtant, à titre de dépannage (compte 7088, hors demande), et jamais pour les "
    "stupéfiants ; faites-la valider avant l’envoi."
)


class Action(StrEnum):
    """What to do with boxes that should go."""

    TAKE_AWAY = "take_away"
    RETURN = "return"
    TRANSFER = "transfer"
    CLEAR = "clear"


@dataclass(frozen=True)
class Sister:
    """A sister pharmacy: what it sells a month and holds of the product, in units."""

    pharmacy: str
    monthly_sales: Decimal
    quantity: Decimal


@dataclass(frozen=True)
class Proposal:
    """What to do with some boxes of a product: `value` is euros at cost, `recovered` what comes back.

    `to` is the sister pharmacy, empty otherwise; `flag` what the law asks to look at first.
    """

    product_code: str
    action: Action
    units: Decimal
    value: Decimal
    recovered: Decimal
    reason: str
    to: str = ""
    flag: str = ""


def clear(
    found: Finding,
    sisters: Iterable[Sister] | None = None,
    *,
    on: dt.date,
    settings: Settings = USUAL,
    transferable: bool = True,
) -> tuple[Proposal, ...]:
    """Propose where the boxes that should go will go: what has expired, returns, sisters, the rest.

    Inputs: what was found of a product; sister pharmacies, who take what they miss of the cover
    wanted and can sell before expiry, None when none was looked at; `transferable` is False for
    narcotics, and for what is kept cold or reserved for hospitals.
    Proposals never share a box: their units add up to the boxes that should go.
    """
    product, left = found.product, max(found.idle_units, _at_risk(found))
    proposals: list[Proposal] = []
    if found.expired and left > 0:
        gone = found.expiring_units
        reason = "La péremption la plus proche est passée : à retirer de la vente et à vérifier."
        proposals.append(_proposal(found, Action.TAKE_AWAY, gone, ZERO, reason))
        left -= gone
    if left <= 0:
        return tuple(proposals)
    refusal = returns_refused(found, on)
    if not refusal and product.returns is not None:
        rate = product.returns.credit_rate
        reason = "Le contrat reprend les boîtes : retour dans ses conditions."
        return (*proposals, _proposal(found, Action.RETURN, left, rate, reason))
    rooms = _rooms(sisters or (), found, on, settings) if transferable else []
    for pharmacy, room in rooms[:MOST_SISTERS]:
        units = min(left, room)
        if units > 0:
            reason = "Elle vend ce produit et en manque pour la couverture voulue."
            proposals.append(
                _proposal(found, Action.TRANSFER, units, Decimal(1), reason, to=pharmacy)
            )
            left -= units
    if left > 0:
        looked = sisters is not None and transferable
        rest = "Aucune autre pharmacie n’en manque" if looked else "Pas de transfert"
        reason = f"{refusal} {rest} : à écouler sur place."
        proposals.append(_proposal(found, Action.CLEAR, left, ZERO, reason))
    return tuple(proposals)


def returns_refused(found: Finding, on: dt.date) -> str:
    """Return why boxes cannot go back to the supplier; empty when they can."""
    product = found.product
    if product.returnless:
        return "Chaîne du froid ou réserve hospitalière : pas de retour possible."
    if product.returns is None or not product.returns.allowed:
        return "Aucun contrat ne prévoit de retour."
    if product.returns.days is None:
        return ""
    if product.last_received is None:
        return "La date de réception manque : le délai de retour ne se vérifie pas."
    if (on - product.last_received).days > product.returns.days:
        return f"Le délai de retour du contrat ({product.returns.days} jours) est passé."
    return ""


def _at_risk(found: Finding) -> Decimal:
    """Return the boxes that will expire unsold, when the expiry is watched or passed."""
    return found.expiring_units if found.near_expiry or found.expired else ZERO


def _rooms(
    sisters: Iterable[Sister], found: Finding, on: dt.date, settings: Settings
) -> Sequence[tuple[str, Decimal]]:
    """Return the sisters who miss boxes and how many, those who sell most first."""
    ranked = sorted(sisters, key=lambda sister: (-sister.monthly_sales, sister.pharmacy))
    rooms = ((each.pharmacy, _room(each, found, on, settings)) for each in ranked)
    return [(pharmacy, room) for pharmacy, room in rooms if room > 0]


def _room(sister: Sister, found: Finding, on: dt.date, settings: Settings) -> Decimal:
    """Return the whole boxes a sister misses of the cover wanted and sells before they expire."""
    room = sister.monthly_sales * settings.target_days / MONTH - sister.quantity
    expiry = found.product.nearest_expiry
    if expiry is not None:
        sold_in_time = sister.monthly_sales * max(0, (expiry - on).days) / MONTH
        room = min(room, sold_in_time - sister.quantity)
    return max(ZERO, room.to_integral_value(ROUND_FLOOR))


def _proposal(
    found: Finding, action: Action, units: Decimal, credit: Decimal, reason: str, *, to: str = ""
) -> Proposal:
    value = units * found.product.unit_cost
    flag = RESALE_FLAG if action is Action.TRANSFER else ""
    code = found.product.product_code
    return Proposal(code, action, units, value, value * credit, reason, to, flag)
