"""People: invited, given a role, keys made and revoked, views shared; nobody gives what is not theirs."""

from __future__ import annotations

import re

import pytest

from tests.builders.workspace import FINESS, Desk


def test_an_administrator_invites_and_the_password_is_shown_once(desk: Desk) -> None:
    from galien.records.models import Organisation, User

    group = Organisation.objects.get(kind="group")
    client = desk.client("admin")
    data = {
        "username": "nouveau",
        "display_name": "Nina Neuve",
        "email": "",
        "role": f"{group.pk}:buyer",
    }
    page = client.post("/administration/membres/inviter", data).content.decode()
    secret = re.search(r'class="secret">(.*?)<', page)
    assert secret is not None
    user = User.objects.get(username="nouveau")
    assert user.check_password(secret[1])
    assert secret[1] not in client.get("/administration/membres").content.decode()


@pytest.mark.parametrize("role", ["superuser", "owner", ""])
def test_a_role_of_another_kind_of_organisation_is_refused(desk: Desk, role: str) -> None:
    from galien.records.models import Organisation

    group = Organisation.objects.get(kind="group")
    data = {"username": "autre", "display_name": "A", "email": "", "role": f"{group.pk}:{role}"}
    assert desk.client("admin").post("/administration/membres/inviter", data).status_code == 400


def test_an_administrator_of_one_group_has_no_hand_on_another(desk: Desk) -> None:
    from galien.records.models import Membership, Organisation, User

    other = Organisation.objects.create(name="Autre groupement", kind="group")
    stranger = User.objects.create_user("etranger", password="x")
    membership = Membership.objects.create(user=stranger, organisation=other, role="buyer")
    client = desk.client("admin")
    assert "etranger" not in client.get("/administration/membres").content.decode()
    address = f"/administration/membres/{membership.pk}/role"
    assert client.post(address, {"role": "administrator"}).status_code == 404
    data = {"username": "x1", "display_name": "X", "email": "", "role": f"{other.pk}:buyer"}
    assert client.post("/administration/membres/inviter", data).status_code == 404


def test_a_taken_name_says_no_more_than_taken(desk: Desk) -> None:
    from galien.records.models import Organisation, User

    User.objects.create_user("ailleurs", password="x", email="secret@example.org")
    group = Organisation.objects.get(kind="group")
    data = {"username": "Ailleurs", "display_name": "B", "email": "", "role": f"{group.pk}:buyer"}
    answer = desk.client("admin").post("/administration/membres/inviter", data)
    assert answer.status_code == 400
    assert "secret@example.org" not in answer.content.decode()


def test_rights_are_recorded_and_read_by_the_owner(desk: Desk) -> None:
    from galien.records.models import Authorisation, Organisation

    group = Organisation.objects.get(kind="group")
    data = {
        "pharmacy": FINESS[0], "organisation": group.pk, "feeds": ["sales"], "signed_by": "T. Titulaire",
        "signed_on": "2026-11-20", "valid_from": "2026-01-01", "valid_to": "2026-12-31", "document": "A-12",
    }  # fmt: skip
    assert (
        desk.client("admin").post("/administration/autorisations/accorder", data).status_code == 302
    )
    made = Authorisation.objects.get(document="A-12")
    assert (made.feeds, made.signed_by) == (["sales"], "T. Titulaire")
    page = desk.client("titulaire").get("/autorisations").content.decode()
    assert "A-12" in page
    assert "du 01/01/2026 au 31/12/2026" in page


@pytest.mark.parametrize(
    "wrong",
    [{"signed_on": "2027-01-01"}, {"feeds": []}, {"signed_by": " "}, {"signed_on": "demain"}],
)
def test_a_right_that_is_not_in_order_is_refused(desk: Desk, wrong: dict[str, object]) -> None:
    from galien.records.models import Organisation

    group = Organisation.objects.get(kind="group")
    data = {
        "pharmacy": FINESS[0], "organisation": group.pk, "feeds": ["sales"], "signed_by": "T.",
        "signed_on": "2026-11-20",
    } | wrong  # fmt: skip
    assert (
        desk.client("admin").post("/administration/autorisations/accorder", data).status_code == 400
    )


