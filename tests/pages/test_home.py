"""The first page: its figures are those of the files, and it shows nobody else's."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from galien.kernel import french
from tests.builders.workspace import FINESS, LATE, NAMES, PRODUCTS, Desk, days_of, sale_rows

OCTOBER = "2026-10"


def sold(pharmacies: tuple[str, ...], column: int, codes: tuple[str, ...] = ()) -> Decimal:
    """Add up a column of October's lines, read from the files themselves."""
    return sum(
        (
            Decimal(str(row[column]))
            for finess in pharmacies
            for row in sale_rows(finess)
            if str(row[1]).startswith(OCTOBER) and (not codes or row[6] in codes)
        ),
        Decimal(0),
    )


def headlines(html: str) -> dict[str, str]:
    """Return the value printed under each headline's label."""
    cards = re.findall(
        r'<article class="headline">.*?<h\d>(.*?)</h\d>.*?class="value"[^>]*>(.*?)</p>',
        html,
        re.DOTALL,
    )
    return {re.sub("<[^>]+>", "", label): value for label, value in cards}


@pytest.mark.parametrize(
    ("person", "pharmacies"),
    [("titulaire", FINESS[:1]), ("acheteur", FINESS), ("voisin", FINESS[1:2])],
)
def test_each_person_reads_the_sales_of_their_pharmacies(
    desk: Desk, person: str, pharmacies: tuple[str, ...]
) -> None:
    shown = headlines(desk.client(person).get("/").content.decode())
    net = sold(pharmacies, 10)
    assert shown["CA TTC"] == (french.amount(net) if net < 1000 else french.compact_amount(net))
    days = sum(len({day for day in days_of(each) if day.month == 10}) for each in pharmacies)
    assert shown["Visites"] == french.number(2 * days)


def test_shares_are_ratios_of_the_lines(desk: Desk) -> None:
    shown = headlines(desk.client("titulaire").get("/").content.decode())
    counter = sold(FINESS[:1], 10, codes=(PRODUCTS[2][0], PRODUCTS[3][0]))
    expected = 1 - counter / sold(FINESS[:1], 10)
    assert shown["Part des ordonnances"] == french.percent(expected, 1)
    assert shown["Taux de remise réelle"] == french.percent(Decimal("0.1"), 1)


def test_the_calendar_tells_who_is_late(desk: Desk) -> None:
    html = desk.client("acheteur").get("/").content.decode()
    row = re.search(rf"{NAMES[3]}.*?</tr>", html, re.DOTALL)
    other = re.search(rf"{NAMES[0]}.*?</tr>", html, re.DOTALL)
    assert row is not None
    assert other is not None
    # 21 to 31 October without the two Sundays that every pharmacy is closed
    assert row[0].count('class="day late"') == 10
    assert 'class="day late"' not in other[0]
    assert "Données au 31/10/2026, 3 pharmacies sur 4" in html


def test_an_owner_is_shown_no_other_pharmacy(desk: Desk) -> None:
    html = desk.client("titulaire").get("/").content.decode()
    assert [name for name in NAMES[1:] if name in html] == []
    assert LATE not in html


def test_a_withdrawn_authorisation_closes_at_the_next_request(desk: Desk) -> None:
    from galien.records.models import Authorisation

    client = desk.client("acheteur")
    assert NAMES[1] in client.get("/").content.decode()
    key = Authorisation.objects.get(pharmacy=FINESS[1], organisation__kind="group").pk
    assert desk.client("voisin").post(f"/autorisations/{key}/retirer").status_code == 302
    html = client.get("/").content.decode()
    assert NAMES[1] not in html
    assert headlines(html)["CA TTC"] == french.compact_amount(
        sold((FINESS[0], FINESS[2], FINESS[3]), 10)
    )


def test_a_stranger_to_the_calendar_s_feeds_is_refused(desk: Desk) -> None:
    assert desk.client("admin").get("/?flux=secrets").status_code == 400
