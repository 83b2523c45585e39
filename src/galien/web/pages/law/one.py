"""How a parameter of the law is printed: value of a day, curve, values by date."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from galien.kernel import french
from galien.kernel.errors import NotAvailable
from galien.kernel.units import Unit
from galien.law import Banded, Cited, LawValue, Parameter, Scale
from galien.law.parameters import ALWAYS, DatedValue
from galien.law.topics import COUNTRIES, TOPICS
from galien.web.components.models import (
    Field,
    Headline,
    Link,
    Notice,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.law_text import (
    bands,
    since_text,
    slices,
    source_cell,
    spaced,
    value_cell,
    value_text,
)
from galien.web.lists import plain_table, text, wrapped
from galien.web.pages.law.shown import IN_FORCE, PATH, what_if

# A curve that begins earlier than any source starts here.
FIRST_MONTH = dt.date(2000, 1, 1)
SHORT = 40
DRAWING = "svg"


def page(parameter: Parameter, *, on: dt.date, today: dt.date) -> dict[str, Any]:
    """Return everything the sheet of a parameter prints."""
    cited = parameter.find(on)
    return {
        "head": _head(parameter),
        "fields": (Field("jour", "Valeur au", kind="date", value=on.isoformat(), required=True),),
        "path": f"{PATH}/{parameter.name}",
        "figures": _figures(cited),
        "unknown": None if cited else _unknown(parameter, on),
        "parts": _parts(cited) if cited else None,
        "chart": chart(parameter, max(on, today)),
        "values": _values(parameter),
    }


def _head(parameter: Parameter) -> PageHead:
    topic = TOPICS[parameter.topic]
    return PageHead(
        title=spaced(parameter.label),
        when=f"Nom {parameter.name}",
        note=COUNTRIES[parameter.country],
        crumbs=(
            Link("Droit en vigueur", PATH),
            Link(topic, f"{PATH}?theme={parameter.topic}"),
            Link(parameter.name, "", current=True),
        ),
        actions=what_if(),
    )


def _figures(cited: Cited[LawValue] | None) -> tuple[Headline, ...]:
    """Return the value of the day when it is short enough to be a figure."""
    if cited is None or isinstance(cited.value, Scale | Banded):
        return ()
    written = value_text(cited.value, cited.unit)
    if len(written) > SHORT:
        return ()
    until = f"jusqu’au {french.day(cited.until)}" if cited.until else "toujours en vigueur"
    return (Headline("Valeur", written), Headline("Depuis", since_text(cited), against=until))


def _unknown(parameter: Parameter, on: dt.date) -> Notice:
    try:
        parameter.on(on)
    except NotAvailable as error:
        return Notice("Pas de valeur ce jour-là", error.message, Tone.WARNING)
    raise AssertionError(parameter.name)


def _parts(cited: Cited[LawValue]) -> TableModel | None:
    """Return the slices of a scale or the bands of a table, on the day."""
    value = cited.value
    if isinstance(value, Scale):
        title, size, found = "Barème", "Tranche de prix", slices(value, cited.unit)
    elif isinstance(value, Banded):
        title, size, found = "Valeurs par tranche", value.by, bands(value, cited.unit)
    else:
        return None
    columns = (text("size", size), text("value", "Taux" if title == "Barème" else "Valeur"))
    rows = (Row(cells=pair) for pair in found)
    return plain_table(
        f"{title} en vigueur {_since(cited)}",
        columns,
        rows,
        noun=("tranche", "tranches"),
        identity="parts",
    )


def _since(cited: Cited[LawValue]) -> str:
    return f"depuis le {since_text(cited)}" if cited.begun_on else "(début non établi)"


def chart(parameter: Parameter, last: dt.date) -> ChartCard | None:
    """Return the curve of a figure by steps, month by month; no curve for a single value."""
    numbers = [entry for entry in parameter.values if isinstance(entry.value, Decimal)]
    if len(numbers) < 2:
        return None
    first = max(
        parameter.values[0].since, FIRST_MONTH if parameter.values[0].since == ALWAYS else ALWAYS
    )
    months = list(_months(first, max(last, parameter.values[-1].since)))
    figures = tuple(_on_last_day(parameter, month) for month in months)
    model = ChartModel(
        kind=ChartKind.LINE,
        title="Valeur mois par mois",
        unit=parameter.unit.sign,
        decimals=0 if parameter.unit in {Unit.COUNT, Unit.DAYS} else 2,
        categories=tuple(french.short_month(month) for month in months),
        series=(Series(parameter.label, figures),),
        swap="",
        step=True,
    )
    return ChartCard(
        model,
        id="curve",
        note="Chaque mois montre la valeur de son dernier jour.",
        image_href=f"{PATH}/{parameter.name}?{urlencode({'jour': last.isoformat(), 'format': DRAWING})}",
    )


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield dt.date(number // 12, number % 12 + 1, 1)


def _on_last_day(parameter: Parameter, month: dt.date) -> Decimal | None:
    following = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    cited = parameter.find(following - dt.timedelta(days=1))
    return cited.value if cited and isinstance(cited.value, Decimal) else None


def _values(parameter: Parameter) -> TableModel:
    """Return every value, the latest first, with its source, the day it was checked, its note."""
    columns = (
        text("since", "Depuis le"), text("until", "Jusqu’au"), text("value", "Valeur"),
        text("source", "Source"), text("checked", "Vérifiée le"), text("note", "Note"),
    )  # fmt: skip
    pairs = list(itertools.pairwise((*parameter.values, None)))
    rows = (_line(parameter, entry, after) for entry, after in reversed(pairs) if entry)
    return plain_table(
        f"{parameter.label} : valeurs par date",
        columns,
        rows,
        noun=("date", "dates"),
        identity="values",
    )


def _line(parameter: Parameter, entry: DatedValue, after: DatedValue | None) -> Row:
    until = after.since - dt.timedelta(days=1) if after else None
    ended = entry.value is None
    return Row(
        cells=(
            "début non établi" if entry.since == ALWAYS else f"{entry.since:%d/%m/%Y}",
            f"{until:%d/%m/%Y}" if until else ("" if ended else IN_FORCE),
            "Plus de valeur" if ended else value_cell(entry.value, parameter.unit),
            source_cell(entry),
            f"{entry.checked_on:%d/%m/%Y}",
            wrapped(spaced(entry.note)) if entry.note else None,
        ),
        tone="rest" if ended else "",
    )
