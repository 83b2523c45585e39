"""The errors of the house: whose fault it is decides the class, the exit code and the page.

    GalienError
    ├── InvalidInput    the user can mend it            exit 2, HTTP 400
    ├── NotAvailable    the data or the law has none    exit 2, HTTP 404
    ├── NotAllowed      the viewer may not              exit 2, HTTP 404 (never confirms existence)
    ├── DataRefused     a file held or refused          exit 3, HTTP 422
    ├── TooBusy         nothing is wrong, come back     exit 2, HTTP 503 with Retry-After
    └── InternalError   ours to mend                    exit 1, HTTP 500

Messages are French sentences: what, where, why, what to do. Problems found in data are issues with
codes on a receipt, not exceptions.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable
from typing import ClassVar, Final

# What a disk answers, in French: the system's own words are English.
DISK: Final = {
    errno.ENOENT: "il n’existe pas",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "un dossier de son chemin n’en est pas un",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "disque en lecture seule",
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "quota de disque atteint",
    errno.EIO: "erreur du disque",
    errno.ENAMETOOLONG: "nom trop long",
}


class GalienError(Exception):
    """Any error Galien raises on purpose, with its French sentence."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def refusal(error: OSError) -> str:
    """Return why a disk refused, in French.

    >>> refusal(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    'il n’existe pas'
    """
    return DISK.get(error.errno or 0, error.strerror or "illisible")


class InvalidInput(GalienError):
    """What was asked or sent cannot be used as it is; the user can mend it."""

    exit_code = 2
    http_status = 400


class NotAvailable(GalienError):
    """The data or the law of that day does not allow an answer."""

    exit_code = 2
    http_status = 404


class NotAllowed(GalienError):
    """The viewer has no right to it; said in the words of an absence."""

    exit_code = 2
    http_status = 404


class DataRefused(GalienError):
    """A file was held or refused; its receipt says why."""

    exit_code = 3
    http_status = 422


class TooBusy(GalienError):
    """Too much is waiting already; what was asked was not taken, and may be asked again later."""

    exit_code = 2
    http_status = 503


class InternalError(GalienError):
    """Something broke on our side."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a French half-sentence naming the nearest known names, or all of them when few.

    >>> did_you_mean("famly_1", ["family_1", "lab"])
    'Vouliez-vous dire « family_1 » ?'
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    if near:
        return "Vouliez-vous dire " + " ou ".join(f"« {each} »" for each in near) + " ?"
    return "Valeurs possibles : " + ", ".join(names) + "."
