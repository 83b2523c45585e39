"""Gathering what the simulator stands on: purchases through the door of questions, offers of the day.

The last grounds are kept for a moment, by who asks and what moves them: another setting of the same
purchases answers at once.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Mapping
from decimal import Decimal
from threading import Lock

from galien.calculators.discounts.market import Offer
from galien.calculators.discounts.offered import Offered
from galien.calculators.discounts.optimum.problem import Bought
from galien.calculators.discounts.optimum.rules import ZERO, LabRules
from galien.kernel import french
from galien.model.viewer import Viewer
from galien.usecases.contracts.book import Kept, contracts_of
from galien.usecases.discount_base import CENT, RATE, Base, base
from galien.usecases.offers import STANDINGS, Offers, offers_on
from galien.usecases.services import Services
from galien.usecases.simulator.asked import Asked
from galien.usecases.simulator.clauses import Reach, lab_rules, weighed
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
    bought = base(
        viewer, asked.period, asked.pharmacies, same_box=asked.same_box, services=services,
        level=level_of(asked),
    )  # fmt: skip
    day = services.clock.today()
    kept = contracts_of(viewer, on=day, standings=STANDINGS)
    key: Hashable = (
        viewer.user_id, viewer.epoch, viewer.everything, bought.release, bought.period,
        bought.pharmacies, asked.same_box, asked.excess, asked.extras, asked.clauses, day,
        services.workspace.path, tuple((each.key, each.changed_at) for each in kept),
    )  # fmt: skip
    with _lock:
        if key in _grounds:
            _grounds.move_to_end(key)
            return _grounds[key]
    offers = offers_on(viewer, day, bought, services=services, count_excess=asked.excess)
    made = laid(asked, bought, offers, {each.key: each for each in kept})
    with _lock:
        _grounds[key] = made
        while len(_grounds) > KEPT:
            _grounds.popitem(last=False)
    return made


def laid(asked: Asked, bought: Base, offers: Offers, kept: Mapping[int, Kept]) -> Ground:
    """Lay purchases and offers out as the choice of labs takes them."""
    months = _months(bought)
    names = {french.fold(lab): lab for lab in offers.labs}
    found: list[Offer] = []
    labs, fees = {}, {}
    excess: dict[str, Decimal] = defaultdict(Decimal)
    amounts = {row.equivalence.key: row for row in bought.rows}
    for lab in offers.labs:
        prices = offers.prices[lab]
        sources = {
            each.contract: offers.sources[each.contract].contract for each in prices.values()
        }
        for key, price in prices.items():
            excess[lab] += price.excess * amounts[key].list_amount
            rates = weighed(price, sources[price.contract], count_excess=asked.excess)
            sure, extra = (rates.sure, rates.extra) if asked.clauses else (
                price.discount_rate.quantize(RATE), price.extra_rate.quantize(RATE)
            )  # fmt: skip
            found.append(Offer(lab, key, sure, extra if asked.extras else ZERO))
        reach = _reach(bought, prices, found[-len(prices) :] if prices else [], months)
        labs[lab] = lab_rules(
            [(price, amounts[key].list_amount) for key, price in prices.items()],
            sources.values(), reach,
        )  # fmt: skip
        fees[lab] = _fees([each.conditions for each in sources.values()])
    ceilings: dict[str, Decimal] = {}
    for (_, name), cited in offers.ceilings.items():
        ceilings[name] = min(cited.value, ceilings.get(name, cited.value))
    return Ground(
        period=bought.period,
        months=months,
        pharmacies=bought.pharmacies,
        release=bought.release,
        bought=tuple(
            Bought(
                row.equivalence.key, row.quantity, row.list_amount.quantize(CENT),
                row.discount_rate.quantize(RATE),
                lab=names.get(french.fold(row.current_lab), row.current_lab),
                product_class=row.ceiling_class,
            )
            for row in bought.rows
        ),
        offers=tuple(found),
        labels={row.equivalence.key: row.equivalence.label for row in bought.rows},
        labs={lab: rules for lab, rules in labs.items() if rules != LabRules()},
        fees=fees,
        ceilings=ceilings,
        excess=dict(excess),
        sources=_sources(offers, kept),
    )  # fmt: skip


def _months(bought: Base) -> Decimal:
    """Return the months of the purchases: whole ones counted, else days over a mean month."""
    if bought.period.whole_months:
        return Decimal(len(bought.period.months()))
    return Decimal((bought.period.last - bought.period.first).days + 1) / DAYS_OF_A_MONTH


def _reach(
    bought: Base, prices: Mapping[str, Offered], offers: list[Offer], months: Decimal
) -> Reach:
    rows = [bought.by_key[key] for key in prices]
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


def _fees(conditions: list[object]) -> Fees:
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


def _sources(offers: Offers, kept: Mapping[int, Kept]) -> tuple[Source, ...]:
    used = {price.contract for prices in offers.prices.values() for price in prices.values()}
    found = []
    for reference, source in sorted(offers.sources.items()):
        if reference in used:
            known = kept.get(source.key)
            changed = known.changed_at.isoformat() if known and known.changed_at else ""
            contract = source.contract
            found.append(
                Source(contract.lab or contract.supplier, reference, source.key,
                       str(contract.standing), changed)
            )  # fmt: skip
    return tuple(found)
