"""`galien discounts compare`: labs beside what is bought, line by line."""

from __future__ import annotations

import argparse
from decimal import Decimal
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from galien.model.viewer import Viewer
    from galien.usecases.comparator import Compared

COLUMNS = (
    Column("equivalence_label", "Produit"),
    Column("mark", "Repère"),
    Column("gain", "Gain", "€ HT"),
    Column("current_discount_rate", "Remise actuelle"),
    Column("current_lab", "Laboratoire actuel"),
    Column("list_amount", "Achats PFHT", "€ HT"),
    Column("best_rate", "Meilleure remise"),
    Column("best_labs", "Meilleurs laboratoires"),
)


def configure(parser: FrenchParser) -> None:
    """Add what is compared, and how offers are weighed."""
    add = parser.add_argument
    add(
        "--period",
        default="last-12-months",
        metavar="PÉRIODE",
        help="achats comptés (last-12-months)",
    )
    add(
        "--pharmacy", action="append", default=[], metavar="FINESS",
        help="une pharmacie, répétable ; toutes par défaut",
    )  # fmt: skip
    add(
        "--lab",
        action="append",
        default=[],
        metavar="LABO",
        help="un laboratoire comparé, répétable",
    )
    add(
        "--same-treatment", action="store_true", default=False,
        help="28 et 30 sont un même traitement : comparés à l’unité de prise",
    )  # fmt: skip
    add(
        "--level", choices=("net-net", "invoice"), default="net-net",
        help="remise actuelle nette-nette, ou facturée",
    )  # fmt: skip
    add(
        "--count-excess", action="store_true", default=False,
        help="compter ce qui dépasse les plafonds légaux",
    )  # fmt: skip
    add(
        "--cost-of-money", type=decimal, default=Decimal(0), metavar="TAUX",
        help="coût annuel de l’argent (0,04), pour les délais de paiement",
    )  # fmt: skip
    add("--usual-days", type=int, default=30, metavar="J", help="délai de paiement habituel (30)")
    add("--as", dest="viewer", default=None, metavar="UTILISATEUR")
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Compare labs; people read marks and gains, scripts each lab's discount too."""
    viewer = _viewer(context, arguments.viewer)
    # Contracts are records: the services set their database up first.
    services = context.services
    from galien.usecases.comparator import Asked, as_answer, compared
    from galien.usecases.offers import Weighing

    asked = Asked(
        period=arguments.period,
        pharmacies=tuple(arguments.pharmacy),
        labs=tuple(arguments.lab),
        level=arguments.level,
        same_box=not arguments.same_treatment,
        count_excess=arguments.count_excess,
        weighing=Weighing(arguments.cost_of_money, arguments.usual_days),
    )
    found = compared(asked, viewer, services=services)
    if not found.comparison.labs:
        context.say("Aucune offre ni contrat en vigueur : chargez les offres des laboratoires.")
    records = as_answer(found).table.to_pylist()
    return Told(_content(found, records), Rows.of(COLUMNS, records))


def _content(found: Compared, records: list[dict[str, object]]) -> dict[str, object]:
    from galien.kernel.money import round_amount

    return {
        "rows": [
            {
                **{name: value for name, value in record.items() if not name.startswith("offer_")},
                "mark": row.mark.value,
                "best_labs": [cell.lab for cell in row.best],
                "offers": {
                    lab: None if cell is None else cell.rate
                    for lab, cell in zip(found.comparison.labs, row.cells, strict=True)
                },
            }
            for record, (_, row) in zip(records, found.rows, strict=True)
        ],
        "labs": [
            {
                **vars(each),
                "list_amount": round_amount(each.list_amount),
                "gain": round_amount(each.gain),
            }
            for each in found.comparison.totals()
        ],
        "list_amount": round_amount(found.base.list_amount),
        "discount_amount": round_amount(found.base.discount_amount),
        "gain": round_amount(found.comparison.gain),
        "period": found.base.period.iso(),
        "release": found.base.release,
    }


def _viewer(context: Context, username: str | None) -> Viewer:
    from galien.model.viewer import WORKSPACE_VIEWER

    if username is None:
        return WORKSPACE_VIEWER
    # The database of people is set up with the services.
    today = context.services.clock.today()
    from galien.records.scope import viewer_named

    return viewer_named(username, today)


ACTION = Family(
    "compare", "compare les remises des laboratoires sur les achats", configure, order=4
)
