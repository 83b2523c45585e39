"""What tasks of stock came to, and where to read it: a year replayed, orders proposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from galien.kernel import french
from galien.usecases.stock.year_asked import read_pairs
from galien.usecases.stock.year_trial import YearTried
from galien.usecases.stock.year_words import conclusion
from galien.web.components.models import Link, Notice, Tone
from galien.web.lists import counted

YEAR, ORDERS = "stock-year", "stock-orders"
STOCK = frozenset({YEAR, ORDERS})


def stock_done(kind: str, result: Mapping[str, Any]) -> Notice:
    """Return what a task of stock came to."""
    return _year(result) if kind == YEAR else orders_done(result)


def orders_done(result: Mapping[str, Any]) -> Notice:
    """Say what was proposed, and from what."""
    known = french.day(dt.date.fromisoformat(result["known_until"]))
    counted_on = french.day(dt.date.fromisoformat(result["counted_on"]))
    lines = result["lines"]
    said = (
        f"{counted(lines, 'ligne', 'lignes')} à commander, d’après les ventes connues au {known} et le "
        f"stock compté le {counted_on}."
        if lines
        else f"Rien de plus à commander, d’après les ventes connues au {known}."
    )
    href = f"/stock/commandes?pharmacie={result['pharmacy']}"
    return Notice("Proposition faite", said, Tone.GOOD, links=(Link("Voir les commandes", href),))


def _year(result: Mapping[str, Any]) -> Notice:
    # The page of the simulation is above that of tasks: it prints their progress.
    from galien.web.pages.stock_simulation.choosing import address

    asked = read_pairs((str(name), str(value)) for name, value in result["query"])
    said = conclusion(YearTried.from_plain(result["tried"]))
    return Notice(
        "Année rejouée", said, Tone.GOOD, links=(Link("Voir la simulation", address(asked)),)
    )
