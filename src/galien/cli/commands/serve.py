"""`galien serve`: the site, with a worker beside it."""

from __future__ import annotations

import argparse

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

NOBODY = (
    "Personne ne peut encore se connecter : créez un administrateur par "
    '`galien people administrator IDENTIFIANT --group "Nom du groupement"`.'
)


def configure(parser: FrenchParser) -> None:
    """Add the options."""
    serving_options(parser)
    parser.set_defaults(run=run, need=Need.WRITE)


def serving_options(parser: FrenchParser) -> None:
    """Add the options of serving, which `demo` has too."""
    parser.add_argument("--host", default="127.0.0.1", metavar="ADRESSE")
    parser.add_argument("--port", type=int, default=8000, metavar="PORT")
    parser.add_argument(
        "--no-worker", action="store_true", default=False, help="sans travail de fond à côté"
    )


def run(context: Context, arguments: argparse.Namespace) -> None:
    """Serve until told to stop."""
    _ = context.services
    from galien.usecases.people import anyone

    if not anyone():
        context.say(NOBODY)
    context.host.serve(
        context, host=arguments.host, port=arguments.port, worker=not arguments.no_worker
    )


FAMILY = Family("serve", "Sert le site.", configure, order=40)
