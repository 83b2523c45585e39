"""What to know of the data behind a figure: who is complete, who is late, what was left out."""

from __future__ import annotations

from galien.analytics.answer import DataState
from galien.analytics.release import ReleaseView
from galien.kernel import french
from galien.kernel.period import Period
from galien.usecases.scope import FEED_OF_SUBJECT, Scope


def describe(
    scope: Scope, view: ReleaseView, *, subject: str, period: Period, uncosted: int = 0
) -> DataState:
    """Return the state of the data of a scope over a period, with its notes in French.

    `uncosted` is the number of sale lines that came without a cost.
    """
    feed = FEED_OF_SUBJECT[subject]
    ids = frozenset(row.pharmacy_id for row in scope.pharmacies)
    complete = view.complete_ids(feed, period) & ids
    last_month = Period(period.last.replace(day=1), period.last)
    on_time = view.complete_ids(feed, last_month)
    until = [view.last_days[id_, feed] for id_ in ids if (id_, feed) in view.last_days]
    return DataState(
        complete=len(complete) == len(ids),
        pharmacies=len(ids),
        complete_pharmacies=len(complete),
        data_until=max(until).isoformat() if until else None,
        notes=tuple(_notes(scope, missing=len(ids) - len(complete), uncosted=uncosted)),
        late=tuple(row.name for row in scope.pharmacies if row.pharmacy_id not in on_time),
    )


def _notes(scope: Scope, *, missing: int, uncosted: int) -> list[str]:
    notes = []
    if missing:
        notes.append(
            f"{_pharmacies(missing)} sur {len(scope.pharmacies)} : données incomplètes sur la "
            "période."
        )
    if scope.left_out:
        notes.append(
            f"{_pharmacies(scope.left_out)} hors du chiffre : l’autorisation n’ouvre pas toute la "
            "période et sa comparaison."
        )
    if scope.not_constant:
        notes.append(
            f"{_pharmacies(scope.not_constant)} hors du chiffre : incomplète sur l’une des deux "
            "périodes (périmètre constant)."
        )
    if uncosted:
        notes.append(
            f"{french.number(uncosted)} lignes de vente sans coût d’achat : leur marge est comptée "
            "au prix de vente entier."
        )
    return notes


def _pharmacies(count: int) -> str:
    return f"{count} pharmacie{'s' if count > 1 else ''}"
