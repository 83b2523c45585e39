"""The console command: reads the line, runs the command, prints its answer, says what went wrong."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import galien
from galien.kernel.clock import Clock, FixedClock, SystemClock
from galien.kernel.errors import GalienError

if TYPE_CHECKING:
    from galien.usecases.services import Services

OUR_FAULT = 1
INTERRUPTED = 130


def main(line: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 2 the user's mistake, 3 refused, 1 our fault."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        return _run(sys.argv[1:] if line is None else line)
    except GalienError as error:
        _say(error.message)
        return error.exit_code
    except KeyboardInterrupt:
        _say("Interrompu.")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:  # noqa: BLE001  # whatever breaks, the person gets a sentence
        return _trouble(error) or _our_fault(error)


def _run(line: Sequence[str]) -> int:
    from galien.cli.context import Context
    from galien.cli.output import rendered
    from galien.cli.registry import Need
    from galien.site.host import SiteHost
    from galien.usecases.workspace import DEFAULT_FOLDER, Workspace

    arguments = _parser().parse_args(line)
    workspace = Workspace(Path(getattr(arguments, "workspace", DEFAULT_FOLDER)).absolute())
    clock = _clock(arguments)
    if arguments.need is Need.WRITE:
        workspace.create()
    elif arguments.need is Need.READ:
        workspace.require()

    if arguments.need is not Need.NOTHING:
        from galien.site.build import start_django

        start_django(workspace)

    def build() -> Services:
        from galien.site.build import build as build_services

        return build_services(workspace, clock)

    context = Context(workspace, clock, build, SiteHost())
    answer = arguments.run(context, arguments)
    sys.stdout.write(rendered(answer, getattr(arguments, "format", "table")))
    sys.stdout.flush()
    return context.exit_code


def _parser() -> argparse.ArgumentParser:
    from galien.cli.parser import FrenchParser, speak_french
    from galien.cli.registry import discover

    speak_french()
    parser = FrenchParser(
        prog="galien", description="L’analyse d’activité des pharmacies et de leurs groupements."
    )
    parser.add_argument("--version", action="version", version=f"galien {galien.__version__}")
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
    for family in discover():
        family.configure(
            commands.add_parser(family.name, help=family.help, description=family.help)
        )
    return parser


def _clock(arguments: argparse.Namespace) -> Clock:
    return FixedClock.on(arguments.on) if hasattr(arguments, "on") else SystemClock()


def _trouble(error: Exception) -> int:
    """Say what the database refused and what to do; 0 when it is something else."""
    from galien.site.trouble import database_trouble

    told = database_trouble(error)
    if told is None:
        return 0
    _say(told.message)
    return told.exit_code


def _our_fault(error: Exception) -> int:
    incident = uuid.uuid4().hex[:12]
    if os.environ.get("GALIEN_DEBUG"):
        traceback.print_exception(error)
    _say(
        f"Une erreur de notre côté a interrompu la commande (incident {incident}, "
        f"{type(error).__name__}). Relancez avec GALIEN_DEBUG=1 pour la décrire à l’assistance."
    )
    return OUR_FAULT


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
