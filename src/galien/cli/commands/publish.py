"""`galien publish`: makes what was loaded visible, in one step."""

from __future__ import annotations

import argparse

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need


def configure(parser: FrenchParser) -> None:
    """Publishing has no option of its own."""
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Publish and return the release, its facts and the one before it."""
    from galien.usecases.publish import publish

    del arguments
    done = publish(services=context.services, progress=context.progress)
    return {
        "release": done.release.release,
        "facts": [dict(fact) for fact in done.release.facts],
        "previous": done.previous,
    }


FAMILY = Family("publish", "Publie ce qui a été chargé.", configure, order=11)
