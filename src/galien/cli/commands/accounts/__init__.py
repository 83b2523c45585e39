"""`galien accounts`: ledger files checked and read, and what is computed from accounts.

Each module of this folder declares a sub-command as its ACTION.
"""

from __future__ import annotations

from galien.cli.registry import folder_family

FAMILY = folder_family(
    __name__,
    "accounts",
    "Les comptes d’une pharmacie : FEC, soldes, indicateurs.",
    order=32,
)
