"""The colours are readable: contrasts of WCAG 2.2 AA computed on the sheet itself, in both themes."""

from __future__ import annotations

import re

import pytest

from galien.web.components.tokens import SHEET, tokens

TEXTS = ("--ink", "--ink-2", "--ink-3", "--accent", "--up", "--down", "--warn", "--info")
GROUNDS = ("--page", "--card", "--hover")
PAIRS = [
    *((text, ground, 4.5) for text in TEXTS for ground in GROUNDS),
    ("--ink", "--accent-soft", 4.5),
    ("--ink-2", "--accent-soft", 4.5),
    ("--accent", "--accent-soft", 4.5),
    ("--up", "--accent-soft", 4.5),
    ("--down", "--down-soft", 4.5),
    ("--warn", "--warn-soft", 4.5),
    ("--info", "--info-soft", 4.5),
    ("--ink-2", "--line-2", 4.5),
    ("--accent-ink", "--accent", 4.5),
    ("--accent-ink", "--accent-hover", 4.5),
    *(("--tile-ink", f"--s{rank}", 4.5) for rank in range(1, 7)),
    *((f"--s{rank}", "--card", 3.0) for rank in range(1, 7)),
    ("--control", "--card", 3.0),
    ("--control", "--page", 3.0),
    ("--focus", "--page", 3.0),
    ("--focus", "--card", 3.0),
    ("--prev-2", "--card", 3.0),
]


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2, definition of relative luminance)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_controls_and_series_stand_out(theme: str) -> None:
    colours = tokens(theme)
    faint = []
    for front, back, least in PAIRS:
        low, high = sorted((luminance(colours[front]), luminance(colours[back])))
        ratio = (high + 0.05) / (low + 0.05)
        if ratio < least:
            faint.append(f"{front} on {back}: {ratio:.2f}, at least {least} needed")
    assert faint == []


def test_the_dark_colours_are_the_same_by_choice_and_by_system() -> None:
    _, by_system, by_choice = SHEET.read_text(encoding="utf-8").split("@media screen")
    written = [re.findall(r"--[\w-]+: [^;]+;", block) for block in (by_system, by_choice)]
    assert written[0] == written[1]
    assert len(written[0]) > 30


def test_no_sheet_uses_a_token_that_does_not_exist() -> None:
    known = set(tokens())
    sheets = sorted(SHEET.parent.glob("*.css"))
    unknown = {
        f"{sheet.name}: {name}"
        for sheet in sheets
        for name in re.findall(r"var\((--[\w-]+)", sheet.read_text(encoding="utf-8"))
        if name not in known
    }
    assert unknown == set()
