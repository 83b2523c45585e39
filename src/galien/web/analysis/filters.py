"""The bar that narrows an analysis: period, comparison, price level, constant scope, filters, chips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from galien.analytics.answer import Answer
from galien.kernel import french, glossary
from galien.usecases.markets import made_of_products
from galien.web.analysis.address import State
from galien.web.analysis.choosing import choosing_href
from galien.web.analysis.declared import Analysis
from galien.web.components.models import (
    Chip,
    FilterBar,
    FilterField,
    Link,
    Option,
    PeriodForm,
    Toggle,
)

PERIODS = (
    ("last-month", "Mois dernier"),
    ("last-12-months", "12 derniers mois"),
    ("year-to-date", "Année en cours"),
)
COMPARISONS = (
    ("previous-year", "Année précédente"),
    ("previous-period", "Période précédente"),
    ("same-weekdays", "Mêmes jours de semaine"),
    ("none", "Sans comparaison"),
)
LEVELS = (
    ("list", "Prix catalogue", "Tout au prix du catalogue, avant remise"),
    ("invoice", "Prix facture", "Après la remise sur facture"),
    (
        "net-net",
        "Prix net-net",
        "Après unités gratuites, escompte, remise de fin d’année, coopération",
    ),
)
LEVEL_NAMES = {key: label for key, label, _ in LEVELS}
PRODUCT_FIELDS = (
    "market", "family_1", "family_2", "segment_1", "lab", "brand", "product", "generic_group",
    "generic_status", "indication", "product_type", "price_band", "vat_rate",
)  # fmt: skip
FIELDS = {
    "purchases": ("channel", "supplier", "reimbursed", *PRODUCT_FIELDS, "pharmacy", "data_state"),
    "sales": (
        "universe_1", "universe_2", "range", *PRODUCT_FIELDS, "prescription_status",
        "prescription_or_counter", "sale_type", "reimbursed", "department", "pharmacy",
        "data_state",
    ),
    "traffic": ("sale_type", "hour_band", "weekday", "department", "pharmacy", "data_state"),
    "stock": (*PRODUCT_FIELDS, "pharmacy", "data_state"),
}  # fmt: skip
SHORT = {"sales": ("sale_type", "weekday", "hour_band", "department", "pharmacy", "data_state")}

Namer = Callable[[str, str], str]


def filter_bar(answer: Answer | None, analysis: Analysis, state: State, name: Namer) -> FilterBar:
    """Return the bar of an analysis; `name(dimension, key)` gives the label of a filtered key."""
    return FilterBar(
        periods=tuple(
            Link(label, _href(analysis, replace(state, period=key)), current=state.period == key)
            for key, label in PERIODS
        ),
        period_form=_period_form(answer, analysis, state),
        comparisons=tuple(
            Link(label, _href(analysis, replace(state, compare=key)), current=state.compare == key)
            for key, label in COMPARISONS
        ),
        levels=_levels(analysis, state),
        toggles=(
            Toggle(
                "Périmètre constant",
                _href(analysis, replace(state, constant=not state.constant)),
                on=state.constant,
                hint="Ne garder que les pharmacies complètes sur les deux périodes",
            ),
        ),
        fields=tuple(_field(analysis, state, dimension, name) for dimension in _fields(analysis)),
        action=analysis.path,
        hidden=tuple(pair for pair in state.pairs() if pair[0] != "where"),
        chips=chips(analysis, state, name),
        clear_href=_href(analysis, replace(state, where=(), trail=())) if state.where else "",
        links=_as_market(analysis, state),
    )


def chips(analysis: Analysis, state: State, name: Namer) -> tuple[Chip, ...]:
    """Return the filters in force, each with the address of the page without it."""
    return tuple(
        Chip(
            label=glossary.label(each.dimension),
            value=_values([name(each.dimension, value) for value in each.values]),
            remove_href=_href(analysis, state.without_filter(each.dimension, exclude=each.exclude)),
            exclude=each.exclude,
        )
        for each in state.where
    )


def _as_market(analysis: Analysis, state: State) -> tuple[Link, ...]:
    """Offer to keep the products that filters leave as a list, where figures are of products."""
    if not state.where or not made_of_products(state.question(analysis)):
        return ()
    query = urlencode({"page": analysis.path, "query": urlencode(state.pairs())})
    hint = "Enregistrer sous un nom les produits que ces filtres gardent"
    return (Link("En faire un marché", f"/donnees/marches/nouveau?{query}", hint=hint),)


def _values(names: list[str]) -> str:
    if len(names) > 3:
        return f"{', '.join(names[:2])} et {french.number(len(names) - 2)} autres"
    return ", ".join(names)


def _fields(analysis: Analysis) -> tuple[str, ...]:
    if "hour_band" in analysis.by:
        return SHORT["sales"]
    return FIELDS[analysis.subject]


def _field(analysis: Analysis, state: State, dimension: str, name: Namer) -> FilterField:
    query = urlencode({"subject": analysis.subject, "dimension": dimension})
    return FilterField(
        label=glossary.label(dimension),
        options=tuple(
            Option(f"{dimension}={value}", name(dimension, value), chosen=True)
            for value in state.chosen(dimension)
        ),
        search_href=f"/valeurs?{query}",
        list_href=choosing_href(analysis, state, dimension),
    )


def at_level(state: State, level: str) -> State:
    """Return the state at another price level: columns and order chosen at one may not be at another."""
    return replace(state, level=level, columns=(), order=None)


def _levels(analysis: Analysis, state: State) -> tuple[Link, ...]:
    if analysis.subject != "purchases":
        return ()
    return tuple(
        Link(label, _href(analysis, at_level(state, key)), current=state.level == key, hint=hint)
        for key, label, hint in LEVELS
    )


def _period_form(answer: Answer | None, analysis: Analysis, state: State) -> PeriodForm:
    fields = tuple(pair for pair in state.pairs() if pair[0] != "period")
    if answer is None:
        return PeriodForm(action=analysis.path, fields=fields)
    period = answer.meta.period
    return PeriodForm(action=analysis.path, first=period.first, last=period.last, fields=fields)


def _href(analysis: Analysis, state: State) -> str:
    return analysis.path + state.query()
