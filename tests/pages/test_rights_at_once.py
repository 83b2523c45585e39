"""Rights are kept between requests, and a change of them closes or opens pages at the next one."""

from __future__ import annotations

from tests.builders.workspace import FINESS, Desk

ANALYSIS = "/ventes/par-pharmacie?period=2026-10"


def _pharmacies(desk: Desk, username: str) -> int:
    page = desk.client(username).get(ANALYSIS).content.decode()
    return sum(f'data-key="{finess}"' in page for finess in FINESS)


def test_a_withdrawn_authorisation_closes_the_next_page(desk: Desk) -> None:
    from galien.records.models import Authorisation

    before = _pharmacies(desk, "acheteur")
    for each in Authorisation.objects.filter(pharmacy=FINESS[0]):
        each.delete()
    assert (before, _pharmacies(desk, "acheteur")) == (4, 3)


def test_a_disabled_account_reads_nothing_more(desk: Desk) -> None:
    from galien.records.models import User

    client = desk.client("acheteur")
    assert client.get(ANALYSIS).status_code == 200
    User.objects.filter(username="acheteur").update(is_active=False)
    assert client.get(ANALYSIS).status_code == 302


def test_a_renamed_group_is_named_so_at_once(desk: Desk) -> None:
    from galien.records.models import Organisation

    client, name = desk.client("acheteur"), "Groupement renommé"
    assert name not in client.get("/").content.decode()
    group = Organisation.objects.get(kind="group")
    group.name = name
    group.save()
    assert name in client.get("/").content.decode()
