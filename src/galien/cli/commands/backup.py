"""`galien backup FILE`: the workspace in one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need


def configure(parser: FrenchParser) -> None:
    """Add the file's name."""
    parser.add_argument("file", type=Path, metavar="FICHIER")
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Back the workspace up."""
    from galien.usecases.backup import backup

    done = backup(arguments.file, services=context.services, progress=context.progress)
    return {"file": str(arguments.file), **vars(done)}


FAMILY = Family("backup", "Sauvegarde l’espace de travail dans un fichier.", configure, order=81)
