"""Series of sales to forecast: real ones, and those of a group; every method measured where nobody looked."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.duck import open_duckdb
from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.demand.choice import METHODS, TESTED, Season, choose
from galien.calculators.stock.demand.errors import errors
from galien.calculators.stock.demand.methods import naive
from galien.calculators.stock.demand.patterns import Pattern, patterns
from galien.calculators.stock.demand.seasons import family_indices
from galien.kernel.errors import NotAvailable

FILES = Path(__file__).parents[1] / "data" / "demand"
YEAR = 12
WORST = 16.0
RIVALS = ("moving_average_3", "moving_average_12", "seasonal_naive")


@dataclass(frozen=True)
class Measured:
    """A way to forecast, over many series: median MASE, root of the mean scaled square, WAPE and bias."""

    name: str
    mase: float
    rmsse: float
    wape: float
    bias: float


@dataclass(frozen=True)
class Evaluation:
    """What was measured on a set of series, our choice first; `kept` is the method of each pattern."""

    series: int
    periods: int
    held_out: int
    kept: Mapping[Pattern, str]
    counts: Mapping[Pattern, int]
    rows: tuple[Measured, ...]


def real_series() -> dict[str, Floats]:
    """Return the monthly series of the repository, NaN where unknown."""
    return {
        "hospital": _wide(FILES / "hospital_monthly.csv.gz"),
        "prescriptions (PBS)": _wide(FILES / "pbs_scripts_monthly.csv.gz"),
        "spare parts": _wide(FILES / "carparts_monthly.csv.gz"),
    }


def group_series(derived: Path) -> tuple[Floats, tuple[str, ...]]:
    """Return units by month of each product of each pharmacy from the first in stock or sold, and families.

    A medicine's family is its therapeutic class (three characters of the ATC code).
    """
    query = """
        with seen as (
            select pharmacy_id, product_id, month, sum(quantity) as quantity
            from sales_month group by all
            union all
            select distinct pharmacy_id, product_id, date_trunc('month', on_date)::date, 0 from stock_level
        )
        select dense_rank() over (order by pharmacy_id, product_id) - 1 as product,
               dense_rank() over (order by month) - 1 as period, sum(quantity)::double as quantity,
               any_value(coalesce(substr(atc_code, 1, 3), family_2, family_1, '')) as family
        from seen join product using (product_id) group by pharmacy_id, product_id, month
    """
    with open_duckdb(derived, read_only=True) as connection:
        found = connection.execute(query).fetchnumpy()
    product, period = (np.asarray(found[name], dtype=np.int64) for name in ("product", "period"))
    if not len(product):
        raise NotAvailable("Aucune vente publiée : rien à prévoir.")
    laid = np.zeros((int(product.max()) + 1, int(period.max()) + 1))
    first = np.full(len(laid), laid.shape[1], dtype=np.int64)
    np.minimum.at(first, product, period)
    np.add.at(laid, (product, period), np.asarray(found["quantity"], dtype=np.float64))
    laid[np.arange(laid.shape[1])[None, :] < first[:, None]] = np.nan
    families = np.full(len(laid), "", dtype=object)
    families[product] = np.asarray(found["family"]).astype(object)
    sold = np.nansum(laid, axis=1) > 0
    return laid[sold], tuple(str(each) for each in families[sold])


def evaluate(demand: Floats, families: tuple[str, ...] = ()) -> Evaluation:
    """Choose methods on all but the last periods, then measure one period ahead on those.

    Neither patterns nor methods are told what the last periods hold; each forecast knows what came before
    its own period, as it will in use.
    """
    periods = demand.shape[1]
    held = min(TESTED, periods // 3)
    past = demand[:, : periods - held]
    index = family_indices(demand, families, YEAR) if families else None
    known = None if index is None else index[:, : past.shape[1] + 1]
    found = patterns(past, YEAR)
    choice = choose(past, found, Season(YEAR, known))
    season = Season(YEAR, index)
    tested = np.arange(periods) >= periods - held
    rows = [
        _measure(
            "chosen by back-test", _chosen(demand, found, choice.method_of, season), demand, tested
        )
    ]
    rows.append(_measure("naive", naive(demand), demand, tested))
    rows += [_measure(name, METHODS[name](demand, season), demand, tested) for name in RIVALS]
    return Evaluation(len(demand), periods, held, choice.method_of, Counter(found), tuple(rows))


def _chosen(
    demand: Floats, found: tuple[Pattern, ...], kept: Mapping[Pattern, str], season: Season
) -> Floats:
    names = np.array([kept[each] for each in found])
    forecasts = np.full((len(demand), demand.shape[1] + 1), np.nan)
    for name in sorted(set(names)):
        rows = np.flatnonzero(names == name)
        forecasts[rows] = METHODS[name](demand[rows], season.rows(rows))
    return forecasts


def _measure(
    name: str, forecasts: Floats, demand: Floats, tested: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Measured:
    told = forecasts[:, :-1]
    found = errors(demand, told, tested)
    seen = tested & ~np.isnan(demand) & ~np.isnan(told)
    missed, sold = np.where(seen, told - demand, 0.0), float(np.where(seen, demand, 0.0).sum())
    squared = found.squared[np.isfinite(found.squared)]
    return Measured(
        name,
        float(np.median(found.mase[np.isfinite(found.mase)])),
        float(np.sqrt(np.minimum(squared, WORST).mean())),
        float(np.abs(missed).sum()) / sold,
        float(missed.sum()) / sold,
    )


def _wide(path: Path) -> Floats:
    """Read a table of one series a line, after its name."""
    text = gzip.decompress(path.read_bytes()).decode()
    rows = list(csv.reader(io.StringIO(text)))[1:]
    return np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in rows])
