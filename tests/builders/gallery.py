"""Serves the gallery alone, with the site's content policy, to look at it or to test it in a browser.

`python -m tests.builders.gallery` prints its address and serves until interrupted.
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django_htmx
from jinja2 import FileSystemLoader

import galien.web
from galien.web.pages.gallery.samples import samples
from galien.web.shell.jinja import bare_environment

WEB = Path(galien.web.__file__).parent
STATIC = (WEB / "static", Path(django_htmx.__file__).parent / "static")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'self'"
)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def render(template: str = "pages/gallery/page.html", **context: Any) -> str:
    """Return the HTML of a page of the gallery."""
    made = bare_environment(loader=FileSystemLoader(WEB))
    made.globals["static"] = lambda name: f"/static/{name}"
    made.globals["url"] = lambda name, *_args, **_kwargs: f"/{name}"
    return made.get_template(template).render(**(context or samples()))


@contextmanager
def served(pages: dict[str, str], port: int = 0) -> Iterator[str]:
    """Serve pages (by path) and the static files on this machine; give the address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path in pages:
                return self._answer(pages[path].encode(), "text/html; charset=utf-8")
            found = _static(path)
            if found is None:
                return self.send_error(404)
            return self._answer(found.read_bytes(), TYPES.get(found.suffix, "text/plain"))

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _static(path: str) -> Path | None:
    name = path.removeprefix("/static/")
    return next((f for root in STATIC if (f := root / name).is_file() and ".." not in name), None)


if __name__ == "__main__":
    with served({"/": render()}, 8099) as address:
        print(address)  # noqa: T201  # a script that says where it serves
        threading.Event().wait()
