"""Is this deal worth it? What free units really bring, and what the stock they need costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from galien.kernel.errors import InvalidInput

ZERO, ONE, TWO = Decimal(0), Decimal(1), Decimal(2)
MONTHS = Decimal(12)


@dataclass(frozen=True)
class Deal:
    """An offer: units paid and free, list price (euros excl. tax), discount on the paid units.

    Raises InvalidInput when a number is negative, or when no unit is delivered.
    """

    list_price: Decimal
    paid: int
    free: int = 0
    discount: Decimal = ZERO

    def __post_init__(self) -> None:
        if min(self.list_price, Decimal(self.paid), Decimal(self.free)) < 0:
            raise InvalidInput(
                "Un prix et des quantités ne sont pas négatifs : corrigez le prix catalogue, les "
                "unités payées ou les unités gratuites."
            )
        if not ZERO <= self.discount <= ONE:
            raise InvalidInput("La remise sur facture va de 0 à 1 (0,25 pour 25 %).")
        if not self.units:
            raise InvalidInput("Aucune unité livrée : donnez des unités payées ou gratuites.")

    @property
    def units(self) -> int:
        """Return all units delivered, paid and free."""
        return self.paid + self.free

    @property
    def cash(self) -> Decimal:
        """Return what the deal makes one pay, in euros excl. tax."""
        return self.paid * self.list_price * (ONE - self.discount)

    @property
    def discount_rate(self) -> Decimal:
        """Return the real discount: what is not paid, over all units delivered at list price.

        Equation: 1 − (1 − d) × p ÷ (p + f), which is f ÷ (p + f) without discount on the invoice.
        Source: handbook of the ledger; 10 paid and 2 free are 16,67 %, not 20 %.

        >>> round(Deal(Decimal("8.60"), 10, 2).discount_rate, 4)
        Decimal('0.1667')
        """
        return (self.units - self.paid * (ONE - self.discount)) / self.units

    @property
    def unit_net_price(self) -> Decimal:
        """Return what a unit costs, free ones counted, in euros excl. tax, unrounded.

        >>> round(Deal(Decimal("8.60"), 10, 2).unit_net_price, 2)
        Decimal('7.17')
        """
        return self.cash / self.units


@dataclass(frozen=True)
class Need:
    """What the pharmacy does with the product.

    `monthly_sales` and `stock` are units; `usual_discount` is what it gets when it buys as it sells;
    `carrying_rate` is what stock costs in a year (money, room, insurance), a ratio of its value;
    `shelf_life` is in months from delivery, None when nothing expires.

    Raises InvalidInput when sales are not positive, or another number is negative.
    """

    monthly_sales: Decimal
    stock: Decimal = ZERO
    usual_discount: Decimal = ZERO
    carrying_rate: Decimal = ZERO
    shelf_life: Decimal | None = None

    def __post_init__(self) -> None:
        if self.monthly_sales <= 0:
            raise InvalidInput(
                "Les ventes par mois doivent être positives : sans vente, rien ne paie."
            )
        numbers = (self.stock, self.usual_discount, self.carrying_rate, self.shelf_life or ZERO)
        if min(numbers) < 0 or self.usual_discount > ONE:
            raise InvalidInput(
                "Stock, remise habituelle (0,10 pour 10 %), coût de possession et mois avant "
                "péremption ne sont pas négatifs."
            )


@dataclass(frozen=True)
class DealCheck:
    """What a deal brings and costs. Months, units, euros excl. tax, ratios; unrounded.

    `cover_months`: how long stock and deal last. `expired_units` and `expired_cost`: what sales do
    not take in time. `sales_margin`: how far sales may fall before a unit expires (negative: they
    are too low already; None: nothing expires). `advantage`: the discount won on what is sold,
    `carrying_cost` what holding costs, `gain` what is left. `break_even_quantity`: units beyond which
    such a deal loses money, `better_quantity` those that bring the most (None: the more the better).
    """

    cash: Decimal
    cover_months: Decimal
    expired_units: Decimal
    expired_cost: Decimal
    sales_margin: Decimal | None
    advantage: Decimal
    carrying_cost: Decimal
    gain: Decimal
    break_even_quantity: int | None
    better_quantity: int | None

    @property
    def worth_it(self) -> bool:
        """Tell whether the deal beats buying as one sells."""
        return self.gain > 0


def check(deal: Deal, need: Need) -> DealCheck:
    """Weigh a deal against buying the same units as they are sold, at the usual discount.

    Purpose: say what a discount is worth once the stock it needs is paid for.
    Inputs: the deal; the pharmacy's need.
    Equations, with u a unit's net price in the deal, v the usual one, m monthly sales, s the stock,
    r the yearly carrying rate, x the units sold before they expire, out of q delivered:

        advantage = x (v − u)
        carrying  = u r/12 (x (s + x/2)/m + (q − x) life)
        gain      = advantage − carrying − (q − x) u
        better    = 12 m (v − u)/(u r) − s,      break-even = twice that,

    both within what sells in time: beyond it each unit loses u (1 + r life/12).
    Source: inventory theory, a uniform sale of a lot; docs/methods/remises.md.

    >>> found = check(Deal(Decimal(10), 100, 25), Need(Decimal(10), carrying_rate=Decimal("0.12")))
    >>> found.cover_months, found.advantage, round(found.carrying_cost, 2), round(found.gain, 2)
    (Decimal('12.5'), Decimal('250'), Decimal('62.50'), Decimal('187.50'))
    >>> found.better_quantity, found.break_even_quantity
    (250, 500)
    """
    lot = _Lot(deal.unit_net_price, deal.list_price * (ONE - need.usual_discount), need)
    units = Decimal(deal.units)
    sold = lot.sold(units)
    better = lot.better()
    return DealCheck(
        cash=deal.cash,
        cover_months=(need.stock + units) / need.monthly_sales,
        expired_units=units - sold,
        expired_cost=(units - sold) * lot.price,
        sales_margin=_sales_margin(units, need),
        advantage=sold * lot.saving,
        carrying_cost=lot.carrying(units),
        gain=lot.gain(units),
        break_even_quantity=_whole(lot.break_even(better)),
        better_quantity=_whole(better),
    )


@dataclass(frozen=True)
class _Lot:
    """Any quantity bought at a price rather than as it is sold, at the usual price."""

    price: Decimal
    usual: Decimal
    need: Need

    @property
    def saving(self) -> Decimal:
        return self.usual - self.price

    @property
    def month(self) -> Decimal:
        """What holding a unit costs in a month."""
        return self.price * self.need.carrying_rate / MONTHS

    @property
    def sellable(self) -> Decimal | None:
        """The units that sell before they expire, after those in stock; None without limit."""
        if self.need.shelf_life is None:
            return None
        return max(ZERO, self.need.monthly_sales * self.need.shelf_life - self.need.stock)

    def sold(self, units: Decimal) -> Decimal:
        return units if self.sellable is None else min(units, self.sellable)

    def carrying(self, units: Decimal) -> Decimal:
        sold = self.sold(units)
        held = sold * (self.need.stock + sold / TWO) / self.need.monthly_sales
        return self.month * (held + (units - sold) * (self.need.shelf_life or ZERO))

    def gain(self, units: Decimal) -> Decimal:
        sold = self.sold(units)
        return sold * self.saving - self.carrying(units) - (units - sold) * self.price

    def better(self) -> Decimal | None:
        """The quantity whose last unit just pays for its wait."""
        if not self.month:
            return self.sellable if self.saving > 0 else ZERO
        free = self.need.monthly_sales * self.saving / self.month - self.need.stock
        return max(ZERO, self.sold(free))

    def break_even(self, better: Decimal | None) -> Decimal | None:
        """The quantity whose gain is nil, beyond the better one."""
        if better is None:
            return None
        if self.gain(better) <= 0:
            return ZERO
        limit = self.sellable
        if self.month:
            free = TWO * (self.need.monthly_sales * self.saving / self.month - self.need.stock)
            limit = free if limit is None else limit
            if free <= limit:
                return free
        if limit is None:
            return None
        lost = self.price + self.month * (self.need.shelf_life or ZERO)
        return limit + self.gain(limit) / lost if lost else None


def _sales_margin(units: Decimal, need: Need) -> Decimal | None:
    if need.shelf_life is None:
        return None
    in_time = need.monthly_sales * need.shelf_life
    return ONE - (need.stock + units) / in_time if in_time else None


def _whole(units: Decimal | None) -> int | None:
    return None if units is None else int(units.to_integral_value(rounding=ROUND_FLOOR))
