"""What the address of the panel says: the civil year, the rule of the old set, the colours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from galien.calculators.accounting.classification import MAJORITY, PLURALITY

RULES = {"majorite": MAJORITY, "pluralite": PLURALITY}
COLOURS = {"nouveau": "Nouveau classement", "ancien": "Ancien classement", "modele": "Modèle"}


@dataclass(frozen=True)
class Address:
    """The state of the page."""

    civil_year: int | None
    rule: str
    colour: str

    def query(self, **changed: Any) -> str:
        """Return the end of the address, with some parts changed."""
        state = replace(self, **changed)
        rule = next(word for word, name in RULES.items() if name == state.rule)
        pairs = {"annee": state.civil_year or "", "regle": rule, "couleur": state.colour}
        return urlencode({name: value for name, value in pairs.items() if value})

    def href(self, **changed: Any) -> str:
        """Return the address of the page, with some parts changed."""
        return f"/gestion/classification?{self.query(**changed)}"
