"""Figures typed in the address of a page: read the French way, shown again as they were typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from galien.kernel import french
from galien.web.components.models import Field, Option

HUNDRED = Decimal(100)
LARGEST = Decimal(10) ** 12
SPACES = "\u202f\u00a0 \u2009"


def read_number(text: str) -> Decimal | None:
    """Read a number typed with spaces and a comma or a point; None when it is not one.

    >>> str(read_number("1 234,50 €")), read_number("douze")
    ('1234.50', None)
    """
    bare = text.strip().rstrip("€% ").replace("\u2212", "-")
    for space in SPACES:
        bare = bare.replace(space, "")
    try:
        found = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < LARGEST else None


@dataclass
class TypedForm:
    """A form whose answers are in the address; each call reads one and adds its field.

    A figure that is not typed takes its default (the accounts', or none); one that cannot be read
    has its error beside it and counts as not typed.
    """

    given: Mapping[str, str]
    fields: dict[str, Field] = field(default_factory=dict)

    def amount(
        self, name: str, label: str, default: Decimal | None = None, **more: str
    ) -> Decimal | None:
        """Read euros (or another unit, by `suffix`); `help` goes under the field."""
        return self._number(name, label, default, {"suffix": "€", **more})

    def percent(
        self, name: str, label: str, default: Decimal | None = None, **more: str
    ) -> Decimal | None:
        """Read a percentage: 3,5 typed is the ratio 0.035."""
        shown = None if default is None else default * HUNDRED
        found = self._number(name, label, shown, {"suffix": "%", **more})
        return None if found is None else found / HUNDRED

    def whole(self, name: str, label: str, default: int | None = None, **more: str) -> int | None:
        """Read a whole number."""
        found = self._number(name, label, None if default is None else Decimal(default), more)
        return None if found is None else int(found)

    def one_of(self, name: str, label: str, options: Mapping[str, str], **more: str) -> str:
        """Read a choice; a stranger is the first option."""
        asked = self.given.get(name, "")
        chosen = asked if asked in options else next(iter(options))
        self.fields[name] = Field(
            name, label, kind="select", required=True, help=more.get("help", ""),
            options=tuple(Option(key, text, chosen=key == chosen) for key, text in options.items()),
        )  # fmt: skip
        return chosen

    def ticked(self, name: str, label: str, **more: str) -> bool:
        """Read a box; an absent one is not ticked."""
        on = self.given.get(name) == "1"
        self.fields[name] = Field(name, label, kind="check", checked=on, help=more.get("help", ""))
        return on

    @property
    def wrong(self) -> bool:
        """Tell whether a field has an error to be seen."""
        return any(each.error for each in self.fields.values())

    def of(self, *names: str) -> tuple[Field, ...]:
        """Return the fields of some names, in order."""
        return tuple(self.fields[name] for name in names)

    def kept(self, *others: str) -> tuple[tuple[str, str], ...]:
        """Return what was typed, and other parts of the address, for links."""
        names = (*self.fields, *others)
        return tuple((name, self.given[name]) for name in names if self.given.get(name))

    def href(self, path: str, **more: str) -> str:
        """Return the address of the page with what was typed and more."""
        pairs = {**dict(self.kept("pharmacie", "exercice")), **more}
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def _number(
        self, name: str, label: str, default: Decimal | None, more: Mapping[str, str]
    ) -> Decimal | None:
        text = self.given.get(name, "").strip()
        found = read_number(text) if text else default
        error = ""
        if text and found is None:
            error = f"« {text[:20]} » n’est pas un nombre."
        elif found is not None and found < 0 and "signed" not in more:
            error, found = "Un nombre positif est attendu.", None
        self.fields[name] = Field(
            name, label, value=text or _written(default, plain="plain" in more), error=error,
            suffix=more.get("suffix", ""), help=more.get("help", ""), autocomplete="off",
        )  # fmt: skip
        return found


def _written(value: Decimal | None, *, plain: bool) -> str:
    """Write a default as a person would type it, without needless decimals; `plain` is a year."""
    if value is None:
        return ""
    if plain:
        return str(value)
    rounded = round(value, 2)
    decimals = 0 if rounded == rounded.to_integral_value() else 2
    return french.number(rounded, decimals)
