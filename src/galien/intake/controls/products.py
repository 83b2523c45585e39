"""Product codes: the key of thirteen-digit codes, and what a spreadsheet does to them.

Codes of other lengths are the sender's own and accepted as they are; the key of a CIP7 is never a reason
to reject, since 39 % of those in use break it.
"""

from __future__ import annotations

import numpy as np

from galien.intake.arrow import pc
from galien.intake.cells import Flags
from galien.intake.controls.base import Control, Severity, Terms
from galien.intake.controls.senders import by_text
from galien.intake.rows import Rows

_WEIGHTS = np.array([1, 3] * 6 + [1], np.int64)


def keys_ok(texts: list[bytes]) -> Flags:
    """Check the GS1 key of thirteen-digit codes, all at once (weights 1, 3 from the left)."""
    digits = np.frombuffer(b"".join(texts), np.uint8).reshape(-1, 13).astype(np.int64) - 48
    return np.asarray((digits @ _WEIGHTS) % 10 == 0, np.bool_)


def _matching(rows: Rows, pattern: str) -> Flags:
    found = pc.match_substring_regex(rows.texts["product_code"].dictionary, pattern)
    return np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), np.bool_)


def _bad_key(rows: Rows, terms: Terms) -> Flags | None:
    bad = _matching(rows, r"^[0-9]{13}$")
    at = np.flatnonzero(bad)
    if len(at):
        codes = rows.texts["product_code"].dictionary.take(at).to_pylist()
        bad[at] = ~keys_ok([code.encode() for code in codes])
    return by_text(rows, "product_code", bad.tolist())


def _scientific(rows: Rows, terms: Terms) -> Flags | None:
    pattern = r"(?i)^[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,2}$"
    return by_text(rows, "product_code", _matching(rows, pattern).tolist())


def _length(rows: Rows, terms: Terms) -> Flags | None:
    # Twelve digits are a thirteen-digit code that lost its leading zero.
    return by_text(rows, "product_code", _matching(rows, r"^[0-9]{12}$").tolist())


CONTROLS = (
    Control(
        "CODE_SCIENTIFIC",
        Severity.ERROR,
        "{place} : le code a été transformé par un tableur (3,40093E+12) et ses derniers chiffres "
        "sont perdus. Exportez depuis le logiciel sans passer par un tableur.",
        column="product_code",
        check=_scientific,
    ),
    Control(
        "CODE_LENGTH",
        Severity.ERROR,
        "{place} : le code a 12 chiffres, un zéro de tête a été perdu. Exportez les codes en texte, "
        "sans passer par un tableur.",
        column="product_code",
        check=_length,
    ),
    Control(
        "BAD_CHECK_DIGIT",
        Severity.ERROR,
        "{place} : la clé de ce code à 13 chiffres est fausse. Corrigez le code dans la fiche du "
        "produit, puis renvoyez le fichier.",
        column="product_code",
        check=_bad_key,
    ),
)
