"""Pay and reforms, against every sale line priced alone with plain decimals."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from galien.kernel.errors import NotAvailable
from galien.kernel.period import Period
from galien.law import Bracket, Law, Scale
from galien.law.parameters import DatedValue, Source
from galien.model.viewer import WORKSPACE_VIEWER, Grant, Viewer
from galien.usecases.pay.structure import structure_of_pay
from galien.usecases.pay.what_if import BY, what_if
from galien.usecases.services import Services
from tests.builders.derived import Group, random_group
from tests.builders.derived_rows import Row
from tests.builders.pay import PRICE_CHANGE, place_rows, price_rows, priced_services

PERIOD = Period(dt.date(2026, 1, 15), dt.date(2026, 10, 31))
REGULATED = ("prescription_third_party", "prescription_cash", "counter")
NOW = (("1.91", "0.1"), ("22.9", "0.07"), ("150", "0.055"), ("1930", "0.05"), ("Infinity", "0"))
THEN = (("5", "0.12"), ("30", "0.04"), ("Infinity", "0.031"))
Steps = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Case:
    """A group, its prices, and services that answer from them."""

    group: Group
    prices: list[Row]
    places: dict[str, Row]
    services: Services

    def price(self, code: str, day: dt.date) -> Row | None:
        """Return the price of a product on a day."""
        rows = [r for r in self.prices if r["product_code"] == code and r["since"] <= day]
        return max(rows, key=lambda row: row["since"], default=None)

    def earning(self, code: str, day: dt.date) -> Decimal:
        """Return the ex-factory price whose margin a product earns."""
        own = self.price(code, day)
        assert own is not None
        place = self.places[code]
        if place["generic_status"] in {"originator", "outside"}:
            return Decimal(own["ex_factory_price"])
        lent = [
            found["ex_factory_price"]
            for other, each in self.places.items()
            if each["generic_group"] == place["generic_group"]
            and each["generic_status"] in {"originator", "outside"}
            and (found := self.price(other, day))
        ]
        return Decimal(max(lent, default=own["ex_factory_price"]))

    def lines(self) -> Iterator[Row]:
        """Yield the lines of the period that have a regulated price."""
        for line in self.group.lines:
            within = PERIOD.first <= line["day"] <= PERIOD.last
            regulated = within and line["sale_type"] in REGULATED
            if regulated and self.price(line["product_code"], line["day"]):
                yield line


def margin(price: Decimal, steps: Steps) -> Decimal:
    """Cut a price in slices, one after the other."""
    total, start = Decimal(0), Decimal(0)
    for end, rate in steps:
        if price > start:
            total += (min(price, Decimal(end)) - start) * Decimal(rate)
        start = Decimal(end)
    return total


def cents(amount: Decimal) -> Decimal:
    """Round once."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.fixture(scope="module", params=[3, 8])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A small group with prices that change in the middle of a month."""
    seed = request.param
    group = random_group(seed, visits=500)
    prices, places = price_rows(group, seed), place_rows(group, seed)
    folder: Path = tmp_path_factory.mktemp("pay")
    by_code = {row["product_code"]: row for row in places}
    return Case(group, prices, by_code, priced_services(group, prices, places, folder))


