"""Pages sent compressed, but lightly: the processor pays for a long table at each look."""

from __future__ import annotations

import gzip
import re
import secrets

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

LEVEL = 3
"""A page of a thousand rows falls to a tenth in 4 ms; level 6 takes 13 ms for an eighth less."""
SHORTEST = 1_000  # bytes
LONGEST_NAME = 100
_ACCEPTED = re.compile(r"\bgzip\b")
_HEADER, _FLAGS, _NAMED = 10, 3, 8


class LightGzip(GZipMiddleware):
    """Django's compression, where pages held in memory are pressed less."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress a page for a browser that takes it; Django does what is not a plain page."""
        if not isinstance(response, HttpResponse) or not _plain(response):
            answer: HttpResponseBase = super().process_response(request, response)
            return answer
        patch_vary_headers(response, ("Accept-Encoding",))
        if _ACCEPTED.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            content = compressed(response.content)
            if len(content) < len(response.content):
                response.content = content
                response["Content-Length"] = str(len(content))
                response["Content-Encoding"] = "gzip"
        return response


def compressed(content: bytes) -> bytes:
    """Return content as a gzip file whose name has a random length, so that its size tells nothing.

    What a page repeats of an address could otherwise be guessed from sizes (the BREACH attack).
    """
    plain = gzip.compress(content, LEVEL, mtime=0)
    header = bytearray(plain[:_HEADER])
    header[_FLAGS] |= _NAMED
    name = secrets.token_hex(LONGEST_NAME)[: secrets.randbelow(LONGEST_NAME) + 1]
    return bytes(header) + name.encode() + b"\0" + plain[_HEADER:]


def _plain(response: HttpResponse) -> bool:
    encoded = response.has_header("Content-Encoding") or response.has_header("ETag")
    return not encoded and len(response.content) >= SHORTEST
