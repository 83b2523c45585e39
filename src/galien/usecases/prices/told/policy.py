"""A price policy tried on products, told product by product: what it changes, or what it proposes of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from galien.calculators.pricing.effect import Change, ProductEffect
from galien.calculators.pricing.policy import Proposal
from galien.kernel.money import round_amount
from galien.usecases.prices.applying import Tried, exceptions

Plain = dict[str, Any]


def trial_told(policy: str, tried: Sequence[Tried], applied: str | None) -> Plain:
    """Return the products a policy touches (`rows`), the euros gained or lost, and the exceptions.

    `applied` is the run that wrote the prices down, None when they were only tried.
    """
    reasons: Counter[str] = Counter()
    for each in tried:
        reasons.update(dict(exceptions(each)))
    return {
        "policy": policy,
        "applied": applied is not None,
        "run": applied,
        "pharmacies": [_summary(each) for each in tried],
        "touched": sum(each.effect.touched for each in tried),
        "unchanged": sum(each.effect.unchanged for each in tried),
        "exceptions": [
            {"reason": reason, "products": count}
            for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        "constant": _change(_whole(each.effect.constant for each in tried)),
        "expected": _change(_whole(each.effect.expected for each in tried)),
        "low": _change(_whole(each.effect.low for each in tried)),
        "high": _change(_whole(each.effect.high for each in tried)),
        "margins": [_margins(each) for each in tried],
        "rows": [_touched(each.pharmacy, done) for each in tried for done in each.effect.products],
    }


def proposals_told(policy: str, tried: Sequence[Tried]) -> Plain:
    """Return what becomes of the price of every product (`rows`), changed or not, and how many of each."""
    rows = [_proposed(each.pharmacy, proposal) for each in tried for proposal in each.proposals]
    counts = Counter(row["outcome"] for row in rows)
    return {
        "policy": policy,
        "products": len(rows),
        **{name: counts[name] for name in ("changed", "unchanged", "exception")},
        "rows": rows,
    }


def _proposed(pharmacy: str, proposal: Proposal) -> Plain:
    product, margin = proposal.product, proposal.margin
    return {
        "pharmacy": pharmacy,
        "product_code": product.product_code,
        "label": product.label,
        "outcome": str(proposal.outcome),
        "category": proposal.category,
        "rule": proposal.rule,
        "bound": str(proposal.bound),
        "former_price_incl": product.price_incl,
        "price_incl": proposal.price_incl,
        "margin_rate": None if margin is None else margin.margin_rate,
        "reason": proposal.reason,
    }


def _touched(pharmacy: str, done: ProductEffect) -> Plain:
    proposal = done.proposal
    product, margin = proposal.product, proposal.margin
    return {
        "pharmacy": pharmacy,
        "product_code": product.product_code,
        "label": product.label,
        "category": proposal.category,
        "rule": proposal.rule,
        "reason": proposal.reason,
        "bound": str(proposal.bound),
        "former_price_incl": product.price_incl,
        "price_incl": proposal.price_incl,
        "margin_rate": None if margin is None else margin.margin_rate,
        "turnover_change": round_amount(done.constant.turnover),
        "margin_change": round_amount(done.constant.margin),
    }


def _summary(tried: Tried) -> Plain:
    return {
        "pharmacy": tried.pharmacy,
        "touched": tried.effect.touched,
        "unchanged": tried.effect.unchanged,
        "exceptions": len(tried.effect.exceptions),
        "constant": _change(tried.effect.constant),
    }


def _margins(tried: Tried) -> Plain:
    """Return gross margin over a year of free prices, and what the policy's rebates take of it."""
    before, after = tried.before, tried.after
    if before is None or after is None:
        return {"pharmacy": tried.pharmacy}
    return {
        "pharmacy": tried.pharmacy,
        "gross_margin_before": round_amount(before.gross),
        "gross_margin": round_amount(after.gross),
        "client_rebates": round_amount(after.amount),
        "margin_after_rebates": round_amount(after.gross - after.amount),
        "rebated_products": after.products,
        "capped_products": after.capped,
    }


def _whole(changes: Iterable[Change | None]) -> Change | None:
    known = [each for each in changes if each is not None]
    return sum(known, Change()) if known else None


def _change(change: Change | None) -> Plain | None:
    if change is None:
        return None
    return {"turnover": round_amount(change.turnover), "margin": round_amount(change.margin)}
