"""How much a pharmacy sold: what tells whether a calculation is answered at once or made as a task."""

from __future__ import annotations

from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.detail import Reading, read
from galien.usecases.services import Services

LIGHT = 30_000  # rows of daily sales worked through in about a second

_SIZE = Reading("size of sales", ("sales_day",), "select count(*) as rows from sales_day s")


def light(viewer: Viewer, pharmacy: str, days: Period, *, services: Services) -> bool:
    """Tell whether a pharmacy’s sales of some days are few enough to be answered at once.

    Raises what readings do.
    """
    rows = read(_SIZE, viewer, days, pharmacies=(pharmacy,), services=services)
    return int(rows.column("rows")[0].as_py()) <= LIGHT
