"""What is known of a product before a deal on it is weighed: how it sells, what stands, how it is bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.analytics.question import Filter, Question
from galien.calculators.discounts.deal import Deal, DealCheck, Need, check
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.products import labels
from galien.usecases.services import Services

MONTHS = Decimal(12)
CENT = Decimal("0.01")
RATE = Decimal("0.0001")
POINTS = 24


@dataclass(frozen=True)
class Known:
    """A product as the pharmacies sell, hold and buy it; None is what nothing tells.

    `monthly_sales` and `stock` are boxes, `list_price` euros excl. tax, `usual_discount` the ratio taken
    off it over the last twelve months, free boxes counted.
    """

    code: str
    label: str
    monthly_sales: Decimal | None = None
    stock: Decimal | None = None
    list_price: Decimal | None = None
    usual_discount: Decimal | None = None


@dataclass(frozen=True)
class Step:
    """A step of an offer: from a quantity on, a discount on the invoice, and what it is worth."""

    deal: Deal
    found: DealCheck


def known_of(
    code: str, viewer: Viewer, *, services: Services, pharmacies: Sequence[str] = ()
) -> Known | None:
    """Return what prefills a deal on a product; None for a code that no catalogue knows.

    `pharmacies` (FINESS) empty counts all those of the viewer.
    """
    label = labels([code], services=services).get(code)
    if label is None:
        return None
    where = (
        Filter("product", (code,)),
        *([Filter("pharmacy", tuple(pharmacies))] * bool(pharmacies)),
    )
    sold = _asked("sales", ("quantity",), where, "last-12-months", viewer, services)
    held = _asked("stock", ("quantity",), where, "last-month", viewer, services)
    bought = _asked(
        "purchases",
        ("delivered_quantity", "free_quantity", "list_amount", "net_amount"),
        where,
        "last-12-months",
        viewer,
        services,
    )
    paid, free, listed, net = bought or [Decimal(0)] * 4
    price = listed / paid if paid else None
    gross = (paid + free) * price if price else None
    return Known(
        code=code,
        label=label,
        monthly_sales=(sold[0] / MONTHS).quantize(CENT) if sold else None,
        stock=held[0] if held else None,
        list_price=None if price is None else price.quantize(CENT),
        usual_discount=None if not gross else ((gross - net) / gross).quantize(RATE),
    )


def weigh(deals: Sequence[Deal], need: Need) -> tuple[Step, ...]:
    """Weigh each step of an offer; the one that gains most is the one to take."""
    return tuple(Step(deal, check(deal, need)) for deal in deals)


def curve(deal: Deal, need: Need) -> list[tuple[int, Decimal]]:
    """Return the gain of the same offer on other quantities, from nothing to beyond its break-even."""
    found = check(deal, need)
    furthest = max(
        deal.units * 3 // 2,
        min(found.break_even_quantity or 0, deal.units * 4) * 11 // 10,
        min(found.better_quantity or 0, deal.units * 4) * 3 // 2,
        POINTS,
    )
    steps = sorted({max(1, furthest * place // POINTS) for place in range(POINTS + 1)})
    rate = deal.discount_rate
    return [(each, check(Deal(deal.list_price, each, 0, rate), need).gain) for each in steps]


def _asked(
    subject: str,
    measures: tuple[str, ...],
    where: tuple[Filter, ...],
    period: str,
    viewer: Viewer,
    services: Services,
) -> list[Decimal]:
    """Return the totals of some measures; nothing when the viewer may not read them."""
    question = Question(subject, measures, period=period, compare="none", where=where)
    try:
        totals = ask(question, viewer, services=services).totals
    except (NotAllowed, NotAvailable):
        return []
    return [Decimal(str(totals.get(name) or 0)) for name in measures]
