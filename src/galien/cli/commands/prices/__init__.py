"""`galien prices`: prices and margins, and the policy that sets them.

Each module of this folder declares a sub-command as its ACTION.
"""

from __future__ import annotations

from galien.cli.registry import folder_family

FAMILY = folder_family(
    __name__,
    "prices",
    "Les prix : marge d’un prix, politique par catégorie, contrôle.",
    order=36,
)
