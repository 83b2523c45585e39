"""`galien stock sleeping`: what no longer sells or is beyond need, what it costs, where it may go."""

from __future__ import annotations

import argparse

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, Need

COLUMNS = (
    Column("product_code", "Produit"),
    Column("label", "Nom"),
    Column("quantity", "Stock", "u"),
    Column("last_sold", "Dernière vente"),
    Column("idle_units", "À faire partir", "u"),
    Column("idle_value", "Valeur", "€ HT"),
    Column("monthly_cost", "Coût par mois", "€ HT"),
    Column("nearest_expiry", "Péremption"),
    Column("actions", "Que faire"),
)


def configure(parser: FrenchParser) -> None:
    """Add the pharmacy and the settings."""
    add = parser.add_argument
    add("--pharmacy", required=True, metavar="FINESS", help="pharmacie")
    add("--months", type=int, default=None, metavar="N", help="mois sans vente (6)")
    add(
        "--target-days",
        type=decimal,
        default=None,
        metavar="N",
        help="couverture voulue, jours (45)",
    )
    add(
        "--money-rate",
        type=decimal,
        default=None,
        metavar="R",
        help="coût de l’argent par an (0,04)",
    )
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """List the products whose boxes should go, most euros first."""
    from galien.calculators.stock.sleeping import Settings
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.stock.sleepers import sleepers
    from galien.usecases.stock.told.sleeping import sleeping_told

    given = {
        name: value
        for name in ("months", "target_days", "money_rate")
        if (value := getattr(arguments, name)) is not None
    }
    found = sleepers(
        WORKSPACE_VIEWER,
        arguments.pharmacy,
        settings=Settings(**given),
        services=context.services,
    )
    content = sleeping_told(found)
    rows = content["rows"]
    return Told(content, Rows(COLUMNS, [[_shown(row, c.name) for c in COLUMNS] for row in rows]))


def _shown(row: dict[str, object], name: str) -> object:
    if name != "actions":
        return row[name]
    proposals: list[dict[str, object]] = row["proposals"]  # type: ignore[assignment]
    return ", ".join(f"{each['action']} {each['units']} {each['to']}".strip() for each in proposals)


ACTION = Family("sleeping", "stock dormant, excédents, péremptions", configure, order=3)
