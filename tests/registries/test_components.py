"""Every component says how it is used, and the gallery shows it."""

from __future__ import annotations

import re

import pytest

from tests.builders.gallery import WEB, render

COMPONENTS = sorted((WEB / "components").glob("*.html"))
SHELL = sorted((WEB / "shell").glob("*.html"))
TEMPLATES = sorted(WEB.rglob("*.html"))


@pytest.mark.parametrize("template", [*COMPONENTS, *SHELL], ids=lambda path: path.name)
def test_a_component_opens_with_its_use(template: object) -> None:
    text = template.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert re.match(r"\{# .{20,}", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_style_or_a_script_the_policy_refuses(template: object) -> None:
    text = template.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert re.findall(r"\sstyle=|<style|\son\w+=|javascript:", text) == []
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", text)
    assert inline == []


@pytest.mark.parametrize(
    "name",
    ["headline", "table-card", "chart-card", "notice", "empty", "progress", "calendar", "field"],
)
def test_the_gallery_shows_the_component(name: str) -> None:
    assert re.search(rf'class="[^"]*\b{name}\b', render())


def test_the_gallery_has_one_heading_and_labels_its_fields() -> None:
    html = render()
    assert html.count("<h1") == 1
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r'<label for="([^"]+)"', html)) <= ids
    assert len(ids) == len(re.findall(r'\sid="[^"]+"', html))
