"""`galien stock`: what the shelves hold, what sleeps on them, what to order.

Each module of this folder declares a sub-command as its ACTION.
"""

from __future__ import annotations

from galien.cli.registry import folder_family

FAMILY = folder_family(
    __name__,
    "stock",
    "Le stock : classes ABC, rotation, valeur, demande, commandes.",
    order=35,
)
