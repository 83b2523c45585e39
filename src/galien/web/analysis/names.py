"""Names of filtered keys, for chips and crumbs, cut to the viewer's rights."""

from __future__ import annotations

from galien.kernel.errors import GalienError
from galien.model.viewer import Viewer
from galien.usecases.services import Services
from galien.usecases.values import names


class Names:
    """Labels of keys of a subject's dimensions, each looked up once."""

    def __init__(self, subject: str, viewer: Viewer, services: Services) -> None:
        self._subject = subject
        self._viewer = viewer
        self._services = services
        self._known: dict[tuple[str, str], str] = {}

    def __call__(self, dimension: str, key: str) -> str:
        """Return the label of a key; the key itself when nothing names it."""
        if (dimension, key) not in self._known:
            self._known[dimension, key] = self._look_up(dimension, key)
        return self._known[dimension, key]

    def _look_up(self, dimension: str, key: str) -> str:
        try:
            found = names(self._subject, dimension, [key], self._viewer, services=self._services)
        except GalienError:
            return key
        return found[key]
