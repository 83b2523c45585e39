"""What pages of lists share: pages of rows, badges, moments and links in cells, choices of a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest
from markupsafe import Markup

from galien.kernel import french
from galien.kernel.clock import PARIS
from galien.kernel.errors import InvalidInput
from galien.web.components.models import CellKind, Column, Option, Pages, Row, TableModel, Tone

PER_PAGE = 50

FEED_LABELS = {"sales": "Ventes", "purchases": "Achats", "stock": "Stock"}
RIGHT_LABELS = {**FEED_LABELS, "accounts": "Comptes"}


def text(name: str, label: str, *, hint: str = "") -> Column:
    """Return a column of words."""
    return Column(name, label, kind=CellKind.TEXT, hint=hint)


def count(name: str, label: str, *, unit: str = "", decimals: int = 0) -> Column:
    """Return a column of numbers."""
    return Column(name, label, kind=CellKind.NUMBER, unit=unit, decimals=decimals)


def written(name: str, label: str) -> Column:
    """Return a column of figures already written, each with its own unit."""
    return Column(name, label, kind=CellKind.MARKUP)


def day(name: str, label: str) -> Column:
    """Return a column of dates."""
    return Column(name, label, kind=CellKind.DAY)


def plain_table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    pages: Pages | None = None,
    noun: tuple[str, str] = ("ligne", "lignes"),
    identity: str = "table",
) -> TableModel:
    """Return the table of a list; its footer counts the rows in the list's own words."""
    shown = tuple(rows)
    number = pages.text if pages and pages.text else counted(len(shown), *noun)
    return TableModel(
        caption=caption,
        columns=tuple(columns),
        rows=shown,
        count="" if pages and pages.count > 1 else number,
        pages=pages,
        swap="",
        id=identity,
    )


def counted(number: int, one: str, many: str) -> str:
    """Write a number of things.

    >>> counted(1, "fichier", "fichiers"), counted(0, "fichier", "fichiers")
    ('1 fichier', '0 fichier')
    """
    return f"{french.number(number)} {many if number > 1 else one}"


def paged(request: HttpRequest, rows: Any, *, noun: tuple[str, str]) -> tuple[list[Any], Pages]:
    """Return the rows of the page asked by `page`, and where it is; InvalidInput for no number.

    `rows` is a list or a query. A page past the end is the last one.
    """
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 8):
        raise InvalidInput(f"« {asked[:20]} » n’est pas un numéro de page : corrigez l’adresse.")
    paginator = Paginator(rows, PER_PAGE)
    page = paginator.get_page(int(asked))
    kept = [(name, value) for name, value in request.GET.items() if name != "page"]

    def href(number: int) -> str:
        return f"{request.path}?{urlencode([*kept, ('page', number)])}"

    size = counted(paginator.count, *noun)
    where = f" · page {page.number} sur {paginator.num_pages}" if paginator.num_pages > 1 else ""
    return list(page.object_list), Pages(
        page=page.number,
        count=paginator.num_pages,
        previous_href=href(page.number - 1) if page.has_previous() else "",
        next_href=href(page.number + 1) if page.has_next() else "",
        text=size + where,
    )


def badge(label: str, tone: Tone = Tone.NEUTRAL) -> Markup:
    """Return a word about a state, for a cell."""
    return Markup('<span class="badge {}">{}</span>').format(tone.value, label)


def link(label: object, href: str) -> Markup:
    """Return a link, for a cell."""
    return Markup('<a href="{}">{}</a>').format(href, label)


def code(value: object) -> Markup:
    """Return an identifier in its own letters, for a cell."""
    return Markup("<code>{}</code>").format(value)


def wrapped(sentence: object) -> Markup:
    """Return a sentence that may take several lines, for a cell."""
    return Markup('<div class="wrap">{}</div>').format(sentence)


def moment(at: dt.datetime | None) -> str:
    r"""Write a moment in the pharmacies' time.

    >>> moment(dt.datetime(2026, 11, 20, 8, 5, tzinfo=dt.timezone.utc))
    '20/11/2026\xa0à\xa009:05'
    """
    return (
        "" if at is None else f"{at.astimezone(PARIS):%d/%m/%Y{french.FIXED}à{french.FIXED}%H:%M}"
    )


def span(first: dt.date | None, last: dt.date | None) -> str:
    r"""Write two days, or one, the year once when it is the same.

    >>> span(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    '01/10\xa0– 31/10/2026'
    """
    if first is None or last is None:
        return ""
    if first == last:
        return f"{first:%d/%m/%Y}"
    begins = "%d/%m" if first.year == last.year else "%d/%m/%Y"
    return f"{first:{begins}}{french.FIXED}– {last:%d/%m/%Y}"


def options(labels: Mapping[str, str], chosen: str = "", *, first: str = "") -> tuple[Option, ...]:
    """Return the choices of a select; `first` is the label of the empty one, left out when empty."""
    found = [Option(value, label, chosen=value == chosen) for value, label in labels.items()]
    return (Option("", first, chosen=not chosen), *found) if first else tuple(found)


def choice(request: HttpRequest, name: str, allowed: Iterable[str]) -> str:
    """Return the choice that the address makes, empty for none; InvalidInput for a stranger."""
    given = request.GET.get(name, "").strip()
    if given and given not in set(allowed):
        raise InvalidInput(
            f"L’adresse demande « {given[:40]} », qui n’est pas un choix de cette page : "
            "reprenez-la par le menu."
        )
    return given
