"""What the address of the deal check asks: a product or figures by hand, and the offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.discounts.deal import Deal, Need
from galien.kernel.errors import InvalidInput
from galien.usecases.deal_check import Known
from galien.web.components.models import Field
from galien.web.typed import TypedForm, read_number

PHARMACY, PRODUCT = "pharmacie", "produit"
OFFER = ("prix", "payees", "gratuites", "remise", "paliers")
NEED = ("ventes", "stock", "habituelle", "possession", "peremption")
CARRYING = Decimal("0.10")
ZERO, HUNDRED = Decimal(0), Decimal(100)
MOST_STEPS = 8


@dataclass(frozen=True)
class Asked:
    """The offer and the need as typed; `missing` says in words what is not typed yet."""

    deals: tuple[Deal, ...]
    need: Need | None
    missing: str = ""


def read(form: TypedForm, known: Known | None) -> Asked:
    """Read the offer and the need; figures not typed are those known of the product.

    Raises InvalidInput when an offer or a need cannot be.
    """
    price = form.amount("prix", "Prix catalogue HT", known.list_price if known else None)
    paid = form.whole("payees", "Unités payées")
    free = form.whole("gratuites", "Unités gratuites", 0)
    rate = form.percent("remise", "Remise sur facture", ZERO)
    steps = _steps(form)
    sales = form.amount(
        "ventes", "Ventes par mois", known.monthly_sales if known else None, suffix="u"
    )
    stock = form.amount(
        "stock", "Stock actuel", (known.stock if known else None) or ZERO, suffix="u"
    )
    usual = form.percent(
        "habituelle", "Remise habituelle", (known.usual_discount if known else None) or ZERO
    )
    carrying = form.percent(
        "possession", "Coût de possession par an", CARRYING, help="Argent, place, assurance, casse."
    )
    life = form.amount("peremption", "Mois avant péremption", None, suffix="")
    lacks = [
        label
        for label, value in (
            ("le prix catalogue", price),
            ("les unités payées ou des paliers", paid or steps or None),
            ("les ventes par mois", sales or None),
        )
        if value is None
    ]
    if lacks or price is None or sales is None:
        return Asked((), None, ", ".join(lacks))
    first = [(paid or 0, rate or ZERO)] if paid or free else []
    deals = tuple(
        Deal(price, quantity, _free(quantity, paid, free), discount)
        for quantity, discount in sorted({*first, *steps})
    )
    return Asked(
        deals,
        Need(
            sales,
            stock or ZERO,
            usual or ZERO,
            carrying if carrying is not None else CARRYING,
            life,
        ),
    )


def _free(quantity: int, paid: int | None, free: int | None) -> int:
    """Return the free units of a step: in the proportion of the offer typed."""
    return quantity * (free or 0) // paid if paid else free or 0


def _steps(form: TypedForm) -> list[tuple[int, Decimal]]:
    """Read steps written « 100 = 25 », one a line: from a quantity on, a discount in percent."""
    typed = form.given.get("paliers", "").strip()
    found: list[tuple[int, Decimal]] = []
    error = ""
    for line in filter(None, (each.strip() for each in typed.splitlines())):
        quantity, _, rate = line.replace(":", "=").partition("=")
        boxes, percent = read_number(quantity), read_number(rate)
        if boxes is None or percent is None or boxes != int(boxes) or not 0 <= percent <= HUNDRED:
            error = f"« {line[:20]} » : écrivez 100 = 25, pour 25 % dès 100 unités."
            break
        found.append((int(boxes), percent / HUNDRED))
    if len(found) > MOST_STEPS:
        error = f"{MOST_STEPS} paliers au plus."
    form.fields["paliers"] = Field(
        "paliers", "Paliers", kind="area", value=typed, error=error,
        help="Un par ligne : unités = remise. Exemple : 100 = 25",
    )  # fmt: skip
    return [] if error else found


def groups(form: TypedForm) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Return the fields by what they are about."""
    return (("L’offre", form.of(*OFFER)), ("Le besoin de la pharmacie", form.of(*NEED)))


def kept(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what a form on the figures keeps: the product and the pharmacy."""
    return tuple((name, given[name]) for name in (PHARMACY, PRODUCT) if given.get(name))


def checked(form: TypedForm, known: Known | None) -> tuple[Asked, str]:
    """Return what is asked, and the sentence on what cannot be; the form keeps what was typed."""
    try:
        return read(form, known), ""
    except InvalidInput as error:
        return Asked((), None), error.message
