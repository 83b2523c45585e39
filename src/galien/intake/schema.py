"""Reads declared tables key by key, with errors in French that say where and name the nearest key."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from galien.kernel.errors import InvalidInput, did_you_mean


class SchemaReader:
    """Reads the parts of one declared document; `where` is its name in errors."""

    def __init__(self, where: str) -> None:
        self._where = where

    def error(self, at: str, why: str) -> InvalidInput:
        """Make the error of a place of the document."""
        place = f", {at}" if at else ""
        end = "" if why.endswith((".", "?")) else "."
        return InvalidInput(f"Correspondance {self._where}{place} : {why}{end}")

    def table(self, content: Any, at: str, *, known: Iterable[str]) -> dict[str, Any]:
        """Check that a part is a table with known keys only."""
        if not isinstance(content, dict):
            raise self.error(at, "un tableau « clé : valeur » est attendu")
        names = tuple(known)
        for key in content:
            self.known(str(key), names, at)
        return {str(key): value for key, value in content.items()}

    def known(self, name: str, names: Iterable[str], at: str) -> None:
        """Check that a name is one of those known."""
        names = tuple(names)
        if name not in names:
            raise self.error(at, f"« {name} » est inconnu. {did_you_mean(name, names)}")

    def text(self, table: dict[str, Any], key: str, at: str, default: str | None = None) -> str:
        """Return a text; an error when it is absent and has no default."""
        value = table.get(key, default)
        if not isinstance(value, str) or not value:
            raise self.error(f"{at}.{key}".lstrip("."), "un texte est attendu")
        return value

    def choice(
        self,
        table: dict[str, Any],
        key: str,
        at: str,
        names: Iterable[str],
        default: str | None = None,
    ) -> str:
        """Return one of the known names."""
        value = str(table.get(key, default if default is not None else ""))
        self.known(value, names, f"{at}.{key}")
        return value

    def ratio(self, table: dict[str, Any], key: str, at: str, default: str) -> Decimal:
        """Return a ratio between 0 and 1."""
        try:
            value = Decimal(str(table.get(key, default)))
        except InvalidOperation:
            value = Decimal(-1)
        if not 0 <= value <= 1:
            raise self.error(f"{at}.{key}", "une part entre 0 et 1 est attendue (0.05 pour 5 %)")
        return value
