"""The header of a ledger: which column is where, under which name, after which separator."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from galien.intake.outcome import Stop
from galien.kernel.french import fold

# The columns of article A47 A-1 of the tax procedures' book, in order, and how else they are written.
COLUMNS: dict[str, tuple[str, ...]] = {
    "JournalCode": ("codejournal", "codejrn", "journal"),
    "JournalLib": ("libellejournal", "journallibelle", "libjournal"),
    "EcritureNum": ("numecriture", "numeroecriture", "ecriturenumero", "noecriture", "necriture"),
    "EcritureDate": ("dateecriture", "date", "datecomptable"),
    "CompteNum": (
        "numcompte",
        "numerocompte",
        "comptenumero",
        "compte",
        "nocompte",
        "ncompte",
        "comptegeneral",
    ),
    "CompteLib": ("libellecompte", "comptelibelle", "libcompte", "intitulecompte"),
    "CompAuxNum": (
        "compteauxnum",
        "compteauxiliaire",
        "compauxnumero",
        "comptauxnum",
        "ncompteauxiliaire",
        "numcompteauxiliaire",
        "auxiliaire",
    ),
    "CompAuxLib": (
        "compteauxlib",
        "compauxlibelle",
        "libelleauxiliaire",
        "comptauxlib",
        "libellecompteauxiliaire",
    ),
    "PieceRef": ("referencepiece", "piece", "refpiece", "piecereference", "npiece", "numeropiece"),
    "PieceDate": ("datepiece",),
    "EcritureLib": ("libelleecriture", "ecriturelibelle", "libelle"),
    "Debit": ("montantdebit", "debiteuro", "debiteur"),
    "Credit": ("montantcredit", "crediteuro", "crediteur"),
    "EcritureLet": ("lettrage", "codelettrage"),
    "DateLet": ("datelettrage",),
    "ValidDate": ("datevalidation", "validationdate", "datevalid", "datedevalidation"),
    "Montantdevise": ("montantendevise",),
    "Idevise": ("devise", "identifiantdevise", "codedevise"),
}
AMOUNT_AND_SIDE: dict[str, tuple[str, ...]] = {
    "Montant": ("montanteuro", "amount"),
    "Sens": ("senscomptable",),
}
SEPARATORS = ("\t", "|", ";", ",")
ENOUGH = 5
_NAMES = {
    fold(word): name
    for name, words in {**COLUMNS, **AMOUNT_AND_SIDE}.items()
    for word in (name, *words)
}
Cut = Callable[[str], list[str]]


@dataclass(frozen=True)
class Layout:
    """Where each known column is; `unknown` are other names, `absent` columns of the rule not there.

    `is_header` is False when the file begins with data, in the order of the rule.
    """

    cut: Cut
    separator: str
    names: tuple[str, ...]
    places: dict[str, int]
    unknown: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    is_header: bool = True
    in_order: bool = True
    exact: bool = True
    doubled: tuple[str, ...] = field(default=())

    @property
    def width(self) -> int:
        """Return how many columns the header names."""
        return len(self.names)

    @property
    def signed(self) -> bool:
        """Tell whether amounts come with a side instead of under Debit or Credit."""
        return "Debit" not in self.places or "Credit" not in self.places


def laid_out(header: str) -> Layout:
    """Read the first line; Stop when no separator makes a ledger's header or first entry of it."""
    best = max(SEPARATORS, key=lambda each: (_known(_cells(header, each)), -SEPARATORS.index(each)))
    names = _cells(header, best)
    if _known(names) >= ENOUGH:
        return _checked(_named(_splitter(header, best), best, names))
    spaced = [(found.start(), found[0]) for found in re.finditer(r"\S+", header)]
    if _known([name for _, name in spaced]) >= ENOUGH:
        return _checked(_named(_slicer([at for at, _ in spaced]), "", [name for _, name in spaced]))
    return _headless(header, best)


def _headless(line: str, separator: str) -> Layout:
    cells = _cells(line, separator)
    standard = list(COLUMNS)
    looks_right = len(cells) >= 13 and re.fullmatch(r"[1-9]\d{2}\w*", cells[4].strip())
    if not looks_right:
        raise Stop(
            "FEC_HEADER",
            "Ce fichier n’a pas l’en-tête d’un FEC (JournalCode, JournalLib, EcritureNum…) : demandez à "
            "votre expert-comptable le fichier des écritures comptables, en texte.",
            line=1,
        )
    names = (standard + [f"colonne {n + 1}" for n in range(len(standard), len(cells))])[
        : len(cells)
    ]
    places = {name: at for at, name in enumerate(names) if name in COLUMNS}
    return Layout(_splitter(line, separator), separator, tuple(names), places, is_header=False)


def _named(cut: Cut, separator: str, names: list[str]) -> Layout:
    places: dict[str, int] = {}
    unknown, doubled = [], []
    for at, written in enumerate(names):
        name = _NAMES.get(_word(written))
        if name is None:
            unknown.append(written.strip())
        elif name in places:
            doubled.append(name)
        else:
            places[name] = at
    wanted = [each for each in COLUMNS if not _replaced(each, places)]
    order = [each for each in places if each in COLUMNS]
    while unknown and not unknown[-1]:
        unknown.pop()
    return Layout(
        cut=cut,
        separator=separator,
        names=tuple(each.strip() for each in names),
        places=places,
        unknown=tuple(unknown),
        absent=tuple(each for each in wanted if each not in places),
        in_order=order == sorted(order, key=list(COLUMNS).index),
        exact=all(names[at].strip() == name for name, at in places.items()),
        doubled=tuple(doubled),
    )


def _replaced(name: str, places: dict[str, int]) -> bool:
    """Tell whether Montant and Sens stand in the place of a column."""
    return name in {"Debit", "Credit"} and {"Montant", "Sens"} <= set(places)


def _checked(layout: Layout) -> Layout:
    """Let through a header that says where accounts and amounts are."""
    places = layout.places
    has_amounts = {"Debit", "Credit"} <= set(places) or "Montant" in places
    if has_amounts and "CompteNum" in places:
        return layout
    missing = "CompteNum" if has_amounts else "Debit et Credit, ou Montant et Sens"
    raise Stop(
        "FEC_COLUMN",
        f"Il manque dans l’en-tête : {missing}. Sans cette colonne le fichier ne peut pas être lu : "
        "refaites l’export du FEC.",
        line=1,
    )


def _known(names: list[str]) -> int:
    return len({_NAMES[word] for word in map(_word, names) if word in _NAMES})


def _word(name: str) -> str:
    return re.sub(r"[^a-z]", "", fold(name))


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(separator)]


def _splitter(header: str, separator: str) -> Cut:
    return quoted_cut(separator) if '"' in header else lambda line: line.split(separator)


def quoted_cut(separator: str) -> Cut:
    """Return what cuts a line at its separators, those between quotes apart."""
    mark = re.escape(separator)
    quoted = re.compile(rf'(?:^|{mark})("(?:[^"]|"")*"(?={mark}|$)|[^{mark}]*)')

    def cut(line: str) -> list[str]:
        cells = quoted.findall(line)
        return [
            cell[1:-1].replace('""', '"') if cell[:1] == '"' and cell[-1:] == '"' else cell
            for cell in cells
        ]

    return cut


def _slicer(starts: list[int]) -> Cut:
    ends = [*starts[1:], None]
    spans = [slice(start, end) for start, end in zip(starts, ends, strict=True)]
    return lambda line: [line[span].strip() for span in spans]
