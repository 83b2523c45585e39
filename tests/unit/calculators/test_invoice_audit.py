"""An invoice made from its own contract has no difference; each advantage taken away is found, exactly."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from galien.calculators.discounts.audit.found import (
    Delivered,
    DifferenceKind,
    Facts,
    Known,
)
from galien.calculators.discounts.audit.whole import audit
from galien.kernel.money import round_amount
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Conditions,
    Contract,
    Measured,
    ProductKeys,
    ProductScope,
    Span,
    Tier,
)
from galien.model.invoices import Adjustment, CashDiscount, Invoice, InvoiceKind, InvoiceLine
from tests.builders.invoices import AMOXICILLIN, PARACETAMOL, VAT, invoice, line

KIND = DifferenceKind
D = Decimal
NOTHING = D(0)
CODES = ("3400930000014", "3400930000021", "3400930000038", "3400930000045")


def contract(
    *clauses: Clause, shipping_fee: D = NOTHING, free_shipping_from: D | None = None
) -> Contract:
    return Contract(
        reference="C1",
        supplier="LABO ALPHA",
        lab="",
        since=dt.date(2026, 1, 1),
        clauses=clauses,
        conditions=Conditions(shipping_fee=shipping_fee, free_shipping_from=free_shipping_from),
    )


def discount(rate: str, *products: str) -> Clause:
    scope = ProductScope(products=products)
    return Clause("R1", ClauseKind.INVOICE_DISCOUNT, scope, rate=D(rate))


TIERS = Clause(
    "P1",
    ClauseKind.INVOICE_DISCOUNT,
    tiers=(Tier(D(0), D("0.10")), Tier(D(10), D("0.20")), Tier(D(50), D("0.30"))),
    measured=Measured.QUANTITY,
)
TEN_AND_TWO = Clause("UG", ClauseKind.FREE_UNITS, paid=10, free=2)
CASH = Clause("E1", ClauseKind.CASH_DISCOUNT, rate=D("0.02"), base=Base.INVOICE)


def found(it: Invoice, *contracts: Contract, facts: Facts | None = None) -> dict[str, Decimal]:
    return {each.kind.value: each.amount for each in audit(it, contracts, facts).differences}


def test_a_discount_that_is_not_there() -> None:
    it = invoice([line(AMOXICILLIN, 10, "10.00", "10.00")])
    assert found(it, contract(discount("0.25"))) == {"missing_discount": D("25.00")}


def test_a_discount_smaller_than_agreed() -> None:
    it = invoice([line(AMOXICILLIN, 10, "10.00", "8.00")])
    (one,) = audit(it, [contract(discount("0.25"))]).differences
    assert (one.kind, one.amount) == (KIND.MISSING_DISCOUNT, D("5.00"))
    assert [one.expected, one.found] == [D("0.25"), D("0.20")]
    assert "clause « R1 » du contrat « C1 »" in one.sentence.replace("\u00a0", " ")


def test_a_tier_reached_and_not_given() -> None:
    it = invoice([line(AMOXICILLIN, 50, "10.00", "8.00")])
    assert found(it, contract(TIERS)) == {"wrong_tier": D("50.00")}


def test_a_tier_counted_over_the_year_takes_what_was_bought_before() -> None:
    yearly = replace(TIERS, span=Span.YEAR)
    it = invoice([line(AMOXICILLIN, 10, "10.00", "8.00")])
    facts = Facts(counted={("C1", "P1"): D(60)})
    assert found(it, contract(yearly)) == {}
    assert found(it, contract(yearly), facts=facts) == {"wrong_tier": D("10.00")}


def test_free_units_not_given_are_worth_what_boxes_cost() -> None:
    sold = line(AMOXICILLIN, 20, "8.60", "8.60")
    assert found(invoice([sold]), contract(TEN_AND_TWO)) == {"free_units_missing": D("34.40")}
    three = invoice([sold, line(AMOXICILLIN, 3, "0", "0")])
    assert found(three, contract(TEN_AND_TWO)) == {"free_units_missing": D("8.60")}


def test_free_units_given_as_a_lower_price_are_given() -> None:
    # 12 boxes for the price of 10: 16,67 % off.
    it = invoice([line(AMOXICILLIN, 12, "6.00", "5.00")])
    assert found(it, contract(TEN_AND_TWO)) == {}


def test_shipping_charged_above_the_free_shipping_threshold() -> None:
    freight = Adjustment(D("9.90"), charge=True, code="FC", vat_rate=VAT)
    free_from = contract(shipping_fee=D("5.00"), free_shipping_from=D("100"))
    large = invoice([line(AMOXICILLIN, 10, "10.00", "10.00")], [freight])
    small = invoice([line(AMOXICILLIN, 9, "10.00", "10.00")], [freight])
    assert found(large, free_from) == {"shipping_charged": D("9.90")}
    assert found(small, free_from) == {"shipping_charged": D("4.90")}
    assert found(large, contract()) == {}


def test_shipping_may_be_a_line_or_go_by_its_words() -> None:
    sold = line(AMOXICILLIN, 10, "10.00", "10.00")
    as_line = replace(line("", 1, "9.90", "9.90", name="Frais de port"), product_code="")
    named = Adjustment(D("9.90"), charge=True, reason="Participation transport")
    free = contract(free_shipping_from=D(0))
    for it in (invoice([sold, as_line]), invoice([sold], [named])):
        assert found(it, free) == {"shipping_charged": D("9.90")}


def test_a_price_above_list_is_claimed_net_of_the_discount_given() -> None:
    it = invoice([line(AMOXICILLIN, 10, "12.00", "9.00")])
    facts = Facts(products={AMOXICILLIN: Known(ProductKeys(AMOXICILLIN), D("10.00"))})
    # Asked 90.00, agreed 10 × 10.00 × 0.75 = 75.00.
    assert found(it, contract(discount("0.25")), facts=facts) == {"price_above_list": D("15.00")}
    # With 30 % agreed, what is overpaid (20.00) is parted, not counted twice.
    assert found(it, contract(discount("0.30")), facts=facts) == {
        "price_above_list": D("15.00"),
        "missing_discount": D("5.00"),
    }


def test_a_price_above_list_needs_no_contract() -> None:
    it = invoice([line(AMOXICILLIN, 10, "12.00", "12.00")])
    facts = Facts(products={AMOXICILLIN: Known(ProductKeys(AMOXICILLIN), D("10.00"))})
    assert found(it, facts=facts) == {"price_above_list": D("20.00")}


def test_a_cash_discount_neither_deducted_nor_offered() -> None:
    sold = [line(AMOXICILLIN, 10, "10.00", "10.00")]
    assert found(invoice(sold), contract(CASH)) == {"cash_discount_forgotten": D("2.00")}
    deducted = Adjustment(D("2.00"), reason="Escompte 2 %", vat_rate=VAT)
    assert found(invoice(sold, [deducted]), contract(CASH)) == {}
    offered = invoice(sold, cash=[CashDiscount(D("0.02"), 8)])
    assert found(offered, contract(CASH)) == {}


def test_a_cash_discount_is_lost_by_who_pays_late() -> None:
    it = invoice([line(AMOXICILLIN, 10, "10.00", "10.00")])
    agreed = replace(contract(CASH), conditions=Conditions(payment_days=30))
    late = Facts(paid_on=it.issued_on + dt.timedelta(31))
    assert found(it, agreed, facts=late) == {}
    assert found(it, agreed, facts=Facts(paid_on=it.issued_on)) != {}


def test_boxes_invoiced_and_not_delivered_are_not_claimed_twice() -> None:
    it = invoice([line(AMOXICILLIN, 10, "10.00", "10.00")])
    facts = Facts(delivered={AMOXICILLIN: Delivered(D(8))})
    # 2 boxes at the 10.00 asked, then 25 % of the 8 that came.
    assert found(it, contract(discount("0.25")), facts=facts) == {
        "quantity_not_delivered": D("20.00"),
        "missing_discount": D("20.00"),
    }


def test_a_clause_about_a_product_takes_the_place_of_the_general_one() -> None:
    it = invoice([line(AMOXICILLIN, 10, "10.00", "6.00"), line(PARACETAMOL, 10, "2.00", "1.80")])
    agreed = contract(discount("0.10"), replace(discount("0.40", AMOXICILLIN), reference="R2"))
    assert found(it, agreed) == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"since": dt.date(2026, 10, 2)},
        {"until": dt.date(2026, 9, 30)},
        {"supplier": "Labo Bêta"},
        {"members": ("750100026",)},
    ],
)
def test_a_contract_that_does_not_hold_claims_nothing(changed: dict[str, object]) -> None:
    it = invoice([line(AMOXICILLIN, 10, "10.00", "10.00")])
    agreed = replace(contract(discount("0.25")), **changed)  # type: ignore[arg-type]
    done = audit(it, [agreed], Facts(pharmacy="750100018"))
    assert (done.differences, done.contracts) == ((), ())


def test_a_credit_note_is_not_audited() -> None:
    note = replace(invoice([line(AMOXICILLIN, 10, "10.00", "10.00")]), kind=InvoiceKind.CREDIT_NOTE)
    assert audit(note, [contract(discount("0.25"))]).recoverable == 0


def test_one_clause_gives_once_when_two_contracts_say_it() -> None:
    it = invoice([line(AMOXICILLIN, 10, "10.00", "10.00")])
    twice = contract(discount("0.25")), replace(contract(discount("0.20")), reference="C2")
    assert found(it, *twice) == {"missing_discount": D("25.00")}


# A contract, and the invoice of somebody who follows it to the letter.

RATES = st.integers(1, 45).map(lambda percent: D(percent) / 100)
SOLD = st.tuples(st.integers(101, 9_999), st.integers(1, 120))
STYLES = st.sampled_from(["price", "line", "foot"])


@st.composite
def made(draw: st.DrawFn) -> tuple[Contract, list[tuple[str, Decimal, int]], str]:
    """Return a contract, products with price and quantity, and the way discounts are written."""
    rates = sorted(draw(st.lists(RATES, min_size=1, max_size=3, unique=True)))
    tiers = tuple(Tier(D(20 * rank), rate) for rank, rate in enumerate(rates))
    clauses = [
        Clause("R", ClauseKind.INVOICE_DISCOUNT, tiers=tiers, measured=Measured.QUANTITY)
        if len(tiers) > 1
        else Clause("R", ClauseKind.INVOICE_DISCOUNT, rate=rates[0])
    ]
    if draw(st.booleans()):
        paid, free = draw(st.integers(2, 12)), draw(st.integers(1, 3))
        clauses.append(Clause("U", ClauseKind.FREE_UNITS, paid=paid, free=free))
    if draw(st.booleans()):
        clauses.append(Clause("E", ClauseKind.CASH_DISCOUNT, rate=D("0.02"), base=Base.INVOICE))
    sold = draw(st.lists(SOLD, min_size=1, max_size=4))
    bought = [(CODES[n], D(cents) / 100, units) for n, (cents, units) in enumerate(sold)]
    return contract(*clauses, free_shipping_from=D(0)), bought, draw(STYLES)


def own_invoice(
    agreed: Contract,
    bought: list[tuple[str, Decimal, int]],
    style: str,
    *,
    without: ClauseKind | None = None,
) -> Invoice:
    """Write the invoice of a contract, leaving an advantage out."""
    by_kind = {each.kind: each for each in agreed.clauses}
    rated = by_kind[ClauseKind.INVOICE_DISCOUNT]
    lines: list[InvoiceLine] = []
    off = D(0)
    for code, price, units in bought:
        rate = D(0) if without is ClauseKind.INVOICE_DISCOUNT else rated.rate_at(D(units))
        lines.append(_written(code, price, units, rate, style))
        off += price * units * rate if style == "foot" else D(0)
        gift = by_kind.get(ClauseKind.FREE_UNITS)
        if gift and without is not ClauseKind.FREE_UNITS:
            free = int((D(units) / gift.paid).to_integral_value(ROUND_FLOOR)) * gift.free
            lines += [line(code, free, "0", "0")] if free else []
    foot = [Adjustment(round_amount(off), code="95", reason="Remise", vat_rate=VAT)] if off else []
    cash = ClauseKind.CASH_DISCOUNT in by_kind and without is not ClauseKind.CASH_DISCOUNT
    return invoice(lines, foot, cash=[CashDiscount(D("0.02"), 10)] if cash else [])


def _written(code: str, price: Decimal, units: int, rate: Decimal, style: str) -> InvoiceLine:
    if style == "price":
        return line(code, units, str(price), str(price * (1 - rate)))
    if style == "line" and rate:
        own = Adjustment(round_amount(price * units * rate), code="95")
        return line(code, units, str(price), str(price), own)
    return line(code, units, str(price), str(price))


@given(made())
def test_the_audit_of_an_invoice_made_from_its_own_contract_finds_nothing(
    it: tuple[Contract, list[tuple[str, Decimal, int]], str],
) -> None:
    agreed, bought, style = it
    assume(style != "foot" or len({rate(agreed, units) for _, _, units in bought}) == 1)
    assert audit(own_invoice(agreed, bought, style), [agreed]).differences == ()


def rate(agreed: Contract, units: int) -> Decimal:
    return agreed.clauses[0].rate_at(D(units))


@given(made())
def test_a_discount_taken_away_is_found_to_the_cent(
    it: tuple[Contract, list[tuple[str, Decimal, int]], str],
) -> None:
    agreed, bought, style = it
    poor = own_invoice(agreed, bought, style, without=ClauseKind.INVOICE_DISCOUNT)
    done = audit(poor, [agreed])
    assert {each.kind for each in done.differences} == {KIND.MISSING_DISCOUNT}
    assert [each.amount for each in done.differences] == [
        round_amount(price * units * rate(agreed, units)) for _, price, units in bought
    ]


@given(made())
def test_free_units_taken_away_are_found_to_the_cent(
    it: tuple[Contract, list[tuple[str, Decimal, int]], str],
) -> None:
    agreed, bought, _ = it
    gift = next((each for each in agreed.clauses if each.kind is ClauseKind.FREE_UNITS), None)
    assume(gift is not None)
    assert gift is not None
    poor = own_invoice(agreed, bought, "price", without=ClauseKind.FREE_UNITS)
    owed = [
        round_amount(price * (1 - rate(agreed, units)) * (units // gift.paid) * gift.free)
        for _, price, units in bought
        if units >= gift.paid
    ]
    done = audit(poor, [agreed])
    assert [each.amount for each in done.differences] == owed
    assert {each.kind for each in done.differences} <= {KIND.FREE_UNITS_MISSING}


@given(made())
def test_a_cash_discount_taken_away_is_found_to_the_cent(
    it: tuple[Contract, list[tuple[str, Decimal, int]], str],
) -> None:
    agreed, bought, _ = it
    assume(any(each.kind is ClauseKind.CASH_DISCOUNT for each in agreed.clauses))
    poor = own_invoice(agreed, bought, "line", without=ClauseKind.CASH_DISCOUNT)
    goods = sum((each.net_amount for each in poor.lines), D(0))
    owed = round_amount(goods * D("0.02"))
    assume(owed > D("0.01"))
    assert [(each.kind, each.amount) for each in audit(poor, [agreed]).differences] == [
        (KIND.CASH_DISCOUNT_FORGOTTEN, owed)
    ]
