"""What pharmacies buy of each equivalence, from whom and at what discount: the base of comparisons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from galien.analytics.answer import Answer
from galien.analytics.question import Filter, Question
from galien.calculators.discounts.equivalence import Equivalence
from galien.calculators.discounts.market import Purchase
from galien.kernel.errors import InvalidInput
from galien.kernel.period import Period, parse_period
from galien.model.clauses import CLASSED, GENERAL
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.comparable import Comparable, Shelf, shelf
from galien.usecases.last_used import LastUsed
from galien.usecases.services import Services

ZERO = Decimal(0)
INVOICE, NET_NET = "invoice", "net-net"
LEVELS = {INVOICE: "Remise facturée", NET_NET: "Remise nette-nette"}
# Parts of the discount beside free units, by the price level it is counted to.
_SAVED = {
    INVOICE: ("invoice_discount",),
    NET_NET: ("invoice_discount", "cash_discount", "rebate", "cooperation"),
}
_BOUGHT = ("delivered_quantity", "free_quantity", "list_amount")
_FIGURES = frozenset((*_BOUGHT, *_SAVED[NET_NET]))
STATUSES = CLASSED
CENT, RATE = Decimal("0.01"), Decimal("0.00000001")


@dataclass(frozen=True)
class Share:
    """What is bought of a product or at a lab: boxes, euros at ex-factory price, euros of discount."""

    name: str
    quantity: Decimal
    list_amount: Decimal
    discount_amount: Decimal

    @property
    def discount_rate(self) -> Decimal:
        """Return the discount over the ex-factory price, a ratio; 0 when nothing has a price."""
        return self.discount_amount / self.list_amount if self.list_amount else ZERO


@dataclass(frozen=True)
class Bought:
    """What is bought of an equivalence. Euros excl. tax, unrounded.

    `quantity` counts boxes, free ones with them; `units` tablets, millilitres or doses;
    `list_amount` is all of them at ex-factory price, the wholesaler's margin left out, since it is
    that price the ceilings of discount are shares of. `labs` and `products` (codes), largest first.
    """

    equivalence: Equivalence
    ceiling_class: str
    quantity: Decimal
    units: Decimal
    list_amount: Decimal
    discount_amount: Decimal
    labs: tuple[Share, ...]
    products: tuple[Share, ...]

    @property
    def current_lab(self) -> str:
        """Return the lab most is bought at."""
        return self.labs[0].name

    @property
    def discount_rate(self) -> Decimal:
        """Return the present discount, weighted by what is bought: a ratio of the ex-factory price."""
        return self.discount_amount / self.list_amount if self.list_amount else ZERO

    @property
    def unit_price(self) -> Decimal:
        """Return the average ex-factory price of a box, euros excl. tax."""
        return self.list_amount / self.quantity if self.quantity else ZERO


@dataclass(frozen=True)
class Base:
    """What is bought over a period, by equivalence, largest first. `pharmacies` are those counted.

    `stamp` is all that the rows depend on, None for a base that is not kept.
    """

    period: Period
    pharmacies: tuple[str, ...]
    same_box: bool
    rows: tuple[Bought, ...]
    release: str = ""
    stamp: Hashable = None

    @cached_property
    def by_key(self) -> Mapping[str, Bought]:
        """Return the rows by the key of their equivalence."""
        return {row.equivalence.key: row for row in self.rows}

    @property
    def quantity(self) -> Decimal:
        """Return all boxes."""
        return sum((row.quantity for row in self.rows), ZERO)

    @property
    def list_amount(self) -> Decimal:
        """Return all of it at ex-factory price, in euros."""
        return sum((row.list_amount for row in self.rows), ZERO)

    @property
    def discount_amount(self) -> Decimal:
        """Return the present discount, in euros."""
        return sum((row.discount_amount for row in self.rows), ZERO)

    def purchases(self) -> tuple[Purchase, ...]:
        """Return the rows as the market of labs takes them: cents, and rates to eight decimals."""
        return tuple(
            Purchase(
                row.equivalence.key,
                row.quantity,
                row.list_amount.quantize(CENT),
                row.discount_rate.quantize(RATE),
            )
            for row in self.rows
        )


@dataclass
class _Line:
    """What a product adds up to; prices are those of each month, of paid and of free boxes."""

    paid: Decimal = ZERO
    free: Decimal = ZERO
    paid_amount: Decimal = ZERO
    free_amount: Decimal = ZERO
    saved: Decimal = ZERO

    def add(
        self, paid: Decimal, free: Decimal, saved: Decimal, prices: tuple[Decimal, Decimal]
    ) -> None:
        self.paid += paid
        self.free += free
        self.paid_amount += paid * prices[0]
        self.free_amount += free * prices[1]
        self.saved += saved

    @property
    def prices(self) -> tuple[Decimal, Decimal]:
        """Return the average price of a paid and of a free box."""
        paid = self.paid_amount / self.paid if self.paid else ZERO
        return paid, self.free_amount / self.free if self.free else paid

    def share(self, name: str) -> Share:
        return Share(
            name,
            self.paid + self.free,
            self.paid_amount + self.free_amount,
            self.saved + self.free_amount,
        )


def base(
    viewer: Viewer,
    period: str,
    pharmacies: Sequence[str] = (),
    *,
    same_box: bool = True,
    services: Services,
    level: str = NET_NET,
) -> Base:
    """Return what is bought of generics, by equivalence, over a period.

    `pharmacies` (FINESS) keeps some of those the viewer may read; empty keeps them all. `level` is
    the price discounts are counted to: net-net (rebates and cooperation accrued) or invoice. Each
    month is counted at the ex-factory price of its first day. Raises what `ask` raises.
    """
    known = shelf(services, same_box=same_box)
    answer = _asked(viewer, period, pharmacies, ("product", "month"), services, level)
    meta = answer.meta
    # The same for all who read the same pharmacies of a release.
    key = (known.mark, meta.release, meta.scope, meta.period, level, same_box)
    return _LAST.get(
        key,
        lambda: replace(
            _base(answer, _by_month(answer, known), known, same_box=same_box), stamp=key
        ),
    )


def bases(
    viewer: Viewer,
    period: str,
    pharmacies: Sequence[str] = (),
    *,
    same_box: bool = True,
    services: Services,
    level: str = NET_NET,
) -> dict[str, Base]:
    """Return the base of each pharmacy (FINESS), each product at its average price over all of them."""
    known = shelf(services, same_box=same_box)
    whole = _asked(viewer, period, pharmacies, ("product", "month"), services, level)
    prices = {code: line.prices for code, line in _by_month(whole, known).items()}
    answer = _asked(viewer, period, pharmacies, ("pharmacy", "product"), services, level)
    found: dict[str, dict[str, _Line]] = defaultdict(lambda: defaultdict(_Line))
    names: list[Any] = answer.table.column("pharmacy").to_pylist()
    for name, (code, *figures) in zip(names, _figures(answer), strict=True):
        paid, free, _, saved = figures
        found[name][code].add(paid, free, saved, prices[code])
    return {
        name: _base(answer, lines, known, same_box=same_box, only=name)
        for name, lines in sorted(found.items())
    }


_LAST: LastUsed[Base] = LastUsed(6)


def _asked(
    viewer: Viewer,
    period: str,
    pharmacies: Sequence[str],
    by: tuple[str, ...],
    services: Services,
    level: str,
) -> Answer:
    if level not in _SAVED:
        raise InvalidInput(
            f"Le niveau de prix « {level} » n’est pas un choix de cette page : {', '.join(_SAVED)}."
        )
    where = [Filter("generic_status", STATUSES)]
    if pharmacies:
        where.append(Filter("pharmacy", tuple(pharmacies)))
    question = Question(
        "purchases",
        (*_BOUGHT, *_SAVED[level]),
        by,
        period=period,
        compare="none",
        where=tuple(where),
    )
    return ask(question, viewer, services=services)


def _figures(answer: Answer) -> Iterator[tuple[str, Decimal, Decimal, Decimal, Decimal]]:
    """Return the product of each row, its boxes paid and free, their list price, what is saved."""
    names = [name for name in answer.table.column_names if name in _FIGURES]
    columns = [answer.table.column(name).to_pylist() for name in ("product", *names)]
    for code, *figures in zip(*columns, strict=True):
        given = dict(zip(names, (Decimal(each or 0) for each in figures), strict=True))
        paid, free, listed = (given[name] for name in _BOUGHT)
        yield code, paid, free, listed, sum((given[n] for n in names if n not in _BOUGHT), ZERO)


def _by_month(answer: Answer, known: Shelf) -> dict[str, _Line]:
    """Add each product up, every month at its own ex-factory price."""
    first = answer.meta.period.first
    lines: dict[str, _Line] = defaultdict(_Line)
    names: list[Any] = answer.table.column("month").to_pylist()
    days = {name: max(first, parse_period(name, first).first) for name in set(names)}
    for name, (code, paid, free, listed, saved) in zip(names, _figures(answer), strict=True):
        product = known.products.get(code)
        price = (product.price_on(days[name]) if product else None) or _price_paid(paid, listed)
        lines[code].add(paid, free, saved, (price, price))
    return lines


def _price_paid(paid: Decimal, listed: Decimal) -> Decimal:
    """Return the list price of the invoices, where the public base has no ex-factory price."""
    return listed / paid if paid else ZERO


def _base(
    answer: Answer,
    lines: Mapping[str, _Line],
    known: Shelf,
    *,
    same_box: bool,
    only: str = "",
) -> Base:
    gathered: dict[str, list[tuple[Comparable, Share]]] = defaultdict(list)
    for code, line in lines.items():
        product = known.products.get(code)
        if product is not None and line.paid + line.free > 0:
            gathered[product.placed.equivalence.key].append((product, line.share(code)))
    rows = [_bought(each) for each in gathered.values()]
    rows.sort(key=lambda row: (-row.list_amount, row.equivalence.key))
    return Base(
        period=answer.meta.period,
        pharmacies=(only,) if only else answer.meta.scope,
        same_box=same_box,
        rows=tuple(rows),
        release=answer.meta.release,
    )


def _bought(members: Sequence[tuple[Comparable, Share]]) -> Bought:
    products = _largest(share for _, share in members)
    by_lab: dict[str, list[Share]] = defaultdict(list)
    for product, share in members:
        by_lab[product.lab].append(share)
    whole = _sum("", products)
    classes = sorted(product.ceiling_class for product, _ in members if product.ceiling_class)
    return Bought(
        equivalence=members[0][0].placed.equivalence,
        ceiling_class=next((each for each in classes if each != GENERAL), max(classes, default="")),
        quantity=whole.quantity,
        units=sum((share.quantity * product.placed.units for product, share in members), ZERO),
        list_amount=whole.list_amount,
        discount_amount=whole.discount_amount,
        labs=_largest(_sum(lab, shares) for lab, shares in by_lab.items()),
        products=products,
    )


def _sum(name: str, shares: Iterable[Share]) -> Share:
    every = tuple(shares)
    return Share(
        name,
        sum((each.quantity for each in every), ZERO),
        sum((each.list_amount for each in every), ZERO),
        sum((each.discount_amount for each in every), ZERO),
    )


def _largest(shares: Iterable[Share]) -> tuple[Share, ...]:
    return tuple(sorted(shares, key=lambda each: (-each.list_amount, each.name)))
