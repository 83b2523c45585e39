"""What several answers have in common: a page of rows, an error."""

from __future__ import annotations

from ninja import Field, Schema


class Paged(Schema):
    """A page of rows."""

    count: int = Field(description="Lignes en tout.")
    limit: int = Field(description="Lignes données au plus.")
    offset: int = Field(description="Première ligne donnée, comptée de 0.")


class Wrong(Schema):
    """An error."""

    code: str = Field(description="Ce qui ne va pas, pour un programme.")
    message: str = Field(description="Ce qui ne va pas et quoi faire, en français.")


ERRORS: dict[int, type[Schema]] = dict.fromkeys((400, 401, 403, 404, 429), Wrong)


def gives(shape: type[Schema], *statuses: int) -> dict[int, type[Schema]]:
    """Return what an address answers: a shape (200 without a status named), or an error."""
    return dict.fromkeys(statuses or (200,), shape) | ERRORS
