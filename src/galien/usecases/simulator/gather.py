"""Gathering what the simulator stands on: purchases through the door of questions, offers of the day.

The last grounds are kept for a moment, by who asks and what moves them: another setting of the same
purchases answers at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock

from galien.calculators.discounts.market import Offer
from galien.calculators.discounts.offered import Offered
from galien.calculators.discounts.optimum.problem import Bought
from galien.calculators.discounts.optimum.rules import ZERO, LabRules
from galien.kernel import french
from galien.model.contracts import Conditions
from galien.model.viewer import Viewer
from galien.usecases.contracts.book import Kept, contracts_of
from galien.usecases.detail import release_of
from galien.usecases.discount_base import CENT, RATE, Base, base
from galien.usecases.offers import STANDINGS, Offers, offers_on
from galien.usecases.services import Services
from galien.usecases.simulator.asked import Asked
from galien.usecases.simulator.clauses import Reach, Weighed, exclusive, lab_rules, weighed
from galien.usecases.simulator.ground import Fees, Ground, Source

KEPT = 8
DAYS_OF_A_MONTH = Decimal("30.4375")
_grounds: OrderedDict[Hashable, Ground] = OrderedDict()
_lock = Lock()


def level_of(asked: Asked) -> str:
    """Return the price level of today's discounts: net-net when what comes later counts in offers too."""
    return "net-net" if asked.extras else "invoice"


def ground_of(asked: Asked, viewer: Viewer, *, services: Services) -> Ground:
    """Return what is bought and offered, as the viewer may read it; raises what `ask` raises."""
    day = services.clock.today()
    kept = contracts_of(viewer, on=day, standings=STANDINGS)
    release = release_of(services)
    key: Hashable = (
        viewer.user_id, viewer.epoch, viewer.everything, release, day, services.workspace.path,
        asked.period, asked.pharmacies, asked.same_box, asked.excess, asked.extras, asked.clauses,
        tuple((each.key, each.changed_at) for each in kept),
    )  # fmt: skip
    with _lock:
        if key in _grounds:
            _grounds.move_to_end(key)
            return _grounds[key]
    bought = base(
        viewer, asked.period, asked.pharmacies, same_box=asked.same_box, services=services,
        level=level_of(asked),
    )  # fmt: skip
    offers = offers_on(viewer, day, bought, services=services, count_excess=asked.excess)
    made = laid(asked, bought, offers, {each.key: each for each in kept})
    with _lock:
        _grounds[key] = made
        while len(_grounds) > KEPT:
            _grounds.popitem(last=False)
    return made


@dataclass(frozen=True)
class _Lab:
    """A lab on the purchases: its offers, what its clauses ask, its costs, its excess in euros.

    `exclusive` is the standing of the contract by which it wants all that it offers, else empty.
    """

    offers: tuple[Offer, ...]
    rules: LabRules
    fees: Fees
    exclusive: str
    excess: Decimal


def laid(asked: Asked, bought: Base, offers: Offers, kept: Mapping[int, Kept]) -> Ground:
    """Lay purchases and offers out as the choice of labs takes them.

    Contracts of wholesalers name no lab: one does not sign with a lab through them, they are left out.
    """
    months = _months(bought)
    found = {}
    for lab in offers.labs:
        prices = {
            key: each for key, each in offers.prices[lab].items()
            if offers.sources[each.contract].contract.lab
        }  # fmt: skip
        if prices:
            found[lab] = _lab(asked, bought, lab, prices, offers, months)
    ceilings: dict[str, Decimal] = {}
    for (_, name), cited in offers.ceilings.items():
        ceilings[name] = min(cited.value, ceilings.get(name, cited.value))
    return Ground(
        period=bought.period,
        months=months,
        pharmacies=bought.pharmacies,
        release=bought.release,
        bought=_purchases(bought, found),
        offers=tuple(each for lab in found.values() for each in lab.offers),
        labels={row.equivalence.key: row.equivalence.label for row in bought.rows},
        labs={name: lab.rules for name, lab in found.items() if lab.rules != LabRules()},
        fees={name: lab.fees for name, lab in found.items()},
        ceilings=ceilings,
        exclusive={name: lab.exclusive for name, lab in found.items() if lab.exclusive},
        excess={name: lab.excess for name, lab in found.items() if lab.excess},
        sources=_sources(offers, kept, found),
    )


