"""Who can deliver a product to a pharmacy, at what price and after how long: bought before, or contract."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from statistics import median

from galien.calculators.stock.orders.offers import Quote, quote
from galien.calculators.stock.orders.split import Supplier
from galien.calculators.stock.orders.tiers import Payment
from galien.kernel import french
from galien.model.contracts import ClauseKind, Contract, Measured, ProductKeys, Span
from galien.usecases.stock.answers import Answers, answers
from galien.usecases.stock.flows import Bought, Known

# Days from order to delivery by way of buying: files of purchases do not tell when a line was ordered.
USUAL_LEAD = {"wholesaler": 1.0, "distributor": 3.0, "direct": 4.0}
OTHER_LEAD = 3.0
SPREAD = 0.5  # deviation of those days, as a share of them
RECENT = dt.timedelta(days=365)
LONGEST_REVIEW = 7.0  # nobody waits longer to look at an order again
USUAL_ORDER_COST = 6.0  # euros that an order costs the pharmacy, where no contract tells
LEAST_LINES = 5  # lines from which what they have in common is a pack; one same size is a habit
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Source:
    """A supplier of a product: euros a paid unit net of what comes back later, and what quantity changes.

    `tiers` are (paid units from, rate off that price); `free` units come with `paid`. `proof` says where
    the price comes from; `assumed` that the supplier, which did not sell it here, is
    taken to have it at list price.
    """

    supplier: str
    price: float
    tiers: tuple[tuple[float, float], ...] = ()
    paid: int = 0
    free: int = 0
    proof: str = ""
    assumed: bool = False

    def unit(self, units: float) -> float:
        """Return what a unit costs when `units` are delivered, free ones among them.

        >>> Source("Labo", 11.0, paid=10, free=1).unit(11)
        10.0
        """
        lot = self.paid + self.free
        charged = units - (self.free * (units // lot) if lot else 0)
        rate = max((rate for least, rate in self.tiers if charged >= least), default=0.0)
        return self.price * (1 - rate) * charged / units if units else self.price


@dataclass(frozen=True)
class Rhythm:
    """How a supplier delivers: days to wait, their deviation, and days between two deliveries."""

    lead: float
    deviation: float
    review: float


@dataclass(frozen=True)
class Trade:
    """How a pharmacy buys: the last line of each product and supplier, rhythms, packs, contracts, answers."""

    last: Mapping[str, Mapping[str, Bought]]
    rhythms: Mapping[str, Rhythm]
    packs: Mapping[str, int]
    contracts: tuple[Contract, ...]
    answers: Answers = field(default_factory=Answers)

    def usual(self, product: str) -> str:
        """Return the supplier that delivered a product last; empty when none did."""
        lines = self.last.get(product, {})
        return max(lines, key=lambda name: lines[name].day) if lines else ""

    def pack(self, product: str, supplier: str) -> int:
        """Return the units a product comes by from a supplier; 1 from one that never sold it here."""
        return self.packs.get(product, 1) if supplier in self.last.get(product, {}) else 1

    def rhythm(self, supplier: str) -> Rhythm:
        """Return the rhythm of a supplier; that of a stranger is the usual one."""
        return self.rhythms.get(supplier, Rhythm(OTHER_LEAD, OTHER_LEAD * SPREAD, 7.0))


def unanswered(bought: Iterable[Bought]) -> dict[str, str]:
    """Say, by product, which suppliers sent none of it when last asked, and when; lines in order of day.

    A product that some supplier delivered on that day or since is not short, and is left out.
    """
    last: dict[str, dict[str, Bought]] = defaultdict(dict)
    for line in bought:
        last[line.product_code][line.supplier] = line
    said = {}
    for code, lines in last.items():
        came = max(
            (each.day for each in lines.values() if each.delivered + each.free > 0), default=None
        )
        none = [
            each for each in lines.values()
            if each.ordered > 0 and each.delivered + each.free == 0 and (came is None or each.day > came)
        ]  # fmt: skip
        if none:
            names = " et ".join(f"{each.supplier} le {french.day(each.day)}" for each in none)
            said[code] = f"Demandé sans rien recevoir à {names}."
    return said


def trade(bought: Iterable[Bought], contracts: Sequence[Contract], on: dt.date) -> Trade:
    """Read how a pharmacy bought over the year before a day."""
    last: dict[str, dict[str, Bought]] = defaultdict(dict)
    days: dict[str, set[dt.date]] = defaultdict(set)
    channels: dict[str, str] = {}
    sizes: dict[str, list[int]] = defaultdict(list)
    lines = tuple(bought)
    for line in lines:
        if line.day < on - RECENT or not line.supplier:
            continue
        days[line.supplier].add(line.day)
        channels[line.supplier] = line.channel
        if line.delivered > 0:
            last[line.product_code][line.supplier] = line
            sizes[line.product_code].append(line.delivered)
    packs = {
        code: found
        for code, units in sizes.items()
        if len(units) >= LEAST_LINES and len(set(units)) > 1 and (found := math.gcd(*units)) > 1
    }
    rhythms = {name: _rhythm(channels[name], sorted(each)) for name, each in days.items()}
    return Trade(last, rhythms, packs, tuple(contracts), answers(lines, on))


def sources_of(product: Known, found: Trade, on: dt.date) -> tuple[Source, ...]:
    """Return who can deliver a product: who delivered it within a year, and contracts that name it."""
    lines = found.last.get(product.keys.product, {})
    unit_list = _list_price(product, found)
    quotes = _quotes(product.keys, found.contracts, unit_list, on) if unit_list else {}
    told = []
    for supplier in dict.fromkeys([*lines, *quotes]):
        given = quotes.get(supplier)
        line = lines.get(supplier)
        source = _source(supplier, line, given)
        if source is not None:
            told.append(source)
    return tuple(told)


def wholesaler_of(product: Known, found: Trade) -> Source | None:
    """Return the wholesaler that is taken to have a product it never sold here, at its list price.

    The one most bought from that did not refuse it; None for what is not a medicine, unless wholesalers
    sold it, and without a list price. A French wholesaler holds nine tenths of the medicines sold and
    delivers them within a day (CSP art. R. 5124-59).
    """
    code = product.keys.product
    told, lines = found.answers, found.last.get(code, {})
    price = _list_price(product, found)
    if price <= 0 or not (product.medicine or any(name in told.wholesalers for name in lines)):
        return None
    free = (each for each in told.wholesalers if each not in told.refused.get(code, {}))
    name = next((each for each in free if each not in lines), "")
    return Source(name, float(price), proof="prix de liste", assumed=True) if name else None


def _list_price(product: Known, found: Trade) -> Decimal:
    """Return the list price of a unit on the last line that has one; 0 without any."""
    lines = found.last.get(product.keys.product, {}).values()
    listed = [line for line in lines if line.list_amount > 0]
    last = max(listed, key=lambda line: line.day, default=None)
    return last.list_amount / last.delivered if last else ZERO


def _source(supplier: str, line: Bought | None, given: Quote | None) -> Source | None:
    """Return a supplier's price: the last one paid where there is one, else the contract's."""
    if line is not None:
        price = line.net_amount / line.delivered
        base = line.list_amount / line.delivered
        proof = f"dernier achat du {line.day:%d/%m/%Y}"
    elif given is not None and given.list_price > 0:
        base = given.list_price
        price = base * (ONE - _rate(given, 0))
        proof = f"contrat {given.contract}"
    else:
        return None
    if price <= 0:
        return None
    if given is None:
        return Source(supplier, float(price), proof=proof)
    tiers = tuple(
        (float(start), float(ONE - base * (ONE - rate) / price))
        for start, rate in given.tiers
        if start > 0 and base * (ONE - rate) < price
    )
    after = price * (ONE - given.later)
    return Source(supplier, float(after), tiers, given.paid, given.free, proof)


def _rate(given: Quote, units: int) -> Decimal:
    return max((rate for start, rate in given.tiers if units >= start), default=ZERO)


def _quotes(
    keys: ProductKeys, contracts: Sequence[Contract], list_price: Decimal, on: dt.date
) -> dict[str, Quote]:
    """Return what contracts that name the product give, by supplier; the first one of each."""
    found: dict[str, Quote] = {}
    for contract in contracts:
        given = quote(contract, keys, list_price, on)
        if given is not None and given.clauses:
            found.setdefault(given.supplier, given)
    return found


def terms(supplier: str, contracts: Sequence[Contract]) -> tuple[Supplier, Payment]:
    """Return what a supplier asks of an order, and when it is paid."""
    mine = [each for each in contracts if supplier in {each.supplier, each.lab}]
    if not mine:
        return Supplier(supplier, order_cost=USUAL_ORDER_COST), Payment()
    held = mine[0].conditions
    asked = Supplier(
        supplier,
        shipping_fee=float(held.shipping_fee),
        free_from=float(held.free_shipping_from or 0),
        order_cost=float(held.order_cost),
        tiers=_order_tiers(mine),
    )
    return asked, Payment(float(held.payment_days or 0))


def _order_tiers(contracts: Sequence[Contract]) -> tuple[tuple[float, float], ...]:
    """Return the tiers counted on the amount of an order, that hold for whatever is in it."""
    return tuple(
        (float(tier.minimum), float(tier.rate))
        for contract in contracts
        for clause in contract.clauses
        if clause.kind is ClauseKind.INVOICE_DISCOUNT
        and clause.span is Span.ORDER
        and clause.measured is not Measured.QUANTITY
        and not clause.condition
        for tier in clause.tiers
    )


def _rhythm(channel: str, days: Sequence[dt.date]) -> Rhythm:
    lead = USUAL_LEAD.get(channel, OTHER_LEAD)
    gaps = [(after - before).days for before, after in pairwise(days)]
    review = min(float(median(gaps)), LONGEST_REVIEW) if gaps else 7.0
    return Rhythm(lead, lead * SPREAD, review)
