"""ABC classes: the few products that make most of what goes out, and of what lies on the shelves."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from galien.kernel.errors import InvalidInput
from galien.kernel.french import typed

ZERO, ONE = Decimal(0), Decimal(1)


class AbcClass(StrEnum):
    """A class: A the first products by value, C the last ones."""

    A = "A"
    B = "B"
    C = "C"


class Holding(StrEnum):
    """What a class tells to do with a product where a wholesaler delivers every day."""

    ALWAYS = "always"
    USUALLY = "usually"
    ON_ORDER = "on_order"
    MUST_HOLD = "must_hold"


@dataclass(frozen=True)
class Thresholds:
    """Shares of value that end class A and class B, as ratios.

    Raises InvalidInput when they do not go up from above 0 to at most 1.
    """

    a: Decimal = Decimal("0.80")
    b: Decimal = Decimal("0.95")

    def __post_init__(self) -> None:
        if not ZERO < self.a < self.b <= ONE:
            raise InvalidInput(
                f"Les seuils ABC {typed(self.a)} et {typed(self.b)} ne conviennent pas : il faut deux "
                "rapports croissants entre 0 et 1, par exemple 0,80 et 0,95."
            )


USUAL = Thresholds()


@dataclass(frozen=True)
class Item:
    """A product: what went out of it in a year and what lies of it, in euros excl. tax."""

    product_code: str
    outgoing_value: Decimal
    stock_value: Decimal


@dataclass(frozen=True)
class Placed:
    """A product with its class and the share accumulated down to it, by each value.

    A share is None when the total it would be of is not above zero.
    """

    item: Item
    class_outgoing: AbcClass
    class_stock: AbcClass
    cumulative_share_outgoing: Decimal | None
    cumulative_share_stock: Decimal | None
    must_hold: bool = False

    @property
    def holding(self) -> Holding:
        """Tell how the product is to be held, from what goes out of it.

        A always; C not, where a wholesaler delivers daily, unless the product must be held.
        """
        if self.class_outgoing is AbcClass.A:
            return Holding.ALWAYS
        if self.must_hold:
            return Holding.MUST_HOLD
        return Holding.USUALLY if self.class_outgoing is AbcClass.B else Holding.ON_ORDER


@dataclass(frozen=True)
class ClassShare:
    """What a class gathers: products, their share, value in euros and its share (None over nothing)."""

    name: AbcClass
    products: int
    share_of_products: Decimal | None
    value: Decimal
    share_of_value: Decimal | None


@dataclass(frozen=True)
class Cell:
    """A cell of the 3 × 3 table: products of a class going out and of a class on the shelves."""

    outgoing: AbcClass
    stock: AbcClass
    products: int
    outgoing_value: Decimal
    stock_value: Decimal


@dataclass(frozen=True)
class Abc:
    """Products placed, largest outgoing value first."""

    rows: tuple[Placed, ...]

    @property
    def classes(self) -> tuple[ClassShare, ...]:
        """Return A, B and C by outgoing value."""
        return self._shares(lambda row: row.class_outgoing, lambda item: item.outgoing_value)

    @property
    def stock_classes(self) -> tuple[ClassShare, ...]:
        """Return A, B and C by stock value."""
        return self._shares(lambda row: row.class_stock, lambda item: item.stock_value)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return the nine cells, outgoing classes first."""
        return tuple(self._cell(out, stock) for out in AbcClass for stock in AbcClass)

    def _cell(self, out: AbcClass, stock: AbcClass) -> Cell:
        items = [r.item for r in self.rows if (r.class_outgoing, r.class_stock) == (out, stock)]
        return Cell(
            out,
            stock,
            len(items),
            sum((item.outgoing_value for item in items), ZERO),
            sum((item.stock_value for item in items), ZERO),
        )

    def _shares(
        self, kind: Callable[[Placed], AbcClass], value: Callable[[Item], Decimal]
    ) -> tuple[ClassShare, ...]:
        total = sum((value(row.item) for row in self.rows), ZERO)
        found = []
        for name in AbcClass:
            values = [value(row.item) for row in self.rows if kind(row) is name]
            gathered = sum(values, ZERO)
            found.append(
                ClassShare(
                    name,
                    len(values),
                    Decimal(len(values)) / len(self.rows) if self.rows else None,
                    gathered,
                    gathered / total if total > 0 else None,
                )
            )
        return tuple(found)


@dataclass(frozen=True)
class Move:
    """A product whose outgoing class changed: None when it was not, or no longer is, classed."""

    product_code: str
    before: AbcClass | None
    now: AbcClass | None


def classify(
    items: Iterable[Item],
    *,
    thresholds: Thresholds = USUAL,
    must_hold: Collection[str] = frozenset(),
) -> Abc:
    """Class products by what goes out of them and by what lies of them.

    Inputs: a year's outgoing value and the stock value of each product, euros excl. tax;
    `must_hold`, codes of products held whatever they sell (narcotics, heparins, analgesics).
    Equation: products by value, largest first, ties by code; A while the share accumulated before
    the product is under 80 %, B under 95 %, else C. The cumulative share includes the product.
    Source: handbook of stock (Pareto's law; thresholds are settings).

    >>> found = classify([Item("a", Decimal(80), Decimal(1)), Item("b", Decimal(20), Decimal(9))])
    >>> [(row.item.product_code, str(row.class_outgoing), str(row.class_stock)) for row in found.rows]
    [('a', 'A', 'B'), ('b', 'B', 'A')]
    """
    kept = sorted(items, key=lambda item: item.product_code)
    _refuse_doubles(kept)
    outgoing = _placed(kept, [item.outgoing_value for item in kept], thresholds)
    stock = _placed(kept, [item.stock_value for item in kept], thresholds)
    by_code = {item.product_code: item for item in kept}
    return Abc(
        tuple(
            Placed(by_code[code], name, stock[code][0], share, stock[code][1], code in must_hold)
            for code, (name, share) in outgoing.items()
        )
    )


def moves(now: Mapping[str, AbcClass], before: Mapping[str, AbcClass]) -> tuple[Move, ...]:
    """Return the products whose class changed between two analyses, by code.

    >>> [(m.product_code, m.before, str(m.now)) for m in moves({"x": AbcClass.A}, {})]
    [('x', None, 'A')]
    """
    return tuple(
        Move(code, before.get(code), now.get(code))
        for code in sorted(now.keys() | before.keys())
        if now.get(code) is not before.get(code)
    )


def _placed(
    items: Sequence[Item], values: Sequence[Decimal], thresholds: Thresholds
) -> dict[str, tuple[AbcClass, Decimal | None]]:
    """Return class and cumulative share by code, largest value first; `items` come by code."""
    total = sum(values, ZERO)
    order = sorted(range(len(items)), key=lambda place: -values[place])
    found: dict[str, tuple[AbcClass, Decimal | None]] = {}
    gathered = ZERO
    for place in order:
        name = AbcClass.C
        if total > 0:
            if gathered < thresholds.a * total:
                name = AbcClass.A
            elif gathered < thresholds.b * total:
                name = AbcClass.B
        gathered += values[place]
        found[items[place].product_code] = (name, gathered / total if total > 0 else None)
    return found


def _refuse_doubles(items: Sequence[Item]) -> None:
    for one, other in itertools.pairwise(items):
        if one.product_code == other.product_code:
            raise InvalidInput(
                f"Le produit « {one.product_code} » vient deux fois : additionnez ses deux lignes."
            )
