"""What exports share: cells as plain values, and the words that go with the figures."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from galien.analytics.answer import Answer, AnswerColumn, ColumnKind
from galien.analytics.question import Question
from galien.kernel import french, glossary

Cell = str | int | float | Decimal | None
TOTAL = "Total"


def cells(answer: Answer) -> list[list[Cell]]:
    """Return rows of plain values: keys that are numbers are numbers, unknown keys are empty."""
    columns = [
        _column(column, answer.table.column(column.name).to_pylist()) for column in answer.columns
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _column(column: AnswerColumn, values: list[Cell]) -> list[Cell]:
    if column.kind is ColumnKind.KEY and column.numeric:
        return [_number(value) for value in values]
    return values


def _number(key: Cell) -> Cell:
    try:
        number = Decimal(str(key))
    except InvalidOperation:
        return key
    return int(number) if number == number.to_integral_value() else number


def total_cells(answer: Answer) -> list[Cell]:
    """Return the totals in the order of columns, the first under the word Total when it is a key."""
    found: list[Cell] = [answer.totals.get(column.name) for column in answer.columns]
    if answer.columns[0].kind is ColumnKind.KEY:
        found[0] = TOTAL
    return found


def heading(column: AnswerColumn) -> str:
    """Return the head of a column: its label and unit; keys say they are codes.

    >>> from galien.kernel.units import Unit
    >>> heading(AnswerColumn("net_amount", "Achats", Unit.EUR_EXCL, ColumnKind.MEASURE, "net_amount"))
    'Achats (€ HT)'
    """
    if column.kind is ColumnKind.KEY:
        return f"{column.label} (code)"
    sign = column.unit.sign
    return (
        f"{column.label} ({sign})" if sign and column.kind is not ColumnKind.LABEL else column.label
    )


def title(answer: Answer) -> str:
    """Return the question in French: subject and dimensions."""
    question = answer.meta.question
    if question is None:
        return "Galien"
    by = [glossary.label(name).lower() for name in question.by]
    return glossary.label(question.subject) + (f" par {' et '.join(by)}" if by else "")


def stem(answer: Answer) -> str:
    """Return the name of the file of an answer, without its ending: its title and its dates."""
    words = "-".join(re.findall(r"[a-z0-9]+", french.fold(title(answer))))
    return f"{words}-{answer.meta.period.first}-{answer.meta.period.last}"


LEVEL_WORDS = {"list": "prix catalogue", "invoice": "prix facture", "net-net": "prix net-net"}


def facts(answer: Answer) -> list[tuple[str, str]]:
    """Return what must travel with figures: title, periods, filters, scope, release, data state."""
    meta, state = answer.meta, answer.state
    found = [
        ("Titre", title(answer)),
        ("Période", meta.period.label()),
        ("Comparaison", meta.comparison.label() if meta.comparison else "aucune"),
        ("Filtres", _filters(meta.question)),
        ("Pharmacies", f"{len(meta.scope)} ({', '.join(meta.scope[:50])})"),
        ("Publication", meta.release),
        ("Données jusqu’au", state.data_until or ""),
    ]
    if meta.question and meta.question.level != "invoice":
        found.append(("Niveau de prix", LEVEL_WORDS[meta.question.level]))
    return found + [("Remarque", note) for note in state.notes]


def _filters(question: Question | None) -> str:
    if question is None or not question.where:
        return "aucun"
    texts = []
    for each in question.where:
        sign = "≠" if each.exclude else "="
        texts.append(f"{glossary.label(each.dimension)} {sign} {', '.join(each.values)}")
    return " ; ".join(texts)


def definitions(answer: Answer) -> list[tuple[str, str, str]]:
    """Return label, unit and definition of each measure and dimension, once."""
    found = {
        column.of: (column.label, column.unit.sign, column.definition)
        for column in answer.columns
        if column.kind in {ColumnKind.KEY, ColumnKind.MEASURE}
    }
    return list(found.values())


def plain_number(value: float | Decimal) -> str:
    """Write a number in full, with no exponent and no rounding, point decimal.

    >>> plain_number(1e-07), plain_number(Decimal("12.30"))
    ('0.0000001', '12.30')
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return f"{exact:f}"
