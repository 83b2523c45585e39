"""What the pages of prices print alike."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.kernel import french


def changed(day: dt.date | None, size: Decimal | None) -> str:
    """Write the last change of a price; without a size, none was seen since that day."""
    if day is None:
        return ""
    if size is None:
        return f"aucun depuis le {day:%d/%m/%Y}"
    return f"{french.evolution(size)} le {day:%d/%m/%Y}"
