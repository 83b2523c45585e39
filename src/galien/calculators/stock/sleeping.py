"""Sleeping and excess stock: what no longer sells, what is beyond need, what will expire, its cost."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from galien.calculators.stock.expiry import unsold_units
from galien.kernel.errors import InvalidInput
from galien.model.contracts import Returns

ZERO, ONE = Decimal(0), Decimal(1)
MONTH = Decimal(30)
MONTHS = Decimal(12)


@dataclass(frozen=True)
class Settings:
    """What is meant by sleeping, excess and near expiry, and what holding costs.

    `months`: not sold for that long is sleeping; `target_days`: cover wanted; `carrying_rate`: cost
    of holding, a ratio of value a month; `money_rate`: cost of money, a ratio a year;
    `expiry_months`: how far ahead expiry is watched; `bounds`: months that part the bands of age.
    Raises InvalidInput when bounds do not go up from above 0, or a number is negative.
    """

    months: int = 6
    target_days: Decimal = Decimal(45)
    carrying_rate: Decimal = Decimal("0.01")
    money_rate: Decimal = Decimal("0.04")
    expiry_months: int = 6
    bounds: tuple[int, ...] = (3, 6, 12, 24)

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in itertools.pairwise((0, *self.bounds)))
        numbers = (self.target_days, self.carrying_rate, self.money_rate)
        if not rising or self.months < 1 or self.expiry_months < 0 or min(numbers) < 0:
            raise InvalidInput(
                "Réglages du stock dormant : des mois croissants et positifs pour les tranches, "
                "au moins un mois sans vente, et des taux qui ne sont pas négatifs."
            )

    @property
    def monthly_rate(self) -> Decimal:
        """Return what a euro of stock costs in a month: holding, and money."""
        return self.carrying_rate + self.money_rate / MONTHS


USUAL = Settings()


@dataclass(frozen=True)
class OnShelf:
    """A product on a pharmacy's shelf: units, cost of one (euros excl. tax), units sold a month.

    `last_sold` and `last_received` are None when not known in the history at hand. `nearest_units` are
    the boxes that bear the nearest expiry (`expiry`; None: all of them). `returnless` is for what never
    goes back (cold chain, hospital reserve).
    """

    product_code: str
    quantity: Decimal
    unit_cost: Decimal
    monthly_sales: Decimal = ZERO
    last_sold: dt.date | None = None
    last_received: dt.date | None = None
    nearest_expiry: dt.date | None = None
    nearest_units: Decimal | None = None
    minimum: Decimal = ZERO
    must_hold: bool = False
    returnless: bool = False
    returns: Returns | None = None

    @property
    def value(self) -> Decimal:
        """Return what lies, in euros at cost."""
        return self.quantity * self.unit_cost


@dataclass(frozen=True)
class Band:
    """A band of months without a sale: from `lower`, up to but not with `upper` (None: no end).

    Both are None for what was never seen sold.
    """

    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class Finding:
    """What is found of a product. Units are whole boxes, values euros at cost, unrounded.

    `cover_days` is None when nothing sells. `idle_units` is what should go: all of it beyond the
    minimum when it sleeps, else what is beyond the cover wanted. `expiring_units` is what sales will
    not take, before the nearest expiry, of the boxes that bear it.
    """

    product: OnShelf
    months_without_sale: int | None
    band: Band
    asleep: bool
    cover_days: Decimal | None
    excess_units: Decimal
    idle_units: Decimal
    idle_value: Decimal
    monthly_cost: Decimal
    expired: bool
    near_expiry: bool
    expiring_units: Decimal
    expiring_value: Decimal


def find(product: OnShelf, *, on: dt.date, settings: Settings = USUAL) -> Finding:
    """Tell what sleeps, what is beyond need and what will expire of a product.

    Equation: excess = quantity − max(minimum, units a month × days wanted ÷ 30), in whole boxes;
    monthly cost = idle value × (holding rate + cost of money ÷ 12). Source: handbook of stock (about
    1 % of value a month, plus cost of money). What came in since less than the months of sleep does
    not sleep: it had no time to sell.

    >>> shelf = OnShelf("x", Decimal(10), Decimal(5), last_sold=dt.date(2025, 1, 10))
    >>> found = find(shelf, on=dt.date(2026, 1, 9))
    >>> found.months_without_sale, found.asleep, str(found.idle_value)
    (11, True, '50')
    """
    quantity = max(product.quantity, ZERO)
    months = None if product.last_sold is None else whole_months(product.last_sold, on)
    asleep = quantity > 0 and _asleep(product, months, on, settings)
    wanted = max(product.minimum, product.monthly_sales * settings.target_days / MONTH)
    excess = max(ZERO, quantity - wanted.to_integral_value(ROUND_CEILING))
    beyond_minimum = max(ZERO, quantity - product.minimum)
    idle = ZERO if product.must_hold else (beyond_minimum if asleep else excess)
    expiring = _expiring(product, quantity, on)
    horizon = later(on, settings.expiry_months)
    expiry = product.nearest_expiry
    return Finding(
        product=product,
        months_without_sale=months,
        band=band_of(months, settings.bounds),
        asleep=asleep,
        cover_days=quantity * MONTH / product.monthly_sales if product.monthly_sales > 0 else None,
        excess_units=excess,
        idle_units=idle,
        idle_value=idle * product.unit_cost,
        monthly_cost=idle * product.unit_cost * settings.monthly_rate,
        expired=quantity > 0 and expiry is not None and expiry <= on,
        near_expiry=quantity > 0 and expiry is not None and on < expiry <= horizon,
        expiring_units=expiring,
        expiring_value=expiring * product.unit_cost,
    )


@dataclass(frozen=True)
class BandTotal:
    """What a band of age gathers: products, and their value in euros at cost."""

    band: Band
    products: int
    value: Decimal


def by_band(
    found: Iterable[Finding], bounds: Sequence[int] = USUAL.bounds
) -> tuple[BandTotal, ...]:
    """Return every band, empty ones too; each product with stock falls in exactly one."""
    held = [each for each in found if each.product.quantity > 0]
    bands = [*(Band(a, b) for a, b in itertools.pairwise((0, *bounds, None))), Band(None, None)]
    return tuple(
        BandTotal(
            band,
            sum(each.band == band for each in held),
            sum((each.product.value for each in held if each.band == band), ZERO),
        )
        for band in bands
    )


def band_of(months: int | None, bounds: Sequence[int] = USUAL.bounds) -> Band:
    """Return the band of a number of months without a sale.

    >>> band_of(5), band_of(6), band_of(99)
    (Band(lower=3, upper=6), Band(lower=6, upper=12), Band(lower=24, upper=None))
    """
    if months is None:
        return Band(None, None)
    lower = max((bound for bound in (0, *bounds) if bound <= months), default=0)
    return Band(lower, next((bound for bound in bounds if bound > months), None))


def whole_months(since: dt.date, on: dt.date) -> int:
    """Count whole months from a day to another; 0 when the first is not before.

    >>> whole_months(dt.date(2026, 1, 31), dt.date(2026, 2, 28))
    0
    """
    months = (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)
    return max(0, months)


def later(day: dt.date, months: int) -> dt.date:
    """Return the day some months later, or the last one of that month.

    >>> later(dt.date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    first = dt.date(index // 12, index % 12 + 1, 1)
    end = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return min(first + dt.timedelta(days=day.day - 1), end)


def _asleep(product: OnShelf, months: int | None, on: dt.date, settings: Settings) -> bool:
    received = product.last_received
    if received is not None and whole_months(received, on) < settings.months:
        return False
    return months is None or months >= settings.months


def _expiring(product: OnShelf, quantity: Decimal, on: dt.date) -> Decimal:
    """Return the boxes that sales will not take in time."""
    if product.nearest_expiry is None:
        return ZERO
    units = quantity if product.nearest_units is None else min(product.nearest_units, quantity)
    return unsold_units(units, product.monthly_sales / MONTH, (product.nearest_expiry - on).days)
