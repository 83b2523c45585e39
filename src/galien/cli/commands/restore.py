"""`galien restore FILE`: a workspace from its backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need


def configure(parser: FrenchParser) -> None:
    """Add the file's name; the workspace is the one of --workspace, which must not exist yet."""
    parser.add_argument("file", type=Path, metavar="FICHIER")
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Restore, then check that the records answer and which release serves."""
    from galien.usecases.backup import load_records, restore

    hashes = restore(arguments.file, context.workspace, progress=context.progress)
    services = context.services
    load_records(context.workspace)
    current = services.ledger.current_release()
    return {
        "workspace": str(context.workspace.path),
        "files": len(hashes),
        "release": current.release if current else None,
    }


FAMILY = Family("restore", "Restaure une sauvegarde dans un nouveau dossier.", configure, order=82)