def _purchases(bought: Base, labs: Iterable[str]) -> tuple[Bought, ...]:
    """Return the purchases; a lab of today is written as its offers write it."""
    names = {french.fold(lab): lab for lab in labs}
    return tuple(
        Bought(
            row.equivalence.key,
            row.quantity,
            row.list_amount.quantize(CENT),
            row.discount_rate.quantize(RATE),
            lab=names.get(french.fold(row.current_lab), row.current_lab),
            product_class=row.ceiling_class,
        )
        for row in bought.rows
    )


def _lab(
    asked: Asked,
    bought: Base,
    lab: str,
    prices: Mapping[str, Offered],
    offers: Offers,
    months: Decimal,
) -> _Lab:
    """Return a lab's offers and clauses, from the contracts its prices come from."""
    contracts = {each.contract: offers.sources[each.contract].contract for each in prices.values()}
    found = []
    for key, price in prices.items():
        rates = weighed(price, contracts[price.contract], count_excess=asked.excess)
        if not asked.clauses:
            rates = Weighed(price.discount_rate.quantize(RATE), price.extra_rate.quantize(RATE))
        found.append(Offer(lab, key, rates.sure, rates.extra if asked.extras else ZERO))
    amounts = {key: bought.by_key[key].list_amount for key in prices}
    reach = _reach(bought, found, months)
    weights = [(price, amounts[key]) for key, price in prices.items()]
    wanting = exclusive(weights, contracts.values())
    return _Lab(
        offers=tuple(found),
        rules=lab_rules(weights, contracts.values(), reach),
        exclusive="" if wanting is None else str(wanting.standing),
        fees=_fees([each.conditions for each in contracts.values()]),
        excess=sum((each.excess * amounts[key] for key, each in prices.items()), ZERO),
    )


def _months(bought: Base) -> Decimal:
    """Return the months of the purchases: whole ones counted, else days over a mean month."""
    if bought.period.whole_months:
        return Decimal(len(bought.period.months()))
    return Decimal((bought.period.last - bought.period.first).days + 1) / DAYS_OF_A_MONTH


def _reach(bought: Base, offers: Sequence[Offer], months: Decimal) -> Reach:
    rows = [bought.by_key[each.equivalence] for each in offers]
    euros = sum((row.list_amount for row in rows), ZERO)
    given = sum(
        (row.list_amount * each.discount_rate for row, each in zip(rows, offers, strict=True)), ZERO
    )
    return Reach(
        months=months,
        pharmacies=len(bought.pharmacies),
        list_amount=euros,
        quantity=sum((row.quantity for row in rows), ZERO),
        discount=given / euros if euros else ZERO,
    )


def _fees(conditions: Sequence[Conditions]) -> Fees:
    """Return what a lab's contracts cost: the dearest of each kind, fees paid once each."""
    names = {"order": "order_cost", "invoice": "invoice_cost", "dispute": "dispute_cost"}
    dearest = {
        name: max((getattr(each, field) for each in conditions), default=ZERO)
        for name, field in names.items()
    }
    paid = {
        name: sum((getattr(each, f"{name}_fee") for each in conditions), ZERO)
        for name in ("yearly", "joining")
    }
    return Fees(**dearest, **paid)


def _sources(offers: Offers, kept: Mapping[int, Kept], labs: Iterable[str]) -> tuple[Source, ...]:
    used = {price.contract for lab in labs for price in offers.prices[lab].values()}
    found = []
    for reference, source in sorted(offers.sources.items()):
        if reference in used:
            known = kept.get(source.key)
            changed = known.changed_at.isoformat() if known and known.changed_at else ""
            contract = source.contract
            found.append(
                Source(contract.lab, reference, source.key,
                       str(contract.standing), changed)
            )  # fmt: skip
    return tuple(found)
