"""What stopped the records' database, told as a sentence: busy, full, read-only or damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from galien.kernel.errors import InternalError

BUSY = "DATABASE_BUSY"

_BUSY = (
    BUSY,
    "La base de l’espace de travail est restée occupée plus de cinq secondes par une autre commande "
    "(chargement, publication, sauvegarde) : cette écriture n’a pas été faite. Attendez que l’autre "
    "finisse puis relancez celle-ci ; ce qui est déjà enregistré ne le sera pas deux fois.",
)
_SENTENCES = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: (
        "NO_SPACE",
        "Il n’y a plus de place sur le disque de l’espace de travail : cette écriture n’a pas été "
        "faite. Libérez de la place puis recommencez.",
    ),
    sqlite3.SQLITE_READONLY: (
        "STORAGE",
        "La base de l’espace de travail (galien.sqlite3) ne peut pas être écrite : vérifiez vos droits "
        "sur ce fichier et sur son dossier, puis recommencez.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "STORAGE",
        "La base de l’espace de travail (galien.sqlite3) ne peut pas être ouverte : vérifiez vos droits "
        "sur ce fichier et sur son dossier, puis recommencez.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "DAMAGED",
        "La base de l’espace de travail (galien.sqlite3) est endommagée : remettez la dernière "
        "sauvegarde avec « galien restore », puis relancez la commande.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "DAMAGED",
        "Le fichier galien.sqlite3 de l’espace de travail n’est pas une base : remettez la dernière "
        "sauvegarde avec « galien restore », puis relancez la commande.",
    ),
}
_PRIMARY = 0xFF  # what is left of an extended result code: sqlite.org/rescode.html


def database_trouble(error: BaseException) -> InternalError | None:
    """Return what a person can do about an error of SQLite, however wrapped; None for other errors.

    >>> database_trouble(ValueError("a bug")) is None
    True
    """
    for each in _chain(error):
        if isinstance(each, sqlite3.Error):
            code = getattr(each, "sqlite_errorcode", 0) & _PRIMARY
            if code in _SENTENCES:
                name, sentence = _SENTENCES[code]
                return InternalError(sentence, code=name)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
