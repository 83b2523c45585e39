"""Who each line goes to when a supplier sends nothing, or when its order is too small to be sent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from galien.model.contracts import ProductKeys
from galien.usecases.stock.answers import answers
from galien.usecases.stock.asked import asked, daily_stock
from galien.usecases.stock.flows import Bought, Flows, Known
from galien.usecases.stock.national import National
from galien.usecases.stock.orderable import Sight, Under, classes_of
from galien.usecases.stock.sources import trade
from galien.usecases.stock.sourcing import Placed, Waiting, place_lines

FIRST, DAYS = dt.date(2025, 11, 1), 365
LAST = FIRST + dt.timedelta(days=DAYS - 1)
WHOLESALERS = ("Grossiste", "Répartiteur")


def bought(
    back: int, supplier: str, units: int, price: str, code: str = "A", ordered: int = 0
) -> Bought:
    channel = "wholesaler" if supplier in WHOLESALERS else "direct"
    amount = Decimal(price) * units
    day = LAST - dt.timedelta(days=back)
    return Bought(
        code, day, supplier, channel, ordered or units, units, 0, Decimal(4) * units, amount
    )


def placed(
    *lines: Bought, stock: float = 0.0, medicine: bool = True
) -> tuple[Placed, tuple[Waiting, ...]]:
    """Place the lines of products A, B… of which one box a day sells, all with the same stock."""
    codes = tuple(sorted({line.product_code for line in lines}))
    sold = np.ones((len(codes), DAYS))
    # Enough came on the first day for the shelves never to be empty.
    received = np.zeros_like(sold)
    received[:, 0] = DAYS + stock
    kept = tuple(sorted(lines, key=lambda line: line.day))
    found = Flows(codes, FIRST, LAST, sold, sold, received, kept)
    daily = daily_stock(found, dict.fromkeys(codes, stock), LAST)
    told = asked(found, daily, families=dict.fromkeys(codes, ""))
    products = {
        code: Known(
            ProductKeys(code), code, "", "",
            cold=False, hospital=False, narcotic=False, on_sale=True, medicine=medicine,
        )
        for code in codes
    }  # fmt: skip
    sight = Sight(
        found, told, {}, products, trade(kept, (), LAST), {}, LAST, np.arange(len(codes)),
        National(None, {}), {},
    )  # fmt: skip
    whole = Sight(**{**vars(sight), "classes": classes_of(sight)})
    return place_lines(whole, Under())


def supplier(found: Placed, row: int = 0) -> str:
    """Return who has a line; empty without one."""
    assert found.split is not None
    at = list(found.final.lines).index(row)
    return found.split.names[int(found.split.supplied.split.supplier[at])]


def test_a_supplier_that_sent_nothing_is_left_for_the_next_one() -> None:
    cheap = (bought(20, "Grossiste", 5, "3"), bought(10, "Répartiteur", 5, "3.5"))
    found, _ = placed(*cheap)
    assert supplier(found) == "Grossiste"
    found, _ = placed(*cheap, bought(2, "Grossiste", 0, "3", ordered=5))
    assert supplier(found) == "Répartiteur"
    assert found.notes["A"] == [
        "Grossiste écarté : rien reçu quand on le lui a demandé le 29 octobre 2026."
    ]


def test_a_refusal_older_than_a_month_is_forgotten() -> None:
    found, _ = placed(
        bought(60, "Grossiste", 5, "3"), bought(40, "Grossiste", 0, "3", ordered=5),
        bought(10, "Répartiteur", 5, "3.5"),
    )  # fmt: skip
    assert supplier(found) == "Grossiste"


def test_a_wholesaler_never_asked_is_asked_when_the_only_one_refused() -> None:
    lines = (
        bought(20, "Grossiste", 5, "3"), bought(2, "Grossiste", 0, "3", ordered=5),
        bought(5, "Répartiteur", 9, "3.5", "B"),
    )  # fmt: skip
    found, _ = placed(*lines)
    assert supplier(found) == "Répartiteur"
    assert found.sources[0][0].assumed
    assert found.sources[0][0].price == pytest.approx(4)


def test_who_refused_is_asked_again_when_nobody_else_has_it() -> None:
    found, _ = placed(bought(20, "Grossiste", 5, "3"), bought(2, "Grossiste", 0, "3", ordered=5))
    assert supplier(found) == "Grossiste"
    assert not found.notes["A"]


DIRECT = tuple(bought(back, "Labo", 960 + back, "2") for back in (200, 160, 120, 81, 40))
USUAL = tuple(bought(back, "Grossiste", 1, "3.5", "B") for back in range(20, 0, -1))


def test_an_order_too_small_to_be_sent_goes_to_the_wholesaler_when_it_presses() -> None:
    found, waiting = placed(*DIRECT, *USUAL)
    assert supplier(found) == "Grossiste"
    # What presses only: the rest is to be had for less from the lab, once its order is worth it.
    assert found.final.quantity[0] == found.final.need[0]
    assert not [each for each in waiting if each.row == 0]


def test_what_does_not_press_waits_and_no_need_is_lost() -> None:
    found, waiting = placed(*DIRECT, *USUAL, stock=8.0)
    (line,) = [each for each in waiting if each.placed.sight.codes()[each.row] == "A"]
    assert line.least == pytest.approx(540)
    assert "on l’envoie dès 540" in line.note
    assert "tient encore" in line.note
    assert "A" not in {found.sight.codes()[row] for row in found.final.lines}


def test_what_no_wholesaler_sells_waits_for_its_order_then_is_sent_late() -> None:
    found, waiting = placed(*DIRECT, *USUAL, medicine=False)
    assert [each.placed.sight.codes()[each.row] for each in waiting] == ["A"]
    old = tuple(bought(back, "Labo", 900 + back, "2") for back in (320, 280, 240, 201, 160))
    found, waiting = placed(*old, *USUAL, medicine=False)
    assert not waiting
    assert supplier(found) == "Labo"


def test_every_need_is_ordered_or_waits() -> None:
    lines = [*USUAL, *DIRECT]
    for code in "CDEFGH":
        lines += [bought(back, f"Labo {code}", 100, "2", code) for back in (100, 60, 20)]
    for stock in (0.0, 3.0, 8.0):
        for medicine in (True, False):
            found, waiting = placed(*lines, stock=stock, medicine=medicine)
            ordered = {found.sight.codes()[row] for row in found.final.lines}
            held = {each.placed.sight.codes()[each.row] for each in waiting}
            assert not ordered & held
            if stock == 0:
                assert ordered | held == set("ABCDEFGH")


def test_what_an_order_must_come_to_is_a_part_of_what_deliveries_come_to() -> None:
    told = answers([*DIRECT, *USUAL], LAST)
    assert told.least["Labo"].amount == pytest.approx(540)
    assert "Grossiste" not in told.least
    assert told.wholesalers == ("Grossiste",)


def test_an_order_half_way_is_soon_sent_and_says_from_what() -> None:
    least = answers([*DIRECT, *USUAL], LAST).least["Labo"]
    assert least.far(269)
    assert not least.far(271)
    assert "une livraison faisant d’ordinaire" in least.sentence()
    small = answers([bought(40, "Labo", 10, "2")], LAST).least["Labo"]
    assert (small.amount, small.habit) == (50, 20)
    assert "d’ordinaire" not in small.sentence()
