"""A few wrong rows, such as real exports hold, put into the text of a file."""

from __future__ import annotations

import numpy as np

from galien.demo.layouts import Layout

_IMPOSSIBLE = {"%d/%m/%Y": "31/02/2026", "%Y-%m-%d": "2026-02-31", "%Y%m%d": "20260231"}
_KINDS = ("check digit", "date", "net", "vat")


def spoil(content: bytes, layout: Layout, rng: np.random.Generator) -> bytes:
    """Make eight rows of a sales file wrong, two of each kind, at places drawn at random.

    Wrong check digit, impossible date, net that is not gross − discount, unknown VAT rate.
    """
    head = len(content) - len(content.removeprefix(b"\xef\xbb\xbf"))
    mark, lines = content[:head], content[head:].decode(layout.encoding).split(layout.eol)
    places = np.sort(rng.choice(np.arange(1, len(lines) - 1), 8, replace=False))
    names = [name for _, name in layout.columns["sales"]]
    for rank, place in enumerate(places):
        cells = lines[place].split(layout.delimiter)
        _spoil_row(cells, names, layout, _KINDS[rank % len(_KINDS)])
        lines[place] = layout.delimiter.join(cells)
    return mark + layout.eol.join(lines).encode(layout.encoding)


def _spoil_row(cells: list[str], names: list[str], layout: Layout, kind: str) -> None:
    def change(name: str, value: str) -> None:
        cells[names.index(name)] = value

    if kind == "check digit":
        code = cells[names.index("product")]
        change("product", code[:-1] + str((int(code[-1]) + 3) % 10))
    elif kind == "date" and "moment" in names:
        change("moment", _IMPOSSIBLE[layout.style.date] + cells[names.index("moment")][10:])
    elif kind == "date":
        change("day", _IMPOSSIBLE[layout.style.date])
    elif kind == "net" and "gross" in names:
        gross = cells[names.index("gross")]
        change("gross", gross[:-1] + str((int(gross[-1]) + 5) % 10))
    else:
        change("vat", layout.style.vat_text(70))
