"""Which pharmacies a viewer's question is about: rights first, then filters and constant scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from galien.analytics.dimensions.kinds import PharmacyAttribute, PharmacyState
from galien.analytics.planner import Asked
from galien.analytics.release import PharmacyRow, ReleaseView, matches
from galien.kernel.errors import NotAllowed
from galien.kernel.period import Period
from galien.model.viewer import Span, Viewer

FEED_OF_SUBJECT = {
    "purchases": "purchases",
    "sales": "sales",
    "stock": "stock",
    "traffic": "sales",
}


@dataclass(frozen=True)
class Scope:
    """The pharmacies figures are made of; `whole` when it is every one of the release.

    `left_out` counts those the viewer knows but whose rights do not open these days; `not_constant`
    those left aside because they are not complete in both periods.
    """

    pharmacies: tuple[PharmacyRow, ...]
    whole: bool
    left_out: int = 0
    not_constant: int = 0

    @property
    def ids(self) -> tuple[int, ...] | None:
        """Numbers bound in the question; None when no pharmacy has to be left out."""
        return None if self.whole else tuple(row.pharmacy_id for row in self.pharmacies)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells two scopes apart in a cache."""
        return (self.ids, self.left_out, self.not_constant)


def resolve_scope(
    asked: Asked, viewer: Viewer, view: ReleaseView, *, period: Period, comparison: Period | None
) -> Scope:
    """Return the pharmacies of a question.

    Rights must open both periods. A filter naming a pharmacy out of the rights is a filter naming
    nothing. NotAllowed when no pharmacy is left.
    """
    feed = FEED_OF_SUBJECT[asked.question.subject]
    periods = [period] + ([comparison] if comparison else [])
    open_to = _allowed(asked, viewer, view, feed, periods)
    known = _known(viewer, view)
    kept = _stated(_filtered(open_to, asked), asked, view.complete_ids(feed, period))
    if not kept:
        raise NotAllowed(_nothing_left(open_to=bool(open_to), known=bool(known)))
    constant = kept
    if asked.question.constant_scope:
        complete = frozenset.intersection(*(view.complete_ids(feed, each) for each in periods))
        constant = [row for row in kept if row.pharmacy_id in complete]
        if not constant:
            raise NotAllowed(
                "À périmètre constant, aucune pharmacie n’est complète sur les deux périodes : "
                "retirez le périmètre constant ou choisissez d’autres dates."
            )
    return Scope(
        tuple(constant),
        whole=len(constant) == len(view.pharmacies),
        left_out=len(known) - len(open_to),
        not_constant=len(kept) - len(constant),
    )


def open_days(
    viewer: Viewer, view: ReleaseView, feed: str, period: Period
) -> dict[int, tuple[Span, ...]]:
    """Return the days of a period that rights open on a feed, by pharmacy number; none, none."""
    if viewer.everything:
        return {row.pharmacy_id: ((period.first, period.last),) for row in view.pharmacies}
    opened = viewer.spans(feed)
    found = {
        row.pharmacy_id: tuple(_within(opened.get(row.pharmacy, ()), period))
        for row in view.pharmacies
    }
    return {number: spans for number, spans in found.items() if spans}


def _within(spans: Iterable[Span], period: Period) -> Iterator[Span]:
    for since, until in spans:
        first, last = max(since, period.first), min(until, period.last)
        if first <= last:
            yield first, last


def _known(viewer: Viewer, view: ReleaseView) -> list[PharmacyRow]:
    if viewer.everything:
        return list(view.pharmacies)
    mine = viewer.all_pharmacies()
    return [row for row in view.pharmacies if row.pharmacy in mine]


def _allowed(
    asked: Asked, viewer: Viewer, view: ReleaseView, feed: str, periods: list[Period]
) -> list[PharmacyRow]:
    if viewer.everything:
        return list(view.pharmacies)
    codes = frozenset.intersection(
        *(viewer.pharmacies(feed, each.first, each.last) for each in periods)
    )
    if "operator" in asked.names:
        codes &= frozenset(grant.pharmacy for grant in viewer.grants if grant.own)
        if not codes:
            raise NotAllowed(
                "Les chiffres par opérateur ne sont montrés qu’au titulaire, pour sa pharmacie."
            )
    return [row for row in view.pharmacies if row.pharmacy in codes]


def _filtered(rows: list[PharmacyRow], asked: Asked) -> list[PharmacyRow]:
    """Keep the pharmacies that pass the filters on what they are."""
    filters = [
        (dimension, filtered)
        for dimension, filtered in asked.where
        if isinstance(dimension, PharmacyAttribute) and not isinstance(dimension, PharmacyState)
    ]
    return [row for row in rows if all(matches(row, *each) for each in filters)]


def _stated(rows: list[PharmacyRow], asked: Asked, complete: frozenset[int]) -> list[PharmacyRow]:
    """Keep the pharmacies that pass the filters on the state of their data of the period."""
    kept = rows
    for dimension, filtered in asked.where:
        if isinstance(dimension, PharmacyState):
            states = {dimension.read(value) for value in filtered.values}
            kept = [
                row for row in kept if (_state(row, complete) in states) is not filtered.exclude
            ]
    return kept


def _state(row: PharmacyRow, complete: frozenset[int]) -> str:
    return "complete" if row.pharmacy_id in complete else "partial"


def _nothing_left(*, open_to: bool, known: bool) -> str:
    if open_to:
        return "Aucune pharmacie ouverte à vos droits ne correspond aux filtres : retirez-en un."
    if known:
        return (
            "Vos autorisations n’ouvrent aucune pharmacie sur toute la période et sa comparaison : "
            "choisissez d’autres dates, ou une question sans comparaison."
        )
    return "Aucune pharmacie ne vous est ouverte : demandez une autorisation à l’administrateur."
