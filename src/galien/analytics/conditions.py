"""What a scan keeps: its days, the viewer's scope, the filters, and the values they bind."""

from __future__ import annotations

from galien.analytics.dimensions.kinds import (
    Dimension,
    FactKey,
    PharmacyAttribute,
    ProductAttribute,
    SaleClass,
    Shift,
)
from galien.analytics.dimensions.times import TimeKey
from galien.analytics.planner import Plan, Scan
from galien.analytics.question import UNKNOWN, Filter
from galien.analytics.tables import Source
from galien.kernel.errors import InternalError
from galien.model.enums import SALE_TYPES, sale_type_mask


class Conditions:
    """The conditions of a plan's scans. `parameters` fills as they are written."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.parameters: dict[str, object] = {}
        self._scope = self._in_scope()
        self._kept = self._kept_sale_types()
        if any(scan.table.source is Source.VISITS for scan in plan.scans) and (
            self._kept is not None or any(isinstance(d, SaleClass) for d in plan.by)
        ):
            kept = SALE_TYPES if self._kept is None else tuple(sorted(self._kept))
            self.parameters["kept"] = sale_type_mask(*kept)
        self._joined = any(dimension.product for dimension in plan.by)

    def dates(self, scan: Scan, index: int) -> list[str]:
        """Return the conditions on days and scope of the `index`-th scan."""
        conditions = self._range(scan, index) + self._scope
        for position, (dimension, filtered) in enumerate(self.plan.where):
            if isinstance(dimension, TimeKey):
                conditions.append(self._time(scan, dimension, filtered, position))
        return conditions

    def of(self, scan: Scan, index: int) -> list[str]:
        """Return every condition of the `index`-th scan."""
        conditions = self.dates(scan, index)
        for position, (dimension, filtered) in enumerate(self.plan.where):
            if not isinstance(dimension, (TimeKey, SaleClass, PharmacyAttribute)):
                conditions.append(self._keys(scan, dimension, filtered, position))
        if scan.table.source is Source.VISITS:
            conditions += self._same_line()
        if self._kept is not None and scan.table.source is Source.VISITS:
            conditions.append("(s.sale_types & $kept) <> 0")
        elif self._kept is not None:
            self.parameters["kept_types"] = sorted(self._kept)
            conditions.append("cast(s.sale_type as string) in (select unnest($kept_types))")
        return conditions

    def _range(self, scan: Scan, index: int) -> list[str]:
        first, last = f"first_{index}", f"last_{index}"
        self.parameters[first] = scan.period.first
        if scan.table.of_runs:
            self.parameters[last] = scan.period.last.replace(day=1)
            return [f"s.first_month = ${first}", f"s.last_month = ${last}"]
        self.parameters[last] = scan.period.last
        time = scan.table.key("day" if scan.table.day else "month")
        return [f"{time} >= ${first}", f"{time} <= ${last}"]

    def _in_scope(self) -> list[str]:
        """Bind the pharmacies of the scope; one alone needs no list, and 1 to 4 ms less."""
        ids = self.plan.ids
        if ids is None:
            return []
        if len(ids) == 1:
            self.parameters["id"] = ids[0]
            return ["s.pharmacy_id = $id"]
        self.parameters["ids"] = list(ids)
        return ["s.pharmacy_id in (select unnest($ids))"]

    def _same_line(self) -> list[str]:
        """Cross two ways of telling sales apart on lines that are both, not on visits that hold each."""
        classes = [f"{d.name}.mask" for d in self.plan.by if isinstance(d, SaleClass)]
        if len(classes) < 2:
            return []
        return [f"(s.sale_types & {' & '.join(classes)} & $kept) <> 0"]

    def _kept_sale_types(self) -> frozenset[str] | None:
        kept: frozenset[str] | None = None
        for dimension, filtered in self.plan.where:
            if isinstance(dimension, SaleClass):
                each = dimension.kept(filtered.values, exclude=filtered.exclude)
                kept = each if kept is None else kept & each
        return kept

    def _time(self, scan: Scan, dimension: TimeKey, filtered: Filter, position: int) -> str:
        plan = self.plan
        shift, period = Shift(), plan.period
        if not scan.current and plan.comparison is not None:
            shift, period = dimension.shift(plan.period, plan.comparison), plan.comparison
        name = f"w{position}_{'c' if scan.current else 'p'}"
        self.parameters[name] = dimension.dates(period, frozenset(filtered.values), shift)
        negation = "not " if filtered.exclude else ""
        key = scan.table.key(dimension.column)
        return f"{key} {negation}in (select cast(unnest(${name}) as date))"

    def _keys(self, scan: Scan, dimension: Dimension, filtered: Filter, position: int) -> str:
        known = [dimension.read(value) for value in filtered.values if value != UNKNOWN]
        unknown = UNKNOWN in filtered.values
        name = f"w{position}"
        if known:
            self.parameters[name] = known
        if isinstance(dimension, FactKey):
            key = scan.table.key(dimension.column)
            return _kept(
                key, dimension.condition(scan.table, f"${name}") if known else None,
                unknown=unknown, exclude=filtered.exclude,
            )  # fmt: skip
        if not isinstance(dimension, ProductAttribute):
            raise InternalError(f"Aucune écriture du filtre « {dimension.name} ».")
        alias = "d" if self._joined else "f"
        key = f"{alias}.{dimension.column}"
        listed = f"cast({key} as string) in (select unnest(${name}))" if known else None
        kept = _kept(key, listed, unknown=unknown, exclude=filtered.exclude)
        if self._joined:
            return kept
        return f"s.product_id in (select f.product_id from product f where {kept})"


def _kept(key: str, listed: str | None, *, unknown: bool, exclude: bool) -> str:
    """Write a filter whose null rows are rows like others.

    >>> _kept("d.lab", "d.lab in ('A')", unknown=False, exclude=True)
    "(not (d.lab in ('A')) or d.lab is null)"
    """
    if exclude:
        parts = [f"not ({listed})"] if listed else []
        if unknown:
            return " and ".join([*parts, f"{key} is not null"])
        return f"({' or '.join([*parts, f'{key} is null'])})"
    parts = ([listed] if listed else []) + ([f"{key} is null"] if unknown else [])
    return f"({' or '.join(parts)})"
