"""The registry of commands: what a family declares, and how all of them are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from galien.cli import commands
from galien.cli.parser import FrenchParser


class Need(StrEnum):
    """What a command asks of the workspace."""

    NOTHING = "nothing"
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True)
class Family:
    """A word after `galien`: its help, and the function that adds its options and sub-commands.

    `configure` ends by `parser.set_defaults(run=…, need=Need.…)` on each leaf; `run(context,
    arguments)` returns the answer to print, or None, and may set `context.exit_code`.
    """

    name: str
    help: str
    configure: Callable[[FrenchParser], None]
    order: int = 100


def discover() -> tuple[Family, ...]:
    """Return every declared family, in the order of the help page."""
    found = []
    for module_info in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"{commands.__name__}.{module_info.name}")
        family = getattr(module, "FAMILY", None)
        if isinstance(family, Family):
            found.append(family)
    return tuple(sorted(found, key=lambda family: (family.order, family.name)))
