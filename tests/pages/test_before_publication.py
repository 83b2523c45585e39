"""Before the first publication every page of the menu opens and says what will fill it."""

from __future__ import annotations

import pytest

from galien.web.registry import discover
from tests.builders.workspace import Desk


@pytest.mark.parametrize("username", ["acheteur", "titulaire"])
def test_every_page_of_the_menu_opens(desk: Desk, username: str) -> None:
    from galien.records.models.releases import Pointer

    Pointer.objects.all().delete()
    desk.services.reader.close()
    client = desk.client(username)
    menu = [page for page in discover() if page.section]
    answers = {page.path: client.get(f"/{page.path}") for page in menu}
    open_to = {path: answer for path, answer in answers.items() if answer.status_code != 404}

    assert {path for path, answer in open_to.items() if answer.status_code != 200} == set()
    assert {"achats/comparateur", "achats/par-mois", "gestion/remuneration"} <= set(open_to)
    for path in ("achats/comparateur", "gestion/remuneration"):
        assert "Rien n’est encore publié" in open_to[path].content.decode()
    desk.services.reader.look_again()
