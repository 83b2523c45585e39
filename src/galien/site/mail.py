"""How Galien sends mail: by the server one address names, or not at all."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


def mail_settings(url: str) -> tuple[str, str, int, str, str, bool]:
    """Return Django's backend, host, port, user, password and TLS from `smtp://user:password@host:port`.

    Without an address nothing is sent: a workspace on one machine has no mail server.

    >>> mail_settings("smtp://mail.example:2525")[1:3]
    ('mail.example', 2525)
    """
    if not url:
        return ("django.core.mail.backends.dummy.EmailBackend", "", 0, "", "", False)
    parts = urlsplit(url)
    return (
        "django.core.mail.backends.smtp.EmailBackend",
        parts.hostname or "localhost",
        parts.port or 587,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parts.username is not None,
    )
