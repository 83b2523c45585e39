"""`galien ask`: one question, one answer, as JSON, a table, CSV or an export file."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need
from galien.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from galien.analytics.answer import Answer
    from galien.analytics.question import Filter, Question
    from galien.model.viewer import Viewer

SUBJECTS = ("purchases", "sales", "stock", "traffic")
LEVELS = ("list", "invoice", "net-net")


def configure(parser: FrenchParser) -> None:
    """Add the options of a question."""
    parser.add_argument("subject", choices=SUBJECTS, help="sujet")
    parser.add_argument("--measure", action="append", default=[], metavar="MESURE")
    parser.add_argument("--by", action="append", default=[], metavar="DIMENSION")
    parser.add_argument("--period", default="last-12-months", metavar="PÉRIODE")
    parser.add_argument("--compare", default="previous-year", metavar="COMPARAISON")
    parser.add_argument("--where", action="append", default=[], metavar="DIMENSION=VALEUR[,VALEUR]")
    parser.add_argument("--level", choices=LEVELS, default="invoice", help="niveau de prix")
    parser.add_signed("--order", default=None, metavar="[-]MESURE")
    parser.add_argument("--top", type=int, default=None, metavar="N")
    parser.add_argument("--as", dest="viewer", default=None, metavar="UTILISATEUR")
    parser.add_argument("--export", type=Path, default=None, metavar="FICHIER")
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Rows:
    """Ask, and write the export when one is wanted."""
    from galien.usecases.ask import ask

    viewer = _viewer(context, arguments.viewer)
    answer = ask(question(arguments), viewer, services=context.services)
    if arguments.export is not None:
        from galien.usecases import access_log
        from galien.usecases.export import export

        export(answer, arguments.export)
        access_log.note(
            access_log.EXPORT,
            f"galien ask {arguments.subject} --export {arguments.export.name}",
            viewer,
            services=context.services,
            pharmacies=answer.meta.scope,
            release=answer.meta.release,
            door="cli",
        )
        context.say(f"Écrit dans {arguments.export}.")
    return printed(answer)


def question(arguments: argparse.Namespace) -> Question:
    """Return the question of a command line."""
    from galien.analytics.question import Question

    return Question(
        subject=arguments.subject,
        measures=tuple(arguments.measure),
        by=tuple(arguments.by),
        period=arguments.period,
        compare=arguments.compare,
        where=tuple(_filter(text) for text in arguments.where),
        level=arguments.level,
        order=arguments.order,
        top=arguments.top,
    )


def _filter(text: str) -> Filter:
    """Read `dimension=value,value`, or `dimension!=value` to exclude."""
    from galien.analytics.question import Filter

    name, equals, values = text.partition("=")
    if not equals or not name.strip("! "):
        raise InvalidInput(
            f"--where « {text} » : écrivez dimension=valeur, ou dimension=valeur,valeur.",
            code="USAGE",
        )
    kept = tuple(value.strip() for value in values.split(","))
    return Filter(name.rstrip("! ").strip(), kept, exclude=name.endswith("!"))


def _viewer(context: Context, username: str | None) -> Viewer:
    from galien.model.viewer import WORKSPACE_VIEWER

    today = context.clock.today()
    _ = context.services
    if username is None:
        return WORKSPACE_VIEWER
    from galien.records.scope import viewer_named

    return viewer_named(username, today)


def printed(answer: Answer) -> Rows:
    """Return an answer under the keys that scripts read."""
    meta = answer.meta
    numeric = [column.numeric for column in answer.columns]
    return Rows(
        columns=[Column(c.name, c.label, str(c.unit)) for c in answer.columns],
        rows=[
            [
                _number(value) if is_number else value
                for value, is_number in zip(row, numeric, strict=True)
            ]
            for row in answer.rows()
        ],
        totals=answer.totals,
        meta={
            "release": meta.release,
            "period": meta.period.iso(),
            "comparison": meta.comparison.iso() if meta.comparison else None,
            "scope": list(meta.scope),
            "rows": meta.rows,
            "milliseconds": meta.milliseconds,
        },
    )


def _number(value: object) -> object:
    """A key that is a number is printed as one; `other` stays a text."""
    if not isinstance(value, str):
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


FAMILY = Family("ask", "Pose une question et rend sa réponse.", configure, order=14)
