"""Formulas of measures: a text of names and + − × ÷, read once, worked out in SQL or on columns."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from galien.kernel.errors import InternalError

T = TypeVar("T")
Operation = Callable[[T, T], T]

_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}


def work_out(text: str, name: Callable[[str], T], operations: dict[str, Operation[T]]) -> T:
    """Work a formula out: each name given by `name`, each sign done by its operation.

    Raises InternalError when the text holds anything else.

    >>> import operator
    >>> work_out("a + b / c", {"a": 1, "b": 6, "c": 3}.get,
    ...          {"+": operator.add, "/": operator.truediv})
    3.0
    """

    def done(node: ast.expr) -> T:
        if isinstance(node, ast.Name):
            return name(node.id)
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            return operations[_SIGNS[type(node.op)]](done(node.left), done(node.right))
        raise InternalError(f"Formule illisible : « {text} ».")

    return done(_parsed(text))


def names_of(text: str) -> frozenset[str]:
    """Return the names a formula combines.

    >>> sorted(names_of("(a + b) / a"))
    ['a', 'b']
    """
    return frozenset(node.id for node in ast.walk(_parsed(text)) if isinstance(node, ast.Name))


def as_sql(text: str, suffix: str = "") -> str:
    """Write a formula in SQL, in binary numbers; what has no divisor is null.

    >>> as_sql("a / b", "_previous")
    '(cast(a_previous as double) / nullif(cast(b_previous as double), 0))'
    """
    operations: dict[str, Operation[str]] = {
        "+": "({} + {})".format,
        "-": "({} - {})".format,
        "*": "({} * {})".format,
        "/": "({} / nullif({}, 0))".format,
    }
    return work_out(text, lambda name: f"cast({name}{suffix} as double)", operations)


@cache
def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
