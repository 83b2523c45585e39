"""The rows of an analysis table, written in one go: a thousand of them must cost a few milliseconds."""

from __future__ import annotations

from markupsafe import Markup, escape

from galien.web.components.cells import cell_html
from galien.web.components.models import Column, Row, TableModel


def rows_html(model: TableModel) -> Markup:
    """Return the body rows of a table as HTML; texts are escaped, figures written in French."""
    first, *others = model.columns
    openings = [(f'<td class="k-{column.kind.value}">', column) for column in others]
    menus = bool(model.actions)
    lines = []
    for row in model.rows:
        tone = f' class="{escape(row.tone)}"' if row.tone else ""
        menu = menus and bool(row.key)
        key = f' data-key="{escape(row.key)}"' if menu else ""
        cells = "".join(
            f"{opening}{cell_html(value, column)}</td>"
            for (opening, column), value in zip(openings, row.cells[1:], strict=True)
        )
        lines.append(f"<tr{tone}{key}>{_name(row, first, menu=menu)}{cells}</tr>\n")
    return Markup("".join(lines))  # noqa: S704  # each cell escapes its text


def _name(row: Row, column: Column, *, menu: bool) -> str:
    """Return the first cell, which names the row, leads down into it and opens its menu."""
    text = cell_html(row.cells[0], column)
    link = f'<a href="{escape(row.href)}">{text}</a>' if row.href else text
    note = f" <small>{escape(row.note)}</small>" if row.note else ""
    button = ""
    if menu:
        label = f"Actions : {escape(row.cells[0])}"
        button = f'<button class="row-menu needs-js" type="button" aria-label="{label}">⋮</button>'
    return f'<th scope="row">{link}{note}{button}</th>'
