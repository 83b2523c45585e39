"""How the first page is printed: calendar, headline figures, and the table of the month."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from galien.kernel import french
from galien.kernel.glossary import term
from galien.model.viewer import Viewer
from galien.usecases.data_calendar import DataCalendar
from galien.usecases.home import Home, Indicator
from galien.web.analysis.columns import column_model, definition_of
from galien.web.analysis.declared import BY_PATH
from galien.web.analysis.headlines import change_of
from galien.web.analysis.headlines import shown as written
from galien.web.components.calendars import Calendar, CalendarRow, DayState
from galien.web.components.models import (
    Better,
    CellKind,
    Column,
    Empty,
    Headline,
    Link,
    PageHead,
    Row,
    TableModel,
)
from galien.web.lists import FEED_LABELS, counted

HREFS = {
    "sales_incl": "/ventes/par-mois",
    "sales_excl": "/ventes/par-mois",
    "adjusted_margin": "/ventes/par-mois",
    "margin_rate": "/ventes/par-univers",
    "net_amount": "/achats/par-mois",
    "discount_rate": "/achats/par-laboratoire",
    "generic_share": "/ventes/princeps-generiques",
    "prescription_share": "/ventes/ordonnance-comptoir",
    "visits": "/ventes/frequentation",
    "average_basket": "/ventes/frequentation",
}
NEUTRAL = frozenset({"net_amount", "prescription_share"})
COLUMNS = (
    "sales_incl",
    "sales_incl_change",
    "adjusted_margin",
    "adjusted_margin_change",
    "margin_rate",
)
BREAKDOWN = {
    "pharmacy": ("Les pharmacies du mois", "/ventes/par-pharmacie"),
    "universe_1": ("Les univers du mois", "/ventes/par-univers"),
}
EACH_END = 5
OLD = dt.timedelta(days=10)
ALL_SHOWN = 8
FINE = frozenset({DayState.COMPLETE, DayState.CLOSED, DayState.FUTURE})


def head(viewer: Viewer, found: Home | None) -> PageHead:
    """Return the top of the page: a greeting is not a question, so the month is the title."""
    if found is None:
        return PageHead(title=f"Bonjour {viewer.name}")
    month = found.month.label()
    return PageHead(
        title=f"L’essentiel du mois\u00a0: {month}",
        when="Dernier mois complet, comparé au même mois un an plus tôt",
        note=counted(found.pharmacies, "pharmacie", "pharmacies"),
    )


def notice(found: Home | None) -> Empty | None:
    """Return what to do when there is nothing to read."""
    if found is not None:
        return None
    return Empty(
        title="Aucune donnée publiée pour vous",
        text="Les chiffres paraîtront ici après le premier fichier reçu et publié, pour les "
        "pharmacies qui vous sont ouvertes.",
        links=(Link("Voir les fichiers reçus", "/donnees/fichiers"),),
        icon="empty",
    )


def feed_links(chosen: str) -> tuple[Link, ...]:
    """Return the choice of the calendar's feed."""
    return tuple(
        Link(label, f"/?flux={feed}#calendrier", current=feed == chosen)
        for feed, label in FEED_LABELS.items()
    )


def calendars(days: DataCalendar) -> tuple[Calendar | None, Calendar | None]:
    """Return the calendar to look at, and the folded one of pharmacies where nothing is amiss.

    Few pharmacies are all shown.
    """
    if not days.days or not days.pharmacies:
        return None, None
    whole = _calendar(days)
    if len(whole.rows) <= ALL_SHOWN:
        return whole, None
    amiss = tuple(row for row in whole.rows if not FINE.issuperset(row.days))
    fine = tuple(row for row in whole.rows if FINE.issuperset(row.days))
    first = replace(whole, rows=amiss) if amiss else None
    return first, replace(whole, rows=fine) if fine else None


