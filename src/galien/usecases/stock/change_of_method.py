"""Belgium's inventory of the change of method: read from a table, written as two summaries."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from galien.calculators.stock.belgian_inventory import ChangeOfMethod, Counted, Summary
from galien.calculators.stock.valuation import Method
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import TypedTable, read_file, read_table

COLUMNS = ("product_code", "quantity", "public_price_incl", "vat_rate", "theoretical_margin",
           "average_cost")  # fmt: skip
KNOWN = (*COLUMNS, "label")
MOST_BYTES = 60_000_000
NAMES = {
    Method.FISCAL: "methode-fiscale",
    Method.WEIGHTED: "cout-moyen-pondere",
}
TITLES = {
    Method.FISCAL: "Méthode fiscale : prix public, moins la marge théorique",
    Method.WEIGHTED: "Coût moyen pondéré",
}


def read_counted(path: Path) -> tuple[Counted, ...]:
    """Read the products counted on 31/08/2025.

    Columns product_code, quantity, public_price_incl, vat_rate, theoretical_margin (ratios) and
    average_cost (euros excl. tax); label may be there. Raises InvalidInput with the line at fault.
    """
    return _counted(read_file(path, required=COLUMNS, known=KNOWN, most=MOST_BYTES), path)


def counted_in(content: bytes, name: str) -> tuple[Counted, ...]:
    """Read the products counted from the bytes of such a file, or from a table pasted in a form.

    Raises InvalidInput with the line at fault, or when the table has no product.
    """
    table = read_table(content, required=COLUMNS, known=KNOWN, name=name, most=MOST_BYTES)
    found = _counted(table, Path(name))
    if not found:
        raise InvalidInput(f"« {name} » n’a aucun produit : il faut une ligne par produit compté.")
    return found


def _counted(table: TypedTable, path: Path) -> tuple[Counted, ...]:
    seen: dict[str, int] = {}
    found = []
    for row in table.rows:
        cells = Cells(path, row)
        code = cells.text("product_code")
        if code in seen:
            raise InvalidInput(
                f"{cells.where} : le produit « {code} » figure déjà à la ligne {seen[code]}. "
                "Additionnez les deux lignes en une."
            )
        seen[code] = row.line
        found.append(
            Counted(
                code,
                cells.number("quantity"),
                cells.number("public_price_incl"),
                cells.rate("vat_rate"),
                cells.rate("theoretical_margin"),
                cells.number("average_cost"),
                cells.text("label", ""),
            )
        )
    return tuple(found)


def write_summaries(found: ChangeOfMethod, folder: Path) -> tuple[Path, ...]:
    """Write the summaries to send to the accountant, a file each, and return where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for summary in found.summaries:
        path = folder / f"inventaire-{summary.day}-{NAMES[summary.method]}.csv"
        path.write_text(summary_text(summary), encoding="utf-8-sig", newline="")
        written.append(path)
    return tuple(written)


def summary_text(summary: Summary) -> str:
    """Return a summary as a French spreadsheet reads it; it says nothing of the other method."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([f"Inventaire au {french.day(summary.day)}"])
    writer.writerow([TITLES[summary.method]])
    writer.writerow(["Taux de TVA", "Produits", "Unités", "Valeur HTVA (€)"])
    for line in summary.lines:
        rate = f"{(line.vat_rate * 100).normalize():f} %".replace(".", ",")
        units = f"{line.units.normalize():f}".replace(".", ",")
        writer.writerow([rate, line.products, units, f"{line.value:f}".replace(".", ",")])
    writer.writerow(["Total", sum(line.products for line in summary.lines), "",
                     f"{summary.value:f}".replace(".", ",")])  # fmt: skip
    return text.getvalue()
