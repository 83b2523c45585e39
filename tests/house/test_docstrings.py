"""Every module says what it is in the words of the trade; every public thing says what it does."""

from __future__ import annotations

import ast

from tests.house.source import Definition, definitions, modules

SAYS_NOTHING_MORE = {"overload", "override", "setter"}


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        path
        for folder in ("src", "tests", "tools")
        for path, module in modules(folder).items()
        if not (ast.get_docstring(module) or "").strip() and module.body
    ]
    assert silent == []


def test_every_public_function_and_class_says_what_it_does() -> None:
    silent = [
        f"{path}::{name}"
        for path, module in modules("src").items()
        for name, node in definitions(module)
        if _is_public(name) and not _is_known_elsewhere(node) and not ast.get_docstring(node)
    ]
    assert silent == []


def _is_public(name: str) -> bool:
    return not any(part.startswith("_") or part == "Meta" for part in name.split("."))


def _is_known_elsewhere(node: Definition) -> bool:
    """Tell whether what a definition does is said where it comes from."""
    names = {_last_name(decorator) for decorator in node.decorator_list}
    return bool(names & SAYS_NOTHING_MORE)


def _last_name(decorator: ast.expr) -> str:
    if isinstance(decorator, ast.Attribute):
        return decorator.attr
    return decorator.id if isinstance(decorator, ast.Name) else ""
