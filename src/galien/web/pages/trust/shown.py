"""How the looks of others are printed for an owner."""

from __future__ import annotations

from collections.abc import Iterable

from galien.records.models import AccessLog
from galien.usecases.access_log import ACTIONS
from galien.web.components.models import Row, TableModel
from galien.web.lists import moment, plain_table, text


def looks(entries: Iterable[AccessLog]) -> TableModel:
    """Return who looked at a pharmacy's figures, and when."""
    columns = (
        text("who", "Qui"), text("organisation", "De"), text("action", "Acte"),
        text("subject", "Objet"), text("at", "Quand"),
    )  # fmt: skip
    rows = (
        Row(
            cells=(
                each.user_name,
                each.organisation or "–",
                ACTIONS.get(each.action, each.action),
                each.subject or "–",
                moment(each.at),
            )
        )
        for each in entries
    )
    return plain_table("Qui a consulté les chiffres", columns, rows, noun=("accès", "accès"))
