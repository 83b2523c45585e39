"""What is set by hand: read from tables, merged, and brought to the rows of an order."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from galien.calculators.stock.orders.proposal import HOSPITAL, Shelf, propose
from galien.calculators.stock.orders.quantity import Prices
from galien.kernel.errors import InvalidInput
from galien.model.contracts import ProductKeys
from galien.usecases.stock.by_hand import (
    ByHand,
    EventKind,
    KnownEvent,
    ProductSetting,
    Written,
    merged,
)
from galien.usecases.stock.by_hand_files import (
    events_csv,
    products_csv,
    read_events,
    read_products,
)
from galien.usecases.stock.flows import Known
from galien.usecases.stock.set_shelf import Hands, set_by_hand

BY = Written("Aïcha Benali", dt.date(2026, 11, 2))
DAY = dt.date(2026, 11, 21)
DROPS = Known(ProductKeys("A"), "Collyre", "Yeux", "Médicaments", False, False, False, True)
CREAM = Known(ProductKeys("B"), "Crème", "Visage", "Beauté", False, False, False, True)


def flu(effect: float = 0.3, **given: object) -> KnownEvent:
    last = DAY + dt.timedelta(days=30)
    return KnownEvent("Campagne grippe", EventKind.CAMPAIGN, DAY, last, effect, BY, **given)  # type: ignore[arg-type]


def shelf() -> Shelf:
    one = np.ones(2)
    return Shelf.of(Prices.plain(5 * one), demand=one, deviation=one, on_hand=0 * one)


def test_tables_are_read_again_as_they_were_written() -> None:
    settings = [
        ProductSetting("3400930000014", BY, maximum=20, multiple=3),
        ProductSetting("3400930000021", BY, duty=4, must_hold=True, hospital=False, note="garde"),
    ]
    assert read_products(products_csv(settings), "produits.csv", BY) == settings
    events = [flu(-0.125, family="Yeux", source="Sentinelles"), flu(0.3)]
    assert read_events(events_csv(events), "evenements.csv", BY) == events


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A;5;3;;;;;", "dépasse le maximum"),
        ("A;;;;;;;", "rien n’est réglé"),
        ("A;;;;0;;;", "multiple : un nombre de boîtes, de 1"),
        ("A;-2;;;;;;", "entier positif"),
        ("A;;;;;peut-être;;", "oui ou non"),
    ],
)
def test_what_no_shelf_can_hold_is_refused_with_its_line(line: str, said: str) -> None:
    head = "product_code;minimum;maximum;duty;multiple;must_hold;hospital;note"
    with pytest.raises(InvalidInput, match=said):
        read_products(f"{head}\n{line}\n".encode(), "produits.csv", BY)


def test_an_event_ends_after_it_begins_and_leaves_some_demand() -> None:
    with pytest.raises(InvalidInput, match="finit avant"):
        KnownEvent("Garde", EventKind.DUTY, DAY, DAY - dt.timedelta(days=1), 0.0, BY)
    with pytest.raises(InvalidInput, match="un rapport"):
        flu(-1.5)


def test_the_pharmacy_s_own_word_passes_before_its_group_s() -> None:
    group = [ProductSetting("A", BY, minimum=8, multiple=2), ProductSetting("B", BY, duty=3)]
    found = merged(group, [ProductSetting("A", BY, maximum=5)])
    assert (found["A"].minimum, found["A"].maximum, found["A"].multiple) == (None, 5, 2)
    assert found["B"].duty == 3


def test_levels_set_make_the_line_and_are_said() -> None:
    hands = Hands(
        ByHand({"A": ProductSetting("A", BY, minimum=2, maximum=20, multiple=3)}), (), DAY
    )
    found = propose(set_by_hand(shelf(), ("A", "B"), hands))
    # Multiple 3, maximum 20: 21.
    assert found.quantity[0] == 21
    assert found.quantity[1] == propose(shelf()).quantity[1]
    (said,) = hands.by_hand.said("A", DROPS, (DAY, DAY))
    assert said == (
        "Réglage : minimum déclenchant 2, maximum 20, multiple 3 (saisi par Aïcha Benali le 02/11/2026)."
    )


def test_what_must_be_held_is_ordered_when_none_is_left() -> None:
    none = Shelf.of(Prices.plain(5 * np.ones(1)), held=0.0, on_hand=0.0)
    assert propose(none).quantity.tolist() == [0]
    hands = Hands(ByHand({"A": ProductSetting("A", BY, must_hold=True)}), (), DAY)
    assert propose(set_by_hand(none, ("A",), hands)).quantity.tolist() == [1]


def test_the_hospital_reserve_can_be_set_and_unset() -> None:
    hands = Hands(ByHand({"A": ProductSetting("A", BY, hospital=True)}), (), DAY)
    assert set_by_hand(shelf(), ("A", "B"), hands).apart.tolist() == [HOSPITAL, 0]


def test_an_event_lifts_what_it_touches_while_one_waits() -> None:
    by_hand = ByHand(events=(flu(family="yeux"),))
    events = by_hand.events_on({"A": DROPS, "B": CREAM})
    found = set_by_hand(shelf(), ("A", "B"), Hands(by_hand, events, DAY))
    assert found.demand.tolist() == [1.3, 1.0]
    later = Hands(by_hand, events, DAY + dt.timedelta(days=40))
    assert set_by_hand(shelf(), ("A", "B"), later).demand.tolist() == [1.0, 1.0]
    (said,) = by_hand.said("A", DROPS, (DAY, DAY))
    assert said.startswith("Évènement : Campagne grippe, +30\u202f%, du 21/11/2026 au 21/12/2026")
    assert "saisi par Aïcha Benali" in said
    assert by_hand.said("B", CREAM, (DAY, DAY)) == []


def test_duty_stock_is_due_from_the_week_before_a_duty() -> None:
    week = KnownEvent("Garde", EventKind.DUTY, DAY, DAY + dt.timedelta(days=6), 0.0, BY)
    by_hand = ByHand({"A": ProductSetting("A", BY, duty=9)}, (week,))
    days = [-8, -7, 0, 6, 7]
    assert [by_hand.on_duty(DAY + dt.timedelta(days=n)) for n in days] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert ByHand().on_duty(DAY)
    on, off = (
        set_by_hand(shelf(), ("A", "B"), Hands(by_hand, (), DAY + dt.timedelta(days=n)))
        for n in (0, 20)
    )
    assert (on.duty[0], off.duty[0]) == (9, 0)
