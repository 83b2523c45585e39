"""What follows a change of rights: the epoch moves, so no cached answer survives, and an audit."""

from __future__ import annotations

from typing import Any

from auditlog.registry import auditlog
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from galien.records.models import ApiToken, Authorisation, Membership, Organisation, Pharmacy, User
from galien.records.models.counters import RIGHTS, next_value

WATCHED = (Authorisation, Membership, Organisation, Pharmacy)


def connect() -> None:
    """Register the signals and the audited models (once, when Django starts)."""
    for model in WATCHED:
        post_save.connect(_changed, sender=model, dispatch_uid=f"rights-save-{model.__name__}")
        post_delete.connect(_changed, sender=model, dispatch_uid=f"rights-delete-{model.__name__}")
        auditlog.register(model)
    auditlog.register(User, exclude_fields=["password", "last_login"])
    auditlog.register(ApiToken, exclude_fields=["hashed", "last_used_at"])


def move_epoch() -> int:
    """Count one more change of rights and return the new epoch."""
    with transaction.atomic():
        return next_value(RIGHTS)


def _changed(**_: Any) -> None:
    move_epoch()
