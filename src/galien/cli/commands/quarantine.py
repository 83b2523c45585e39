"""`galien quarantine`: rows set aside, and replaying them with today's mapping and catalogue."""

from __future__ import annotations

import argparse

from galien.cli.context import Context
from galien.cli.output import Column, Rows
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

COLUMNS = (
    Column("receipt", "Récépissé"),
    Column("line", "Ligne"),
    Column("column", "Colonne"),
    Column("code", "Code"),
    Column("message", "Motif"),
    Column("extract", "Extrait masqué"),
)
REPLAYED = (
    Column("receipt", "Récépissé"),
    Column("before", "En quarantaine avant", "count"),
    Column("quarantined", "En quarantaine", "count"),
    Column("accepted", "Acceptées", "count"),
    Column("sentence", "Remarque"),
)


def configure(parser: FrenchParser) -> None:
    """Add the options and `replay`; without it, rows are listed."""
    parser.add_argument("--receipt", metavar="RÉCÉPISSÉ", default=None)
    parser.set_defaults(run=run_list, need=Need.READ)
    actions = parser.add_subparsers(metavar="ACTION", required=False)
    replay = actions.add_parser("replay", help="relit les fichiers gardés")
    replay.add_argument("--receipt", metavar="RÉCÉPISSÉ")
    replay.set_defaults(run=run_replay, need=Need.READ)


def run_list(context: Context, arguments: argparse.Namespace) -> Rows:
    """List rows set aside."""
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.quarantine import listed

    _ = context.services
    found = listed(WORKSPACE_VIEWER, receipt=arguments.receipt)
    fields = ("receipt_id", *(column.name for column in COLUMNS[1:]))
    return Rows(COLUMNS, [list(row) for row in found.values_list(*fields)])


def run_replay(context: Context, arguments: argparse.Namespace) -> Rows:
    """Replay the receipts that have rows set aside, or one of them."""
    from galien.usecases.quarantine import replay

    wanted = [arguments.receipt] if arguments.receipt else None
    done = replay(services=context.services, receipts=wanted, progress=context.progress)
    return Rows(REPLAYED, [[getattr(each, c.name) for c in REPLAYED] for each in done])


FAMILY = Family("quarantine", "Les lignes mises de côté.", configure, order=13)
