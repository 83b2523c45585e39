"""A file given to a browser: to keep under its name, never read as another kind than its own."""

from __future__ import annotations

from django.http import HttpResponse


def attached(content: str | bytes, media_type: str, filename: str) -> HttpResponse:
    """Answer a file to keep under a name."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
