"""`galien doctor`: is the workspace well, and what to do when it is not."""

from __future__ import annotations

import argparse

from galien.cli.context import Context
from galien.cli.output import Column, Rows
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

COLUMNS = (Column("check", "Contrôle"), Column("well", "Bon"), Column("sentence", "Constat"))
OUR_FAULT = 1


def configure(parser: FrenchParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--clean", action="store_true", default=False, help="supprime aussi ce qui n’a plus d’usage"
    )
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Rows:
    """Examine the workspace; exit 1 when something is wrong."""
    from galien.usecases.doctor import examine, unwell
    from galien.usecases.housekeeping import clean

    if arguments.clean:
        done = clean(context.services)
        context.say(
            f"Supprimés : {done.raw + done.sealed} fichiers reçus, {done.stored} de l’entrepôt, "
            f"{done.derived} d’analyse, {done.exports} exports."
        )
    findings = examine(context.services)
    for finding in unwell(findings):
        context.exit_code = OUR_FAULT
        context.say(f"{finding.check} : {finding.sentence}")
    return Rows(COLUMNS, [[each.check, each.well, each.sentence] for each in findings])


FAMILY = Family("doctor", "Examine l’espace de travail.", configure, order=80)
