"""The application a WSGI server runs, with the services of the workspace."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "galien.site.settings")
application = get_wsgi_application()


def _install_services() -> None:
    from django.conf import settings

    from galien.site.build import build

    build(settings.WORKSPACE)


_install_services()
