"""Doors to the data: who may read the release that serves, module by module.

Figures pass through `ask` and rows through the door of detail, which cut them to the viewer's rights.
"""

from __future__ import annotations

import ast

import pytest

from tests.house.source import modules

READERS = {
    "ask.py": "the door of questions",
    "detail.py": "the door of rows",
    "reading.py": "the view of the release, kept between questions",
    "freshness.py": "how far the viewer's data go: days and states, no figure",
    "data_calendar.py": "which days came whole, of the days the viewer may list",
    "values.py": "the names a filter may take, of the viewer's pharmacies",
    "pay/book.py": "regulated prices and registers, which are public",
    "contract_monitor.py": "the last day of purchases and the names of suppliers",
}
NETWORK = {
    "prices/network.py": "an elasticity of all pharmacies, and which products shoppers compare",
    "prices/witnesses.py": "sums of products, five other pharmacies of each at least",
    "prices/reading.py": "quartiles of prices, five pharmacies closed to the reader at least",
}
WHERE = "src/galien/usecases/"


def named(tree: ast.Module) -> set[str]:
    """Return the attributes and names a module uses."""
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return attributes | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ({"hold", "engine"}, READERS),
        ({"read_network"}, NETWORK | {"detail.py": "the door"}),
    ],
)
def test_data_are_read_through_the_doors(words: set[str], allowed: dict[str, str]) -> None:
    found = {
        path.removeprefix(WHERE)
        for path, tree in modules("src").items()
        if path.startswith(WHERE) and named(tree) & words
    }
    strangers = found - allowed.keys()
    assert not strangers, f"read through ask or usecases/detail.py: {sorted(strangers)}"
    assert allowed.keys() - {"detail.py"} <= found, "an exception is no longer needed"


@pytest.mark.parametrize("folder", ["web", "api", "cli", "jobs"])
def test_no_page_nor_command_reads_the_release(folder: str) -> None:
    found = [
        path
        for path, tree in modules("src").items()
        if path.startswith(f"src/galien/{folder}/") and "hold" in named(tree)
    ]
    assert found == []