def test_a_key_is_shown_once_and_closes_when_revoked(desk: Desk) -> None:
    from galien.records.models import ApiToken

    client = desk.client("titulaire")
    page = client.post(
        "/compte/cles", {"name": "Tableur", "scope": "ask", "days": "30"}
    ).content.decode()
    secret = re.search(r'class="secret">(gal_.*?)<', page)
    assert secret is not None
    assert secret[1] not in client.get("/compte").content.decode()
    now = desk.services.clock.now()
    token = ApiToken.of_secret(secret[1], now=now)
    assert token is not None
    client.post(f"/compte/cles/{token.pk}/revoquer")
    assert ApiToken.of_secret(secret[1], now=now) is None


@pytest.mark.parametrize(
    "wrong", [{"days": "36500"}, {"scope": "everything"}, {"name": ""}, {"days": "\uff11"}]
)
def test_a_key_beyond_what_is_offered_is_refused(desk: Desk, wrong: dict[str, str]) -> None:
    data = {"name": "Tableur", "scope": "ask", "days": "30"} | wrong
    assert desk.client("titulaire").post("/compte/cles", data).status_code == 400


def test_a_view_is_shared_with_colleagues_only(desk: Desk) -> None:
    client = desk.client("acheteur")
    data = {
        "page": "/ventes/par-univers",
        "query": "?period=2026-10",
        "name": "Octobre",
        "shared": "1",
    }
    assert client.post("/vues/", data).status_code == 302
    assert "Octobre" in desk.client("reseau").get("/vues/").content.decode()
    assert "Octobre" not in desk.client("titulaire").get("/vues/").content.decode()
    from galien.records.models import SavedView

    key = SavedView.objects.get(name="Octobre").pk
    assert (
        desk.client("reseau").get(f"/vues/{key}")["Location"]
        == "/ventes/par-univers?period=2026-10"
    )
    assert desk.client("reseau").post(f"/vues/{key}/supprimer").status_code == 404


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "/nulle/part", ""])
def test_a_view_leads_to_a_page_of_the_site_only(desk: Desk, page: str) -> None:
    from galien.records.models import SavedView

    answer = desk.client("titulaire").post("/vues/", {"page": page, "query": "", "name": "X"})
    if page:
        assert answer.status_code == 400
    assert not SavedView.objects.filter(page__contains="evil").exists()


def test_an_owner_reads_who_looked(desk: Desk) -> None:
    desk.client("acheteur").get("/")
    page = desk.client("titulaire").get("/autorisations").content.decode()
    assert "Camille Achard" in page
    assert "Camille Achard" in desk.client("admin").get("/administration/acces").content.decode()


def test_a_publication_tells_an_owner_of_their_own_alone(desk: Desk) -> None:
    from galien.records.models import Release
    from tests.builders.workspace import NAMES

    release = Release.objects.get().release
    mine = desk.client("titulaire").get(f"/donnees/publications/{release}").content.decode()
    assert NAMES[0] in mine
    assert [name for name in NAMES[1:] if name in mine] == []
    assert (
        NAMES[3]
        in desk.client("admin").get(f"/donnees/publications/{release}?page=1").content.decode()
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("3400930000014", True),
        ("GENERIQUE a", True),
        ("génériqué", True),
        ("01034009300000141727", False),
    ],
)
def test_products_are_found_by_code_and_name(desk: Desk, asked: str, found: bool) -> None:
    answer = desk.client("titulaire").get("/produit", {"q": asked})
    hit = answer.status_code == 302 and answer["Location"].endswith("3400930000014")
    assert hit is found


def test_a_code_no_catalogue_knows_is_listed_to_who_sold_it(desk: Desk) -> None:
    from tests.builders.workspace import STRANGER

    page = desk.client("titulaire").get("/donnees/catalogue/inconnus").content.decode()
    assert STRANGER in page
    assert (
        "inconnu du catalogue"
        in desk.client("titulaire").get(f"/donnees/catalogue/{STRANGER}").content.decode()
    )
