"""Reading what is written on packs: size, strength, laboratory, price, and a label for screens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_COUNTED = (
    "comprimé|gélule|capsule|sachet|suppositoire|ovule|pastille|gomme|dispositif|lyophilisat"
    "|granule|pilule|emplâtre|tablette|patch|film|tampon|cartouche"
)
_NUMBER = r"\d+(?:[ \u00a0]\d{3})*(?:,\d+)?"
_CONTENTS = re.compile(
    rf"\b(?:de|contenant)\s+(?P<count>{_NUMBER})(?: x 1)?\s*(?:\([^)]*\)\s*)?"
    r"(?P<unit>[a-zA-Zµéâ]+)?"
)
_LEADING = re.compile(r"^(?P<count>\d+)\s+(?P<container>[^\d,;+]+)")
_CONTAINER = re.compile(r"^[a-zé]+(?:\(s\))?(?:-[a-zé]+(?:\(s\))?)?", re.IGNORECASE)
_COUNTED_UNIT = re.compile(rf"^(?:{_COUNTED})", re.IGNORECASE)
# Containers that hold a quantity, not units: alone, they are one unit of sale.
_BULK = ("flacon", "tube", "ampoule", "poche", "bouteille", "pot", "pilulier", "bidon", "seringue")
_PLURAL = re.compile(r"\([sx]\)")
_UNIT = (
    r"(?:milliards?|millions?|microgrammes?|nanogrammes?|grammes?|mg|µg|kg|g|mL|ml|L|l|cm2|heures?"
    r"|h|U\.?I\.?|M\.?U\.?I\.?|MU|unités?|mmol|mEq|MBq|GBq|pour cent|POUR CENT|dose|%)"
)
_AMOUNT = rf"\d[\d  \u00a0]*(?:[,.]\d+)?\s?{_UNIT}(?![a-zé])(?:\s?\([^)]*\))?"
_STRENGTH = re.compile(
    rf"{_AMOUNT}(?:\s?[/+]\s?(?:{_AMOUNT}|{_UNIT}(?![a-zé])))*(?:\s(?:par|pour)\s(?:\d+\s?)?[a-zA-Z]+)?"
)
_RATE = re.compile(r"(\d{1,3})\s*%")

# Groups that hold their medicines under several companies: the name a buyer knows them by.
_KNOWN_AS = (
    "ACCORD", "ALMUS", "AMGEN", "ARROW", "ASTRAZENECA", "BAYER", "BIOGARAN",
    "BOEHRINGER INGELHEIM", "BOIRON", "BRISTOL-MYERS SQUIBB", "CHIESI", "COOPER", "CRISTERS",
    "EG LABO", "EVOLUPHARM", "FRESENIUS KABI", "GLAXOSMITHKLINE", "HALEON", "IBSA", "JANSSEN",
    "KENVUE", "KRKA", "LEHNING", "ELI LILLY", "LILLY", "MENARINI", "MERCK SHARP & DOHME",
    "MYLAN", "NOVARTIS", "NOVO NORDISK", "OPELLA", "ORGANON", "PFIZER", "PIERRE FABRE",
    "RANBAXY", "RECKITT BENCKISER", "ROCHE", "SANDOZ", "SANOFI", "SERVIER", "SUN PHARMA",
    "TAKEDA", "TEVA", "UCB", "UPSA", "URGO", "VIATRIS", "WELEDA", "ZAMBON", "ZENTIVA", "ZYDUS",
)  # fmt: skip
_LEGAL_WORDS = re.compile(
    r"^(?:LES )?LABORATOIRES? |(?:,| )+(?:FRANCE|S\.?A\.?S\.?|S\.?A\.?|SARL|GMBH|LTD|LIMITED"
    r"|B\.?V\.?|N\.?V\.?|AB|A/S|AG|S\.?P\.?A\.?|INC|GROUP)$"
)


@dataclass(frozen=True)
class Pack:
    """A pack's size: how many units (tablets, ampoules, bottles) and what the box says in short."""

    size: int | None
    wording: str


