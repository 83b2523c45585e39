"""`galien discounts optimise`: the best labs under rules, with the proof and the best other set."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli import from_workspace
from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from galien.calculators.discounts.market import Offer
    from galien.calculators.discounts.optimum.answer import Found, Optimum
    from galien.calculators.discounts.optimum.problem import Bought
    from galien.calculators.discounts.optimum.rules import Rules

COLUMNS = (
    Column("lab", "Laboratoire"),
    Column("products", "Produits"),
    Column("list_amount", "Achats au tarif", "€ HT"),
    Column("discount", "Remise", "€ HT"),
    Column("tier_rate", "Palier"),
    Column("billed_back", "Remise refacturée"),
)


def configure(parser: FrenchParser) -> None:
    """Add the two tables, the rules and what is asked besides."""
    from_workspace.configure(
        parser,
        purchases="achats : equivalence, quantity, list_amount, discount_rate (et lab, class)",
        offers="offres : lab, equivalence, discount_rate, extra_rate",
    )
    parser.add_argument(
        "--rules",
        type=Path,
        default=None,
        metavar="RULES.yaml",
        help="règles du choix (aucune par défaut)",
    )
    parser.add_argument(
        "--sensitivity", action="store_true", default=False,
        help="ce que vaut chaque clause, et ce qu’un laboratoire écarté doit offrir (plus long)",
    )  # fmt: skip
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Choose the labs; people read what each is given, scripts the whole assignment."""
    from galien.calculators.discounts.optimum.answer import optimise
    from galien.calculators.discounts.optimum.sensitivity import clauses, entries

    bought, offers, rules = _inputs(context, arguments)
    found = optimise(bought, offers, rules)
    content = _content(found)
    if arguments.sensitivity:
        every = clauses(bought, offers, rules, found.best)
        content["clauses"] = [
            {"clause": each.key, "worth": each.worth, "labs": each.without.labs} for each in every
        ]
        out = entries(bought, offers, rules, found.best)
        content["entries"] = [{"lab": each.lab, "rate": each.rate} for each in out]
    _say(context, found)
    rows = [[getattr(part, column.name) for column in COLUMNS] for part in found.parts]
    return Told(content, Rows(COLUMNS, rows))


def _inputs(
    context: Context, arguments: argparse.Namespace
) -> tuple[Sequence[Bought], Sequence[Offer], Rules]:
    """Return purchases, offers and rules; those of the workspace keep the clauses of its offers."""
    from galien.calculators.discounts.optimum.rules import Rules
    from galien.law import Law
    from galien.usecases.best_labs import read_bought, read_rules_file
    from galien.usecases.discount_files import read_offers

    rules = Rules()
    if arguments.rules is not None:
        rules = read_rules_file(arguments.rules, law=Law.load(), on=context.clock.today())
    if from_workspace.files(arguments):
        return read_bought(arguments.purchases), read_offers(arguments.offers), rules
    ground = from_workspace.ground(context, arguments)
    from galien.usecases.simulator.ground import with_rules

    return ground.bought, ground.offers, with_rules(ground, rules)


def _content(found: Optimum) -> dict[str, object]:
    return {
        **_told(found.best),
        "assignment": [vars(each) for each in found.assignment],
        "parts": [vars(each) for each in found.parts],
        "runner_up": None if found.runner_up is None else _told(found.runner_up),
    }


def _told(found: Found) -> dict[str, object]:
    return {
        "labs": found.labs,
        "total": found.total,
        "bound": found.bound,
        "gap": found.gap,
    }


def _say(context: Context, found: Optimum) -> None:
    from galien.kernel import french

    context.say(
        f"Total {french.amount(found.best.total)}, au plus {french.amount(found.best.bound)} "
        f"possible : {', '.join(found.best.labs) or 'aucun laboratoire'}."
    )
    if found.runner_up is not None:
        context.say(
            f"Meilleur autre ensemble : {', '.join(found.runner_up.labs) or 'aucun laboratoire'}, "
            f"{french.amount(found.runner_up.total)}."
        )


ACTION = Family("optimise", "choisit les laboratoires, en nombre libre", configure, order=3)
