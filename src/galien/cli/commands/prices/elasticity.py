"""`galien prices elasticity`: how volumes answered the network's own price changes."""

from __future__ import annotations

import argparse

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need


def configure(parser: FrenchParser) -> None:
    """Add nothing: the whole network is read."""
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Tell the elasticity and its interval, in all and by universe, or why there is none."""
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.prices.network import network_elasticities
    from galien.usecases.prices.told.elasticity import elasticity_told

    del arguments
    found = network_elasticities(viewer=WORKSPACE_VIEWER, services=context.services)
    if found.whole.refusal:
        context.say(found.whole.refusal)
    elif not found.whole.usable:
        context.say("L’intervalle à 95 % contient zéro : ne vous appuyez pas sur cette élasticité.")
    return elasticity_told(found)


ACTION = Family("elasticity", "élasticité lue dans les prix du réseau", configure, order=4)
