"""Access: tokens that let programs in, and the log of who looked at what, which nobody rewrites."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from typing import Any, NoReturn

from django.conf import settings
from django.db import models

MARK = "gal_"


class ApiToken(models.Model):
    """A program's key: only its hash is kept; scope and expiry narrow what its owner may do."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="api_tokens", on_delete=models.CASCADE
    )
    name = models.CharField("nom", max_length=100)
    prefix = models.CharField(max_length=12)
    hashed = models.CharField(max_length=64, unique=True)
    scope = models.JSONField("portée", default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("expire le")
    revoked_at = models.DateTimeField("révoquée le", null=True)
    last_used_at = models.DateTimeField("dernier usage", null=True)

    class Meta:
        verbose_name = "clé d’accès"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def issue(
        cls, *, user: Any, name: str, scope: Iterable[str], expires_at: dt.datetime
    ) -> tuple[ApiToken, str]:
        """Make a token; return its row and the secret, shown this once and kept nowhere."""
        secret = MARK + secrets.token_urlsafe(32)
        token = cls.objects.create(
            user=user,
            name=name,
            prefix=secret[:12],
            hashed=_hashed(secret),
            scope=sorted(scope),
            expires_at=expires_at,
        )
        return token, secret

    @classmethod
    def of_secret(cls, secret: str, *, now: dt.datetime) -> ApiToken | None:
        """Return the token of a secret, if it is in force and its owner active."""
        return (
            cls.objects.select_related("user")
            .filter(
                hashed=_hashed(secret),
                revoked_at__isnull=True,
                expires_at__gt=now,
                user__is_active=True,
            )
            .first()
        )


def _hashed(secret: str) -> str:
    """A token carries 256 random bits: a plain hash is enough, no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class AccessLog(models.Model):
    """Who looked at, exported or sent what, when. Rows are added; none is altered or removed.

    The person is kept as text, so that erasing an account does not rewrite the log.
    """

    at = models.DateTimeField(db_index=True)
    user_id = models.CharField("utilisateur", max_length=40, db_index=True)
    user_name = models.CharField(max_length=150)
    organisation = models.CharField(max_length=200, blank=True)
    action = models.CharField("acte", max_length=40)
    subject = models.CharField("objet", max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    release = models.CharField(max_length=64, blank=True)
    door = models.CharField("par", max_length=20, blank=True)

    class Meta:
        verbose_name = "accès"
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.user_name} {self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse to rewrite one."""
        if not self._state.adding:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: the log is never shortened by hand."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise PermissionError("Le journal des accès ne se modifie pas.")


class AccessedPharmacy(models.Model):
    """A pharmacy whose figures an entry showed: what its owner reads on the trust page."""

    entry = models.ForeignKey(AccessLog, related_name="pharmacies", on_delete=models.CASCADE)
    pharmacy = models.CharField(max_length=14)

    class Meta:
        verbose_name = "pharmacie consultée"
        indexes = [models.Index(fields=("pharmacy", "entry"), name="accessed_pharmacy")]

    def __str__(self) -> str:
        return self.pharmacy
