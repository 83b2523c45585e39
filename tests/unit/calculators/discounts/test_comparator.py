"""The comparator, against the handbook's rows and against a search written another way."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.discounts.comparator import Comparison, Line, Mark, compare

ZERO = Decimal(0)
LABS = ("ARROW", "BIOGARAN", "MYLAN", "TEVA")


def line(key: str, lab: str, rate: str, amount: str = "1000") -> Line:
    return Line(key, lab, Decimal(10), Decimal(amount), Decimal(rate))


def rates(**given_: dict[str, str]) -> dict[str, dict[str, Decimal]]:
    return {lab: {k: Decimal(v) for k, v in each.items()} for lab, each in given_.items()}


def shown(found: Comparison) -> list[str]:
    """The cells of the only row as people read them."""
    (row,) = found.rows
    return [
        "NC" if cell is None else f"{cell.rate:.1%}{' ✓' if cell.best else ''}"
        for cell in row.cells
    ]


def test_cholecalciferol_is_better_at_arrow() -> None:
    offers = rates(ARROW={"D3": "0.25"}, BIOGARAN={"D3": "0.15"})
    found = compare([line("D3", "BIOGARAN", "0.15")], offers, LABS)
    assert shown(found) == ["25.0% ✓", "15.0%", "NC", "NC"]
    assert (found.rows[0].mark, found.rows[0].gain) == (Mark.GAIN, Decimal("100.00"))


def test_lorazepam_is_offered_by_mylan_alone() -> None:
    found = compare([line("LZ", "MYLAN", "0.025")], rates(MYLAN={"LZ": "0.025"}), LABS)
    assert shown(found) == ["NC", "NC", "2.5% ✓", "NC"]
    assert (found.rows[0].mark, found.rows[0].gain) == (Mark.BEST, ZERO)


def test_amoxicillin_ties() -> None:
    offers = rates(ARROW={"AMX": "0.30"}, BIOGARAN={"AMX": "0.30"}, TEVA={"AMX": "0.29"})
    found = compare([line("AMX", "ARROW", "0.30")], offers, LABS)
    assert shown(found) == ["30.0% ✓", "30.0% ✓", "NC", "29.0%"]
    assert found.rows[0].mark is Mark.BEST


def test_what_no_lab_offers_is_not_comparable() -> None:
    found = compare([line("X", "TEVA", "0.10")], {}, LABS)
    assert shown(found) == ["NC"] * 4
    assert found.rows[0].mark is Mark.NOT_COMPARABLE
    assert found.rows[0].best_rate is None


def test_a_present_discount_above_all_offers_is_kept() -> None:
    found = compare([line("X", "TEVA", "0.38")], rates(ARROW={"X": "0.30"}), LABS)
    assert (found.rows[0].mark, found.gain) == (Mark.BEST, ZERO)


def test_rates_are_compared_as_they_are_read() -> None:
    found = compare([line("X", "TEVA", "0.29999")], rates(ARROW={"X": "0.30"}), LABS)
    assert found.rows[0].mark is Mark.BEST


def test_totals_tell_what_each_lab_covers_and_would_bring_alone() -> None:
    lines = [line("A", "TEVA", "0.20"), line("B", "TEVA", "0.30", "500")]
    offers = rates(ARROW={"A": "0.25", "B": "0.10"}, BIOGARAN={"A": "0.30"})
    arrow, biogaran, mylan, _ = compare(lines, offers, LABS).totals()
    assert (arrow.products, arrow.best, arrow.list_amount, arrow.gain) == (
        2,
        1,
        Decimal(1500),
        Decimal(50),
    )
    assert (biogaran.products, biogaran.best, biogaran.gain) == (1, 1, Decimal(100))
    assert (mylan.products, mylan.gain) == (0, ZERO)


HUNDREDTHS = st.integers(0, 4000).map(lambda n: Decimal(n).scaleb(-4))


@given(
    st.lists(st.tuples(HUNDREDTHS, st.integers(0, 10_000)), min_size=1, max_size=6),
    st.lists(st.dictionaries(st.integers(0, 5), HUNDREDTHS), min_size=1, max_size=4),
)
def test_gain_is_the_best_choice_of_a_lab_for_each_line(
    bought: list[tuple[Decimal, int]], given_: list[dict[int, Decimal]]
) -> None:
    lines = [
        Line(str(place), "now", Decimal(1), Decimal(amount), rate)
        for place, (rate, amount) in enumerate(bought)
    ]
    labs = [f"L{n}" for n in range(len(given_))]
    offers = {
        lab: {str(key): rate for key, rate in each.items()}
        for lab, each in zip(labs, given_, strict=True)
    }
    found = compare(lines, offers, labs)
    expected = Decimal(0)
    for place, (rate, amount) in enumerate(bought):
        options = [each[place] for each in given_ if place in each]
        expected += max([amount * (option - rate) for option in options] + [Decimal(0)])
        ticks = sum(cell is not None and cell.best for cell in found.rows[place].cells)
        assert ticks == (options.count(max(options)) if options else 0)
    assert found.gain == expected
    assert sum(found.count(mark) for mark in Mark) == len(lines)
    assert all(total.gain <= found.gain for total in found.totals())
