"""Remarks on a ledger: each kind counted, its first lines listed, said in French with what to do."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from galien.warehouse.ledger import Issue

LISTED = 20

# What a remark says: `warning` leaves the figures whole, `error` touches them or the file's acceptance.
SENTENCES: dict[str, tuple[str, str]] = {
    "ROW_SHORT": (
        "warning",
        "Ligne de {value} champs au lieu de ceux de l’en-tête : lue par la gauche.",
    ),
    "ROW_LONG": (
        "warning",
        "Ligne de {value} champs, plus que l’en-tête : un séparateur dans un libellé. Lue en le rejoignant.",
    ),
    "ROW_SPLIT": (
        "warning",
        "Un retour à la ligne dans un libellé coupe cette écriture sur {value} lignes : lue en les "
        "rejoignant.",
    ),
    "NO_ENTRY": (
        "warning",
        "Ligne sans compte ni date (total, titre ou pied de page) : laissée de côté.",
    ),
    "ROW_UNREADABLE": (
        "error",
        "Ligne non comptée : ses champs ne sont pas à leur place. Corrigez-la et refaites l’export.",
    ),
    "ACCOUNT": (
        "error",
        "Numéro de compte absent ou sans chiffres : la ligne compte dans les totaux, mais dans aucun "
        "solde. Donnez-lui son compte.",
    ),
    "ACCOUNT_FORM": (
        "warning",
        "Le compte ne commence pas par trois chiffres de 1 à 9 : il est compté, mais le fichier serait "
        "signalé.",
    ),
    "AMOUNT": ("error", "Montant illisible : la ligne n’est pas comptée."),
    "SIDE": ("error", "Sens illisible (attendu D, C, +1 ou -1) : la ligne n’est pas comptée."),
    "DATE": ("warning", "Date illisible : attendue sous la forme AAAAMMJJ."),
    "NEGATIVE": ("warning", "Montant négatif : compté avec son signe."),
    "BOTH_SIDES": ("warning", "Débit et crédit sur la même ligne : les deux sont comptés."),
    "NO_SIDE": ("warning", "Ni débit ni crédit : la ligne compte pour zéro."),
    "EMPTY": ("warning", "Champ obligatoire vide."),
    "DATE_OUTSIDE": ("warning", "Écriture datée hors de l’exercice ({value})."),
    "ENTRY_UNBALANCED": ("warning", "Écriture qui n’est pas équilibrée : écart de {value}."),
}
REST = "… et {count} fois encore la même remarque ({code})."


@dataclass
class Remarks:
    """The remarks of a file: at most `LISTED` of each kind and column, all counted."""

    counts: Counter[str] = field(default_factory=Counter)
    _kept: dict[tuple[str, str], list[Issue]] = field(default_factory=lambda: defaultdict(list))
    _seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    _files: list[Issue] = field(default_factory=list)

    def line(self, line: int, column: str, code: str, value: object = "") -> None:
        """Note a remark on a line; `value` is a number or a date, never a text of the file."""
        self.counts[code] += 1
        self._seen[code, column] += 1
        kept = self._kept[code, column]
        if len(kept) < LISTED:
            severity, sentence = SENTENCES[code]
            kept.append(Issue(line, column, code, sentence.format(value=value), severity))

    def file(self, code: str, message: str, *, column: str = "", severity: str = "warning") -> None:
        """Note a remark on the file as a whole."""
        self.counts[code] += 1
        self._files.append(Issue(0, column, code, message, severity))

    def issues(self) -> tuple[Issue, ...]:
        """Return the remarks: the file's own, then by line, each long list closed by its count."""
        by_line = [issue for kept in self._kept.values() for issue in kept]
        rest = [
            Issue(0, column, code, REST.format(count=seen - LISTED, code=code), SENTENCES[code][0])
            for (code, column), seen in self._seen.items()
            if seen > LISTED
        ]
        return (*self._files, *sorted(by_line, key=lambda issue: issue.line), *rest)
