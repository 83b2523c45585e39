"""How lists of products are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from galien.usecases.products import MOST, Found
from galien.web.components.models import Pages, Row, TableModel, Tone
from galien.web.lists import badge, code, count, counted, plain_table, text

SHOWN_UNKNOWN = 500


def products(found: Sequence[Found]) -> TableModel:
    """Return the products found, each leading to its sheet."""
    columns = (
        text("label", "Produit"), text("code", "Code"), text("lab", "Laboratoire"),
        text("type", "Type"), text("sale", "Commercialisation"),
    )  # fmt: skip
    rows = (
        Row(
            cells=(
                each.label,
                code(each.code),
                each.lab or "Non renseigné",
                each.product_type or "Non renseigné",
                badge("Commercialisé", Tone.GOOD) if each.on_sale else badge("Arrêté"),
            ),
            href=f"/donnees/catalogue/{each.code}",
        )
        for each in found
    )
    text_count = counted(len(found), "produit", "produits")
    if len(found) == MOST:
        text_count = f"Les {MOST} premiers\u00a0: ajoutez un mot pour préciser"
    return plain_table(
        "Produits trouvés", columns, rows, pages=Pages(page=1, count=1, text=text_count)
    )


def unknown(rows: Iterable[Mapping[str, Any]]) -> TableModel:
    """Return the codes that no catalogue knows, most sold first."""
    columns = (text("code", "Code vendu"), count("quantity", "Quantité"),
               count("sales_incl", "CA TTC", unit="€ TTC", decimals=2))  # fmt: skip
    made = [
        Row(
            cells=(code(row["product"]), row["quantity"], row["sales_incl"]),
            href=f"/donnees/catalogue/{row['product']}",
        )
        for row in rows
    ]
    return plain_table(
        "Codes vendus inconnus du catalogue", columns, made[:SHOWN_UNKNOWN], noun=("code", "codes")
    )
