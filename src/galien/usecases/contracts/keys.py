"""What names each product of the catalogue in a contract, and the class of its legal ceiling."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

from galien.model.clauses import ceiling_class, class_named
from galien.model.contracts import ProductKeys
from galien.usecases.services import Services
from galien.warehouse.catalogue import read_catalogue, written_at

_COLUMNS = (
    "product_code",
    "since",
    "until",
    "generic_group",
    "range",
    "brand",
    "lab",
    "generic_status",
    "reimbursable",
)
Named = tuple[ProductKeys, str]


def products_on(day: dt.date, *, services: Services) -> tuple[Named, ...]:
    """Return each product of the catalogue as it was on a day, with the class of its ceiling.

    The class of what is reimbursed: generic, hybrid, else general; empty for the rest, that no
    ceiling holds. The catalogue does not tell biosimilars.
    """
    place = services.workspace.catalogue
    return _on(place, written_at(place), day)


@lru_cache(maxsize=16)
def _on(place: Path, written: int, day: dt.date) -> tuple[Named, ...]:
    return tuple(
        named
        for since, until, named in _versions(place, written)
        if since <= day and (until is None or day < until)
    )


@lru_cache(maxsize=2)
def _versions(place: Path, _written: int) -> tuple[tuple[dt.date, dt.date | None, Named], ...]:
    table = read_catalogue(place).product().select(list(_COLUMNS))
    columns = (table.column(name).to_pylist() for name in _COLUMNS)
    return tuple(
        (
            since,
            until,
            (
                ProductKeys(
                    product=code,
                    generic_group=group or "",
                    range=line or "",
                    brand=brand or "",
                    lab=lab or "",
                    product_class=class_named(status, reimbursed),
                ),
                ceiling_class(status, reimbursed),
            ),
        )
        for code, since, until, group, line, brand, lab, status, reimbursed in zip(
            *columns, strict=True
        )
    )
