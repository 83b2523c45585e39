"""The form of an activity summary: a line by type of sale, the clients, the team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from galien.calculators.accounting.indicators import Activity, ActivityRow
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.kernel.period import Period
from galien.model.enums import SALE_TYPE_LABELS
from galien.usecases.activity import ActivityEntry, ActivityFound
from galien.usecases.activity_table import COLUMNS, gap_sentence, read_activity
from galien.usecases.typed_csv import read_number, read_table
from galien.web.components.models import Field, Link, Notice, PageHead, Tone
from galien.web.gestion import Choice

BIGGEST = 5_000_000


@dataclass(frozen=True)
class Values:
    """What the fields hold, as text; `kept` tells that a summary is recorded for the year."""

    fields: Mapping[str, str]
    note: str = ""
    kept: bool = False


def nothing(period: Period, *, note: str = "", kept: bool = False) -> Values:
    """Return the fields of an empty summary over a period."""
    return Values(
        {"first_day": period.first.isoformat(), "last_day": period.last.isoformat()}, note, kept
    )


def values_of(found: ActivityFound, *, note: str = "", kept: bool = False) -> Values:
    """Return the fields of an activity."""
    return replace(nothing(found.period, note=note, kept=kept), fields={
        **nothing(found.period).fields, **_of_activity(found.activity),
    })  # fmt: skip


def _of_activity(activity: Activity) -> dict[str, str]:
    fields = {"clients": _text(activity.clients), "fte": _text(activity.fte)}
    for row in activity.rows:
        fields[f"gross_{row.sale_type}"] = _text(row.gross_incl)
        fields[f"invoices_{row.sale_type}"] = _text(row.invoices)
    return fields


def _text(number: Decimal | int | None) -> str:
    return "" if number is None else str(number).replace(".", ",")


def typed(given: Mapping[str, Any]) -> Values:
    """Return the fields as they were sent."""
    return Values({name: str(given.get(name, "")) for name in _names()})


def from_file(request: HttpRequest) -> Values:
    """Return the fields of a file sent, to be checked before they are kept.

    Raises InvalidInput or DataRefused with the line at fault.
    """
    sent: Any = request.FILES["file"]
    if sent.size > BIGGEST:
        raise InvalidInput("Ce fichier dépasse 5 Mo : ce n’est pas un bilan d’activité.")
    table = read_table(sent.read(), required=COLUMNS, known=COLUMNS, name=sent.name or "fichier")
    found = read_activity(table)
    kept = {
        name: str(request.POST.get(name, ""))
        for name in ("first_day", "last_day", "clients", "fte")
    }
    note = " ".join(
        filter(None, ("Fichier lu, à vérifier avant d’enregistrer.", gap_sentence(found)))
    )
    return Values({**_of_activity(found), **kept}, note)


def entry_of(given: Mapping[str, Any], pharmacy: str) -> ActivityEntry:
    """Read the form; InvalidInput naming the field that is wrong."""
    rows = []
    for name, label in SALE_TYPE_LABELS.items():
        gross, invoices = (
            _number(given, f"gross_{name}", label),
            _whole(given, f"invoices_{name}", label),
        )
        if gross is None and invoices is None:
            continue
        if gross is None or invoices is None:
            raise InvalidInput(
                f"{label} : donnez le montant et le nombre de factures, ou aucun des deux."
            )
        rows.append(ActivityRow(name, gross, invoices))
    period = Period(
        _day(given, "first_day", "Premier jour"), _day(given, "last_day", "Dernier jour")
    )
    return ActivityEntry(
        pharmacy,
        period,
        tuple(rows),
        _whole(given, "clients", "Clients"),
        _number(given, "fte", "Effectif"),
    )


def _number(given: Mapping[str, Any], name: str, label: str) -> Decimal | None:
    text = str(given.get(name, "")).strip()
    return read_number(text, label) if text else None


def _whole(given: Mapping[str, Any], name: str, label: str) -> int | None:
    found = _number(given, name, label)
    if found is None:
        return None
    if found != found.to_integral_value():
        raise InvalidInput(f"{label} : « {given[name]} » n’est pas un nombre entier.")
    return int(found)


def _day(given: Mapping[str, Any], name: str, label: str) -> dt.date:
    try:
        return dt.date.fromisoformat(str(given.get(name, "")).strip())
    except ValueError as error:
        raise InvalidInput(f"{label} : choisissez une date.") from error


def _names() -> tuple[str, ...]:
    typed_names = [f"{part}_{name}" for name in SALE_TYPE_LABELS for part in ("gross", "invoices")]
    return ("first_day", "last_day", "clients", "fte", *typed_names)


def page(chosen: Choice, values: Values, error: str) -> dict[str, Any]:
    """Return what the form page prints."""
    fields = values.fields
    notices = [Notice(values.note)] if values.note else []
    if error:
        notices.insert(0, Notice("Rien n’est enregistré", error, Tone.ERROR))
    back = f"/gestion/indicateurs?{chosen.query}"
    return {
        "head": PageHead(
            title="Le bilan d’activité",
            when=chosen.name,
            crumbs=(Link("Indicateurs", back), Link("Bilan d’activité", "", current=True)),
        ),
        "notices": notices,
        "dates": (
            Field("first_day", "Premier jour", "date", fields.get("first_day", ""), required=True),
            Field("last_day", "Dernier jour", "date", fields.get("last_day", ""), required=True),
            Field("clients", "Clients (passages)", value=fields.get("clients", "")),
            Field("fte", "Effectif", value=fields.get("fte", ""), suffix="ETP"),
        ),
        "lines": tuple(
            (label, name, fields.get(f"gross_{name}", ""), fields.get(f"invoices_{name}", ""))
            for name, label in SALE_TYPE_LABELS.items()
        ),
        "file": Field("file", "Fichier CSV", "file", accept=".csv,.txt,.tsv",
                      help="Colonnes sale_type, gross_incl, invoices"),
        "from_sales": f"/gestion/indicateurs/activite?{chosen.query}&depuis=ventes",
        "action": f"/gestion/indicateurs/activite?{chosen.query}",
        "back": back,
        "kept": values.kept,
        "example": french.number(Decimal("1755446.37"), 2),
    }  # fmt: skip
