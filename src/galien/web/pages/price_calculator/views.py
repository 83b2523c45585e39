"""The arithmetic of a price: what is typed in the address, and what it makes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.calculators.pricing.arithmetic import (
    Ending,
    PriceMargin,
    Rounding,
    RoundingBand,
    Way,
    at_margin,
    at_price,
)
from galien.kernel.errors import InvalidInput
from galien.web.components.models import Notice, Tone
from galien.web.pages.price_calculator import shown
from galien.web.shell.context import page_response
from galien.web.simulators import typed_form

COST, VALUE, VAT = "cout", "valeur", "tva"
ONE = Decimal(1)


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """Tell price, margin, factor and rounded public price of what is typed."""
    form = typed_form(request)
    cost = form.amount(COST, "Coût d’achat HT", Decimal(28))
    kind = form.one_of("donne", "Je connais", shown.KINDS)
    value = form.amount(
        VALUE, "Sa valeur", Decimal(40) if VALUE not in form.given else None, suffix=""
    )
    vat = form.percent(VAT, "TVA", Decimal("0.20"))
    ending = form.one_of("fin", "Le prix finit", shown.ENDINGS)
    way = form.one_of("sens", "Arrondi", shown.WAYS)
    names = (COST, "donne", VALUE, VAT, "fin", "sens")
    fields = [replace(each, required=True) for each in form.of(*names)]
    context: dict[str, object] = {
        "fields": fields, "path": request.path, "error": None, "found": False,
    }  # fmt: skip
    if form.wrong or cost is None or value is None or vat is None:
        return page_response(request, "pages/price_calculator/page.html", context)
    try:
        found = _found(cost, kind, value, vat)
    except InvalidInput as error:
        context["error"] = Notice(error.message, tone=Tone.ERROR)
        return page_response(request, "pages/price_calculator/page.html", context)
    rule = Rounding((RoundingBand(Decimal(0), Ending(ending), Way(way)),))
    rounded = rule.rounded(found.price_incl or Decimal(0)) or Decimal(0)
    after = at_price(cost, rounded / (ONE + vat), vat)
    context |= {
        "found": True,
        "headlines": shown.headlines(found, after),
        "table": shown.table(found, after),
    }
    return page_response(request, "pages/price_calculator/page.html", context)


def _found(cost: Decimal, kind: str, value: Decimal, vat: Decimal) -> PriceMargin:
    """Return the price that the answer gives: a price, a margin, a factor or a mark-up."""
    match kind:
        case shown.PRICE_INCL:
            return at_price(cost, value / (ONE + vat), vat)
        case shown.MARGIN:
            if value >= 100:
                raise InvalidInput("Une marge sur le prix reste sous 100 % : baissez-la.")
            return at_margin(cost, value / 100, vat)
        case shown.FACTOR:
            return at_price(cost, cost * value, vat)
        case shown.MARKUP:
            return at_price(cost, cost * (ONE + value / 100), vat)
    return at_price(cost, value, vat)
