"""`galien worker`: runs queued jobs until told to stop."""

from __future__ import annotations

import argparse

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need


def configure(parser: FrenchParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--batch", action="store_true", default=False, help="s’arrête quand il n’y a plus de tâche"
    )
    parser.set_defaults(run=run, need=Need.WRITE)


def run(context: Context, arguments: argparse.Namespace) -> None:
    """Work. The worker itself is given by the site: interfaces do not know each other."""
    services = context.services
    if not arguments.batch:
        context.say("Le travail de fond est prêt (Ctrl+C pour arrêter).")
    context.host.work(services, batch=arguments.batch)


FAMILY = Family("worker", "Exécute les tâches de fond.", configure, order=41)
