"""Purchases and offers of a choice of labs: from the files given, or from the workspace when none is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from galien.model.viewer import Viewer
    from galien.usecases.simulator.ground import Ground

PERIOD = "last-12-months"


def configure(parser: FrenchParser, *, purchases: str, offers: str) -> None:
    """Add the two tables, and what is asked of the workspace without them."""
    parser.add_argument("--purchases", type=Path, default=None, metavar="P.csv", help=purchases)
    parser.add_argument("--offers", type=Path, default=None, metavar="O.csv", help=offers)
    parser.add_argument(
        "--period",
        default=None,
        metavar="PÉRIODE",
        help=f"sans fichier : achats comptés ({PERIOD})",
    )
    parser.add_argument(
        "--pharmacy", action="append", default=[], metavar="FINESS",
        help="sans fichier : une pharmacie, répétable ; toutes par défaut",
    )  # fmt: skip
    parser.add_argument("--as", dest="viewer", default=None, metavar="UTILISATEUR")


def files(arguments: argparse.Namespace) -> bool:
    """Tell whether the tables are given; InvalidInput when one is, or when the workspace is asked too."""
    given = [arguments.purchases is not None, arguments.offers is not None]
    asked = bool(arguments.period or arguments.pharmacy or arguments.viewer)
    if any(given) and not all(given):
        raise InvalidInput(
            "Donnez --purchases et --offers, ou aucun des deux pour lire l’espace de travail.",
            code="USAGE",
        )
    if all(given) and asked:
        raise InvalidInput(
            "--period, --pharmacy et --as choisissent dans l’espace de travail : retirez-les, ou "
            "retirez les fichiers.",
            code="USAGE",
        )
    return all(given)


def ground(context: Context, arguments: argparse.Namespace) -> Ground:
    """Return what the workspace buys and is offered; raises what the use cases raise."""
    context.workspace.require()
    # Contracts and people are records: the services set their database up first.
    services = context.services
    viewer = _viewer(context, arguments.viewer)
    from galien.usecases.simulator.asked import Asked
    from galien.usecases.simulator.gather import ground_of

    asked = Asked(period=arguments.period or PERIOD, pharmacies=tuple(arguments.pharmacy))
    return ground_of(asked, viewer, services=services)


def _viewer(context: Context, username: str | None) -> Viewer:
    from galien.model.viewer import WORKSPACE_VIEWER

    today = context.clock.today()
    if username is None:
        return WORKSPACE_VIEWER
    from galien.records.scope import viewer_named

    return viewer_named(username, today)
