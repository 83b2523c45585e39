"""How the arithmetic of a price is printed."""

from __future__ import annotations

from collections.abc import Callable

from galien.calculators.pricing.arithmetic import Ending, PriceMargin, Way
from galien.kernel import french
from galien.web.components.models import Headline, Row, TableModel
from galien.web.lists import plain_table, text, written

PRICE, PRICE_INCL, MARGIN, FACTOR, MARKUP = "prix", "prix-ttc", "marge", "coefficient", "marque"
KINDS = {
    PRICE: "le prix HT (€)",
    PRICE_INCL: "le prix TTC (€)",
    MARGIN: "la marge sur le prix (%)",
    FACTOR: "le coefficient (×)",
    MARKUP: "la marge sur le coût (%)",
}
ENDINGS = {
    Ending.CENT.value: "au centime",
    Ending.FIVE_CENTS.value: "à 5 centimes",
    Ending.X0.value: "en ,x0",
    Ending.X9.value: "en ,x9",
    Ending.NINETY.value: "en ,90",
    Ending.NINETY_NINE.value: "en ,99",
    Ending.EURO.value: "en euros",
}
WAYS = {
    Way.NEAREST.value: "au plus proche",
    Way.UP.value: "vers le haut",
    Way.DOWN.value: "vers le bas",
}
_LINES: tuple[tuple[str, Callable[[PriceMargin], str]], ...] = (
    ("Coût d’achat HT", lambda it: french.amount(it.cost)),
    ("Prix HT", lambda it: french.amount(it.price_excl)),
    ("Prix TTC", lambda it: french.amount(it.price_incl)),
    ("Marge en euros", lambda it: french.amount(it.margin)),
    ("Marge sur le prix", lambda it: french.percent(it.margin_rate)),
    ("Coefficient (prix ÷ coût)", lambda it: french.number(it.factor, 4)),
    ("Marge sur le coût", lambda it: french.percent(it.markup_rate)),
)


def headlines(exact: PriceMargin, rounded: PriceMargin) -> tuple[Headline, ...]:
    """Return the public price, the margin, the factor."""
    return (
        Headline("Prix public TTC", french.amount(rounded.price_incl),
                 against=f"{french.amount(exact.price_incl)} avant arrondi"),
        Headline("Marge", french.amount(rounded.margin), against="par unité, hors taxes"),
        Headline("Marge sur le prix", french.percent(rounded.margin_rate),
                 against=f"{french.percent(exact.margin_rate)} avant arrondi"),
        Headline("Coefficient", french.number(rounded.factor, 4),
                 against=f"{french.percent(rounded.markup_rate)} sur le coût"),
    )  # fmt: skip


def table(exact: PriceMargin, rounded: PriceMargin) -> TableModel:
    """Return each figure before and after rounding."""
    columns = (
        text("what", "Grandeur"),
        written("exact", "Exact"),
        written("rounded", "Prix arrondi"),
    )
    rows = (Row(cells=(label, said(exact), said(rounded))) for label, said in _LINES)
    return plain_table(
        "Le calcul", columns, rows, noun=("grandeur", "grandeurs"), identity="calcul"
    )
