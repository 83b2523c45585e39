"""How many days stock lasts and how many times it turns, told by key of a dimension."""

from __future__ import annotations

from typing import Any

from galien.usecases.stock.rotations import Rotations

Plain = dict[str, Any]


def columns_of(found: Rotations) -> tuple[tuple[str, str, str], ...]:
    """Return the columns of a rotation: name, French label, unit."""
    return (
        (found.by, found.label, ""),
        (f"{found.by}_label", found.label, ""),
        ("average_stock", "Stock moyen", "eur_excl"),
        ("cost_of_goods", "Coût des ventes", "eur_excl"),
        ("days", "Jours", "days"),
        ("turns", "Tours", "turns"),
        ("reference_days", "Référence", "days"),
    )


def rotation_told(found: Rotations) -> Plain:
    """Return `meta`, `columns`, `rows` (one a key) and `totals`, as a question is answered."""
    columns = columns_of(found)
    return {
        "meta": {"period": found.period.iso(), "counts": found.counts},
        "columns": [{"name": name, "label": label, "unit": unit} for name, label, unit in columns],
        "rows": [line.cells() for line in found.lines],
        "totals": dict(zip([name for name, *_ in columns], found.total.cells(), strict=True)),
    }
