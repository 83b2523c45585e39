"""`galien people`: who signs in first on a new machine, and whom they may invite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import Workplace

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = "finess,name,department,typology,size_band,banner,lgo,group\n"


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path / "work", here=True)


def listed(place: Workplace, *groups: str) -> None:
    file = place.path.parent / "pharmacies.csv"
    rows = [f"75010001{n},Pharmacie {n},75,T,S,B,L,{group}\n" for n, group in enumerate(groups)]
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    assert place.run("pharmacies", "import", file).code == 0


def test_the_first_administrator_signs_in_and_runs_the_group_and_its_pharmacies(
    place: Workplace,
) -> None:
    from galien.records.models import User
    from galien.records.scope import viewer_of
    from galien.usecases import administration
    from galien.usecases.services import current

    listed(place, "Mon groupement", "Mon groupement", "Un autre")
    made = place.run("people", "administrator", "camille", "--group", "Mon groupement").answer
    user = User.objects.get(username="camille")
    assert user.check_password(made["password"])
    viewer = viewer_of(user, current().clock.today())
    runs = {str(each) for each in administration.organisations(viewer)}
    assert runs == {
        "Mon groupement",
        "Pharmacie 0 (750100010)",
        "Pharmacie 1 (750100011)",
    }


def test_importing_the_pharmacies_again_makes_no_second_company(place: Workplace) -> None:
    from galien.records.models import Organisation

    listed(place, "G")
    listed(place, "G")
    assert Organisation.objects.filter(kind="pharmacy").count() == 1


@pytest.mark.parametrize(
    ("groups", "said"),
    [((), "Nommez le groupement"), (("A",), ""), (("A", "B"), "Nommez le groupement")],
)
def test_without_a_name_the_only_group_is_meant(
    place: Workplace, groups: tuple[str, ...], said: str
) -> None:
    if groups:
        listed(place, *groups)
    ran = place.run("people", "administrator", "camille")
    assert (ran.code, said in ran.stderr) == (2 if said else 0, True)


def test_a_sign_in_is_of_one_person_whatever_its_capitals(place: Workplace) -> None:
    assert place.run("people", "administrator", "camille", "--group", "A").code == 0
    again = place.run("people", "administrator", "Camille", "--group", "A")
    assert again.code == 2
    assert "est pris" in again.stderr


def test_a_new_password_replaces_the_forgotten_one(place: Workplace) -> None:
    from galien.records.models import User

    forgotten = place.run("people", "administrator", "camille", "--group", "A").answer["password"]
    renewed = place.run("people", "password", "CAMILLE").answer
    assert renewed["group"] == "A"
    user = User.objects.get(username="camille")
    assert not user.check_password(forgotten)
    assert user.check_password(renewed["password"])
    assert place.run("people", "password", "inconnue").code == 2
