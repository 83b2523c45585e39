"""What each lab would give on what is bought: its contracts and offers, weighed on one base."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from galien.calculators.discounts.market import Offer
from galien.calculators.discounts.offered import Offered, offered
from galien.calculators.discounts.volumes import Candidate, Terms
from galien.kernel import french
from galien.law.parameters import Cited
from galien.model.clauses import GENERAL, GENERIC, HYBRID
from galien.model.contracts import Contract, ProductKeys, Standing
from galien.model.viewer import Viewer
from galien.usecases.comparable import Comparable, Shelf, shelf
from galien.usecases.contracts.book import Kept, contracts_of
from galien.usecases.discount_base import RATE, Base, Bought
from galien.usecases.last_used import LastUsed
from galien.usecases.services import Services

STANDINGS = (Standing.OFFER.value, Standing.SIGNED.value)
CEILINGS = {GENERIC: "discount_ceiling_generic", HYBRID: "discount_ceiling_hybrid",
            GENERAL: "discount_ceiling_general"}  # fmt: skip
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Weighing:
    """How offers are weighed: a yearly cost of money, and the payment term (days) it is counted from."""

    cost_of_money: Decimal = ZERO
    usual_days: int = 30


@dataclass(frozen=True)
class Source:
    """The contract or offer a lab's price comes from."""

    key: int
    organisation: str
    contract: Contract


@dataclass(frozen=True)
class Offers:
    """What labs would give on a day. `prices` by lab then equivalence; `labs` in order of name.

    `sources` are the contracts by the name an offered price gives (its `contract`), `ceilings` the
    legal maxima by that name and the class of product.
    """

    day: dt.date
    labs: tuple[str, ...]
    prices: Mapping[str, Mapping[str, Offered]]
    sources: Mapping[str, Source]
    ceilings: Mapping[tuple[str, str], Cited[Decimal]]

    def of(self, lab: str, key: str) -> Offered | None:
        """Return what a lab gives on an equivalence; None when it does not offer it."""
        return self.prices.get(lab, {}).get(key)

    def market(self, labs: Iterable[str] | None = None) -> tuple[Offer, ...]:
        """Return the offers as the market of labs takes them, rates to eight decimals."""
        return tuple(
            Offer(lab, key, each.discount_rate.quantize(RATE), each.extra_rate.quantize(RATE))
            for lab in (self.labs if labs is None else labs)
            for key, each in self.prices.get(lab, {}).items()
        )


def offers_on(
    viewer: Viewer,
    day: dt.date,
    base: Base,
    *,
    services: Services,
    count_excess: bool = False,
    weighing: Weighing | None = None,
) -> Offers:
    """Return what each lab would give on each equivalence of a base, on a day.

    Offers and signed contracts in force that day; of several of a lab, the best on each equivalence.
    A contract without a lab (a wholesaler's) stands under its supplier's name. What passes the legal
    ceiling of the contract's day is flagged, and counted only with `count_excess`.
    """
    kept = contracts_of(viewer, on=day, standings=STANDINGS)
    mine = [each for each in kept if _concerns(each.contract, base)]
    weighing = weighing or Weighing()
    if base.stamp is None:
        return _offers(mine, day, base, services, weighing, count_excess=count_excess)
    read = tuple((each.key, each.changed_at) for each in mine)
    key = (base.stamp, read, day, weighing, count_excess)
    return _LAST.get(
        key, lambda: _offers(mine, day, base, services, weighing, count_excess=count_excess)
    )


_LAST: LastUsed[Offers] = LastUsed(6)


def _offers(
    mine: Sequence[Kept],
    day: dt.date,
    base: Base,
    services: Services,
    weighing: Weighing,
    *,
    count_excess: bool,
) -> Offers:
    served = _served(base, shelf(services, same_box=base.same_box), day)
    names = _names(mine)
    ceilings: dict[tuple[str, str], Cited[Decimal]] = {}
    prices: dict[str, dict[str, Offered]] = defaultdict(dict)
    for each in mine:
        contract = replace(each.contract, reference=names[each.key])
        found = _ceilings(contract, services)
        ceilings |= {(contract.reference, name): cited for name, cited in found.items()}
        terms = Terms(
            months=_months(base),
            pharmacies=len(base.pharmacies),
            cost_of_money=weighing.cost_of_money,
            usual_days=weighing.usual_days,
            ceilings={name: cited.value for name, cited in found.items()},
            count_excess=count_excess,
        )
        _keep_best(prices, _weighed(contract, served, terms))
    return Offers(
        day=day,
        labs=tuple(sorted(prices, key=french.fold)),
        prices=dict(prices),
        sources={names[each.key]: _source(each) for each in mine},
        ceilings=ceilings,
    )


