"""What each product will sell in the next period, by which method, how wrong that method has been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from galien.calculators.stock.arrays import Floats, Integers, known_mean, ratio
from galien.calculators.stock.demand.choice import Choice, Season, choose, held_out
from galien.calculators.stock.demand.errors import Errors
from galien.calculators.stock.demand.events import Event, Span, lift
from galien.calculators.stock.demand.panel import Panel
from galien.calculators.stock.demand.patterns import Pattern, patterns
from galien.calculators.stock.demand.seasons import family_indices

LEAST = 3  # known periods, under which only a family can tell
FAMILY_WEIGHT = 3.0  # periods of its own that a new product's family counts for
SURE = 6  # errors seen, from which their spread is trusted


@dataclass(frozen=True)
class Forecasts:
    """The forecast of each product; NaN where nothing can be told.

    `daily` is units a day over the next period, `units` its total with events, `usual` without them;
    `deviation` is the standard deviation of a day's demand around its forecast. `method` names the
    method used, empty when there is none.
    """

    pattern: tuple[Pattern, ...]
    method: tuple[str, ...]
    daily: Floats
    usual: Floats
    units: Floats
    deviation: Floats
    measured: Errors
    choice: Choice


@dataclass(frozen=True)
class Calendar:
    """The days that each period covers, those of the period to forecast, and the events known."""

    spans: tuple[Span, ...]
    following: Span
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class _Known:
    """What is known of demand: its daily rates freed of events, and how much those lift what comes."""

    rates: Floats
    lift: Floats = field(default_factory=lambda: np.ones(1))


def forecast(panel: Panel, calendar: Calendar | None = None) -> Forecasts:
    """Forecast the next period of each product of a panel.

    Purpose: demand corrected for days without stock, method of each pattern chosen by back-test.
    Inputs: the panel; the events that made or will make demand unusual (`calendar`).
    Equations: `methods`, `seasons`; a new product of n known periods takes (n × its own mean + 3 × the
    mean of its family) ÷ (n + 3); events divide past demand and multiply the forecast.
    Source: handbook of stock; docs/methods/demande.md.
    """
    known = _freed(panel, calendar)
    found = patterns(known.rates, panel.season)
    choice = choose(known.rates, found, season_of(panel, known.rates))
    seen = (~np.isnan(known.rates)).sum(axis=1)
    own = np.where(seen >= LEAST, choice.forecasts[:, -1], np.nan)
    method = np.array([choice.method_of[each] for each in found], dtype=object)
    new = np.array([each is Pattern.NEW for each in found])
    daily, from_family = _with_families(panel, known.rates, own, new, seen)
    method[from_family] = "family"
    method[np.isnan(daily)] = ""
    return Forecasts(
        found, tuple(method), daily * known.lift, daily * panel.next_days,
        daily * known.lift * panel.next_days, _deviation(panel, known.rates, choice, daily),
        choice.measured, choice,
    )  # fmt: skip


def season_of(panel: Panel, rates: Floats) -> Season:
    """Return the season that a panel may have: its length, and its families' indices when it has families."""
    if panel.season < 2 or not any(panel.families):
        return Season(panel.season)
    return Season(panel.season, family_indices(rates, panel.families, panel.season))


def _freed(panel: Panel, calendar: Calendar | None) -> _Known:
    """Take known events out of the past."""
    if calendar is None or not calendar.events:
        return _Known(panel.rates)
    lifts = [
        lift(span, panel.codes, panel.families, calendar.events)
        for span in (*calendar.spans, calendar.following)
    ]
    past = np.column_stack(lifts[:-1])
    return _Known(np.where(past > 0, ratio(panel.rates, past), np.nan), lifts[-1])


def _with_families(
    panel: Panel, rates: Floats, own: Floats, new: np.ndarray[tuple[int], np.dtype[np.bool_]],
    seen: Integers,
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:  # fmt: skip
    """Let each new product lean on its family; tell which did."""
    daily, leaning = own.copy(), np.zeros(len(own), dtype=bool)
    if not panel.families:
        return daily, leaning
    families = np.array(panel.families, dtype=object)
    means = known_mean(rates)
    for row in np.flatnonzero(new & (families != "")):
        kin = (families == families[row]) & ~new & ~np.isnan(own)
        if kin.any():
            weight = float(seen[row])
            mine = 0.0 if np.isnan(means[row]) else means[row]
            daily[row] = (weight * mine + FAMILY_WEIGHT * own[kin].mean()) / (
                weight + FAMILY_WEIGHT
            )
            leaning[row] = True
    return daily, leaning


def _deviation(panel: Panel, rates: Floats, choice: Choice, daily: Floats) -> Floats:
    """Return the deviation of a day's demand: what forecasts missed, else that of a Poisson law.

    Missed in the periods of the back-test, or in all where those are too few.
    """
    # A rate is the mean of the days of a period: few of them make it stray far, and tell little of a day.
    missed = (choice.forecasts[:, :-1] - rates) * np.sqrt(panel.days)
    late = np.where(held_out(panel.periods), missed, np.nan)
    spread = np.sqrt(np.maximum(daily, 0.0))
    for each in (missed, late):
        enough = (~np.isnan(each)).sum(axis=1) >= SURE
        spread = np.where(enough, np.sqrt(known_mean(each**2)), spread)
    return np.asarray(spread)


def total_error(measured: Errors, rows: Sequence[int] | None = None) -> float:
    """Return the mean scaled error (MASE) over products, those without one left out; NaN without any."""
    found = measured.mase if rows is None else measured.mase[list(rows)]
    found = found[np.isfinite(found)]
    return float(found.mean()) if len(found) else float("nan")
