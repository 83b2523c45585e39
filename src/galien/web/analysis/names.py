"""Names of filtered keys, for chips and crumbs, read through the one door."""

from __future__ import annotations

from functools import cached_property

from galien.analytics.dimensions import find_dimension
from galien.analytics.question import UNKNOWN
from galien.kernel.errors import GalienError
from galien.model.viewer import Viewer
from galien.usecases.services import Services


class Names:
    """Labels of keys of a subject's dimensions; a pharmacy out of the viewer's rights has none."""

    def __init__(self, subject: str, viewer: Viewer, services: Services) -> None:
        self._subject = subject
        self._viewer = viewer
        self._services = services

    def __call__(self, dimension: str, key: str) -> str:
        """Return the label of a key; the key itself when nothing names it."""
        if key == UNKNOWN:
            return "Non renseigné"
        try:
            found = find_dimension(self._subject, dimension)
            if dimension == "pharmacy" and key not in self._pharmacies:
                return key
            return self._services.view().names(found).get(key) or found.name_key(key)
        except (GalienError, ValueError, KeyError):
            return key

    @cached_property
    def _pharmacies(self) -> frozenset[str]:
        if self._viewer.everything:
            return frozenset(row.pharmacy for row in self._services.view().pharmacies)
        return self._viewer.all_pharmacies()
