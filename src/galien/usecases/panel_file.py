"""A panel of pharmacies as people type it: read, classed by both sets, seen by group. Nothing kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galien.calculators.accounting.classification import (
    AMOUNTS,
    INPUTS,
    YEAR,
    Classified,
    Member,
    Rules,
    classify,
    rules_of,
)
from galien.calculators.accounting.panel import Group, crossed, groups
from galien.kernel.errors import InvalidInput
from galien.law import Law
from galien.usecases.typed_csv import TypedRow, TypedTable, read_file

MONTHS = "months"
COLUMNS = ("id", *INPUTS, MONTHS)
PERCENTS = frozenset({"vat21_purchase_share"})
LONGEST = 24


@dataclass(frozen=True)
class Panel:
    """A panel classed: its members in the order given, its groups, the two sets crossed."""

    members: tuple[Classified, ...]
    groups: tuple[Group, ...]
    crossed: dict[tuple[str, str], int]
    rules: Rules
    notes: tuple[str, ...] = ()


def classify_file(path: Path, *, old_rule: str, law: Law, on: dt.date) -> Panel:
    """Class the pharmacies of a file by the bands of a day.

    Raises InvalidInput with the line at fault, or naming the column that is missing.
    """
    table = read_file(path, required=("id",), known=COLUMNS)
    made = panel_of(members_of(table), rules_of(law, on=on, old_rule=old_rule))
    notes = tuple(_table_notes(table)) + made.notes
    return Panel(made.members, made.groups, made.crossed, made.rules, notes)


def panel_of(members: Iterable[Member], rules: Rules) -> Panel:
    """Class members and see them by group, with what a reader must know of them."""
    found = tuple(classify(member, rules) for member in members)
    return Panel(found, groups(found), crossed(found), rules, tuple(member_notes(found)))


def members_of(table: TypedTable) -> list[Member]:
    """Return the members of a table; amounts in euros, shares in percent, empty when unknown."""
    members: dict[str, Member] = {}
    for row in table.rows:
        member = _member(row)
        if member.id in members:
            raise InvalidInput(
                f"Ligne {row.line} : « {member.id} » est déjà donnée plus haut. Une ligne par pharmacie."
            )
        members[member.id] = member
    return list(members.values())


def _member(row: TypedRow) -> Member:
    name = row.cells.get("id", "")
    if not name:
        raise InvalidInput(f"Ligne {row.line} : colonne id vide. Donnez un nom à chaque pharmacie.")
    values = {column: row.number(column) for column in INPUTS}
    for column in PERCENTS:
        value = values[column]
        values[column] = None if value is None else value / 100
    months = row.count(MONTHS) or YEAR
    if months > LONGEST:
        raise InvalidInput(f"Ligne {row.line} : un exercice de {months} mois n’existe pas.")
    return Member(name, values, months)


def _table_notes(table: TypedTable) -> Iterator[str]:
    if table.ignored:
        yield f"Colonnes sans usage ici : {', '.join(table.ignored)}."
    absent = [column for column in INPUTS if column not in table.columns]
    if absent:
        yield f"Colonnes absentes, donc inconnues pour toutes : {', '.join(absent)}."


def member_notes(found: Iterable[Classified]) -> Iterator[str]:
    """Say which members lack indicators, and whose amounts were brought to twelve months."""
    for each in found:
        unknown = (*each.old.unknown, *each.new.unknown)
        if unknown:
            yield f"{each.member.id} : indicateurs inconnus, comptés d’aucun côté : {', '.join(unknown)}."
        if each.member.annualised:
            yield (
                f"{each.member.id} : exercice de {each.member.months} mois, montants ramenés à douze mois "
                f"({', '.join(AMOUNTS)})."
            )


def group_row(group: Group) -> dict[str, Any]:
    """Return a group as scripts read it: means by indicator, then medians and rates of sums."""
    return {
        "set": group.by,
        "group": group.name,
        "members": group.members,
        **group.means,
        "medians": group.medians,
        "rates": group.rates,
    }
