"""Where a pharmacy stands: against its size band in the sector, and among pharmacies like it."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.accounting.figures import Figures
from galien.calculators.accounting.references import Reference, reference
from galien.kernel.units import Unit
from galien.law import Law

# Under this many pharmacies a middle tells too much of one of them.
LEAST_PEERS = 5
TURNOVER_BOUNDS = tuple(Decimal(bound) for bound in (1_000_000, 1_500_000, 2_000_000, 2_500_000))


@dataclass(frozen=True)
class Benchmark:
    """A figure that the sector publishes: who publishes it, and which way is good news.

    `better` is `up`, `down` or empty. References are given most telling first.
    """

    figure: str
    unit: Unit
    references: tuple[str, ...]
    better: str = ""


BENCHMARKS = (
    Benchmark(
        "gross_margin_rate", Unit.RATIO,
        ("federation_gross_margin_rate", "benchmark_cgp_gross_margin_rate",
         "benchmark_fiducial_gross_margin_rate", "benchmark_interfimo_gross_margin_rate"),
        "up",
    ),
    Benchmark("external_charges_rate", Unit.RATIO, ("benchmark_external_charges_rate",), "down"),
    Benchmark("value_added_rate", Unit.RATIO, ("benchmark_oec_value_added_rate",), "up"),
    Benchmark(
        "staff_rate", Unit.RATIO,
        ("federation_staff_rate", "benchmark_cgp_staff_rate", "benchmark_staff_rate_excl_owner"),
        "down",
    ),
    Benchmark("taxes_rate", Unit.RATIO, ("federation_taxes_rate",), "down"),
    Benchmark(
        "ebe_rate", Unit.RATIO,
        ("benchmark_oec_ebe_rate", "benchmark_cgp_ebe_rate", "benchmark_interfimo_ebe_rate"),
        "up",
    ),
    Benchmark("depreciation_rate", Unit.RATIO, ("federation_depreciation_rate",)),
    Benchmark("operating_result_rate", Unit.RATIO, ("federation_operating_result_rate",), "up"),
    Benchmark("current_result_rate", Unit.RATIO, ("federation_current_result_rate",), "up"),
    Benchmark("cash_flow_rate", Unit.RATIO, ("federation_cash_flow_rate",), "up"),
    Benchmark("investment_rate", Unit.RATIO, ("federation_investment_rate",)),
    Benchmark("debt_rate", Unit.RATIO, ("federation_debt_rate",), "down"),
    Benchmark("cash_rate", Unit.RATIO, ("federation_cash_rate",), "up"),
    Benchmark(
        "stock_days", Unit.DAYS, ("benchmark_oec_stock_days", "benchmark_stock_rotation_days"), "down"
    ),
    Benchmark(
        "client_days", Unit.DAYS,
        ("benchmark_oec_client_credit_days", "benchmark_client_credit_days"), "down",
    ),
    Benchmark(
        "supplier_days", Unit.DAYS,
        ("benchmark_oec_supplier_credit_days", "benchmark_supplier_credit_days"),
    ),
    Benchmark("working_capital_days", Unit.DAYS, ("benchmark_oec_working_capital_days",), "down"),
    Benchmark("turnover_per_head", Unit.EUR_EXCL, ("federation_turnover_per_head",), "up"),
    Benchmark("headcount", Unit.COUNT, ("federation_headcount",)),
)  # fmt: skip


@dataclass(frozen=True)
class Peers:
    """What pharmacies of a set have: first quartile, median, third quartile, and how many."""

    low: Decimal
    median: Decimal
    high: Decimal
    count: int


@dataclass(frozen=True)
class Position:
    """A figure against the sector's and its peers'; `missing` says why the figure is unknown."""

    benchmark: Benchmark
    value: Decimal | None
    references: tuple[Reference, ...]
    peers: Peers | None = None
    missing: str = ""

    @property
    def gap(self) -> Decimal | None:
        """Return the figure less its first reference, in the unit of the figure."""
        if self.value is None or not self.references:
            return None
        return self.value - self.references[0].value

    @property
    def good(self) -> bool | None:
        """Tell whether the gap is good news; None when it is neither."""
        if not self.gap or not self.benchmark.better:
            return None
        return (self.gap > 0) == (self.benchmark.better == "up")


def positions(
    found: Figures, law: Law, *, on: dt.date, others: Sequence[Figures] = ()
) -> tuple[Position, ...]:
    """Place a pharmacy, figure by figure, against its size band on a day and among others.

    The band is that of its turnover excl. tax. `others` are the figures of the comparison set,
    the pharmacy left out.
    """
    size = found["turnover"].value
    placed = []
    for each in BENCHMARKS:
        known = (reference(law, name, on=on, size=size) for name in each.references)
        values = (other[each.figure].value for other in others)
        placed.append(
            Position(
                benchmark=each,
                value=found[each.figure].value,
                references=tuple(one for one in known if one is not None),
                peers=peers(value for value in values if value is not None),
                missing=found[each.figure].missing,
            )
        )
    return tuple(placed)


def peers(values: Iterable[Decimal]) -> Peers | None:
    """Sum up the figures of a set by its quartiles; None under five pharmacies.

    >>> peers(Decimal(n) for n in (1, 2, 3, 4))
    >>> peers(Decimal(n) for n in (5, 1, 4, 2, 3)).median
    Decimal('3')
    """
    known = sorted(values)
    if len(known) < LEAST_PEERS:
        return None
    low, median, high = statistics.quantiles(known, n=4, method="inclusive")
    return Peers(low, median, high, len(known))


def turnover_band(turnover: Decimal) -> int:
    """Return the rank of the comparison band of a turnover (euros excl. tax): 0 under 1 M€, 4 above 2,5.

    >>> [turnover_band(Decimal(n)) for n in (999_999, 1_000_000, 2_400_000, 9_000_000)]
    [0, 1, 3, 4]
    """
    return sum(turnover >= bound for bound in TURNOVER_BOUNDS)
