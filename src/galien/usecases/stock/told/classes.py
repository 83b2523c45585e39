"""The ABC classes of products, told by class and as a crossed table."""

from __future__ import annotations

from typing import Any

from galien.calculators.stock.abc import Abc, ClassShare, Placed

Plain = dict[str, Any]


def abc_told(found: Abc) -> Plain:
    """Return `rows` (one a product), `classes`, `stock_classes` and the crossed `table`."""
    return {
        "rows": [_row(each) for each in found.rows],
        "classes": [_share(each) for each in found.classes],
        "stock_classes": [_share(each) for each in found.stock_classes],
        "table": [
            {
                "class_outgoing": str(cell.outgoing),
                "class_stock": str(cell.stock),
                "products": cell.products,
                "outgoing_value": cell.outgoing_value,
                "stock_value": cell.stock_value,
            }
            for cell in found.cells
        ],
    }


def _row(placed: Placed) -> Plain:
    return {
        "product_code": placed.item.product_code,
        "class_outgoing": str(placed.class_outgoing),
        "class_stock": str(placed.class_stock),
        "cumulative_share_outgoing": placed.cumulative_share_outgoing,
        "cumulative_share_stock": placed.cumulative_share_stock,
        "holding": str(placed.holding),
    }


def _share(share: ClassShare) -> Plain:
    return {
        "class": str(share.name),
        "products": share.products,
        "share_of_products": share.share_of_products,
        "share_of_value": share.share_of_value,
    }
