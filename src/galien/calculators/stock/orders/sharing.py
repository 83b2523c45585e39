"""Why each line went to its supplier, in a French sentence, against the cheapest for that line alone."""

from __future__ import annotations

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.split import Split, Supplier
from galien.kernel import french

LEVEL = 0.005  # euros under which two costs are the same


def reasons(
    found: Split, amounts: Floats, others: Floats, suppliers: tuple[Supplier, ...]
) -> tuple[str, ...]:
    """Say why each line of a split went where it went; arrays as given to `split`."""
    costs = np.where(np.isfinite(amounts), amounts + others, np.inf)
    return tuple(_reason(found, costs[line], line, suppliers) for line in range(len(costs)))


def _reason(found: Split, costs: Floats, line: int, suppliers: tuple[Supplier, ...]) -> str:
    chosen = int(found.supplier[line])
    if chosen < 0:
        return "Aucun fournisseur ne peut livrer cette ligne à la date voulue."
    name, cost = suppliers[chosen].name, float(costs[chosen])
    able = np.flatnonzero(np.isfinite(costs))
    if len(able) == 1:
        return f"{name} : seul à pouvoir livrer cette ligne à la date voulue."
    others = [place for place in able if place != chosen]
    best = min(others, key=lambda place: costs[place])
    gap = float(costs[best]) - cost
    if gap > LEVEL:
        rest = f"{french.amount(float(costs[best]))} chez {suppliers[best].name}"
        return f"{name} : le moins cher, {french.amount(cost)} contre {rest}."
    if gap >= -LEVEL:
        return f"{name} : au même prix que {suppliers[best].name}, une commande de moins à ouvrir."
    return (
        f"{name} : {french.amount(-gap)} de plus que {suppliers[best].name} sur cette ligne, mais "
        f"{_aim(found, chosen, suppliers[chosen])}."
    )


def _aim(found: Split, chosen: int, supplier: Supplier) -> str:
    """Say what a dearer line brings to the whole order."""
    amount = float(found.amounts[chosen])
    reached = [tier for tier in supplier.tiers if amount >= tier[0] - LEVEL]
    if reached:
        start, rate = max(reached)
        return (
            f"elle aide à atteindre {french.amount(start, 0)} de commande, qui donnent "
            f"{french.percent(rate, 1)} sur le tout"
        )
    if supplier.shipping_fee and supplier.free_from and amount >= supplier.free_from - LEVEL:
        return f"elle aide à atteindre le franco de port de {french.amount(supplier.free_from, 0)}"
    if supplier.minimum and amount >= supplier.minimum - LEVEL:
        return (
            f"elle aide à atteindre le minimum de commande de {french.amount(supplier.minimum, 0)}"
        )
    return "elle évite d’ouvrir une commande de plus"
