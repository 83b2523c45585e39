"""Stock rotation by pharmacy, family, VAT rate or lab, as the published data say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.analytics.dimensions import find_dimension
from galien.analytics.question import UNKNOWN, Filter, Question
from galien.calculators.stock.rotation import Rotation, reference_days, rotation
from galien.calculators.stock.vat_table import VatLine, vat_table
from galien.kernel.money import round_amount
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

ZERO = Decimal(0)
VAT = "vat_rate"
NOT_TOLD = "Non renseigné"
TYPOLOGY = "typology"
Key = str | None


@dataclass(frozen=True)
class RotationLine:
    """A key of the dimension: its label, how its stock turns, the days of its typology if any."""

    key: Key
    label: str
    found: Rotation
    reference: Decimal | None = None

    def cells(self) -> list[object]:
        """Return the line as tables print it, amounts to the cent."""
        return [
            self.key,
            self.label,
            round_amount(self.found.average_stock),
            round_amount(self.found.cost_of_goods),
            self.found.days,
            self.found.turns,
            self.reference,
        ]


@dataclass(frozen=True)
class Rotations:
    """Rotation by a dimension over a period. `counts` is how many counts the mean stock is made of."""

    by: str
    label: str
    period: Period
    counts: int
    lines: tuple[RotationLine, ...]
    total: RotationLine


@dataclass(frozen=True)
class _Read:
    """Figures by key: mean stock and cost of goods, euros, and how keys are named."""

    stock: dict[Key, Decimal]
    cost: dict[Key, Decimal]
    labels: dict[Key, str]
    counts: int
    period: Period


def rotations(
    viewer: Viewer,
    *,
    by: str = "pharmacy",
    pharmacies: Sequence[str] = (),
    period: str = "last-12-months",
    services: Services,
) -> Rotations:
    """Tell how long the stock of each key lasts, largest stock first, and that of all together.

    The mean stock is that of the last counts of each month of the period; the cost of goods is
    brought to a year of 360 days, when the period has another length. Raises what `ask` raises, and
    InvalidInput for a dimension that stock or sales do not have.
    """
    where = (Filter("pharmacy", tuple(pharmacies)),) if pharmacies else ()
    if by == VAT:
        found = _by_vat(where, period, viewer, services)
    else:
        found = _by_dimension(by, where, period, viewer, services)
    year = _to_a_year(found.period)
    typologies = _typologies(by, where, period, viewer, services)
    day = services.clock.today()
    lines = []
    for key in found.stock.keys() | found.cost.keys():
        turning = _turning(found.stock.get(key, ZERO), found.cost.get(key, ZERO) * year)
        cited = reference_days(services.law, typologies.get(key, ""), on=day)
        value = cited.value if cited is not None else None
        reference = value if isinstance(value, Decimal) else None
        lines.append(RotationLine(key, found.labels.get(key, NOT_TOLD), turning, reference))
    lines.sort(key=lambda line: (-line.found.average_stock, line.label))
    whole = _turning(sum(found.stock.values(), ZERO), sum(found.cost.values(), ZERO) * year)
    label = find_dimension("sales", by).label
    total = RotationLine(None, "Ensemble", whole)
    return Rotations(by, label, found.period, found.counts, tuple(lines), total)


def _to_a_year(period: Period) -> Decimal:
    """Return what brings the amounts of a period to a year."""
    if period.whole_months:
        return Decimal(12) / len(period.months())
    return Decimal(365) / period.days


def _turning(stock: Decimal, cost: Decimal) -> Rotation:
    """Return a rotation; more returned than sold counts as nothing sold."""
    return rotation(max(stock, ZERO), max(cost, ZERO))


def _by_dimension(
    by: str, where: tuple[Filter, ...], period: str, viewer: Viewer, services: Services
) -> _Read:
    asked = Question("stock", ("stock_value",), ("month", by), period, "none", where)
    stock = ask(asked, viewer, services=services)
    sold = Question("sales", ("cost_excl",), (by,), period, "none", where)
    sales = ask(sold, viewer, services=services)
    labels: dict[Key, str] = {}
    levels: dict[Key, Decimal] = defaultdict(Decimal)
    months = set()
    for row in stock.table.to_pylist():
        months.add(row["month"])
        levels[row[by]] += row["stock_value"] or ZERO
        labels[row[by]] = row[f"{by}_label"]
    cost: dict[Key, Decimal] = {}
    for row in sales.table.to_pylist():
        cost[row[by]] = row["cost_excl"] or ZERO
        labels[row[by]] = row[f"{by}_label"]
    mean = {key: whole / max(1, len(months)) for key, whole in levels.items()}
    return _Read(mean, cost, labels, len(months), stock.meta.period)


def _by_vat(where: tuple[Filter, ...], period: str, viewer: Viewer, services: Services) -> _Read:
    """Give each product the rate of its sales: a stock file has none."""
    sold = Question("sales", ("cost_excl", "quantity"), ("product", VAT), period, "none", where)
    sales = ask(sold, viewer, services=services)
    asked = Question("stock", ("stock_value",), ("product", "month"), period, "none", where)
    stock = ask(asked, viewer, services=services)
    rates: dict[Key, tuple[int, Key]] = {}
    labels: dict[Key, str] = {}
    cost: dict[Key, Decimal] = defaultdict(Decimal)
    for row in sales.table.to_pylist():
        rate = None if row[VAT] in {None, UNKNOWN} else str(row[VAT])
        labels[rate] = row[f"{VAT}_label"]
        cost[rate] += row["cost_excl"] or ZERO
        most = rates.get(row["product"])
        if most is None or row["quantity"] > most[0]:
            rates[row["product"]] = (row["quantity"], rate)
    levels: dict[Key, Decimal] = defaultdict(Decimal)
    months = set()
    for row in stock.table.to_pylist():
        months.add(row["month"])
        levels[rates.get(row["product"], (0, None))[1]] += row["stock_value"] or ZERO
    mean = {key: whole / max(1, len(months)) for key, whole in levels.items()}
    return _Read(mean, dict(cost), labels, len(months), stock.meta.period)


def _typologies(
    by: str, where: tuple[Filter, ...], period: str, viewer: Viewer, services: Services
) -> dict[Key, str]:
    """Return the typology of each key, where keys are pharmacies or typologies."""
    if by not in {"pharmacy", TYPOLOGY}:
        return {}
    asked = Question("stock", ("stock_value",), (by, TYPOLOGY), period, "none", where)
    if by == TYPOLOGY:
        asked = Question("stock", ("stock_value",), (TYPOLOGY,), period, "none", where)
    rows = ask(asked, viewer, services=services).table.to_pylist()
    return {row[by]: row[TYPOLOGY] or "" for row in rows}


def vat_shares(
    viewer: Viewer,
    *,
    pharmacies: Sequence[str] = (),
    period: str = "last-12-months",
    services: Services,
) -> tuple[VatLine, ...]:
    """Tell the shares of stock and turnover by VAT rate, beside what is usual.

    Stock is that of the last count of the period; each product takes the rate of its sales, and what
    did not sell is of an unknown rate. Raises what `ask` raises.
    """
    where = (Filter("pharmacy", tuple(pharmacies)),) if pharmacies else ()
    sold = Question("sales", ("sales_excl", "quantity"), ("product", VAT), period, "none", where)
    held = Question("stock", ("stock_value",), ("product",), period, "none", where)
    sales = ask(sold, viewer, services=services).table.to_pylist()
    stock = ask(held, viewer, services=services).table.to_pylist()
    rates: dict[Key, tuple[int, Decimal | None]] = {}
    turnover: dict[Decimal | None, Decimal] = defaultdict(Decimal)
    for row in sales:
        rate = None if row[VAT] in {None, UNKNOWN} else Decimal(row[VAT])
        turnover[rate] += row["sales_excl"] or ZERO
        if row["product"] not in rates or row["quantity"] > rates[row["product"]][0]:
            rates[row["product"]] = (row["quantity"], rate)
    lying: dict[Decimal | None, Decimal] = defaultdict(Decimal)
    for row in stock:
        lying[rates.get(row["product"], (0, None))[1]] += row["stock_value"] or ZERO
    amounts = {
        rate: (lying.get(rate, ZERO), turnover.get(rate, ZERO))
        for rate in turnover.keys() | lying.keys()
    }
    return vat_table(amounts, services.law, on=services.clock.today())
