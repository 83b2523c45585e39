"""What a pharmacy should order, from its published sales, counts and movements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from galien.analytics.question import UNKNOWN, Filter, Question
from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.demand.forecast import Forecasts, forecast
from galien.calculators.stock.demand.panel import Panel
from galien.calculators.stock.orders.levels import SERVICE, factor
from galien.calculators.stock.orders.position import usable
from galien.calculators.stock.orders.proposal import Proposal, Shelf, propose
from galien.calculators.stock.orders.quantity import Prices
from galien.kernel.errors import NotAvailable
from galien.kernel.period import month_end
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services
from galien.usecases.stock.classes import abc_of
from galien.usecases.stock.reading import Level, levels, movements, opened

MONTHS = 24
LEAD, REVIEW = 1.0, 1.0  # a wholesaler that comes every day
RESALES = Filter("sale_type", ("resale",), exclude=True)


@dataclass(frozen=True)
class Proposed:
    """The proposal of a pharmacy: its products in the order of rows, what was forecast, the count used.

    `notes` are sentences on what the figures leave out.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    proposal: Proposal
    forecasts: Forecasts
    counted_on: dt.date
    notes: tuple[str, ...]


def proposed(viewer: Viewer, pharmacy: str, *, services: Services) -> Proposed:
    """Propose today's order of a pharmacy.

    Demand is that of the last 24 whole months, resales apart; stock is the last count, moved by what came
    in and went out since. Raises NotAllowed as questions do, NotAvailable without a recent count or sales.
    """
    today = services.clock.today()
    opened(viewer, (pharmacy,), on=today, services=services, feeds=("stock", "sales", "purchases"))
    shelves = levels((pharmacy,), viewer, on=today, services=services)
    if not shelves:
        raise NotAvailable(
            f"Pharmacie {pharmacy} : aucun stock compté dans le trimestre. Chargez son stock, puis publiez."
        )
    names: dict[str, str] = {}
    sold = _sold(viewer, pharmacy, today, names, services=services)
    known = {each.product_code: each for each in shelves if each.product_code}
    codes = tuple(sorted(known.keys() | sold.keys()))
    panel = _panel(codes, sold, known, today)
    found = forecast(panel)
    classes = {
        row.item.product_code: str(row.class_outgoing)
        for row in abc_of(viewer, pharmacy, services=services).rows
    }
    counted_on = max(each.counted_on for each in shelves)
    on_hand = _on_hand(codes, known, (viewer, pharmacy), counted_on, services)
    shelf = _shelf(codes, known, found, on_hand, classes, today)
    labels = tuple(known[code].label if code in known else names[code] for code in codes)
    return Proposed(codes, labels, propose(shelf), found, counted_on, _notes(counted_on))


def _sold(
    viewer: Viewer, pharmacy: str, today: dt.date, names: dict[str, str], *, services: Services
) -> dict[str, dict[dt.date, float]]:
    """Return units sold by product and month, whole months only, and keep the products' names."""
    last = today.replace(day=1) - dt.timedelta(days=1)
    number = 12 * last.year + last.month - MONTHS
    first = dt.date(number // 12, number % 12 + 1, 1)
    question = Question(
        "sales", ("quantity",), ("product", "month"), f"{first}..{last}", "none",
        (Filter("pharmacy", (pharmacy,)), RESALES),
    )  # fmt: skip
    found: dict[str, dict[dt.date, float]] = {}
    for row in ask(question, viewer, services=services).table.to_pylist():
        code = row["product"]
        if code and code != UNKNOWN:
            month = row["month"]
            day = (
                month
                if isinstance(month, dt.date)
                else dt.date.fromisoformat(f"{month}"[:7] + "-01")
            )
            found.setdefault(code, {})[day] = float(row["quantity"] or 0)
            names[code] = row["product_label"]
    if not found:
        raise NotAvailable(f"Pharmacie {pharmacy} : aucune vente publiée sur 24 mois.")
    return found


def _panel(
    codes: tuple[str, ...], sold: Mapping[str, Mapping[dt.date, float]], known: Mapping[str, Level],
    today: dt.date,
) -> Panel:  # fmt: skip
    """Lay sales out by month; a month without a sale sold nothing, once the product has begun."""
    months = sorted({month for each in sold.values() for month in each})
    place = {month: column for column, month in enumerate(months)}
    quantity = np.zeros((len(codes), len(months)))
    first = np.full(len(codes), len(months))
    for row, code in enumerate(codes):
        for month, units in sold.get(code, {}).items():
            quantity[row, place[month]] = units
            first[row] = min(first[row], place[month])
    quantity[np.arange(len(months))[None, :] < first[:, None]] = np.nan
    lengths = np.array([float(month_end(month).day) for month in months])
    days = np.where(np.isnan(quantity), np.nan, lengths[None, :])
    families = tuple(known[code].universe if code in known else "" for code in codes)
    return Panel(codes, quantity, days, days, 12, float(month_end(today).day), families)


def _on_hand(
    codes: tuple[str, ...], known: Mapping[str, Level], whose: tuple[Viewer, str], counted_on: dt.date,
    services: Services,
) -> Floats:  # fmt: skip
    """Return the units on hand today: the count, plus what came in, less what went out since."""
    viewer, pharmacy = whose
    stock = {code: float(each.quantity) for code, each in known.items()}
    moved = movements(pharmacy, viewer, first=counted_on, services=services)
    for code, _, units_in, units_out in moved:
        stock[code] = stock.get(code, 0.0) + float(units_in - units_out)
    return np.array([max(0.0, stock.get(code, 0.0)) for code in codes])


def _shelf(
    codes: tuple[str, ...], known: Mapping[str, Level], found: Forecasts, on_hand: Floats,
    classes: Mapping[str, str], today: dt.date,
) -> Shelf:  # fmt: skip
    demand = np.maximum(np.nan_to_num(found.daily), 0.0)
    held = [known.get(code) for code in codes]
    costs = np.array([float(each.unit_cost) if each else 0.0 for each in held])
    left = np.array(
        [
            float((each.nearest_expiry - today).days) if each and each.nearest_expiry else np.inf
            for each in held
        ]
    )
    minimum = np.array([float(each.minimum) if each and each.minimum else -1.0 for each in held])
    names = [classes.get(code, "C") for code in codes]
    wait = np.full(len(codes), LEAD + REVIEW)
    return Shelf.of(
        Prices.plain(np.maximum(costs, 0.01)),
        demand=demand,
        deviation=np.maximum(np.nan_to_num(found.deviation), np.sqrt(demand)),
        on_hand=on_hand,
        usable=usable(on_hand[:, None], left[:, None], demand, wait),
        lead=LEAD,
        review=REVIEW,
        factors=np.array([factor(SERVICE.get(name, SERVICE["C"])) for name in names]),
        # What is neither A nor B is not held where a wholesaler comes daily, unless it is narcotic.
        held=np.array(
            [
                float(name in {"A", "B"} or bool(each and each.narcotic))
                for name, each in zip(names, held, strict=True)
            ]
        ),
        minimum=minimum,
    )


def _notes(counted_on: dt.date) -> tuple[str, ...]:
    return (
        f"Stock compté le {counted_on:%d/%m/%Y}, mouvements publiés depuis ajoutés.",
        "Les jours sans stock ne sont pas connus des comptages de fin de mois : la demande est celle des "
        "ventes, non corrigée. Délai d’un jour, un grossiste chaque jour.",
    )
