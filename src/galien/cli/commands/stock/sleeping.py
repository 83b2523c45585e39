"""`galien stock sleeping`: what no longer sells or is beyond need, what it costs, where it may go."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, Need
from galien.kernel.money import round_amount

if TYPE_CHECKING:
    from galien.usecases.stock.sleepers import Sleeper

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
    rows = [_row(each) for each in found.rows]
    content = {
        "pharmacy": found.pharmacy,
        "counted_on": found.counted_on,
        "stock_value": round_amount(found.stock_value),
        "sleeping_value": round_amount(found.sleeping_value),
        "excess_value": round_amount(found.excess_value),
        "monthly_cost": round_amount(found.monthly_cost),
        "expiring_value": round_amount(found.expiring_value),
        "depreciation": round_amount(found.depreciation),
        "bands": [
            {
                "from_months": each.band.lower,
                "to_months": each.band.upper,
                "products": each.products,
                "value": round_amount(each.value),
            }
            for each in found.bands
        ],
        "rows": rows,
    }
    return Told(content, Rows(COLUMNS, [[_shown(row, c.name) for c in COLUMNS] for row in rows]))


def _shown(row: dict[str, object], name: str) -> object:
    if name != "actions":
        return row[name]
    proposals: list[dict[str, object]] = row["proposals"]  # type: ignore[assignment]
    return ", ".join(f"{each['action']} {each['units']} {each['to']}".strip() for each in proposals)


def _row(sleeper: Sleeper) -> dict[str, object]:
    level, found = sleeper.level, sleeper.found
    written_down = sleeper.depreciation
    return {
        "product_code": level.product_code,
        "label": level.label,
        "quantity": level.quantity,
        "unit_cost": round_amount(level.unit_cost),
        "asleep": found.asleep,
        "last_sold": level.last_sold,
        "months_without_sale": found.months_without_sale,
        "cover_days": found.cover_days,
        "idle_units": found.idle_units,
        "idle_value": round_amount(found.idle_value),
        "monthly_cost": round_amount(found.monthly_cost),
        "nearest_expiry": level.nearest_expiry,
        "expiring_units": found.expiring_units,
        "depreciation": None if written_down is None else round_amount(written_down.amount),
        "proposals": [
            {
                "action": str(each.action),
                "units": each.units,
                "to": each.to,
                "recovered": round_amount(each.recovered),
                "reason": each.reason,
                "flag": each.flag,
            }
            for each in sleeper.proposals
        ],
    }


ACTION = Family("sleeping", "stock dormant, excédents, péremptions", configure, order=3)
