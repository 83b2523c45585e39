"""Files on their way in: held in memory up to a size, so that no plain byte is written to a disk."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from galien.kernel.errors import InvalidInput

MOST = 256 << 20  # bytes of one sending
TOO_BIG = "Cet envoi dépasse 256 Mo. Compressez les fichiers (zip, gzip) ou envoyez-les en plusieurs fois."


class HeldInMemory(FileUploadHandler):
    """Keeps each file of a sending in memory; refuses a sending that is too big."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Refuse by the length announced, before reading anything."""
        length = args[2] if len(args) > 2 else kwargs.get("content_length", 0)
        if length > MOST:
            raise InvalidInput(TOO_BIG, code="TOO_BIG")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.held = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece; InvalidInput once there is too much."""
        if start + len(raw_data) > MOST:
            raise InvalidInput(TOO_BIG, code="TOO_BIG")
        self.held.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Hand the whole file over."""
        self.held.seek(0)
        return UploadedFile(self.held, self.file_name, self.content_type, file_size)


def takes_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view that shows a form and takes the files it sends, held in memory.

    The token of the form is read with the files: it is checked once they have their handler.
    """
    checked = csrf_protect(view)

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def held(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        request.upload_handlers = [HeldInMemory(request)]
        return checked(request, *args, **named)

    return held
