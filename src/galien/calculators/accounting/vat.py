"""VAT method B: finding the tax of a pharmacy whose till cannot split receipts by rate.

Each rate but the lowest sells what it bought, times a mark-up that is the pharmacy's own; what
remains of the receipts is at the lowest rate. At year end the stock corrects what was declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.kernel import french
from galien.kernel.errors import InvalidInput

ZERO, ONE = Decimal(0), Decimal(1)

# A rate's share of the stock must have moved by more than this for the year to be adjusted.
MOVED = Decimal("0.10")
# Shares typed as percentages rarely add up to the last digit.
SHARE_TOLERANCE = Decimal("0.001")


@dataclass(frozen=True)
class ProductShare:
    """A class of products sold at one rate: its share of that rate's purchases, its mark-up.

    `markup` is margin ÷ purchase price excl. tax (0.80: bought 10 €, sold 18 € excl. tax).
    """

    name: str
    share: Decimal
    markup: Decimal


@dataclass(frozen=True)
class RatePart:
    """What a rate sold: receipts incl. tax that fall to it, in euros, unrounded."""

    rate: Decimal
    incl: Decimal

    @property
    def excl(self) -> Decimal:
        """Return the amount to declare, excl. tax."""
        return self.incl / (ONE + self.rate)

    @property
    def vat(self) -> Decimal:
        """Return the tax."""
        return self.incl - self.excl


@dataclass(frozen=True)
class Split:
    """Receipts of a period split by rate, the remaining rate last; parts add up to receipts."""

    receipts: Decimal
    parts: tuple[RatePart, ...]

    @property
    def remaining(self) -> RatePart:
        """Return the part found by difference."""
        return self.parts[-1]


@dataclass(frozen=True)
class Adjustment:
    """The year end of a rate: shares of the stock, sales made from what left it, what to declare.

    `sold` and `declared` are euros incl. tax; `difference` (sold − declared) is zero where the
    share of the stock did not move enough; `vat` is its tax, positive when more is due.
    """

    rate: Decimal
    opening_share: Decimal
    closing_share: Decimal
    sold: Decimal
    declared: Decimal
    adjusted: bool
    difference: Decimal

    @property
    def vat(self) -> Decimal:
        """Return the tax on the difference, in euros."""
        return self.difference - self.difference / (ONE + self.rate)


def markup_of_margin(margin: Decimal) -> Decimal:
    """Turn a margin on the selling price (*taux de marque*) into a mark-up on the purchase price.

    Equation: m ÷ (1 − m). Source: doctrine of method B, handbook « TVA ».

    >>> round(markup_of_margin(Decimal("0.30")), 4)
    Decimal('0.4286')
    """
    if not 0 <= margin < 1:
        raise InvalidInput(
            f"Marge de {french.percent(margin)} sur le prix de vente : elle doit être d’au moins "
            "0 % et de "
            "moins de 100 %. Donnez un rapport, 0,30 pour 30 %."
        )
    return margin / (ONE - margin)


def weighted_markup(products: Sequence[ProductShare]) -> Decimal:
    """Weigh the mark-ups of a rate by the shares of its products.

    Equation: Σ share × mark-up, shares adding up to one.

    >>> shares = (("0.10", "0.29"), ("0.50", "0.80"), ("0.40", "0.25"))
    >>> weighted_markup([ProductShare("", Decimal(s), Decimal(m)) for s, m in shares])
    Decimal('0.5290')
    """
    whole = sum((each.share for each in products), ZERO)
    if abs(whole - ONE) > SHARE_TOLERANCE:
        raise InvalidInput(
            f"Les parts des familles font {french.percent(whole)} et non 100 % : la somme des "
            "parts d’un même "
            "taux doit faire 1. Complétez ou corrigez les familles."
        )
    return sum((each.share * each.markup for each in products), ZERO)


def split_receipts(
    receipts: Decimal,
    purchases: Mapping[Decimal, Decimal],
    coefficients: Mapping[Decimal, Decimal],
    *,
    remaining_rate: Decimal,
) -> Split:
    """Split a month's receipts by rate from its purchases.

    Inputs: receipts in euros incl. tax (goods only: services and rentals are followed apart);
    purchases by rate in euros excl. tax; coefficients by rate (1 + weighted mark-up).
    Equation: theoretical sales = purchases × (1 + rate) × coefficient; the remaining rate takes
    receipts − Σ theoretical; excl. tax = incl. ÷ (1 + rate).
    Raises `InvalidInput` for a rate without coefficient, or sales above the receipts.

    >>> bought = {Decimal("0.055"): Decimal(10000), Decimal("0.196"): Decimal(5000)}
    >>> times = {Decimal("0.055"): Decimal("1.529"), Decimal("0.196"): Decimal("1.455")}
    >>> found = split_receipts(Decimal(100000), bought, times, remaining_rate=Decimal("0.021"))
    >>> [(round(part.incl), round(part.excl)) for part in found.parts]
    [(16131, 15290), (8701, 7275), (75168, 73622)]
    """
    theoretical = [
        RatePart(rate, bought * (ONE + rate) * _coefficient(rate, coefficients))
        for rate, bought in purchases.items()
        if rate != remaining_rate
    ]
    left = receipts - sum((part.incl for part in theoretical), ZERO)
    if left < 0:
        raise InvalidInput(
            f"Les ventes théoriques dépassent les recettes de {french.amount(-left)} : il ne "
            "reste rien au taux de "
            f"{french.percent(remaining_rate, 1)}. Vérifiez les recettes TTC, les achats HT et "
            "les coefficients "
            "du mois (un achat de stock exceptionnel se répartit sur les mois où il est vendu)."
        )
    return Split(receipts, (*theoretical, RatePart(remaining_rate, left)))


def total_split(splits: Iterable[Split], *, remaining_rate: Decimal) -> Split:
    """Add the months of a year, rate by rate."""
    sums: dict[Decimal, Decimal] = {}
    receipts = ZERO
    for split in splits:
        receipts += split.receipts
        for part in split.parts:
            sums[part.rate] = sums.get(part.rate, ZERO) + part.incl
    last = RatePart(remaining_rate, sums.pop(remaining_rate, ZERO))
    return Split(receipts, (*(RatePart(rate, incl) for rate, incl in sums.items()), last))


def year_end(
    declared: Split,
    purchases: Mapping[Decimal, Decimal],
    coefficients: Mapping[Decimal, Decimal],
    *,
    opening: Mapping[Decimal, Decimal],
    closing: Mapping[Decimal, Decimal],
) -> tuple[Adjustment, ...]:
    """Correct a year's declarations with the stock, by rate, the remaining rate by difference.

    Inputs: purchases of the year, opening and closing stock by rate, euros excl. tax; every rate
    held in stock is given, the remaining one included, as shares are of the whole stock.
    Equation: (purchases + opening − closing stock) × (1 + rate) × coefficient − declared, only
    where the rate's share of the stock moved by more than ten points; receipts do not change, so
    the remaining rate takes the opposite of the others' differences.
    """
    whole_opening, whole_closing = sum(opening.values(), ZERO), sum(closing.values(), ZERO)
    if not whole_opening or not whole_closing:
        raise InvalidInput(
            "La régularisation demande le stock d’ouverture et de clôture à chaque taux, en "
            "euros HT : l’un des "
            "deux est vide."
        )
    found = []
    for part in declared.parts[:-1]:
        rate, before, after = part.rate, opening.get(part.rate, ZERO), closing.get(part.rate, ZERO)
        out = purchases.get(rate, ZERO) + before - after
        sold = out * (ONE + rate) * _coefficient(rate, coefficients)
        shares = before / whole_opening, after / whole_closing
        moved = abs(shares[1] - shares[0]) > MOVED
        difference = sold - part.incl if moved else ZERO
        found.append(Adjustment(rate, *shares, sold, part.incl, moved, difference))
    last = declared.remaining
    others = sum((each.difference for each in found), ZERO)
    shares = (
        opening.get(last.rate, ZERO) / whole_opening,
        closing.get(last.rate, ZERO) / whole_closing,
    )
    return (
        *found,
        Adjustment(last.rate, *shares, last.incl - others, last.incl, others != 0, -others),
    )


def _coefficient(rate: Decimal, coefficients: Mapping[Decimal, Decimal]) -> Decimal:
    try:
        return coefficients[rate]
    except KeyError:
        raise InvalidInput(
            f"Aucun coefficient pour le taux de {french.percent(rate, 1)} : donnez son "
            "coefficient ou ses familles."
        ) from None
