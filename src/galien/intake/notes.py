"""Notes taken while reading: each problem with its line, column, code and masked extract; all counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from galien.intake.cells import Flags
from galien.intake.controls.base import Severity
from galien.intake.controls.registry import sentence, severity_of
from galien.intake.framing import Ints
from galien.warehouse.ledger import Issue

_MASK = str.maketrans({**dict.fromkeys("0123456789", "9")})
_LONGEST = 24


def masked(text: str) -> str:
    """Show the shape of a value without the value: digits as 9, letters as A.

    >>> masked("3,40093E+12"), masked("Dupont")
    ('9,99999A+99', 'AAAAAA')
    """
    shape = re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", text))
    printable = re.sub(r"[^ -~]", "?", shape)
    return printable if len(printable) <= _LONGEST else printable[:_LONGEST] + "…"


@dataclass
class Notes:
    """The problems of a file: at most `listed` are kept of each severity, all are counted."""

    listed: int
    counts: Counter[str] = field(default_factory=Counter)
    _errors: list[Issue] = field(default_factory=list)
    _warnings: list[Issue] = field(default_factory=list)

    def add(self, line: int, column: str, code: str, extract: str = "") -> None:
        """Note one problem."""
        self.counts[code] += 1
        self._keep(line, column, code, extract)

    def rows(
        self,
        flags: Flags,
        lines: Ints,
        column: str,
        code: str,
        extract: Callable[[int], str] | None = None,
    ) -> None:
        """Note the same problem on all flagged rows; `extract` gives the value of a row, masked here."""
        self.counts[code] += int(np.count_nonzero(flags))
        for row in map(int, np.flatnonzero(flags)[: self.listed]):
            self._keep(int(lines[row]), column, code, extract(row) if extract else "")

    def extend(self, other: Notes) -> None:
        """Add the notes of another part of the file."""
        self.counts.update(other.counts)
        self._errors = (self._errors + other._errors)[: self.listed]
        self._warnings = (self._warnings + other._warnings)[: self.listed]

    def issues(self, first: Iterable[Issue] = ()) -> tuple[Issue, ...]:
        """Return the problems kept, the file's own first, then errors, then warnings, by line."""
        errors = sorted(self._errors, key=lambda issue: issue.line)
        warnings = sorted(self._warnings, key=lambda issue: issue.line)
        return (*first, *errors, *warnings)[: self.listed]

    def _keep(self, line: int, column: str, code: str, extract: str) -> None:
        severity = severity_of(code)
        kept = self._warnings if severity is Severity.WARNING else self._errors
        if len(kept) < self.listed:
            message = sentence(code, line=line, column=column)
            kept.append(Issue(line, column, code, message, severity.value, masked(extract)))
