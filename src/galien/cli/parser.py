"""Reading the command line: argparse speaking French, common options before or after the command."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

from galien.kernel.errors import InvalidInput

FRENCH = {
    "usage: ": "usage : ",
    "positional arguments": "arguments",
    "options": "options",
    "subcommands": "commandes",
    "show this help message and exit": "affiche cette aide",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "argument inconnu : %s",
    "expected one argument": "il faut une valeur",
    "expected at least one argument": "il faut au moins une valeur",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "%(value)r n’est pas possible ; au choix : %(choices)s"
    ),
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "not allowed with argument %s": "incompatible avec %s",
    "one of the arguments %s is required": "il faut l’une des options %s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": (
        "commande %(parser_name)r inconnue ; au choix : %(choices)s"
    ),
    "invalid %(type)s value: %(value)r": "valeur impossible : %(value)r",
    "ambiguous option: %(option)s could match %(matches)s": (
        "option ambiguë : %(option)s peut être %(matches)s"
    ),
}


def speak_french() -> None:
    """Give argparse its sentences in French (it takes them from gettext's global function)."""
    argparse._ = lambda text: FRENCH.get(text, text)  # type: ignore[attr-defined]


class FrenchParser(argparse.ArgumentParser):
    """A parser without abbreviations, whose mistakes are our errors, told with what to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("allow_abbrev", False)
        kwargs.setdefault("argument_default", argparse.SUPPRESS)
        self._signed: set[str] = set()
        super().__init__(*args, **kwargs)
        if kwargs.get("add_help", True):
            self._add_common_options()

    def _add_common_options(self) -> None:
        common = self.add_argument_group("options communes")
        common.add_argument(
            "--workspace",
            type=Path,
            metavar="DOSSIER",
            help="espace de travail (./galien-data par défaut)",
        )
        common.add_argument(
            "--format", choices=("table", "json", "csv"), help="forme de la réponse"
        )
        common.add_argument(
            "--on", type=day, metavar="DATE", help="jour de référence, AAAA-MM-JJ (aujourd’hui)"
        )

    def add_signed(self, option: str, **kwargs: Any) -> None:
        """Add an option whose value may begin with a minus, as an order from the largest does."""
        self._signed.add(option)
        self.add_argument(option, **kwargs)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Read the line; a value that begins with a minus is tied to its option first."""
        tied: list[str] = []
        for word in sys.argv[1:] if args is None else args:
            if tied and tied[-1] in self._signed:
                tied[-1] = f"{tied[-1]}={word}"
            else:
                tied.append(word)
        return super().parse_known_args(tied, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise the mistake as InvalidInput, with the command whose help to read."""
        raise InvalidInput(f"{self.prog} : {message}. Aide : « {self.prog} --help ».", code="USAGE")


def day(text: str) -> dt.date:
    """Read an ISO date; ArgumentTypeError otherwise."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas une date AAAA-MM-JJ") from error


def moment(text: str) -> dt.datetime:
    """Read an ISO date and time; without a zone it is Paris time."""
    from galien.kernel.clock import PARIS

    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"« {text} » n’est pas un moment AAAA-MM-JJTHH:MM"
        ) from error
    return read if read.tzinfo else read.replace(tzinfo=PARIS)


LARGEST = Decimal(10) ** 24


def decimal(text: str) -> Decimal:
    """Read a decimal number, point or comma; ArgumentTypeError when it is none or beyond measure."""
    try:
        read = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un nombre") from error
    if not read.is_finite() or abs(read) >= LARGEST:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un nombre")
    return read
