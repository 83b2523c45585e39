"""`galien releases`: the list of publications, going back to one, comparing two."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from galien.warehouse.ledger import ReleaseRecord

COLUMNS = (
    Column("release", "Publication"),
    Column("number", "N°"),
    Column("published_at", "Publiée le"),
    Column("previous", "Précédente"),
    Column("rows", "Lignes", "count"),
    Column("current", "En vigueur"),
    Column("bad", "Endommagée"),
)
DIFFERENCES = (
    Column("fact", "Fait"),
    Column("pharmacy", "Pharmacie"),
    Column("month", "Mois"),
    Column("rows_before", "Lignes avant", "count"),
    Column("rows", "Lignes", "count"),
    Column("amount_before", "Montant avant", "eur"),
    Column("amount", "Montant", "eur"),
)


def configure(parser: FrenchParser) -> None:
    """Add the sub-commands; without one, releases are listed."""
    parser.set_defaults(run=run_list, need=Need.READ)
    actions = parser.add_subparsers(metavar="ACTION", required=False)
    rollback = actions.add_parser("rollback", help="remet une publication antérieure en vigueur")
    rollback.add_argument("release", metavar="PUBLICATION")
    rollback.set_defaults(run=run_rollback, need=Need.READ)
    compare = actions.add_parser("compare", help="compare une publication à la précédente")
    compare.add_argument("release", metavar="PUBLICATION")
    compare.add_argument("--with", dest="other", metavar="PUBLICATION", default=None)
    compare.set_defaults(run=run_compare, need=Need.READ)


def run_list(context: Context, arguments: argparse.Namespace) -> Rows:
    """List releases, newest first."""
    from galien.usecases.releases import listed

    del arguments
    return Rows(COLUMNS, [list(_shown(each).values()) for each in listed(context.services)])


def run_rollback(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Make an earlier release current."""
    from galien.usecases.releases import rollback

    return _shown(rollback(arguments.release, services=context.services))


def run_compare(context: Context, arguments: argparse.Namespace) -> Rows:
    """List what changed between a release and another, by fact, pharmacy and month."""
    from galien.usecases.releases import compared

    found = compared(arguments.release, services=context.services, other=arguments.other)
    rows = [[getattr(each, column.name) for column in DIFFERENCES] for each in found]
    return Rows(DIFFERENCES, rows)


def _shown(release: ReleaseRecord) -> dict[str, object]:
    return {
        "release": release.release,
        "number": release.number,
        "published_at": release.published_at,
        "previous": release.parent,
        "rows": sum(int(str(fact["rows"])) for fact in release.facts),
        "current": release.current,
        "bad": release.bad,
    }


FAMILY = Family("releases", "Les publications : liste, retour, comparaison.", configure, order=12)
