"""`galien people`: the first administrator of a group, and a password forgotten."""

from __future__ import annotations

import argparse

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

ONCE = "Ce mot de passe n’est montré qu’une fois : il se change dans « Mon compte »."


def configure(parser: FrenchParser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    first = actions.add_parser("administrator", help="crée un administrateur du groupement")
    first.add_argument("username", metavar="IDENTIFIANT")
    first.add_argument(
        "--group", default="", metavar="GROUPEMENT", help="son nom ; créé s’il est nouveau"
    )
    first.add_argument("--name", default="", metavar="NOM")
    first.add_argument("--email", default="", metavar="ADRESSE")
    first.set_defaults(run=run_administrator, need=Need.WRITE)
    password = actions.add_parser("password", help="donne un nouveau mot de passe à une personne")
    password.add_argument("username", metavar="IDENTIFIANT")
    password.set_defaults(run=run_password, need=Need.WRITE)


def run_administrator(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Make an administrator and say their first password."""
    services = context.services
    from galien.usecases.people import welcome_administrator

    made = welcome_administrator(
        arguments.username,
        arguments.group,
        name=arguments.name,
        email=arguments.email,
        services=services,
    )
    context.say(ONCE)
    return vars(made)


def run_password(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Give a new password and say it."""
    services = context.services
    from galien.usecases.people import renew_password

    given = renew_password(arguments.username, services=services)
    context.say(ONCE)
    return vars(given)


FAMILY = Family("people", "Les personnes qui se connectent.", configure, order=21)
