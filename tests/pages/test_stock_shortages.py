"""Shortages on their page: an order sent that nothing answered, its file, another's unseen."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from tests.builders.workspace import FINESS, STRANGER, Desk

HERE = f"/stock/ruptures?pharmacie={FINESS[0]}"
SENT = dt.datetime(2026, 10, 20, 9, tzinfo=dt.UTC)


def text_of(answer: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def send(code: str, units: int) -> None:
    from galien.records.models import ProposedOrder

    ProposedOrder.objects.create(
        pharmacy_id=FINESS[0], supplier="Alpha", day=SENT.date(), state="sent", sent_at=SENT,
        lines=[{"product_code": code, "label": code, "quantity": units}],
    )  # fmt: skip


def test_what_is_delivered_each_day_is_no_shortage(desk: Desk) -> None:
    send("3400930000014", 5)
    assert "Aucune rupture sur douze mois" in text_of(desk.client("titulaire").get(HERE))


def test_an_order_without_an_answer_is_a_shortage_after_72_hours(desk: Desk) -> None:
    send(STRANGER, 5)
    client = desk.client("titulaire")
    page = text_of(client.get(HERE))
    # 72 hours after the 20th: the 23rd; to the evening of the last sales, the 31st: 12 days.
    assert re.search(rf"{STRANGER} 20/10/2026 rupture le 23/10/2026 en cours 12 12 5 Alpha ", page)
    file = client.get(f"{HERE}&format=csv").content.decode("utf-8-sig")
    assert STRANGER in file
    early = text_of(client.get(f"{HERE}&au=2026-10-22"))
    assert "Aucune rupture sur douze mois" in early


@pytest.mark.parametrize("more", ["", "&format=csv"])
def test_another_s_shortages_do_not_exist(desk: Desk, more: str) -> None:
    assert desk.client("voisin").get(HERE + more).status_code == 404
