"""The rows of a table, written column by column: a thousand of them cost a few milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from markupsafe import Markup, escape

from galien.web.components.cells import column_html, escaped
from galien.web.components.models import CellKind, TableModel

_MENU = '<button class="row-menu needs-js" type="button" aria-label="Actions : '
_MENU_END = '">⋮</button>'


def rows_html(model: TableModel) -> Markup:
    """Return the body rows of a table as HTML; texts are escaped, figures written in French."""
    if not model.rows:
        return Markup("")
    columns = list(zip(*(row.cells for row in model.rows), strict=True))
    written = [
        column_html(values, column) for values, column in zip(columns, model.columns, strict=True)
    ]
    names = _names(model, columns[0], written[0])
    parts: list[Iterable[str]] = [repeat("<tr"), _marks(model), repeat('><th scope="row">'), names]
    end = "</th>"
    for column, texts in zip(model.columns[1:], written[1:], strict=True):
        parts += [repeat(f'{end}<td class="k-{column.kind.value}">'), texts]
        end = "</td>"
    lines = zip(*parts, repeat(f"{end}</tr>\n"), strict=False)
    return Markup("".join(chain.from_iterable(lines)))  # noqa: S704  # printers escape what is text


def _marks(model: TableModel) -> list[str]:
    """Return the attributes of each row: its tone, and the key its menu works on."""
    menus = bool(model.actions)
    keys = escaped([row.key for row in model.rows])
    return [
        (f' class="{escape(row.tone)}"' if row.tone else "")
        + (f' data-key="{key}"' if menus and key else "")
        for row, key in zip(model.rows, keys, strict=True)
    ]


def _names(model: TableModel, values: Sequence[object], texts: Sequence[str]) -> list[str]:
    """Return the first cells, which name the rows, lead down into them and open their menus."""
    rows, first = model.rows, model.columns[0]
    hrefs = escaped([row.href for row in rows])
    spoken = texts if first.kind in {CellKind.TEXT, CellKind.MARKUP} else escaped(values)
    menus = bool(model.actions)
    return [
        (f'<a href="{href}">{text}</a>' if href else text)
        + (f" <small>{escape(row.note)}</small>" if row.note else "")
        + (f"{_MENU}{label}{_MENU_END}" if menus and row.key else "")
        for row, href, text, label in zip(rows, hrefs, texts, spoken, strict=True)
    ]
