"""What the simulators of Gestion share: the accounts that prefill them, their files, their links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from django.http import HttpRequest, HttpResponse

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.usecases.export.sheets import Sheet, sheets_file
from galien.web.components.models import Action, CellKind, Column, Link, TableModel
from galien.web.gestion import PHARMACY, YEAR, Choice, choice
from galien.web.shell.downloads import attached
from galien.web.typed import TypedForm

STYLES = {"csv": "CSV", "xlsx": "Excel"}
SHARES = frozenset({CellKind.RATIO, CellKind.WEIGHT})


def choice_or_none(request: HttpRequest) -> Choice | None:
    """Return the pharmacy and year that prefill a simulator; None for who sees no accounts.

    A pharmacy asked by name that the viewer may not see stays NotAllowed.
    """
    try:
        # What was typed for a pharmacy is not another's: the bar keeps nothing of it.
        return replace(choice(request), kept=())
    except NotAllowed:
        if request.GET.get("pharmacie"):
            raise
        return None


def fixed(choice: Choice | None) -> tuple[tuple[str, str], ...]:
    """Return the pharmacy and the year as hidden fields of a form."""
    if choice is None or choice.year is None:
        return ()
    return ((PHARMACY, choice.pharmacy), (YEAR, choice.year.last_day.isoformat()))


def typed_form(request: HttpRequest) -> TypedForm:
    """Return the form whose answers are in the address."""
    return TypedForm({str(key): str(value) for key, value in request.GET.items()})


def asked_style(request: HttpRequest) -> str:
    """Return the file asked by the address, empty for the page; InvalidInput for a stranger."""
    style = request.GET.get("format", "")
    if style and style not in STYLES:
        raise InvalidInput(f"L’export « {style[:20]} » n’existe pas : {', '.join(STYLES)}.")
    return style


def file_response(stem: str, tables: Sequence[TableModel], style: str) -> HttpResponse:
    """Answer tables as a file."""
    made = sheets_file(stem, [_sheet(each) for each in tables], style)
    return attached(made.content, made.media_type, made.filename)


def exports(form: TypedForm, path: str) -> Action:
    """Return the menu of files of a page as it is typed."""
    links = [
        Link(label, form.href(path, format=style), download=True) for style, label in STYLES.items()
    ]
    return Action("Exporter", items=tuple(links), icon="download")


def _sheet(table: TableModel) -> Sheet:
    rows = [row.cells for row in (*([table.total] if table.total else []), *table.rows)]
    return Sheet(
        table.caption,
        [_heading(column) for column in table.columns],
        [[_told(*pair) for pair in zip(table.columns, row, strict=False)] for row in rows],
    )


def _heading(column: Column) -> str:
    unit = column.unit or ("%" if column.kind in SHARES else "")
    return f"{column.label} ({unit})" if unit else column.label


def _told(column: Column, cell: object) -> str | int | float | Decimal | None:
    """Return a cell as the screen says it: shares in percent, figures no finer than cents or shown."""
    plain = _plain(cell)
    if not isinstance(plain, (float, Decimal)):
        return plain
    figure = Decimal(repr(plain)) if isinstance(plain, float) else plain
    if not figure.is_finite():
        return None
    finest = max(column.decimals, 2)
    if column.kind in SHARES:
        figure, finest = figure * 100, column.decimals + 2
    return figure.quantize(Decimal(1).scaleb(-finest), ROUND_HALF_UP)


def _plain(cell: object) -> str | int | float | Decimal | None:
    if cell is None or isinstance(cell, (int, float, Decimal)):
        return cell
    return str(getattr(cell, "striptags", lambda: cell)())
