"""The file of new prices that the dispensing software of a pharmacy reads back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from decimal import Decimal

HEADER = ("pharmacie", "produit", "ancien_prix_ttc", "prix_ttc", "raison")
FORMULAS = frozenset("=+-@\t\r")


@dataclass(frozen=True)
class PriceLine:
    """A new price of a product in a pharmacy, euros incl. tax, and why it changes."""

    pharmacy: str
    product_code: str
    former_price_incl: Decimal | None
    price_incl: Decimal | None
    reason: str


def price_file(lines: Iterable[PriceLine]) -> str:
    r"""Write new prices with semicolons and decimal commas, as French software reads them.

    >>> line = PriceLine("750100018", "3400930000014", None, Decimal("7.9"), "Marge 30 %.")
    >>> price_file([line]).splitlines()[1]
    '750100018;3400930000014;;7,90;Marge 30 %.'
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for line in lines:
        cells = [_written(cell) for cell in astuple(line)]
        # A cell that a spreadsheet would run as a formula is written as a text.
        writer.writerow([f"'{cell}" if cell[:1] in FORMULAS else cell for cell in cells])
    return text.getvalue()


def _written(cell: Decimal | str | None) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    return cell or ""
