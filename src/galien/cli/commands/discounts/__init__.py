"""`galien discounts`: deals checked, offers simulated, the labs to sign with.

Each module of this folder declares a sub-command as its ACTION.
"""

from __future__ import annotations

from galien.cli.registry import folder_family

FAMILY = folder_family(
    __name__,
    "discounts",
    "Les remises : affaire à prendre ou non, couples de laboratoires.",
    order=34,
)
