"""The form of a medicine and the size of its box, as far as they tell which boxes replace another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.discounts.strengths import Strength
from galien.kernel import french

ONE = Decimal(1)


@dataclass(frozen=True)
class Form:
    """A family of pharmaceutical forms that replace one another. `label` is empty for the usual one.

    `dissolved`: a powder that water makes a bottle of; `measured`: its box is told by a content
    (a bottle, a tube) and not by a count only.
    """

    key: str
    label: str
    dissolved: bool = False


# The first line whose words are all in the form names its family.
_FAMILIES: tuple[tuple[str, Form], ...] = (
    (
        r"^(?:poudre|lyophilisat).*(?:inject|perfusion|parenteral)",
        Form("powder-injected", "poudre injectable"),
    ),
    (r"inject|perfusion|parenteral", Form("injected", "injectable")),
    (r"collyre|ophtalm", Form("eye-drops", "collyre")),
    (r"nebuliseur", Form("nebulised", "pour nébuliseur")),
    (r"inhal", Form("inhaled", "à inhaler")),
    (r"vagina|ovule", Form("vaginal", "ovule")),
    (r"suppositoire|rectal", Form("rectal", "suppositoire")),
    (r"patch|dispositif|systeme de diffusion|emplatre", Form("patch", "dispositif")),
    (r"gomme|pastille|croquer|sucer", Form("chewed", "à croquer ou à sucer")),
    (r"orodispersible|lyophilisat", Form("orodispersible", "orodispersible")),
    (
        r"(?:poudre|granule).*(?:buvable|oral)",
        Form("dissolved", "à dissoudre", dissolved=True),
    ),
    (r"effervescent|dispersible|pour solution buvable", Form("soluble", "dispersible")),
    (r"gouttes", Form("drops", "gouttes")),
    (r"sirop|buvable", Form("drunk", "buvable")),
    (
        r"gastro|liberation (?:prolongee|modifiee)",
        Form("delayed", "libération modifiée"),
    ),
    (r"comprime|gelule|capsule|pilule", Form("oral", "")),
)  # fmt: skip
_WORDING = re.compile(
    r"^(?P<count>\d+) (?P<container>\S+(?: \S+)*?)(?: de (?P<content>\d+(?:[  ]\d{3})*(?:,\d+)?)\s*"
    r"(?P<unit>\S+))?$"
)
_AT_THE_END = re.compile(r", (boîte de \d+|\d+ [^,]+?(?: de [\d \u00a0]+(?:,\d+)? ?[^\s,]+)?)$")
# A month of treatment is 28 or 30 tablets, a quarter 84 or 90.
HALF_MONTHS = (1, 2, 4, 6, 8, 12)
_BOX = re.compile(r"^boîte de (\d+)$")
_MEASURES: dict[str, tuple[str, Decimal]] = {
    "ml": ("ml", ONE),
    "l": ("ml", Decimal(1000)),
    "g": ("g", ONE),
    "kg": ("g", Decimal(1000)),
    "mg": ("g", Decimal("0.001")),
    "dose": ("dose", ONE),
    "doses": ("dose", ONE),
    "pulverisation": ("dose", ONE),
    "pulverisations": ("dose", ONE),
}
# Containers that hold one dose: their content is told by the strength.
_ONE_DOSE = ("sachet", "ampoule", "recipient", "seringue", "cartouche", "comprime", "gelule")


@dataclass(frozen=True)
class Box:
    """A box: how many containers or tablets, and what each holds; no `content` when it is counted."""

    count: int
    content: Decimal = Decimal(0)
    unit: str = ""
    container: str = ""

    @property
    def units(self) -> Decimal:
        """Return the units of dose of the box: tablets, or millilitres, grams, doses."""
        return self.count * (self.content or ONE)

    @property
    def key(self) -> str:
        """Return what tells this box from another; a bottle and a jar of 60 ml are the same.

        >>> Box(28).key, Box(2, Decimal("2.5"), "ml", "flacon").key
        ('28', '2x2.5ml')
        """
        return (
            f"{self.count}x{self.content.normalize():f}{self.unit}"
            if self.content
            else str(self.count)
        )

    @property
    def wording(self) -> str:
        """Say the box as screens do.

        >>> Box(28).wording, Box(1, Decimal(60), "ml", "flacon").wording
        ('boîte de 28', '1 flacon de 60 ml')
        """
        if not self.container:
            return f"boîte de {self.count}"
        many = "s" if self.count > 1 and not self.container.endswith(("s", "x")) else ""
        counted = f"{self.count} {self.container}{many}"
        unit = "doses" if self.unit == "dose" else self.unit
        return f"{counted} de {plain(self.content)} {unit}" if self.content else counted


def form_of(form: str) -> Form:
    """Return the family of a form; one that no family holds is its own.

    >>> form_of("comprimé pelliculé sécable") == form_of("gélule"), form_of("crème").label
    (True, 'crème')
    """
    folded = french.fold(form)
    for words, family in _FAMILIES:
        if re.search(words, folded):
            return family
    return Form(re.sub(r"\W+", "-", folded).strip("-"), re.sub(r"\(.*?\)", "", form).strip())


def read_box(pack: str, form: Form, strength: Strength | None) -> Box | None:
    """Read a pack written as « boîte de 28 » or « 10 ampoules de 2 ml »; None when it is not.

    What a container of one dose holds counts only where the strength is a concentration.
    """
    counted = _BOX.match(pack)
    if counted:
        return Box(int(counted[1]))
    found = _WORDING.match(pack)
    if found is None or int(found["count"]) == 0:
        return None
    count, container = int(found["count"]), _singular(found["container"])
    if found["content"] is None:
        return _without_content(count, container, form, strength)
    content = Decimal(re.sub(r"\s", "", found["content"]).replace(",", "."))
    unit = french.fold(found["unit"])
    if unit not in _MEASURES:  # three strips of ten single-dose vials
        return Box(count * int(content)) if content == int(content) else None
    kind, factor = _MEASURES[unit]
    if form.key == "powder-injected" or _told_by_strength(container, kind, form, strength):
        return Box(count, container=container)
    return Box(count, content * factor, kind, container)


@dataclass(frozen=True)
class Pack:
    """What boxes are compared by: a key, its words, the units of the usual box."""

    key: str
    wording: str
    units: Decimal


def pack_of(box: Box, *, same_box: bool) -> Pack:
    """Return the box itself, or the length of treatment it makes: 28 and 30 tablets are a month.

    >>> pack_of(Box(28), same_box=False) == pack_of(Box(30), same_box=False)
    True
    >>> [pack_of(Box(count), same_box=False).wording for count in (90, 8)]
    ['boîte de 84 ou 90', 'boîte de 8']
    """
    if not same_box and not box.content:
        for half_months in HALF_MONTHS:
            short, long = 14 * half_months, 15 * half_months
            if box.count in {short, long}:
                return Pack(f"{short}-{long}", f"boîte de {short} ou {long}", Decimal(long))
    return Pack(box.key, box.wording, box.units)


def pack_words(label: str) -> str:
    """Return the size of the box at the end of a product's label; empty when it is not there.

    >>> pack_words("DOLIPRANE 1000 mg, comprimé, boîte de 8")
    'boîte de 8'
    >>> pack_words("KETUM 2,5 %, gel, 1 tube de 2,5 g"), pack_words("KETUM 2,5 %, gel")
    ('1 tube de 2,5 g', '')
    """
    found = _AT_THE_END.search(label)
    return found[1] if found else ""


def plain(number: Decimal) -> str:
    """Write a number without useless zeros, as French does.

    >>> plain(Decimal("2.50")), plain(Decimal("60"))
    ('2,5', '60')
    """
    return f"{number.normalize():f}".replace(".", ",")


def _told_by_strength(container: str, kind: str, form: Form, strength: Strength | None) -> bool:
    """Tell whether a container of one dose holds what the strength already says."""
    if not french.fold(container).startswith(_ONE_DOSE):
        return False
    return not (strength and strength.volume) or (form.dissolved and kind == "g")


def _without_content(count: int, container: str, form: Form, strength: Strength | None) -> Box:
    """Count containers; one that holds a solution takes the volume its strength is written for."""
    if strength and strength.volume and strength.volume != 1 and form.key == "injected":
        return Box(count, Decimal(str(float(strength.volume))), "ml", container)
    return Box(count, container=container)


def _singular(container: str) -> str:
    word = container.lower().removesuffix("-doses").removesuffix("-dose")
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
