"""The activity of a pharmacy over a year: the summary its software prints, or what the facts say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.analytics.question import Filter, Question
from galien.calculators.accounting.indicators import Activity, ActivityRow
from galien.kernel import french
from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.records.models import ActivitySummary
from galien.records.scope import visible_to
from galien.usecases.ask import ask
from galien.usecases.duties import may_send_for
from galien.usecases.services import Services


@dataclass(frozen=True)
class ActivityFound:
    """An activity, the days it covers, where it comes from, and what to know of it.

    `origin` is `summary` or `facts`; `complete` tells that every day was received.
    """

    activity: Activity
    period: Period
    origin: str
    complete: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ActivityEntry:
    """What a person enters: the days, the rows, the clients, the full-time equivalents."""

    pharmacy: str
    period: Period
    rows: tuple[ActivityRow, ...]
    clients: int | None = None
    fte: Decimal | None = None


def saved(viewer: Viewer, pharmacy: str, last_day: dt.date) -> ActivitySummary | None:
    """Return the summary kept for the year ending that day, when the viewer may see it."""
    return visible_to(viewer).activities().filter(pharmacy=pharmacy, last_day=last_day).first()


def summaries(viewer: Viewer) -> list[ActivitySummary]:
    """Return every summary kept that the viewer may see."""
    return list(visible_to(viewer).activities())


def as_found(summary: ActivitySummary) -> ActivityFound:
    """Return a kept summary as an activity."""
    rows = tuple(
        ActivityRow(name, Decimal(gross), int(count)) for name, gross, count in summary.rows
    )
    return ActivityFound(
        Activity(rows, clients=summary.clients, fte=summary.fte),
        Period(summary.first_day, summary.last_day),
        origin="summary",
    )


def save(entry: ActivityEntry, viewer: Viewer) -> ActivitySummary:
    """Keep a summary; one of the same last day is replaced.

    Raises NotAllowed when the viewer does not send for that pharmacy, InvalidInput when rows make no
    activity.
    """
    may_send_for(viewer, entry.pharmacy)
    _check(entry)
    summary, _ = ActivitySummary.objects.update_or_create(
        pharmacy_id=entry.pharmacy,
        last_day=entry.period.last,
        defaults={
            "first_day": entry.period.first,
            "rows": [[row.sale_type, str(row.gross_incl), row.invoices] for row in entry.rows],
            "clients": entry.clients,
            "fte": entry.fte,
            "changed_by": viewer.name,
        },
    )
    return summary


def _check(entry: ActivityEntry) -> None:
    invoices = sum(row.invoices for row in entry.rows)
    if not invoices or any(row.invoices < 0 for row in entry.rows):
        raise InvalidInput(
            "Donnez au moins un type de vente avec ses factures, en nombres positifs."
        )
    if entry.clients is not None and not 0 < entry.clients <= invoices:
        raise InvalidInput(
            f"{french.number(entry.clients)} clients pour {french.number(invoices)} factures : chaque "
            "client a au moins une facture. Vérifiez les deux nombres."
        )
    if entry.fte is not None and not 0 < entry.fte < 1000:
        raise InvalidInput("Les équivalents temps plein sont un nombre positif, par exemple 6,5.")


def forget(viewer: Viewer, pharmacy: str, last_day: dt.date) -> None:
    """Drop a kept summary, if there is one; NotAllowed when the viewer does not send for it."""
    may_send_for(viewer, pharmacy)
    ActivitySummary.objects.filter(pharmacy=pharmacy, last_day=last_day).delete()


def from_facts(
    viewer: Viewer, pharmacy: str, period: Period, *, services: Services
) -> ActivityFound | None:
    """Return the activity that the published sales of a pharmacy say; None when there are none."""
    try:
        by_type = _asked(
            ("gross_incl", "invoices"), ("sale_type",), pharmacy, period, viewer, services
        )
        whole = _asked(("clients",), (), pharmacy, period, viewer, services)
    except (NotAllowed, NotAvailable):
        return None
    rows = tuple(
        ActivityRow(row["sale_type"], Decimal(row["gross_incl"]), int(row["invoices"]))
        for row in by_type.table.to_pylist()
    )
    if not rows:
        return None
    return ActivityFound(
        Activity(rows, clients=int(whole.totals["clients"] or 0) or None),
        period,
        origin="facts",
        complete=by_type.state.complete,
        notes=() if by_type.state.complete else (
            "Les ventes reçues ne couvrent pas tous les jours de l’exercice : les montants et les "
            "nombres en sont diminués, les paniers et les parts restent lisibles.",
        ),
    )  # fmt: skip


def _asked(
    measures: Sequence[str],
    by: Sequence[str],
    pharmacy: str,
    period: Period,
    viewer: Viewer,
    services: Services,
) -> Any:
    question = Question(
        subject="traffic",
        measures=tuple(measures),
        by=tuple(by),
        period=period.iso(),
        compare="none",
        where=(Filter("pharmacy", (pharmacy,)),),
    )
    return ask(question, viewer, services=services)