def _calendar(days: DataCalendar) -> Calendar:
    rows = tuple(
        CalendarRow(
            label=each.name,
            days=tuple(DayState(state.value) for state in each.states),
            href=f"/donnees/fichiers?pharmacie={each.finess}&flux={days.feed}",
        )
        for each in days.pharmacies
    )
    return Calendar(f"Données reçues, {FEED_LABELS[days.feed].lower()}", days.days, rows)


def calendar_note(days: DataCalendar, today: dt.date) -> str:
    """Say in a sentence what the calendar shows."""
    if not days.days:
        return f"Aucun fichier de {FEED_LABELS[days.feed].lower()} n’a encore été reçu."
    late = days.late
    behind = (
        "aucun jour attendu ne manque."
        if not late
        else f"{counted(late, 'pharmacie', 'pharmacies')} avec au moins un jour attendu manquant."
    )
    text = f"{len(days.days)} jours jusqu’au {french.day(days.days[-1])}\u00a0: {behind}"
    age = today - days.days[-1]
    return f"{text} Rien n’a été reçu depuis {age.days} jours." if age > OLD else text


def headlines(found: Home | None) -> tuple[Headline, ...]:
    """Return the headline figures, each leading to its page; late data come last."""
    if found is None:
        return ()
    return (*(_headline(each, found) for each in found.indicators), _late(found))


def _headline(each: Indicator, found: Home) -> Headline:
    name, unit = each.term.name, each.term.unit
    better = Better.NEUTRAL if name in NEUTRAL else Better.UP
    year_before = french.month(found.month.first.replace(year=found.month.first.year - 1))
    before = change_of(each.value, each.month_before, unit, better)
    return Headline(
        label=each.term.label,
        value=written(each.value, unit),
        exact=french.amount(each.value) if unit.is_money else "",
        change=change_of(each.value, each.year_before, unit, better),
        against=f"sur {year_before}" if each.year_before is not None else "",
        trend=tuple(None if value is None else float(value) for value in each.trend),
        definition=definition_of(each.term.name),
        href=HREFS[name] if HREFS[name] in BY_PATH else "",
        reference=""
        if before is None
        else f"Mois précédent\u00a0: {written(each.month_before, unit)}",
    )


def _late(found: Home) -> Headline:
    words = term("late_pharmacies")
    return Headline(
        label=words.label,
        value=french.number(found.late),
        against=f"sur {counted(found.pharmacies, 'pharmacie', 'pharmacies')}",
        definition=definition_of(words.name),
        href="#calendrier",
    )


def breakdown(found: Home | None) -> TableModel | None:
    """Return the rows that grew most and least in a year, or all of them when they are few."""
    if found is None or found.breakdown is None or not found.breakdown.meta.rows:
        return None
    answer, by = found.breakdown, found.by
    title, page = BREAKDOWN[by]
    ranked = sorted(
        answer.table.to_pylist(),
        key=lambda row: (row["sales_incl_change"] is None, -float(row["sales_incl_change"] or 0)),
    )
    few = len(ranked) <= 2 * EACH_END
    shown = ranked if few else [*ranked[:EACH_END], *ranked[-EACH_END:]]
    count = f"{len(shown)} lignes"
    if not few:
        count = f"Les {EACH_END} plus fortes hausses et les {EACH_END} plus fortes baisses"
    names = [name for name in COLUMNS if name in answer.table.column_names]
    first = Column(by, term(by).label, kind=CellKind.TEXT)
    return TableModel(
        caption=f"{title}, {found.month.label()}",
        columns=(first, *(column_model(name, answer) for name in names)),
        rows=tuple(
            Row(
                cells=(row[f"{by}_label"], *(row[name] for name in names)),
                href=f"/ventes/par-univers?where=pharmacy%3D{row[by]}" if by == "pharmacy" else "",
            )
            for row in shown
        ),
        total=Row(cells=("Total", *(answer.totals.get(name) for name in names))),
        count=count,
        exports=(),
        meta="",
        swap="",
        id=page.rpartition("/")[2],
    )
