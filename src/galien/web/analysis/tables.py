"""The table of an analysis page: header with sorting, totals on top, rows, column choice, exports."""

from __future__ import annotations

from dataclasses import replace

from galien.analytics.answer import Answer
from galien.analytics.measures.purchases import worded_at
from galien.kernel import french, glossary
from galien.web.analysis.address import State
from galien.web.analysis.columns import (
    SHARES,
    chosen_columns,
    column_label,
    column_model,
    country_of_answer,
    level_of,
    offered_columns,
)
from galien.web.analysis.declared import Analysis, page_of
from galien.web.analysis.filters import LEVEL_NAMES
from galien.web.analysis.rows import table_rows
from galien.web.components.models import (
    CellKind,
    Column,
    ColumnForm,
    Link,
    Option,
    RowAction,
    TableModel,
    Toggle,
)

EXPORTS = (
    ("csv", "CSV", "Le tableau seul"),
    ("zip", "CSV et notice", "Avec période, filtres et définitions"),
    ("xlsx", "Excel", "Avec ses formats et ses définitions"),
    ("parquet", "Parquet", ""),
    ("json", "JSON", ""),
)
_KEY = "%7Bkey%7D"
LEDGER = "/achats/net-net"


def table_model(answer: Answer, analysis: Analysis, state: State) -> TableModel:
    """Return the table of an analysis."""
    names = chosen_columns(answer, analysis.subject, state.columns)
    columns = tuple(_sortable(name, answer, analysis, state) for name in names)
    rows = table_rows(answer, analysis, state, columns)
    country = country_of_answer(answer)
    first = Column(
        name=analysis.by[0],
        label=" · ".join(glossary.label(name, country=country) for name in analysis.by),
        kind=CellKind.TEXT,
    )
    return TableModel(
        caption=analysis.title,
        columns=(first, *columns),
        rows=rows.shown,
        total=rows.total,
        count=_count(len(rows.shown)),
        hidden=_hidden(rows.hidden, analysis, state),
        choice=_choice(answer, analysis, state, names),
        exports=export_links(analysis, state),
        actions=row_actions(analysis, state),
        meta=_meta(answer),
    )


def _meta(answer: Answer) -> str:
    time = f"{french.number(answer.meta.milliseconds, 0)} ms"
    found = [f"version {answer.meta.release[:8]}", time]
    question = answer.meta.question
    if question is not None and question.subject == "purchases":
        found.insert(0, LEVEL_NAMES[question.level].lower())
    return " · ".join(found)


def export_links(analysis: Analysis, state: State) -> tuple[Link, ...]:
    """Return the addresses of the exports of the page as it stands."""
    query = state.query()
    joint = "&" if query else "?"
    return tuple(
        Link(label, f"{analysis.path}{query}{joint}format={name}", hint=hint, download=True)
        for name, label, hint in EXPORTS
    )


def row_actions(analysis: Analysis, state: State) -> tuple[RowAction, ...]:
    """Return the menu of a row: keep it, leave it out, see its products or its pharmacies."""
    if len(analysis.by) != 1:
        return ()
    dimension = analysis.by[0]
    kept = state.with_filter(dimension, "{key}").query()
    without = state.with_filter(dimension, "{key}", exclude=True).query()
    actions = [
        RowAction("Filtrer sur cette ligne", _with_key(analysis.path + kept)),
        RowAction("Exclure cette ligne", _with_key(analysis.path + without)),
    ]
    if analysis.subject == "purchases":
        plain = replace(state, order=None, columns=(), chart="", top=None, trail=())
        query = plain.with_filter(dimension, "{key}").query()
        actions.append(RowAction("Du prix catalogue au prix net-net", _with_key(LEDGER + query)))
    for target, label in (("product", "Voir les produits"), ("pharmacy", "Voir les pharmacies")):
        page = page_of(analysis.subject, target)
        if page is not None and target != dimension:
            fresh = replace(state, order=None, columns=(), chart="", top=None)
            narrowed = fresh.with_filter(dimension, "{key}").query()
            actions.append(RowAction(label, _with_key(page.path + narrowed)))
    return tuple(actions)


def _with_key(href: str) -> str:
    return href.replace(_KEY, "{key}")


def _sortable(name: str, answer: Answer, analysis: Analysis, state: State) -> Column:
    """Header of a column: a click sorts from the largest, a second one from the smallest."""
    if name in SHARES:
        return column_model(name, answer)
    order = ""
    current = state.order or analysis.order
    if current in {name, f"-{name}"}:
        order = "descending" if current.startswith("-") else "ascending"
    target = name if order == "descending" else f"-{name}"
    href = analysis.path + replace(state, order=target).query()
    return column_model(name, answer, sort_href=href, order=order)


def _count(rows: int) -> str:
    return f"{french.number(rows)} ligne{'s' if rows > 1 else ''}"


def _hidden(hidden: int, analysis: Analysis, state: State) -> Toggle | None:
    if not hidden and not state.empty:
        return None
    href = analysis.path + replace(state, empty=not state.empty).query()
    if state.empty:
        return Toggle("Masquer les lignes vides", href, on=True)
    plural = "s" if hidden > 1 else ""
    return Toggle(f"{hidden} ligne{plural} vide{plural} masquée{plural} : afficher", href)


def _choice(answer: Answer, analysis: Analysis, state: State, names: tuple[str, ...]) -> ColumnForm:
    return ColumnForm(
        action=analysis.path,
        options=tuple(
            Option(name, _choice_label(name, answer), chosen=name in names)
            for name in offered_columns(answer)
        ),
        fields=tuple(replace(state, columns=()).pairs()),
    )


def _choice_label(name: str, answer: Answer) -> str:
    level, country = level_of(answer), country_of_answer(answer)
    if name.endswith("_change"):
        return glossary.label(worded_at(name, level), country=country)
    return column_label(name, level, country)