@lru_cache(
    maxsize=32768
)  # the same few thousand wordings, read for each pack and each of its names
def read_pack(presentation: str) -> Pack:
    """Read the size of a pack in its presentation label.

    >>> read_pack("plaquette(s) PVC-Aluminium de 30 comprimé(s)")
    Pack(size=30, wording='boîte de 30')
    >>> read_pack("2 plaquette(s) thermoformée(s) PVC de 15 comprimé(s)").size
    30
    >>> read_pack("1 flacon(s) en verre brun de 200 ml avec pipette(s) doseuse(s)")
    Pack(size=1, wording='1 flacon de 200 ml')
    """
    first = re.split(r" \+ | - ", presentation, maxsplit=1)[0].strip()
    leading = _LEADING.match(first)
    container = _CONTAINER.match(leading["container"] if leading else first)
    containers = int(leading["count"]) if leading else 1
    contents = list(_CONTENTS.finditer(first))
    counted = next((each for each in contents if _COUNTED_UNIT.match(each["unit"] or "")), None)
    if counted is None and not leading and contents and not contents[0]["unit"]:
        counted = contents[0]
    if counted and (units := _whole(counted["count"])):
        return Pack(containers * units, f"boîte de {containers * units}")
    noun = container[0] if container else ""
    if not leading and not (contents and noun.lower().startswith(_BULK)):
        return Pack(None, "")
    wording = f"{containers} {_agree(noun, containers)}"
    if contents and contents[0]["unit"]:
        wording += f" de {contents[0]['count']} {_PLURAL.sub('', contents[0]['unit'])}"
    return Pack(containers, wording)


def _whole(count: str) -> int:
    """Read a count of units; 0 when it is not a whole number."""
    digits = re.sub(r"[ \u00a0]", "", count)
    return int(digits) if digits.isdigit() else 0


def _agree(noun: str, count: int) -> str:
    """Write a noun given as `flacon(s)` in the singular or the plural."""
    singular = _PLURAL.sub("", noun).lower()
    if count < 2:
        return singular.removesuffix("s") if not _PLURAL.search(noun) else singular
    return singular if singular.endswith(("s", "x")) else singular + "s"


def read_strength(name: str) -> str | None:
    """Read the strength in a medicine's name, as it is written there.

    >>> read_strength("TELMISARTAN/HYDROCHLOROTHIAZIDE SANDOZ 80 mg/25 mg, comprimé enrobé")
    '80 mg/25 mg'
    >>> read_strength("MYCOHYDRALIN, crème") is None
    True
    """
    found = _STRENGTH.search(name)
    return re.sub(r"\s+", " ", found[0]).strip() if found else None


@lru_cache(maxsize=4096)  # some six hundred holders name all the packs there are
def read_lab(holder: str) -> str | None:
    """Reduce a holder's company name to the laboratory that buyers know.

    >>> [read_lab(h) for h in ("EG LABO - LABORATOIRES EUROGENERICS", "TEVA (PAYS-BAS)", "")]
    ['EG LABO', 'TEVA', None]
    """
    first = holder.split(";", maxsplit=1)[0]
    name = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", " ", first)
    name = re.sub(r"\s+", " ", name.split(" - ", maxsplit=1)[0]).strip(" ,").upper()
    known = next(
        (k for k in _KNOWN_AS if re.match(rf"(?:LABORATOIRES? )?{re.escape(k)}\b", name)), None
    )
    if known:
        return known
    while (shorter := _LEGAL_WORDS.sub("", name).strip(" ,")) not in {name, ""}:
        name = shorter
    return name or None


def read_cents(text: str) -> int | None:
    """Read a price in euros as cents; the last comma or point is the decimal mark.

    >>> [read_cents(t) for t in ("1,466,29", "2,58", "14177.30", "")]
    [146629, 258, 1417730, None]
    """
    if not text:
        return None
    whole, _, decimals = text.replace(" ", "").replace(".", ",").rpartition(",")
    digits = (whole or decimals).replace(",", "")
    return int(digits) * 100 + (int(decimals.ljust(2, "0")[:2]) if whole else 0)


def read_rate(text: str) -> int | None:
    """Read a reimbursement rate in percent.

    >>> [read_rate(t) for t in ("65%", "65 %", "")]
    [65, 65, None]
    """
    found = _RATE.match(text)
    return int(found[1]) if found else None


def product_label(name: str, pack: Pack) -> str:
    """Name a product on screens: the medicine and its pack in short.

    >>> product_label("DOLIPRANE 1000 mg, comprimé", Pack(8, "boîte de 8"))
    'DOLIPRANE 1000 mg, comprimé, boîte de 8'
    """
    clean = re.sub(r"\s+", " ", name).strip()
    return f"{clean}, {pack.wording}" if pack.wording else clean
