"""Tokens and the access log."""

from __future__ import annotations

import datetime as dt

import pytest

from galien.kernel.clock import PARIS
from galien.records.models import AccessLog, ApiToken, User

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=PARIS)


def test_a_token_opens_until_it_expires_and_its_secret_is_kept_nowhere() -> None:
    user = User.objects.create(username="analyst")
    expiry = NOW + dt.timedelta(days=1)
    token, secret = ApiToken.issue(user=user, name="BI", scope=["read"], expires_at=expiry)
    assert ApiToken.of_secret(secret, now=NOW) == token
    assert ApiToken.of_secret(secret, now=expiry) is None
    assert ApiToken.of_secret(secret + "x", now=NOW) is None
    assert secret not in str(ApiToken.objects.values().get())


def test_a_revoked_token_or_a_disabled_owner_opens_nothing() -> None:
    user = User.objects.create(username="analyst")
    expiry = NOW + dt.timedelta(days=1)
    token, secret = ApiToken.issue(user=user, name="BI", scope=[], expires_at=expiry)
    User.objects.update(is_active=False)
    assert ApiToken.of_secret(secret, now=NOW) is None
    User.objects.update(is_active=True)
    token.revoked_at = NOW
    token.save()
    assert ApiToken.of_secret(secret, now=NOW) is None


def test_the_access_log_is_neither_rewritten_nor_shortened() -> None:
    entry = AccessLog.objects.create(at=NOW, user_id="1", user_name="A", action="export")
    entry.action = "nothing"
    with pytest.raises(PermissionError, match="ne se modifie pas"):
        entry.save()
    with pytest.raises(PermissionError, match="ne se modifie pas"):
        entry.delete()
    assert AccessLog.objects.get().action == "export"


@pytest.mark.parametrize(
    ("name", "initials"), [("Claire Petit", "CP"), ("Jean-Luc de La Tour", "JT"), ("admin", "A")]
)
def test_initials_are_of_the_first_and_last_words(name: str, initials: str) -> None:
    assert User(username="x", display_name=name).initials == initials
