"""The trade's words: the French label, unit, definition and source of every identifier.

The words are in `docs/glossary.yaml`, which the wheel carries beside this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from galien.kernel.errors import InternalError, did_you_mean
from galien.kernel.units import Unit

_INSTALLED = Path(__file__).with_name("glossary.yaml")
_CHECKOUT = Path(__file__).resolve().parents[3] / "docs" / "glossary.yaml"
_PARTS = frozenset({"label", "unit", "definition", "source", "belgium"})


@dataclass(frozen=True)
class Term:
    """One word of the trade: how it is printed, counted and defined, and who says so."""

    name: str
    label: str
    unit: Unit
    definition: str
    source: str
    belgium: str | None = None


def glossary_path() -> Path:
    """Return the glossary's file: beside this module once installed, in docs/ in a checkout."""
    return _INSTALLED if _INSTALLED.exists() else _CHECKOUT


def read_terms(path: Path) -> dict[str, Term]:
    """Read a glossary file.

    Raises InternalError when an entry has an unknown part, lacks one, or names no unit of ours.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return {name: _term(name, entry) for name, entry in entries.items()}


@cache
def terms() -> dict[str, Term]:
    """Return every term by its identifier, read once."""
    return read_terms(glossary_path())


def term(name: str) -> Term:
    """Return the term of an identifier, made from its base for NAME_previous, _change and _label.

    Raises InternalError when the glossary does not have it.

    >>> term("sales_excl_change").label
    'CA HT, évolution'
    """
    found = terms().get(name) or _derived(name)
    if found is None:
        near = did_you_mean(name, terms())
        message = f"Le mot « {name} » n’est pas au glossaire, docs/glossary.yaml. {near}"
        raise InternalError(message, code="GLOSSARY")
    return found


def label(name: str, *, country: str = "FR") -> str:
    """Return the French label of an identifier, Belgium's own with country "BE".

    >>> label("sales_incl"), label("sales_incl", country="BE")
    ('CA TTC', 'CA TVAC')
    """
    found = term(name)
    return found.belgium if country == "BE" and found.belgium else found.label


def definition(name: str) -> str:
    """Return what an identifier means, in one French sentence.

    >>> definition("discount_amount")
    'Achats au prix catalogue moins achats au prix remisé.'
    """
    return term(name).definition


def unit(name: str) -> Unit:
    """Return the unit of an identifier.

    >>> unit("discount_rate").sign
    '%'
    """
    return term(name).unit


def source(name: str) -> str:
    """Return who says what an identifier means, or where its figures come from.

    >>> source("cip7")
    'BDPM'
    """
    return term(name).source


def _term(name: str, entry: dict[str, str]) -> Term:
    parts = set(entry)
    if not _PARTS - {"belgium"} <= parts <= _PARTS:
        message = (
            f"Glossaire, mot « {name} » : il faut label, unit, definition, source (et belgium)."
        )
        raise InternalError(message, code="GLOSSARY")
    if entry["unit"] not in list(Unit):
        message = f"Glossaire, mot « {name} » : unité « {entry['unit']} » inconnue."
        raise InternalError(message, code="GLOSSARY")
    return Term(
        name=name,
        label=entry["label"],
        unit=Unit(entry["unit"]),
        definition=entry["definition"],
        source=entry["source"],
        belgium=entry.get("belgium"),
    )


def _derived(name: str) -> Term | None:
    base, _, suffix = name.rpartition("_")
    whole = terms().get(base)
    if whole is None or suffix not in {"previous", "change", "label"}:
        return None
    if suffix == "label":
        return Term(name, whole.label, Unit.NONE, whole.definition, whole.source, whole.belgium)
    added, kept_unit, meaning = {
        "previous": (", période comparée", whole.unit, f"Période comparée : {whole.definition}"),
        "change": (
            ", évolution",
            Unit.RATIO,
            f"(période − période comparée) ÷ |période comparée| : {whole.definition}",
        ),
    }[suffix]
    belgium = whole.belgium + added if whole.belgium else None
    return Term(name, whole.label + added, kept_unit, meaning, whole.source, belgium)
