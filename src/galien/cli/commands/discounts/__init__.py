"""`galien discounts`: deals checked, offers simulated, the labs to sign with.

Each module of this folder declares a sub-command as its ACTION.
"""

from __future__ import annotations

import importlib
import pkgutil

from galien.cli.parser import FrenchParser
from galien.cli.registry import Family


def actions() -> tuple[Family, ...]:
    """Return the sub-commands, in the order of the help page."""
    modules = (
        importlib.import_module(f"{__name__}.{each.name}")
        for each in pkgutil.iter_modules(__path__)
    )
    found = [module.ACTION for module in modules if hasattr(module, "ACTION")]
    return tuple(sorted(found, key=lambda action: (action.order, action.name)))


def configure(parser: FrenchParser) -> None:
    """Add the sub-commands."""
    choices = parser.add_subparsers(metavar="ACTION", required=True)
    for action in actions():
        action.configure(choices.add_parser(action.name, help=action.help))


FAMILY = Family(
    "discounts", "Les remises : affaire à prendre ou non, couples de laboratoires.", configure,
    order=34,
)  # fmt: skip
