"""What sold in each period and for how many days it was there to sell: raw and corrected demand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from galien.calculators.stock.arrays import Floats, ratio
from galien.kernel.errors import InvalidInput

# A period in stock for less than this share of its days says nothing alone: three boxes sold on one
# day are not ninety a month. It still counts in the totals, where days weigh what they are.
ENOUGH = 0.2
PRIOR = 3.0  # boxes that what sold until then counts for, beside those of a period


@dataclass(frozen=True)
class Panel:
    """Sales of products over the same periods, arrays of (products, periods), oldest first.

    `quantity` is units sold (returns taken off, transfers and resales apart), `days_in_stock` the
    days on which the product could be sold, `days` those of the period. A product is NaN in all three
    before its first period. `season` is how many periods make a year, 1 when nothing comes back;
    `next_days` is how long the period to forecast lasts; `families` names each product's family,
    empty when unknown.

    Raises InvalidInput when the arrays are not of one shape, or a product was in stock longer than
    the period lasted.
    """

    codes: tuple[str, ...]
    quantity: Floats
    days_in_stock: Floats
    days: Floats
    season: int = 1
    next_days: float = 30.0
    families: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shapes = {each.shape for each in (self.quantity, self.days_in_stock, self.days)}
        if len(shapes) > 1 or len(self.codes) != len(self.quantity):
            raise InvalidInput("Ventes et jours n’ont pas les mêmes produits ou périodes.")
        if np.any(self.days_in_stock > self.days) or np.any(self.days_in_stock < 0):
            raise InvalidInput(
                "Les jours en stock d’une période vont de 0 au nombre de ses jours : corrigez-les."
            )

    @property
    def periods(self) -> int:
        """Return how many periods there are."""
        return int(self.quantity.shape[1])

    @property
    def raw_daily(self) -> Floats:
        """Return units sold a day, stock or no stock: Σ quantity ÷ Σ days."""
        return ratio(np.nansum(self.quantity, axis=1), np.nansum(self.days, axis=1))

    @property
    def corrected_daily(self) -> Floats:
        """Return what would have sold a day: Σ quantity ÷ Σ days in stock; NaN when never in stock.

        Source: handbook, demand is what would have sold; 150 sold on 30 days in stock of 90 is 5.

        >>> panel = Panel(("A",), np.array([[150.0]]), np.array([[30.0]]), np.array([[90.0]]))
        >>> panel.raw_daily.round(2), panel.corrected_daily, panel.lost_units
        (array([1.67]), array([5.]), array([300.]))
        """
        return ratio(np.nansum(self.quantity, axis=1), np.nansum(self.days_in_stock, axis=1))

    @property
    def days_out(self) -> Floats:
        """Return the days without stock."""
        return np.asarray(np.nansum(self.days - self.days_in_stock, axis=1), dtype=np.float64)

    @property
    def lost_units(self) -> Floats:
        """Return the units not sold for want of stock: corrected demand × days without stock."""
        return self.corrected_daily * self.days_out

    @property
    def rates(self) -> Floats:
        """Return demand a day in each period, unknown (NaN) where it was hardly in stock.

        Days out of a period are filled. Equations: rate = (q + (days − d) f) ÷ days, with q sold on d days
        in stock and f = (q + 3) ÷ (d + 3 ÷ r), where r = Σ q ÷ Σ d until then. A slow product is often out
        because it just sold: three boxes on seven days, of four in a year, are no thirteen a month.

        >>> whole, sold = np.full((1, 3), 30.0), np.array([[0.0, 0.0, 3.0]])
        >>> Panel(("A",), sold, np.array([[30.0, 30.0, 7.0]]), whole).rates.round(2)
        array([[0.  , 0.  , 0.16]])
        """
        sold, there = np.nan_to_num(self.quantity), np.nan_to_num(self.days_in_stock)
        seen = self.days_in_stock >= ENOUGH * self.days
        usual = ratio(
            np.maximum(np.cumsum(sold, axis=1), 0.0), np.maximum(np.cumsum(there, axis=1), 1e-9)
        )
        filled = ratio((sold + PRIOR) * usual, there * usual + PRIOR)
        missing = np.nan_to_num(self.days) - there
        return np.where(seen, ratio(sold + missing * filled, self.days), np.nan)

    def until(self, period: int) -> Panel:
        """Return what was known before a period, for a back-test."""
        return replace(
            self,
            quantity=self.quantity[:, :period],
            days_in_stock=self.days_in_stock[:, :period],
            days=self.days[:, :period],
        )
