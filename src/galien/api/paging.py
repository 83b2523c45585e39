"""Lists page by page: how many rows at most, from which one, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ninja import Field, Schema

FIRST = "Première ligne donnée, comptée de 0."
MOST = "Lignes données au plus."


class Page(Schema):
    """A page of a list of records."""

    limit: int = Field(100, ge=1, le=1_000, description=MOST)
    offset: int = Field(0, ge=0, description=FIRST)


class FigurePage(Schema):
    """A page of an answer whose rows are products or shortages: they come by thousands."""

    limit: int = Field(1_000, ge=1, le=10_000, description=MOST)
    offset: int = Field(0, ge=0, description=FIRST)


def paged(content: Mapping[str, Any], page: Page | FigurePage) -> dict[str, Any]:
    """Return an answer with the rows of a page alone, and `count`, how many there are in all."""
    rows = content["rows"]
    return {
        **content,
        "count": len(rows),
        "limit": page.limit,
        "offset": page.offset,
        "rows": rows[page.offset : page.offset + page.limit],
    }
