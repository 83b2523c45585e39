"""What is asked of a simulation: kept in an address, refused when no pharmacy does it, concluded in words."""

from __future__ import annotations

import datetime as dt

import pytest

from galien.kernel.errors import InvalidInput
from galien.usecases.stock.year_asked import YearAsked, read_pairs
from galien.usecases.stock.year_trial import Figures, Gain, YearTried
from galien.usecases.stock.year_words import conclusion


def figures(policy: str, service: float, stock: float, lost: float) -> Figures:
    return Figures(policy, service, stock, stock, 3, 5.0, 50.0, lost, 9e5, 40, 1e6, 2e4, 1e5, -1e3)


def tried() -> YearTried:
    every = (
        figures("service", 0.985, 161_000.0, 500.0), figures("happened", 0.98, 157_000.0, 900.0),
        figures("cover", 0.979, 177_000.0, 800.0), figures("on-sale", 0.983, 200_000.0, 700.0),
    )  # fmt: skip
    gain = Gain("A", "Collyre", "A", (3, 0), (4.0, 0.0), (120.0, 60.0), 25.5)
    first, last = dt.date(2025, 11, 1), dt.date(2026, 10, 31)
    return YearTried("F", first, last, 9, 4.0, 0, 1, 2, every, (gain,))


def test_settings_are_read_again_as_they_were_written() -> None:
    asked = YearAsked("F", "2025", service_a=0.995, review=2, lead=3, minimum=1, payment=45)
    assert read_pairs(asked.pairs()) == asked
    assert YearAsked("F").pairs() == [("pharmacy", "F")]


@pytest.mark.parametrize("given", [{"service_a": 1.0}, {"review": 0}, {"lead": 90}, {"cover": 0}])
def test_what_no_pharmacy_does_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(InvalidInput):
        YearAsked("F", **given)  # type: ignore[arg-type]


def test_more_than_a_year_is_refused() -> None:
    with pytest.raises(InvalidInput, match="un an au plus"):
        YearAsked("F", "2024-01-01..2025-06-30").days(dt.date(2026, 11, 21))


def test_the_conclusion_says_service_stock_and_margin_then_the_best_of_the_simpler() -> None:
    said = conclusion(tried()).replace("\u202f", " ")
    assert said == (
        "Du 1er novembre 2025 au 31 octobre 2026, la politique aurait servi 98,5 % des boîtes demandées au "
        "lieu de 98,0 %, avec 4 000 € de stock moyen de plus et 400 € de marge perdue en moins ; "
        "recommander chaque vente aurait servi 98,3 % avec 43 000 € de stock moyen de plus."
    )


def test_an_answer_kept_as_json_is_the_same_answer() -> None:
    assert YearTried.from_plain(tried().plain()) == tried()
