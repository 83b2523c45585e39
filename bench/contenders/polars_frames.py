"""Polars by hand: over the Parquet files of day facts, or with everything in RAM."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import polars as pl

from bench.cases import Case, Place, Subject
from bench.contenders.base import Bounds, Rows, common_form
from bench.ground import Ground, export_facts

Mode = Literal["streaming", "in-memory"]
MODES: tuple[Mode, ...] = ("streaming", "in-memory")


@dataclass(frozen=True)
class Polars:
    """Answers with lazy frames, collected by one of Polars' engines."""

    name: str
    facts: dict[str, pl.LazyFrame]
    products: pl.LazyFrame
    bounds: Bounds
    engine: Mode

    def run(self, case: Case) -> pl.DataFrame:
        """Build the query and collect it."""
        bounds = self.bounds
        now = self._side(case, bounds.first, bounds.last)
        before = self._side(case, bounds.previous_first, bounds.previous_last)
        if case.key == "month":
            before = before.with_columns(pl.col("k").dt.offset_by("1y"))
        both = now.join(before, on="k", how="full", coalesce=True, nulls_equal=True, suffix="_p")
        return (
            both.with_columns(pl.exclude("k").fill_null(0))
            .select("k", *_measured(case.subject, bounds))
            .select("k", pl.exclude("k"), *_compared(case.subject, bounds))
            .sort(case.subject.measures[0], "k", descending=[True, False])
            .collect(engine=self.engine)
        )

    def rows(self, case: Case, result: object) -> Rows:
        """Return the answer in the common form."""
        assert isinstance(result, pl.DataFrame)
        return common_form(case, result.iter_rows(), self.bounds, whole=True)

    def _side(self, case: Case, first: dt.date, last: dt.date) -> pl.LazyFrame:
        """One period: the kept rows grouped, by product first when the key is the product's."""
        rows = self.facts[case.subject.name].filter(pl.col("month").is_between(first, last))
        if case.pharmacies:
            rows = rows.filter(pl.col("pharmacy_id").is_in(self.bounds.pharmacies(case)))
        sums = [pl.col(name).sum() for name in case.subject.sums]
        if case.place is not Place.PRODUCT:
            key = "pharmacy_id" if case.place is Place.PHARMACY else case.key
            return rows.group_by(pl.col(key).alias("k")).agg(sums)
        products = self.products.select("product_id", pl.col(case.key).alias("k"))
        if case.one_group:
            kept = self.products.filter(pl.col("generic_group") == self.bounds.group)
            products = kept.select("product_id", pl.col(case.key).alias("k"))
            rows = rows.join(products.select("product_id"), on="product_id", how="semi")
        by_product = rows.group_by("product_id").agg(sums).join(products, on="product_id")
        return by_product.group_by("k").agg(sums)


def _measured(subject: Subject, bounds: Bounds) -> list[pl.Expr]:
    """Return the four measures of both periods; the margin in hundred-millionths of a euro."""
    found = []
    for suffix, shown in (("", ""), ("_p", "_previous")):
        if subject.name == "purchases":
            found += [pl.col(name + suffix).alias(name + shown) for name in subject.sums]
            continue
        money, fee = 10 ** (8 - bounds.scales["net_excl"]), 10 ** (8 - bounds.scales["fee_excl"])
        found += [
            pl.col(f"quantity{suffix}").alias(f"quantity{shown}"),
            pl.col(f"net_incl{suffix}").alias(f"sales_incl{shown}"),
            pl.col(f"net_excl{suffix}").alias(f"sales_excl{shown}"),
            (
                (pl.col(f"net_excl{suffix}") - pl.col(f"cost_excl{suffix}")) * money
                + pl.col(f"fee_excl{suffix}") * fee
            ).alias(f"adjusted_margin{shown}"),
        ]
    return found


def _compared(subject: Subject, bounds: Bounds) -> list[pl.Expr]:
    """Return the changes and the two rates."""
    changes = [
        _over(pl.col(name) - pl.col(f"{name}_previous"), pl.col(f"{name}_previous").abs()).alias(
            f"{name}_change"
        )
        for name in subject.measures
    ]
    rates = []
    for suffix in ("", "_previous"):
        if subject.name == "purchases":
            listed = pl.col(f"list_amount{suffix}")
            rate = _over(listed - pl.col(f"net_amount{suffix}"), listed)
        else:
            unit = 10 ** (8 - bounds.scales["net_excl"])
            rate = _over(pl.col(f"adjusted_margin{suffix}"), pl.col(f"sales_excl{suffix}") * unit)
        rates.append(rate.alias(f"{subject.rate}{suffix}"))
    return changes + rates


def _over(over: pl.Expr, under: pl.Expr) -> pl.Expr:
    return pl.when(under != 0).then(over / under)


def lazy(ground: Ground, subjects: tuple[Subject, ...], engine: Mode) -> Polars:
    """Return Polars scanning the Parquet files of day facts at each question."""
    facts = {s.name: pl.scan_parquet(export_facts(ground, s)) for s in subjects}
    products = pl.scan_parquet(ground.facts / "product.parquet")
    return Polars(f"polars parquet {engine}", facts, products, ground.bounds, engine)


def eager(ground: Ground, subjects: tuple[Subject, ...], engine: Mode) -> Polars:
    """Return Polars with the day facts in RAM, text as categories."""
    facts = {
        s.name: pl.read_parquet(export_facts(ground, s))
        .with_columns(pl.col(pl.String).cast(pl.Categorical))
        .rechunk()
        .lazy()
        for s in subjects
    }
    products = pl.read_parquet(ground.facts / "product.parquet").lazy()
    return Polars(f"polars RAM {engine}", facts, products, ground.bounds, engine)
