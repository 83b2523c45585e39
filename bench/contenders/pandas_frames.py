"""pandas by hand: everything in RAM, text as categories, amounts as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.cases import Case, Place, Subject
from bench.contenders.base import Bounds, Rows, columns, common_form
from bench.ground import Ground, export_facts


@dataclass(frozen=True)
class Pandas:
    """Answers with masks and group-bys; a product's attributes are joined after adding up."""

    facts: dict[str, pd.DataFrame]
    products: pd.DataFrame
    bounds: Bounds
    name: str = "pandas RAM"

    def run(self, case: Case) -> pd.DataFrame:
        """Answer a case."""
        bounds, subject = self.bounds, case.subject
        now = self._side(case, bounds.first, bounds.last)
        before = self._side(case, bounds.previous_first, bounds.previous_last)
        if case.key == "month":
            before.index = before.index + pd.DateOffset(years=1)
        both = now.join(before.add_suffix("_p"), how="outer").fillna(0).astype("int64")
        found = pd.DataFrame(index=both.index)
        for suffix, shown in (("", ""), ("_p", "_previous")):
            for name, figures in _measured(subject, both, suffix, bounds).items():
                found[f"{name}{shown}"] = figures
        for name in subject.measures:
            previous = found[f"{name}_previous"]
            found[f"{name}_change"] = _over(found[name] - previous, previous.abs())
        for shown in ("", "_previous"):
            found[f"{subject.rate}{shown}"] = _rate(subject, found, shown, bounds)
        found = found.rename_axis("k").reset_index()[columns(subject)]
        return found.sort_values([subject.measures[0], "k"], ascending=[False, True])

    def rows(self, case: Case, result: object) -> Rows:
        """Return the answer in the common form."""
        assert isinstance(result, pd.DataFrame)
        return common_form(case, result.itertuples(index=False), self.bounds, whole=True)

    def _side(self, case: Case, first: Any, last: Any) -> pd.DataFrame:
        rows, sums = self.facts[case.subject.name], list(case.subject.sums)
        kept = (rows["month"] >= np.datetime64(first)) & (rows["month"] <= np.datetime64(last))
        if case.pharmacies:
            kept &= rows["pharmacy_id"].isin(self.bounds.pharmacies(case))
        if case.one_group:
            group = self.products["generic_group"] == self.bounds.group
            kept &= rows["product_id"].isin(self.products.index[group])
        if case.place is not Place.PRODUCT:
            key = "pharmacy_id" if case.place is Place.PHARMACY else case.key
            return rows.loc[kept, [key, *sums]].groupby(key, observed=True).sum()
        by_product = rows.loc[kept, ["product_id", *sums]].groupby("product_id").sum()
        named = by_product.join(self.products[case.key])
        return named.groupby(case.key, observed=True, dropna=False)[sums].sum()


def _measured(
    subject: Subject, both: pd.DataFrame, suffix: str, bounds: Bounds
) -> dict[str, pd.Series[Any]]:
    if subject.name == "purchases":
        return {name: both[name + suffix] for name in subject.sums}
    money, fee = 10 ** (8 - bounds.scales["net_excl"]), 10 ** (8 - bounds.scales["fee_excl"])
    margin = both[f"net_excl{suffix}"] - both[f"cost_excl{suffix}"]
    return {
        "quantity": both[f"quantity{suffix}"],
        "sales_incl": both[f"net_incl{suffix}"],
        "sales_excl": both[f"net_excl{suffix}"],
        "adjusted_margin": margin * money + both[f"fee_excl{suffix}"] * fee,
    }


def _rate(subject: Subject, found: pd.DataFrame, shown: str, bounds: Bounds) -> pd.Series[float]:
    if subject.name == "purchases":
        listed = found[f"list_amount{shown}"]
        return _over(listed - found[f"net_amount{shown}"], listed)
    unit = 10 ** (8 - bounds.scales["net_excl"])
    return _over(found[f"adjusted_margin{shown}"], found[f"sales_excl{shown}"] * unit)


def _over(over: pd.Series[Any], under: pd.Series[Any]) -> pd.Series[float]:
    return over / under.where(under != 0)


def load(ground: Ground, subjects: tuple[Subject, ...]) -> Pandas:
    """Return pandas with the day facts in RAM."""
    facts = {s.name: _categories(pd.read_parquet(export_facts(ground, s))) for s in subjects}
    for rows in facts.values():
        rows["month"] = pd.to_datetime(rows["month"])
    products = _categories(pd.read_parquet(ground.facts / "product.parquet"))
    return Pandas(facts, products.set_index("product_id"), ground.bounds)


def _categories(frame: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    texts = [name for name in texts if name not in {"month", "day"}]
    return frame.astype(dict.fromkeys(texts, "category"))
