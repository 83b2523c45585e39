"""Belgium's inventory of the change of method: read, written as two summaries, kept and locked."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from galien.calculators.stock.belgian_inventory import ChangeOfMethod, Counted, Summary
from galien.calculators.stock.valuation import Method
from galien.kernel import french
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.usecases.services import Services
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import read_file

COLUMNS = ("product_code", "quantity", "public_price_incl", "vat_rate", "theoretical_margin",
           "average_cost")  # fmt: skip
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
    table = read_file(path, required=COLUMNS, known=(*COLUMNS, "label"), most=MOST_BYTES)
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


def keep(found: ChangeOfMethod, pharmacy: str, viewer: Viewer, *, services: Services) -> None:
    """Keep the inventory of a pharmacy under each method, and lock its method: it is kept once.

    Raises NotAllowed when it is already locked, or when the pharmacy is not in the workspace.
    """
    # The records need Django, which the calculation does without.
    from django.db import transaction

    from galien.records.models import Pharmacy, PhysicalCount
    from galien.usecases import access_log

    day = found.summaries[0].day
    place = Pharmacy.objects.filter(finess=pharmacy).first()
    if place is None:
        raise NotAllowed(f"La pharmacie « {pharmacy} » n’est pas dans cet espace de travail.")
    if PhysicalCount.objects.filter(pharmacy=place, day=day, locked=True).exists():
        raise NotAllowed(
            f"L’inventaire du {french.day(day)} est arrêté pour cette pharmacie : sa méthode ne change plus."
        )
    with transaction.atomic():
        for summary in found.summaries:
            lines = [
                {
                    "product_code": row.product_code,
                    "quantity": str(row.quantity),
                    "unit_cost": str(row.unit_cost(summary.method)),
                }
                for row in found.rows
            ]
            PhysicalCount.objects.create(
                pharmacy=place,
                day=day,
                method=str(summary.method),
                lines=lines,
                sha256=hashlib.sha256(summary_text(summary).encode()).hexdigest(),
                locked=True,
                received_by=viewer.name[:150],
            )
        access_log.note(
            access_log.CHANGE,
            f"inventaire du {day} arrêté",
            viewer,
            services=services,
            pharmacies=(pharmacy,),
        )
