"""The registry of the API's subjects: what one declares, and how all of them are found."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType

from ninja import Router


@dataclass(frozen=True)
class Subject:
    """Addresses that go together: where they begin, their chapter in the documentation, their routes.

    Several modules may share a chapter: `about`, in French, is told by one of them.
    """

    path: str
    chapter: str
    router: Router
    order: int
    about: str = ""


def discover(package: ModuleType) -> tuple[Subject, ...]:
    """Return the SUBJECT of each module of a package, in the order of the documentation."""
    names = (f"{package.__name__}.{each.name}" for each in pkgutil.iter_modules(package.__path__))
    found = (getattr(importlib.import_module(name), "SUBJECT", None) for name in names)
    subjects = [each for each in found if isinstance(each, Subject)]
    return tuple(sorted(subjects, key=lambda each: each.order))
