"""The registry of commands: what a family declares, and how all of them are found."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from galien.cli import commands
from galien.cli.parser import FrenchParser


class Need(StrEnum):
    """What a command asks of the workspace."""

    NOTHING = "nothing"
    READ = "read"
    WRITE = "write"


class _Needing(argparse.Action):
    """An option whose presence changes what a command asks of the workspace."""

    need: Need

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Keep the value, and say what is needed."""
        del parser, option_string
        setattr(namespace, self.dest, values)
        namespace.need = self.need


class FromWorkspace(_Needing):
    """An option that makes a command read the workspace, which it does not need otherwise."""

    need = Need.READ


class FromFile(_Needing):
    """An option that gives a command all it needs, so that it needs no workspace."""

    need = Need.NOTHING


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
    return _declared(commands.__name__, "FAMILY")


def folder_family(package: str, name: str, help: str, *, order: int) -> Family:  # noqa: A002 - as argparse
    """Return a family whose sub-commands are the ACTION of each module of a package, by its name."""

    def configure(parser: FrenchParser) -> None:
        choices = parser.add_subparsers(metavar="ACTION", required=True)
        for action in _declared(package, "ACTION"):
            action.configure(choices.add_parser(action.name, help=action.help))

    return Family(name, help, configure, order)


def _declared(package: str, attribute: str) -> tuple[Family, ...]:
    """Return what the modules of a package declare under a name, in the order of the help page."""
    path = importlib.import_module(package).__path__
    names = (f"{package}.{each.name}" for each in pkgutil.iter_modules(path))
    found = (getattr(importlib.import_module(name), attribute, None) for name in names)
    families = [each for each in found if isinstance(each, Family)]
    return tuple(sorted(families, key=lambda family: (family.order, family.name)))
