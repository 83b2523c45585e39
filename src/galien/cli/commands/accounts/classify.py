"""`galien accounts classify`: the pharmacies of a panel by both sets, their models, their groups."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from galien.calculators.accounting.classification import Classified
    from galien.calculators.accounting.panel import Group

RULES = ("majority-of-four", "plurality")
COLUMNS = (
    Column("id", "Pharmacie"),
    Column("old_set", "Ancien classement"),
    Column("new_set", "Nouveau classement"),
    Column("model", "Modèle"),
    Column("old_high", "Ancien, au-dessus"),
    Column("old_low", "Ancien, en dessous"),
    Column("new_high", "Nouveau, au-dessus"),
    Column("new_low", "Nouveau, en dessous"),
)


def configure(parser: FrenchParser) -> None:
    """Add the panel and the rule of the old set."""
    parser.add_argument("panel", type=Path, metavar="PANEL", help="panel d’officines (CSV)")
    parser.add_argument(
        "--old-rule", choices=RULES, default=RULES[0], help="règle de l’ancien classement"
    )
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Class every pharmacy; what is unknown or annualised is said on stderr."""
    from galien.law import Law
    from galien.usecases.panel_file import classify_file

    panel = classify_file(
        arguments.panel, old_rule=arguments.old_rule, law=Law.load(), on=context.clock.today()
    )
    for note in panel.notes:
        context.say(note)
    rows = [_row(each) for each in panel.members]
    content = {
        "old_rule": panel.rules.old_rule,
        "rows": rows,
        "groups": [_group(each) for each in panel.groups],
        "crossed": [
            {"old_set": old, "new_set": new, "members": count}
            for (old, new), count in panel.crossed.items()
        ],
    }
    return Told(content, Rows.of(COLUMNS, rows))


def _row(found: Classified) -> dict[str, object]:
    from galien.calculators.accounting.classification import as_row

    return {
        **as_row(found),
        "old_deciding": found.old.deciding,
        "new_deciding": found.new.deciding,
        "unknown": (*found.old.unknown, *found.new.unknown),
        "annualised": found.member.annualised,
    }


def _group(group: Group) -> dict[str, object]:
    """Return a group with its amounts to the cent, its rates unrounded."""
    from galien.usecases.panel_file import group_row

    row = group_row(group)
    return {**_rounded(row), "medians": _rounded(group.medians), "rates": group.rates}


def _rounded(figures: dict[str, object] | dict[str, Decimal | None]) -> dict[str, object]:
    from galien.kernel import glossary
    from galien.kernel.money import round_amount

    return {
        name: round_amount(value)
        if isinstance(value, Decimal) and glossary.unit(name).is_money
        else value
        for name, value in figures.items()
    }


ACTION = Family("classify", "classe un panel d’officines", configure, order=4)
