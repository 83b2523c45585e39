"""The application a WSGI server runs, with the services of the workspace."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "galien.site.settings")
application = get_wsgi_application()


def _install_services() -> None:
    from django.conf import settings

    from galien.site.build import build

    build(settings.WORKSPACE)


def _set_aside() -> None:
    """Leave what was loaded at start out of every later collection of garbage.

    Going through it took a tenth of a second of some request, every sixty or so.
    """
    gc.collect()
    gc.freeze()


_install_services()
_set_aside()