def _concerns(contract: Contract, base: Base) -> bool:
    return not contract.members or not set(contract.members).isdisjoint(base.pharmacies)


def _names(mine: Sequence[Kept]) -> dict[int, str]:
    """Name contracts by their reference; two organisations may give the same to contracts of their own."""
    times = Counter(each.contract.reference for each in mine)
    return {
        each.key: each.contract.reference
        if times[each.contract.reference] == 1
        else f"{each.contract.reference} ({each.organisation})"
        for each in mine
    }


def _source(kept: Kept) -> Source:
    return Source(kept.key, kept.organisation, kept.contract)


def _months(base: Base) -> Decimal:
    """Return the months of the base's period: whole ones counted, else days over a mean month."""
    if base.period.whole_months:
        return Decimal(len(base.period.months()))
    days = (base.period.last - base.period.first).days + 1
    return days / Decimal("30.4375")


def _ceilings(contract: Contract, services: Services) -> dict[str, Cited[Decimal]]:
    """Return the legal maxima of the contract's day, by class; a class without any is left out."""
    found = {}
    for name, parameter in CEILINGS.items():
        if services.law.find(parameter, on=contract.ceiling_day) is not None:
            found[name] = services.law.number(parameter, on=contract.ceiling_day)
    return found


def _served(base: Base, known: Shelf, day: dt.date) -> dict[str, list[Candidate]]:
    """Return what each lab could deliver of what is bought, by lab."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for row in base.rows:
        paid = ZERO if base.same_box else _price_today(row, known, day)
        for product in known.by_equivalence.get(row.equivalence.key, ()):
            if product.substitute and product.on_sale:
                ratio = ONE if base.same_box else _price_ratio(product, day, paid)
                found[french.fold(product.lab)].append(_candidate(row, product, ratio))
    return found


def _weighed(
    contract: Contract, served: Mapping[str, list[Candidate]], terms: Terms
) -> dict[str, Offered]:
    own = french.fold(contract.lab)
    # Which of them the contract covers is the clauses' to say: a product may be listed by hand.
    listed = any(each.scope.products for each in contract.clauses)
    named = sorted(served, key=lambda lab: lab != own) if listed or not own else [own]
    candidates = (each for lab in named for each in served.get(lab, ()))
    return offered(contract.lab or contract.supplier, contract, candidates, terms)


def _candidate(row: Bought, product: Comparable, price_ratio: Decimal) -> Candidate:
    return Candidate(
        equivalence=row.equivalence.key,
        keys=ProductKeys(
            product.code,
            product.generic_group,
            product.range,
            product.brand,
            product.lab,
            product.product_class,
        ),
        ceiling_class=product.ceiling_class,
        label=product.label,
        quantity=row.quantity,
        list_amount=row.list_amount,
        price_ratio=price_ratio,
    )


def _price_today(row: Bought, known: Shelf, day: dt.date) -> Decimal:
    """Return the ex-factory price of a unit of dose of what is bought, at the prices of a day."""
    cost, units = ZERO, ZERO
    for share in row.products:
        product = known.products[share.name]
        price = product.price_on(day)
        if price is not None:
            cost += share.quantity * price
            units += share.quantity * product.placed.units
    return cost / units if units else ZERO


def _price_ratio(product: Comparable, day: dt.date, paid: Decimal) -> Decimal:
    """Return the product's ex-factory price over that of what is bought, for a unit of dose."""
    price = product.price_on(day)
    return ONE if price is None or not paid else price / product.placed.units / paid


def _keep_best(prices: dict[str, dict[str, Offered]], found: Mapping[str, Offered]) -> None:
    for key, each in found.items():
        known = prices[each.lab].get(key)
        if known is None or each.total_rate > known.total_rate:
            prices[each.lab][key] = each
