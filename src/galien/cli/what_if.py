"""`galien law what-if`: a folder of proposed values tried on the sales of the workspace."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from galien.cli.context import Context
from galien.cli.output import Rows
from galien.cli.registry import Need
from galien.kernel.errors import InvalidInput

BY = ("pharmacy", "month", "product_class", "price_slice", "reimbursement_rate")


def add_what_if(actions: Any) -> None:
    """Add the sub-command."""
    parser = actions.add_parser("what-if", help="essaie des valeurs proposées sur les ventes")
    parser.add_argument("--overlay", type=Path, required=True, metavar="DOSSIER")
    parser.add_argument("--period", default="last-12-months", metavar="PÉRIODE")
    parser.add_argument("--by", choices=BY, default=BY[0])
    parser.add_argument("--as", dest="viewer", default=None, metavar="UTILISATEUR")
    parser.set_defaults(run=run_what_if, need=Need.READ)


def run_what_if(context: Context, arguments: argparse.Namespace) -> Rows:
    """Price the sales under both laws; notes are said on stderr."""
    from galien.cli.commands.ask import printed
    from galien.law import Law
    from galien.usecases.pay.what_if import what_if

    if not arguments.overlay.is_dir():
        raise InvalidInput(
            f"--overlay « {arguments.overlay} » n’est pas un dossier : donnez celui des fichiers YAML "
            "des valeurs proposées.",
            code="USAGE",
        )
    report = what_if(
        _viewer(context, arguments.viewer),
        services=context.services,
        proposed=Law.load(overlay=arguments.overlay),
        period=arguments.period,
        by=arguments.by,
    )
    for note in report.notes:
        context.say(note)
    return printed(report.answer)


def _viewer(context: Context, username: str | None) -> Any:
    from galien.model.viewer import WORKSPACE_VIEWER

    _ = context.services
    if username is None:
        return WORKSPACE_VIEWER
    from galien.records.scope import viewer_named

    return viewer_named(username, context.clock.today())