def added(case: Case, key: Callable[[Row], str], steps: Steps) -> dict[str, Decimal]:
    """Add up the margin of each line by key."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in case.lines():
        earning = case.earning(line["product_code"], line["day"])
        found[key(line)] += line["quantity"] * margin(earning, steps)
    return {name: cents(amount) for name, amount in found.items()}


@pytest.mark.parametrize("by", ["pharmacy", "month"])
def test_the_regulated_margin_is_that_of_every_line(case: Case, by: str) -> None:
    def key(line: Row) -> str:
        return line["pharmacy"] if by == "pharmacy" else f"{line['day']:%Y-%m}"

    report = structure_of_pay(WORKSPACE_VIEWER, services=case.services, by=by, period=PERIOD.iso())
    rows = {row[by]: row["regulated_margin"] for row in report.answer.table.to_pylist()}
    expected = added(case, key, NOW)
    assert {name: amount for name, amount in rows.items() if amount} == {
        name: amount for name, amount in expected.items() if amount
    }


def test_fees_due_are_those_of_every_box_and_prescription(case: Case) -> None:
    report = structure_of_pay(WORKSPACE_VIEWER, services=case.services, period=PERIOD.iso())
    prescriptions = {
        line["invoice"]
        for line in case.group.lines
        if line["sale_type"] in REGULATED[:2] and PERIOD.first <= line["day"] <= PERIOD.last
    }
    boxes = Decimal(0)
    for line in case.lines():
        price = case.price(line["product_code"], line["day"])
        if price and line["sale_type"] != "counter":
            boxes += line["quantity"] * price["fee_incl"]
    assert report.answer.totals["fees_due_by_box"] == cents(boxes)
    assert report.answer.totals["fees_due_by_prescription"] == len(prescriptions) * Decimal("0.61")


def proposed(law: Law, scale: Steps) -> Law:
    """The law with another scale from 2026 on."""
    starts = ["0", *(end for end, _ in scale[:-1])]
    brackets = tuple(
        Bracket(Decimal(start), Decimal(rate))
        for start, (_, rate) in zip(starts, scale, strict=True)
    )
    known = law.parameter("mdl_scale")
    day = dt.date(2026, 1, 1)
    entry = DatedValue(day, Scale(brackets), Source("Essai"), day)
    parameter = replace(known, values=(*known.values, entry))
    return Law({**{p.name: p for p in law.parameters()}, known.name: parameter})


@pytest.mark.parametrize("by", BY)
def test_identical_laws_change_nothing(case: Case, by: str) -> None:
    trial = what_if(
        WORKSPACE_VIEWER, services=case.services, proposed=Law.load(), by=by, period=PERIOD.iso()
    )
    effects = [name for name in trial.answer.totals if name.endswith("_effect")]
    assert effects
    assert {row[name] for row in trial.answer.table.to_pylist() for name in effects} == {0}
    assert trial.changed == ()


@pytest.mark.parametrize("by", BY)
def test_rows_of_a_reform_add_up_to_the_group(case: Case, by: str) -> None:
    law = proposed(case.services.law, THEN)
    one = what_if(WORKSPACE_VIEWER, services=case.services, proposed=law, period=PERIOD.iso())
    other = what_if(
        WORKSPACE_VIEWER, services=case.services, proposed=law, by=by, period=PERIOD.iso()
    )
    assert other.total == one.total
    assert other.answer.totals == one.answer.totals


def test_the_effect_of_a_reform_is_that_of_every_line(case: Case) -> None:
    law = proposed(case.services.law, THEN)
    trial = what_if(WORKSPACE_VIEWER, services=case.services, proposed=law, period=PERIOD.iso())
    rows = trial.answer.table.to_pylist()
    for name, steps in (("regulated_margin", NOW), ("regulated_margin_proposed", THEN)):
        expected = added(case, lambda line: line["pharmacy"], steps)
        assert {row["pharmacy"]: row[name] for row in rows} == expected


def test_a_pharmacy_reads_its_own_rows_alone(case: Case) -> None:
    mine = case.group.pharmacies[1]["pharmacy"]
    viewer = Viewer("1", "Titulaire", "owner", (Grant(mine),))
    report = structure_of_pay(viewer, services=case.services, by="pharmacy", period=PERIOD.iso())
    assert report.answer.meta.scope == (mine,)
    assert {row["pharmacy"] for row in report.answer.table.to_pylist()} == {mine}


def test_discounts_are_unknown_where_purchases_are_closed(case: Case) -> None:
    mine = case.group.pharmacies[1]["pharmacy"]
    viewer = Viewer("1", "Titulaire", "owner", (Grant(mine, frozenset({"sales"})),))
    report = structure_of_pay(viewer, services=case.services, period=PERIOD.iso())
    assert report.answer.totals["generic_discounts"] is None
    assert any("Remises génériques non comptées" in note for note in report.answer.state.notes)


def test_without_a_price_list_the_answer_says_what_to_do(tmp_path: Path) -> None:
    group = random_group(5, visits=40)
    bare = priced_services(group, [], place_rows(group, 5), tmp_path)
    with pytest.raises(NotAvailable, match="base publique"):
        structure_of_pay(WORKSPACE_VIEWER, services=bare, period=PERIOD.iso())


def test_a_lower_ceiling_leaves_what_it_allows_of_each_product(case: Case) -> None:
    known = case.services.law.parameter("discount_ceiling_generic")
    day = dt.date(2026, 1, 2)
    entry = DatedValue(day, Decimal("0.05"), Source("Essai"), day)
    parameter = replace(known, values=(*known.values, entry))
    law = Law({**{p.name: p for p in case.services.law.parameters()}, known.name: parameter})
    trial = what_if(WORKSPACE_VIEWER, services=case.services, proposed=law, period=PERIOD.iso())
    # A ceiling holds for a pharmacy and a product, as long as its price does.
    bought: dict[tuple[str, str, bool], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
    for line in case.group.purchases:
        code, on = line["product_code"], line["delivered_on"]
        price = case.price(code, on)
        if price and PERIOD.first <= on <= PERIOD.last:
            found = bought[line["pharmacy"], code, on >= PRICE_CHANGE]
            found[0] += line["list_amount_excl"] - line["net_amount_excl"]
            found[1] += line["delivered_quantity"] * price["ex_factory_price"]
    obtained, left = Decimal(0), Decimal(0)
    for (_, code, _), (discount, value) in bought.items():
        obtained += discount
        limited = case.places[code]["generic_status"] in {"generic", "substitutable"}
        capped = limited and discount > 0 and value > 0
        left += min(discount, value * Decimal("0.05")) if capped else discount
    assert trial.answer.totals["medicine_discounts"] == cents(obtained)
    assert trial.answer.totals["medicine_discounts_proposed"] == cents(left)
