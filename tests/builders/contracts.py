"""Contracts drawn at random, as any lab may write them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Conditions,
    Consequence,
    Contract,
    Counted,
    Measured,
    Payment,
    ProductScope,
    Returns,
    Span,
    Standing,
    Tier,
)

# Words that YAML readers take for something else than a text stand among the others.
words = st.one_of(
    st.sampled_from(["null", "~", "Oui", "1e3", "2026-01-01", "a: b", "- c", "#d", "« é »", "'\""]),
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20).filter(
        lambda text: text == text.strip()
    ),
)
notes = st.lists(words, max_size=3).map("\n".join)
rates = st.decimals(0, 1, places=4)
amounts = st.decimals(0, 10**9, places=2)
days = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
codes = st.from_regex(r"[0-9]{13}|[0-9]{7}", fullmatch=True)
few: Any = {"max_size": 3, "unique": True}
scopes = st.builds(
    ProductScope,
    products=st.lists(codes, **few).map(tuple),
    generic_groups=st.lists(st.from_regex(r"H?[0-9]{1,5}", fullmatch=True), **few).map(tuple),
    ranges=st.lists(words, **few).map(tuple),
    brands=st.lists(words, **few).map(tuple),
    labs=st.lists(words, **few).map(tuple),
    classes=st.lists(st.sampled_from(["generic", "hybrid", "biosimilar", "general"]), **few).map(
        tuple
    ),
    excluded=st.lists(codes, **few).map(tuple),
)
counting: dict[str, Any] = {
    "measured": st.sampled_from(Measured),
    "span": st.sampled_from(Span),
    "counted": st.sampled_from(Counted),
}
tiers = st.lists(
    st.builds(Tier, amounts, rates), min_size=1, max_size=4, unique_by=lambda tier: tier.minimum
).map(tuple)


def later(since: dt.date) -> st.SearchStrategy[dt.date]:
    """Draw a day from another on."""
    return st.integers(0, 3_000).map(lambda count: since + dt.timedelta(count))


@st.composite
def clauses(draw: Any, reference: str, conditions: list[str]) -> Clause:
    """Draw a clause: free units, a rate or tiers, as its kind allows."""
    kind = draw(st.sampled_from(ClauseKind))
    if kind is ClauseKind.FREE_UNITS:
        what = {"paid": draw(st.integers(1, 100)), "free": draw(st.integers(1, 20))}
    elif draw(st.booleans()):
        what = {"rate": draw(rates)}
    else:
        what = {"tiers": draw(tiers)}
    return Clause(
        reference=reference,
        kind=kind,
        scope=draw(scopes),
        base=draw(st.sampled_from(Base)),
        condition=draw(st.sampled_from(["", *conditions])),
        **{name: draw(each) for name, each in counting.items()},
        **what,
    )


@st.composite
def payments(draw: Any, clause: str, since: dt.date) -> Payment:
    """Draw what was paid of a clause, over some days of the contract."""
    return Payment(
        clause=clause,
        first=since,
        last=draw(later(since)),
        amount=draw(amounts),
        document=draw(words),
        pharmacy=draw(st.sampled_from(["", "750100018"])),
    )


@st.composite
def contracts(draw: Any) -> Contract:
    """Draw a contract whose references are all different and whose conditions are its commitments."""
    names = draw(st.lists(words, max_size=5, unique=True))
    cut = draw(st.integers(0, len(names)))
    since = draw(days)
    return Contract(
        reference=draw(words),
        supplier=draw(words),
        lab=draw(st.one_of(st.just(""), words)),
        since=since,
        until=draw(st.one_of(st.none(), later(since))),
        signed_on=draw(st.one_of(st.none(), days)),
        standing=draw(st.sampled_from(Standing)),
        clauses=tuple(draw(clauses(name, names[:cut])) for name in names[cut:]),
        commitments=tuple(
            draw(
                st.builds(
                    Commitment,
                    reference=st.just(name),
                    minimum=amounts,
                    scope=scopes,
                    consequence=st.sampled_from(Consequence),
                    **counting,
                )
            )
            for name in names[:cut]
        ),
        conditions=draw(
            st.builds(
                Conditions,
                payment_days=st.one_of(st.none(), st.integers(0, 120)),
                shipping_fee=amounts,
                free_shipping_from=st.one_of(st.none(), amounts),
                exclusivity=notes,
                returns=st.builds(
                    Returns,
                    allowed=st.booleans(),
                    days=st.one_of(st.none(), st.integers(0, 720)),
                    credit_rate=rates,
                ),
                order_cost=amounts,
                invoice_cost=amounts,
                dispute_cost=amounts,
                yearly_fee=amounts,
                joining_fee=amounts,
            )
        ),
        members=draw(
            st.lists(st.from_regex(r"[0-9]{9}", fullmatch=True), max_size=3, unique=True).map(tuple)
        ),
        note=draw(notes),
        payments=tuple(draw(payments(name, since)) for name in names[cut:]),
    )


# Signed in the weeks of autumn 2025 when generics were held to 30 %.
AUTUMN = """\
reference: Automne
lab: Alpha
signed_on: 2025-09-15
since: 2025-10-01
until: 2026-09-30
clauses:
  - reference: Remise
    kind: invoice_discount
    rate: 32 %
    scope: {classes: [generic]}
"""
