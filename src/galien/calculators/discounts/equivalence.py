"""Which boxes replace one another: same generic group, same strength, same form, same pack."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from galien.calculators.discounts.boxes import Box, Form, form_of, pack_of, read_box
from galien.calculators.discounts.strengths import Strength, read_strength

_EQUIVALENT = re.compile(r"^.*\béquival[ae]nt à\s+", re.IGNORECASE)
_KEPT_UPPER = frozenset({"UI", "MUI", "LP"})


@dataclass(frozen=True)
class Presentation:
    """A box as the public base writes it: its group, its lab, and the texts on it.

    `pack` is the size in words (« boîte de 28 », « 1 flacon de 60 ml »), empty when it is unknown.
    """

    code: str
    generic_group: str
    group_label: str
    lab: str
    form: str
    strength: str
    pack: str


@dataclass(frozen=True)
class Equivalence:
    """Boxes that replace one another. `units` is the size of the box, or of the usual one.

    `units` counts tablets, millilitres, grams or doses. An equivalence whose pack or strength could
    not be read holds one presentation and is not `read`.
    """

    key: str
    label: str
    generic_group: str
    strength: str
    form: str
    pack: str
    units: Decimal
    read: bool = True


@dataclass(frozen=True)
class Placed:
    """A presentation in its equivalence; `units` are those of its own box."""

    equivalence: Equivalence
    units: Decimal


@dataclass(frozen=True)
class _Read:
    """A presentation with what was read of it."""

    said: Presentation
    strength: Strength | None
    form: Form
    box: Box | None


def equivalences(
    presentations: Iterable[Presentation], *, same_box: bool = True
) -> dict[str, Placed]:
    """Place each presentation in its equivalence, by product code.

    Purpose: compare labs on what a patient can be given instead. Inputs: presentations of generic
    groups. With `same_box` packs of 28 and 30 are two equivalences; without, packs that last the same
    number of months (28 or 30, 84 or 90…) are one. What cannot be read stands alone.
    Source: handbook, Comparator; article L. 5121-1 of the public health code for oral forms of
    immediate release, which count as one form; docs/methods/comparateur.md.

    >>> def box(code, lab, strength, pack):
    ...     return Presentation(code, "7", "AMOXICILLINE 1 g (X)", lab, "comprimé", strength, pack)
    >>> found = equivalences([box("1", "ARROW", "1 g", "boîte de 14"),
    ...     box("2", "BIOGARAN", "1000 mg", "boîte de 14"), box("3", "EG", "1 g", "boîte de 6")])
    >>> found["1"].equivalence == found["2"].equivalence, found["3"].equivalence.label
    (True, 'Amoxicilline 1 g, boîte de 6')
    """
    by_group: dict[str, list[_Read]] = defaultdict(list)
    for each in sorted(presentations, key=lambda said: said.code):
        form = form_of(each.form)
        strength = read_strength(each.strength)
        by_group[each.generic_group].append(
            _Read(each, strength, form, read_box(each.pack, form, strength))
        )
    placed: dict[str, Placed] = {}
    for members in by_group.values():
        agreed = _with_common_volumes(_with_common_strengths(members))
        several = len({each.strength.key for each in agreed if each.strength}) > 1
        known: dict[str, Equivalence] = {}
        for member in agreed:
            made = _place(member, same_box=same_box, several=several)
            kept = known.setdefault(made.equivalence.key, made.equivalence)
            placed[member.said.code] = replace(made, equivalence=kept)
    return placed


def _with_common_strengths(members: Sequence[_Read]) -> list[_Read]:
    """Give the group's only strength to names without one; 600 mg is the 600 mg/4 ml of the group."""
    known = {each.strength.key: each.strength for each in members if each.strength}
    dissolved = {
        strength.amounts: strength for _, strength in sorted(known.items()) if strength.volume
    }
    only = next(iter(known.values())) if len(known) == 1 else None
    return [
        replace(each, strength=only)
        if each.strength is None
        else replace(each, strength=dissolved.get(each.strength.amounts, each.strength))
        for each in members
    ]


