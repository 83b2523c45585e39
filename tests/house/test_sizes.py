"""Sizes of the code: a module holds one idea, a function fits on a screen.

Run as a script it prints the present figures. The exceptions may only shrink: an entry that is no
longer needed, or a figure larger than its entry, is red.
"""

from __future__ import annotations

import statistics

from tests.house.source import functions, line_count, modules

MODULE_LIMIT = 400
FUNCTION_LIMIT = 60
MODULE_EXCEPTIONS: dict[str, int] = {}
FUNCTION_EXCEPTIONS: dict[str, int] = {}


def test_a_module_holds_one_idea() -> None:
    sizes = {path: line_count(path) for path in (*modules("src"), *modules("tests"))}
    assert _beyond(sizes, MODULE_LIMIT, MODULE_EXCEPTIONS) == []


def test_a_function_fits_on_a_screen() -> None:
    sizes = {f"{each.path}::{each.name}": each.lines for each in functions("src")}
    assert _beyond(sizes, FUNCTION_LIMIT, FUNCTION_EXCEPTIONS) == []


def test_exceptions_only_shrink() -> None:
    assert _beyond({"a": 70, "b": 50}, 60, {"a": 65, "b": 70}) == [
        "a: 70 lines, 65 allowed",
        "b: 50 lines, its exception is no longer needed",
    ]


def _beyond(sizes: dict[str, int], limit: int, exceptions: dict[str, int]) -> list[str]:
    too_long = [
        f"{name}: {size} lines, {exceptions.get(name, limit)} allowed"
        for name, size in sizes.items()
        if size > exceptions.get(name, limit)
    ]
    needless = [
        f"{name}: {sizes.get(name, 0)} lines, its exception is no longer needed"
        for name in exceptions
        if sizes.get(name, 0) <= limit
    ]
    return too_long + needless


def figures() -> str:
    """Return the present sizes, one line for each kind of thing."""
    sizes = {
        "modules": [line_count(path) for path in modules("src")],
        "test modules": [line_count(path) for path in modules("tests")],
        "functions": [each.lines for each in functions("src")],
        "test functions": [each.lines for each in functions("tests")],
    }
    lines = [f"{'':16}{'count':>7}{'median':>8}{'p90':>6}{'longest':>9}"]
    for name, values in sizes.items():
        p90 = statistics.quantiles(values, n=10)[-1]
        middle = statistics.median(values)
        lines.append(f"{name:16}{len(values):>7}{middle:>8.0f}{p90:>6.0f}{max(values):>9}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(figures())  # noqa: T201 - a figure is made to be read
