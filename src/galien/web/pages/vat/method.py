"""The form of method B: receipts of a month, purchases and mark-ups by rate, stocks of the year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from galien.usecases.method_b import SUPER_REDUCED, MethodB, Month
from galien.web.components.models import Field
from galien.web.typed import TypedForm

# Rates of the form: the short name of their fields, their label. The last one is the remaining rate.
RATES = (
    ("55", "5,5 %", Decimal("0.055")),
    ("100", "10 %", Decimal("0.1")),
    ("200", "20 %", Decimal("0.2")),
)
REMAINING = ("21", "2,1 %", SUPER_REDUCED)


@dataclass(frozen=True)
class Typed:
    """What was typed: the inputs, or None when there are no receipts."""

    inputs: MethodB | None


def given(form: TypedForm) -> Typed:
    """Read the form; rates without purchases are left out, stocks only when some are given."""
    receipts = form.amount(
        "recettes", "Recettes TTC de la période", help="Ventes de produits, hors prestations."
    )
    purchases, coefficients = {}, {}
    for name, label, rate in RATES:
        bought = form.amount(f"achats{name}", f"Achats HT à {label}")
        markup = form.percent(
            f"marge{name}", f"Marge sur achat à {label}", help="Marge ÷ prix d’achat HT."
        )
        if bought:
            purchases[rate] = bought
            if markup is not None:
                coefficients[rate] = 1 + markup
    ends = [_stocks(form, *end) for end in (("debut", "Stock initial"), ("fin", "Stock final"))]
    if receipts is None:
        return Typed(None)
    opening, closing = (each or None for each in ends)
    both = opening is not None and closing is not None
    return Typed(
        MethodB(
            coefficients=coefficients,
            months=(Month("", receipts, purchases),),
            opening=opening if both else None,
            closing=closing if both else None,
        )
    )


def groups(form: TypedForm) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Return the fields by group."""
    names = [name for name, _, _ in RATES]
    stocks = [*(f"{end}{name}" for end in ("debut", "fin") for name in ("21", *names))]
    return (
        ("Recettes", form.of("recettes")),
        ("Achats HT de la période", form.of(*(f"achats{name}" for name in names))),
        ("Marges de l’officine sur ses achats", form.of(*(f"marge{name}" for name in names))),
        ("Stocks HT, pour la régularisation de fin d’année", form.of(*stocks)),
    )


def _stocks(form: TypedForm, end: str, label: str) -> dict[Decimal, Decimal]:
    found = {}
    for name, rate_label, rate in (REMAINING, *RATES):
        value = form.amount(f"{end}{name}", f"{label} à {rate_label}")
        if value is not None:
            found[rate] = value
    return found
