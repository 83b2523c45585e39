"""`galien demo`: the demonstration group, made once, then served."""

from __future__ import annotations

import argparse

from galien.cli.commands.serve import serving_options
from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

SIGN_INS = (
    ("acheteur", "acheteuse du groupement"),
    ("reseau", "animateur du réseau"),
    ("titulaire", "titulaire de la première pharmacie"),
    ("comptable", "comptable des pharmacies"),
    ("admin", "administratrice"),
)
BELGIAN_SIGN_INS = (("titulaire-be", "titulaire des deux pharmacies belges"),)


def configure(parser: FrenchParser) -> None:
    """Add the options."""
    parser.add_argument("--pharmacies", type=int, default=36, metavar="N")
    parser.add_argument("--months", type=int, default=25, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--no-serve", action="store_true", default=False, help="construit sans servir"
    )
    parser.add_argument(
        "--belgium",
        action="store_true",
        default=False,
        help="deux pharmacies belges inventées, dans un espace de travail à elles",
    )
    serving_options(parser)
    parser.set_defaults(run=run, need=Need.WRITE)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object] | None:
    """Build the demonstration if it is not there, then serve it."""
    if arguments.belgium:
        built = context.host.build_belgian_demo(context, seed=arguments.seed)
    else:
        built = context.host.build_demo(
            context,
            pharmacies=arguments.pharmacies,
            months=arguments.months,
            seed=arguments.seed,
        )
    if arguments.no_serve:
        return dict(built)
    context.say("Identifiants (mot de passe : galien) :")
    for username, who in BELGIAN_SIGN_INS if arguments.belgium else SIGN_INS:
        context.say(f"  {username:<12} {who}")
    context.host.serve(
        context, host=arguments.host, port=arguments.port, worker=not arguments.no_worker
    )
    return None


FAMILY = Family("demo", "Le groupement de démonstration.", configure, order=1)