def _with_common_volumes(members: Sequence[_Read]) -> list[_Read]:
    """Read a powder to be dissolved by the volume it makes, where its weight is all a lab writes.

    The weight depends on the excipients. When no lab sells two bottles, all make the same volume.
    """
    found = list(members)
    bottles: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for place, each in enumerate(found):
        if each.strength and each.box and each.form.dissolved and each.box.content:
            bottles[each.strength.key, each.form.key, each.box.count].append(place)
    for places in bottles.values():
        boxes = {place: box for place in places if (box := found[place].box)}
        sizes: Mapping[str, set[str]] = defaultdict(set)
        for place, box in boxes.items():
            sizes[found[place].said.lab].add(box.key)
        volumes = {box.key: box for box in boxes.values() if box.unit == "ml"}
        if len(volumes) > 1 or any(len(each) > 1 for each in sizes.values()):
            continue
        common = min(volumes.values() or boxes.values(), key=lambda box: box.content)
        for place in places:
            found[place] = replace(found[place], box=common)
    return found


def _place(read: _Read, *, same_box: bool, several: bool) -> Placed:
    said, box, strength = read.said, read.box, read.strength
    if box is None or strength is None:
        return Placed(_alone(read), box.units if box else Decimal(1))
    pack = pack_of(box, same_box=same_box)
    substance = _substance(said, several=several)
    return Placed(
        Equivalence(
            key=f"{said.generic_group}|{strength.key}|{read.form.key}|{pack.key}",
            label=", ".join(part for part in (substance, read.form.label, pack.wording) if part),
            generic_group=said.generic_group,
            strength=strength.key,
            form=read.form.key,
            pack=pack.wording,
            units=pack.units,
        ),
        box.units,
    )


def _alone(read: _Read) -> Equivalence:
    said = read.said
    parts = (_substance(said), read.form.label, said.pack or f"code {said.code}")
    return Equivalence(
        key=f"{said.generic_group}|{said.code}",
        label=", ".join(part for part in parts if part),
        generic_group=said.generic_group,
        strength=read.strength.key if read.strength else "",
        form=read.form.key,
        pack=said.pack,
        units=read.box.units if read.box else Decimal(1),
        read=False,
    )


def _substance(said: Presentation, *, several: bool = False) -> str:
    """Name a group by its substances and their strength: the box's own when the group has several.

    >>> def named(text):
    ...     return _substance(Presentation("1", "7", text, "", "", "60 mg", ""))
    >>> named("DULOXÉTINE (CHLORHYDRATE DE) équivalant à DULOXÉTINE 60 mg (CYMBALTA 60 mg, gélule)")
    'Duloxétine 60 mg'
    >>> named("LÉVOTHYROXINE (LEVOTHYROX (NF))")
    'Lévothyroxine 60 mg'
    """
    parts = [
        _EQUIVALENT.sub("", part) for part in _without_reference(said.group_label).split(" + ")
    ]
    plain = [re.sub(r"\s*\([^()]*\)+", "", part).strip() for part in parts]
    named = " + ".join(_sentence(part) for part in plain if part)
    if several and said.strength:
        return f"{re.split(r' [0-9]', named, maxsplit=1)[0]} {said.strength}"
    if not re.search(r"\d", named) and said.strength:
        named = f"{named} {said.strength}".strip()
    return named or f"Groupe {said.generic_group}"


def _without_reference(label: str) -> str:
    """Take off the reference medicine, the last parenthesis of a group's label."""
    if not label.endswith(")"):
        return re.split(r"\s?-\s?(?=[A-Z])", label, maxsplit=1)[0]
    depth = 0
    for place in range(len(label) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(label[place], 0)
        if depth == 0:
            return label[:place].strip()
    return label


def _sentence(text: str) -> str:
    """Write a name in capitals as a sentence does; units keep their case."""
    words = [
        word.lower() if word.isupper() and len(word) > 1 and word not in _KEPT_UPPER else word
        for word in text.split()
    ]
    joined = re.sub(r"(?i)\bmicrogrammes?\b", "µg", " ".join(words))
    return joined[:1].upper() + joined[1:]
