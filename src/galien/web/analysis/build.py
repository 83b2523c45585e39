"""An analysis page put together: head, figures, filters, table and picture out of one answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from galien.analytics.answer import Answer, DataState
from galien.analytics.measures.purchases import INVOICE
from galien.kernel import french, glossary
from galien.kernel.errors import GalienError, NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases import markets
from galien.usecases.ask import ask
from galien.usecases.services import Services
from galien.web.analysis.address import State
from galien.web.analysis.charts import chart_card
from galien.web.analysis.declared import BY_PATH, Analysis
from galien.web.analysis.filters import LEVEL_NAMES, filter_bar
from galien.web.analysis.headlines import headlines
from galien.web.analysis.names import Names
from galien.web.analysis.tables import export_links, table_model
from galien.web.components.models import (
    Action,
    Empty,
    FilterBar,
    Headline,
    Link,
    Notice,
    PageHead,
    TableModel,
    Tone,
)
from galien.web.components.pictures import ChartCard

SECTIONS = {"achats": "Achats", "ventes": "Ventes"}


@dataclass(frozen=True)
class AnalysisView:
    """Everything an analysis page prints. `table` is None when there is nothing to show.

    `scope` and `release` are what the figures were made of, for the access log.
    """

    head: PageHead
    bar: FilterBar
    headlines: tuple[Headline, ...] = ()
    table: TableModel | None = None
    chart: ChartCard | None = None
    notices: tuple[Notice, ...] = ()
    empty: Empty | None = None
    query: str = ""
    scope: tuple[str, ...] = ()
    release: str = ""


def build_view(
    analysis: Analysis, state: State, viewer: Viewer, services: Services
) -> AnalysisView:
    """Ask the question of a page's state and build what the page prints.

    A question that finds no pharmacy or no row gives an empty page that says what to do; one that
    cannot be understood raises InvalidInput.
    """
    question = state.question(analysis)
    names = Names(analysis.subject, viewer, services)
    try:
        answer = ask(question, viewer, services=services)
    except (NotAllowed, NotAvailable) as error:
        if error.code == markets.UNKNOWN_CODE:
            raise
        return _nothing(analysis, state, names, error)
    bar = filter_bar(answer, analysis, state, names)
    head = _head(analysis, state, names, answer)
    notices = _notices(answer.state)
    if not answer.meta.rows:
        return AnalysisView(
            head, bar, notices=notices, empty=_no_rows(analysis, state), query=state.query()
        )
    return AnalysisView(
        head=head,
        bar=bar,
        headlines=headlines(answer, analysis, question, viewer, services),
        table=table_model(answer, analysis, state),
        chart=chart_card(answer, analysis, state),
        notices=notices,
        query=state.query(),
        scope=answer.meta.scope,
        release=answer.meta.release,
    )


def build_chart(
    analysis: Analysis, state: State, viewer: Viewer, services: Services
) -> ChartCard | None:
    """Return the picture of a page's state alone, for the server's drawing."""
    answer = ask(state.question(analysis), viewer, services=services)
    return chart_card(answer, analysis, state)


def when(period: Period, comparison: Period | None) -> str:
    """Write the dates of a question in French.

    >>> import datetime as dt
    >>> october = Period(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    >>> when(october, Period(dt.date(2025, 10, 1), dt.date(2025, 10, 31)))
    'Octobre 2026, comparé à octobre 2025'
    """
    label = period.label()
    text = label[:1].upper() + label[1:]
    return text if comparison is None else f"{text}, comparé à {_to(comparison.label())}"


def _to(label: str) -> str:
    return f"la période {label}" if label.startswith("du ") else label


def _head(analysis: Analysis, state: State, names: Names, answer: Answer) -> PageHead:
    pharmacies = answer.state.pharmacies
    note = f"{pharmacies} pharmacie{'s' if pharmacies > 1 else ''}"
    if state.level != INVOICE:
        note += f" · {LEVEL_NAMES[state.level].lower()}"
    return PageHead(
        title=analysis.title,
        when=when(answer.meta.period, answer.meta.comparison),
        note=note,
        crumbs=crumbs(analysis, state, names),
        actions=(
            Action("Enregistrer la vue", does="save-view", icon="save"),
            Action("Partager", does="copy-link", icon="share"),
            Action("Exporter", primary=True, icon="download", items=export_links(analysis, state)),
        ),
    )


def crumbs(analysis: Analysis, state: State, names: Names) -> tuple[Link, ...]:
    """Return the way down to this page: each step with the filters it had."""
    if not state.trail:
        return (Link(SECTIONS[analysis.section], ""), Link(analysis.menu, "", current=True))
    found = [Link(SECTIONS[analysis.section], "")]
    steps = [step.partition("~") for step in state.trail]
    for index, (slug, _, dimension) in enumerate(steps):
        page = BY_PATH.get(f"/{analysis.section}/{slug}")
        if page is None:
            continue
        later = {name for _, _, name in steps[index:]}
        before = replace(
            state,
            where=tuple(f for f in state.where if f.dimension not in later),
            trail=state.trail[:index],
            order=None,
            columns=(),
            chart="",
            usual=page.period,
        )
        found.append(Link(page.menu, page.path + before.query()))
        chosen = [
            names(dimension, value)
            for each in state.where
            if each.dimension == dimension and not each.exclude
            for value in each.values
        ]
        if chosen:
            found.append(Link(", ".join(chosen[:2]), ""))
    return (*found, Link(analysis.menu, "", current=True))


def _notices(state: DataState) -> tuple[Notice, ...]:
    if not state.notes:
        return ()
    late = f" En retard : {', '.join(state.late[:6])}." if state.late else ""
    more = f" Et {french.number(len(state.late) - 6)} autres." if len(state.late) > 6 else ""
    return (
        Notice(
            title="Données partielles",
            text=" ".join(state.notes) + late + more,
            tone=Tone.WARNING,
            links=(Link("Voir le calendrier des données", "/"),),
        ),
    )


def _no_rows(analysis: Analysis, state: State) -> Empty:
    if state.where:
        listed = ", ".join(glossary.label(each.dimension) for each in state.where)
        return Empty(
            title="Aucun résultat pour ces filtres",
            text=f"Filtres en vigueur : {listed}.",
            links=(Link("Effacer les filtres", analysis.path + replace(state, where=()).query()),),
        )
    return Empty(
        title="Pas de données reçues pour cette période",
        text="Choisissez une autre période, ou regardez ce qui a été reçu.",
        links=(Link("Voir les fichiers reçus", "/donnees/fichiers"),),
        icon="database",
    )


def _nothing(analysis: Analysis, state: State, names: Names, error: GalienError) -> AnalysisView:
    return AnalysisView(
        head=PageHead(title=analysis.title, crumbs=crumbs(analysis, state, names)),
        bar=filter_bar(None, analysis, state, names),
        empty=Empty(
            title="Rien à montrer ici",
            text=error.message,
            links=(Link("Revenir à la page sans filtre", analysis.path),),
        ),
    )
