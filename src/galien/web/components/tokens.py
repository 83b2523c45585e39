"""The design tokens as the server reads them, from the same sheet as the browser."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SHEET = Path(__file__).resolve().parent.parent / "static" / "galien" / "tokens.css"
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")


@cache
def tokens(theme: str = "light") -> dict[str, str]:
    """Return the tokens of a theme (`light` or `dark`), named with their dashes."""
    text = SHEET.read_text(encoding="utf-8")
    light, *dark = re.split(r"@media screen", text)
    found = _read(light)
    return found if theme == "light" else {**found, **_read(dark[-1])}


def _read(css: str) -> dict[str, str]:
    return {f"--{name}": value.strip() for name, value in _TOKEN.findall(css)}
