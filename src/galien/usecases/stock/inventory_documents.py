"""A summary of the inventory of the change of method as it goes to the accountant: PDF or workbook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any

from galien.calculators.stock.belgian_inventory import ChangeOfMethod, Counted, Summary
from galien.calculators.stock.valuation import Method
from galien.kernel import french
from galien.kernel.errors import NotAvailable
from galien.kernel.money import round_amount
from galien.usecases.export import Download
from galien.usecases.export.sheets import Cell, Sheet, sheets_file
from galien.usecases.stock.change_of_method import NAMES, TITLES

TEMPLATE = "inventory.typ"
STYLES = ("pdf", "xlsx", "csv")


def summary_file(
    found: ChangeOfMethod, method: Method, style: str, *, pharmacy: str, name: str
) -> Download:
    """Return the summary of one method, with its products; it says nothing of the other method.

    Raises NotAvailable when the inventory has no summary by that method, or for another style.
    """
    summary = next((each for each in found.summaries if each.method is method), None)
    if summary is None or style not in STYLES:
        raise NotAvailable("Ce récapitulatif n’existe pas : reprenez la page de l’inventaire.")
    stem = f"inventaire-{pharmacy}-{summary.day}-{NAMES[method]}"
    if style == "pdf":
        content = _pdf(summary, found.rows, pharmacy=pharmacy, name=name)
        return Download(content, "application/pdf", f"{stem}.pdf")
    return sheets_file(stem, _sheets(summary, found.rows, f"{name} ({pharmacy})"), style)


def _pdf(summary: Summary, rows: Sequence[Counted], *, pharmacy: str, name: str) -> bytes:
    import typst

    template = files(__package__).joinpath(TEMPLATE).read_bytes()
    data = json.dumps(_texts(summary, rows, pharmacy, name), ensure_ascii=False)
    return typst.compile(
        template, format="pdf", ignore_system_fonts=True, sys_inputs={"summary": data}
    )


def _texts(summary: Summary, rows: Sequence[Counted], pharmacy: str, name: str) -> dict[str, Any]:
    return {
        "title": f"Inventaire au {french.day(summary.day)}",
        "method": TITLES[summary.method],
        "pharmacy": name,
        "number": pharmacy,
        "rates": [
            [rate_text(line.vat_rate), french.number(line.products), _units(line.units),
             french.number(line.value, 2)]
            for line in summary.lines
        ],
        "total": ["Total", french.number(len(rows)), _units(sum(_quantities(rows), Decimal(0))),
                  french.number(summary.value, 2)],
        "products": [
            [row.product_code, row.label or row.product_code, rate_text(row.vat_rate),
             _units(row.quantity), french.number(_cost(row, summary.method), 2),
             french.number(_worth(row, summary.method), 2)]
            for row in rows
        ],
    }  # fmt: skip


def _sheets(summary: Summary, rows: Sequence[Counted], name: str) -> list[Sheet]:
    header = ("Taux de TVA", "Produits", "Unités", "Valeur HTVA (€)")
    lines: list[Sequence[Cell]] = [
        (rate_text(line.vat_rate), line.products, line.units, line.value) for line in summary.lines
    ]
    total = ("Total", len(rows), sum(_quantities(rows), Decimal(0)), summary.value)
    notes: list[Sequence[Cell]] = [
        (),
        (f"Inventaire au {french.day(summary.day)}",),
        (TITLES[summary.method],),
        (name,),
    ]
    products: list[Sequence[Cell]] = [
        (row.label or row.product_code, row.product_code, rate_text(row.vat_rate), row.quantity,
         _cost(row, summary.method), _worth(row, summary.method))
        for row in rows
    ]  # fmt: skip
    detail = (
        "Produit",
        "Code CNK",
        "Taux de TVA",
        "Unités",
        "Coût unitaire (€)",
        "Valeur HTVA (€)",
    )
    return [
        Sheet("Récapitulatif", header, [*lines, total, *notes]),
        Sheet("Détail par produit", detail, products),
    ]


def rate_text(rate: Decimal) -> str:
    """Write a rate of VAT as Belgium does.

    >>> rate_text(Decimal("0.06"))
    '6 %'
    """
    return f"{(rate * 100).normalize():f} %".replace(".", ",")


def _cost(row: Counted, method: Method) -> Decimal:
    return round_amount(row.unit_cost(method))


def _worth(row: Counted, method: Method) -> Decimal:
    return round_amount(row.quantity * row.unit_cost(method))


def _units(quantity: Decimal) -> str:
    return french.number(quantity, 0 if quantity == quantity.to_integral_value() else 2)


def _quantities(rows: Sequence[Counted]) -> list[Decimal]:
    return [row.quantity for row in rows]
