"""Which columns an analysis table shows, at first and on choice, and how each is printed."""

from __future__ import annotations

from galien.analytics.answer import Answer, AnswerColumn, ColumnKind
from galien.analytics.measures.purchases import INVOICE, NET_NET, worded_at
from galien.kernel import glossary
from galien.kernel.units import Unit
from galien.model.country import FRANCE, Country, country_of_all
from galien.web.components.models import Better, CellKind, Column, Definition

AT_FIRST = {
    "purchases": (
        "delivered_quantity",
        "list_amount",
        "net_amount",
        "net_amount_change",
        "discount_amount",
        "discount_rate",
        "potential",
        "potential_share",
    ),
    "sales": (
        "quantity",
        "quantity_change",
        "sales_incl",
        "sales_incl_change",
        "weight",
        "adjusted_margin",
        "margin_rate",
    ),
    "traffic": (
        "visits",
        "visits_change",
        "invoices",
        "sales_incl",
        "sales_incl_change",
        "average_basket",
        "lines_per_visit",
        "mixed_share",
    ),
    "stock": ("quantity", "stock_value", "stock_value_change", "weight"),
}
MAIN_MEASURE = {
    "purchases": "net_amount",
    "sales": "sales_incl",
    "traffic": "visits",
    "stock": "stock_value",
}
SHARES = ("weight", "cumulative_weight", "contribution")
BARRED = frozenset({"weight", "potential_share"})
TWO_PLACES = frozenset(
    {"average_basket", "lines_per_visit", "pmo", "pmc", "pmvc", "pmv", "prescription_counter_ratio"}
)
MORE_IS_NEUTRAL = frozenset(
    {"delivered_quantity", "list_amount", "net_amount", "free_quantity", "stock_value", "potential"}
)


NET_NET_COLUMNS = (
    "delivered_quantity",
    "list_amount",
    "invoice_discount",
    "free_units_discount",
    "cash_discount",
    "rebate",
    "cooperation",
    "net_amount",
    "net_amount_change",
    "discount_rate",
)


def chosen_columns(answer: Answer, subject: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the columns to show: those wanted, else those shown at first."""
    known = set(offered_columns(answer))
    kept = tuple(name for name in wanted if name in known)
    if kept:
        return kept
    wished = NET_NET_COLUMNS if level_of(answer) == NET_NET else AT_FIRST[subject]
    at_first = tuple(name for name in wished if name in known)
    return at_first or tuple(
        name
        for name in offered_columns(answer)
        if name not in SHARES and not name.endswith("_previous")
    )


def offered_columns(answer: Answer) -> list[str]:
    """Return every column a reader can choose, in order."""
    figures = [
        column.name
        for column in answer.columns
        if column.kind not in {ColumnKind.KEY, ColumnKind.LABEL}
    ]
    question = answer.meta.question
    if question is not None and MAIN_MEASURE[question.subject] not in answer.totals:
        return figures
    shares = [name for name in SHARES if name != "contribution" or answer.meta.comparison]
    return [*figures, *shares]


def level_of(answer: Answer) -> str:
    """Return the price level at which an answer's amounts are read."""
    question = answer.meta.question
    return INVOICE if question is None else question.level


def country_of_answer(answer: Answer) -> Country:
    """Return the country whose words an answer is headed with: that of all its pharmacies."""
    return country_of_all(answer.meta.scope)


def column_label(name: str, level: str = INVOICE, country: str = FRANCE) -> str:
    """Return the header of a column; a change is headed by two syllables, its measure being beside."""
    if name.endswith("_change"):
        return "Évol."
    return glossary.label(worded_at(name, level), country=country)


def column_model(name: str, answer: Answer, *, sort_href: str = "", order: str = "") -> Column:
    """Return the model of a column of the answer, or of a share drawn from it."""
    found = next((column for column in answer.columns if column.name == name), None)
    unit = found.unit if found else Unit.RATIO
    kind, level, country = _kind(name, found, unit), level_of(answer), country_of_answer(answer)
    return Column(
        name=name,
        label=column_label(name, level, country),
        kind=kind,
        unit="%"
        if kind in {CellKind.RATIO, CellKind.WEIGHT}
        else ""
        if found is None
        else _sign(found, country),
        decimals=_decimals(name, kind),
        definition=definition_of(name, level, country),
        sort_href=sort_href,
        sorted=order,
        better=better_of(found.of if found else name),
        hint=glossary.label(worded_at(name, level), country=country)
        if name.endswith("_change")
        else "",
    )


def better_of(measure: str) -> Better:
    """Return which way is good news: more sold is, more bought is not for a screen to say."""
    return Better.NEUTRAL if measure in MORE_IS_NEUTRAL else Better.UP


def definition_of(name: str, level: str = INVOICE, country: str = FRANCE) -> Definition:
    """Return what the header explains, from the glossary."""
    term = glossary.term(worded_at(name, level))
    return Definition(
        label=glossary.label(term.name, country=country),
        text=term.definition,
        unit=term.unit.sign_in(country),
        source=term.source,
    )


def _kind(name: str, found: AnswerColumn | None, unit: Unit) -> CellKind:
    if name in BARRED:
        return CellKind.WEIGHT
    if (found and found.kind is ColumnKind.CHANGE) or name == "contribution":
        return CellKind.CHANGE
    return CellKind.RATIO if unit is Unit.RATIO else CellKind.NUMBER


def _sign(column: AnswerColumn, country: str) -> str:
    return "" if column.kind is ColumnKind.CHANGE else column.unit.sign_in(country)


def _decimals(name: str, kind: CellKind) -> int:
    if kind in {CellKind.WEIGHT, CellKind.CHANGE}:
        return 1
    if kind is CellKind.RATIO:
        return 2
    return 2 if name.removesuffix("_previous") in TWO_PLACES else 0
