"""The net-net ledger: parts that add up exactly, and a discount applied once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.discounts.ledger import Line, Term, net_net
from galien.kernel.errors import InvalidInput
from galien.model.contracts import Base
from galien.model.contracts import ClauseKind as Kind
from galien.model.net_net import Confidence, Source

D = Decimal
AFTER_INVOICE = (Kind.CASH_DISCOUNT, Kind.REBATE, Kind.COOPERATION)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    paid, price = draw(st.integers(-50, 200)), draw(st.decimals(0, 500, places=4))
    net = draw(st.decimals(-99_999, 99_999, places=4))
    return Line(D(paid), D(draw(st.integers(0, 50))), price, paid * price, net, "F12, 3")


terms = st.lists(
    st.builds(
        Term,
        st.sampled_from(AFTER_INVOICE),
        st.sampled_from(Source),
        st.sampled_from(["art. 1", "art. 2", "art. 3"]),
        st.decimals(0, "0.4", places=6),
        st.none(),
        st.sampled_from(Base),
    ),
    unique_by=lambda each: (each.kind, each.reference),
)


@given(lines(), terms)
def test_the_parts_add_up_exactly_to_the_net_net_amount(line: Line, given_: list[Term]) -> None:
    found = net_net(line, given_)
    expected = Fraction(line.net_amount)
    for kind in AFTER_INVOICE:
        of_kind = [each for each in given_ if each.kind is kind]
        for source in Source:
            known = [each for each in of_kind if each.source is source]
            if known:
                for each in known:
                    base = line.list_amount if each.base is Base.LIST else line.net_amount
                    expected -= Fraction(each.rate or 0) * Fraction(base)
                break
    assert Fraction(found.amount) == expected
    by_kind = sum(Fraction(found.taken_off(kind)) for kind in Kind)
    assert Fraction(found.gross) - by_kind == Fraction(found.amount)
    assert len(found.set_aside) + len(found.steps) == len(given_) + 2


def test_each_step_names_its_source_and_how_sure_it_is() -> None:
    line = Line(D(10), D(2), D("8.60"), D("86.00"), D("77.40"), "F12, 3")
    found = net_net(
        line,
        [
            Term(Kind.REBATE, Source.CONTRACT, "Contrat 2026, art. 4", D("0.05"), base=Base.LIST),
            Term(Kind.CASH_DISCOUNT, Source.INVOICE, "F12, pied", amount=D("1.55")),
            Term(Kind.CASH_DISCOUNT, Source.CONTRACT, "Contrat 2026, art. 6", D("0.02")),
            Term(Kind.COOPERATION, Source.ESTIMATE, "année précédente", D("0.01")),
        ],
    )
    assert [(step.kind, step.amount, step.confidence) for step in found.steps] == [
        (Kind.INVOICE_DISCOUNT, D("8.60"), Confidence.SEEN),
        (Kind.FREE_UNITS, D("17.20"), Confidence.SEEN),
        (Kind.CASH_DISCOUNT, D("1.55"), Confidence.SEEN),
        (Kind.REBATE, D("4.30"), Confidence.AGREED),
        (Kind.COOPERATION, D("0.774"), Confidence.GUESSED),
    ]
    assert [each.reference for each in found.set_aside] == ["Contrat 2026, art. 6"]
    assert (found.gross, found.amount) == (D("103.20"), D("70.776"))
    assert found.unit_price == D("5.898")
    assert found.confidence is Confidence.GUESSED


@pytest.mark.parametrize(
    ("listed", "net", "rate"),
    [
        (31_737_558, 30_046_645, "0.0533"),
        (13_961_002, 11_129_216, "0.2028"),
        (3_706_674, 3_604_703, "0.0275"),
    ],
)
def test_the_handbooks_channels(listed: int, net: int, rate: str) -> None:
    found = net_net(Line(D(1), D(0), D(listed), D(listed), D(net))).discount_rate
    assert found is not None
    assert round(found, 4) == D(rate)


def test_a_clause_never_applies_what_the_line_already_shows() -> None:
    with pytest.raises(InvalidInput, match="une seconde fois"):
        Term(Kind.INVOICE_DISCOUNT, Source.CONTRACT, "art. 1", D("0.1"))
    with pytest.raises(InvalidInput, match="l’un des deux"):
        Term(Kind.REBATE, Source.CONTRACT, "art. 1")
    line = Line(D(1), D(0), D(1), D(1), D(1))
    clause = Term(Kind.REBATE, Source.CONTRACT, "art. 1", D("0.1"))
    with pytest.raises(InvalidInput, match="deux fois"):
        net_net(line, [clause, clause])
