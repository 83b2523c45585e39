"""What stands on the shelves at the last count: boxes, and their value at weighted average cost."""

from __future__ import annotations

from galien.analytics.measures.kinds import Level
from galien.analytics.tables import Source

quantity = Level("quantity", Source.STOCK, "quantity")
stock_value = Level("stock_value", Source.STOCK, "stock_value")

MEASURES = (quantity, stock_value)
