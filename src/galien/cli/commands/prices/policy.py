"""`galien prices policy apply`: a policy tried on products, then applied to a pharmacy's prices."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, FromFile, Need
from galien.kernel.money import round_amount

if TYPE_CHECKING:
    from galien.calculators.pricing.effect import Change, ProductEffect
    from galien.usecases.prices.applying import Tried

COLUMNS = (
    Column("pharmacy", "Pharmacie"),
    Column("product_code", "Produit"),
    Column("label", "Nom"),
    Column("category", "Catégorie"),
    Column("former_price_incl", "Ancien prix", "€ TTC"),
    Column("price_incl", "Nouveau prix", "€ TTC"),
    Column("margin_rate", "Taux de marque"),
    Column("margin_change", "Marge gagnée", "€ HT"),
    Column("reason", "Raison"),
)


def configure(parser: FrenchParser) -> None:
    """Add `apply`, its policy and what it is applied to."""
    choices = parser.add_subparsers(metavar="ACTION", required=True)
    apply = choices.add_parser("apply", help="essaie une politique, ou l’applique")
    apply.add_argument("policy", type=Path, metavar="POLICY.yaml", help="politique de prix")
    apply.add_argument(
        "--try", dest="trying", action="store_true", default=False, help="sans rien changer"
    )
    apply.add_argument("--pharmacy", default=None, metavar="FINESS", help="une pharmacie (toutes)")
    apply.add_argument(
        "--items", action=FromFile, type=Path, default=None, metavar="FILE.csv",
        help="produits d’un fichier, essayés seulement : product_code, cost, vat_rate, price_incl…",
    )  # fmt: skip
    apply.add_argument(
        "--out", type=Path, default=None, metavar="FILE.csv",
        help="écrit les nouveaux prix, à relire dans le logiciel de l’officine",
    )  # fmt: skip
    apply.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Try the policy; without `--try`, write down the prices it decides."""
    from galien.usecases.prices.applying import apply, try_in_workspace, try_on, write_prices
    from galien.usecases.prices.policy_file import read_policy

    written = read_policy(arguments.policy)
    applied = None
    if arguments.items is not None:
        from galien.usecases.prices.product_files import read_priced

        if not arguments.trying:
            context.say("Les produits d’un fichier sont essayés : aucun prix n’est enregistré.")
        tried: Sequence[Tried] = (try_on(written, *read_priced(arguments.items)),)
    else:
        from galien.model.viewer import WORKSPACE_VIEWER

        named = (arguments.pharmacy,) if arguments.pharmacy else ()
        tried = try_in_workspace(
            written, WORKSPACE_VIEWER, pharmacies=named, services=context.services
        )
        if not arguments.trying:
            applied = apply(tried, written, WORKSPACE_VIEWER, services=context.services)
    if arguments.out is not None:
        write_prices(tried, arguments.out)
        context.say(f"Nouveaux prix écrits dans {arguments.out}.")
    for note in dict.fromkeys(note for each in tried for note in each.notes):
        context.say(note)
    return _told(written.policy.name, tried, applied)


def _told(policy: str, tried: Sequence[Tried], applied: str | None) -> Told:
    from galien.usecases.prices.applying import exceptions

    rows = [_row(each.pharmacy, done) for each in tried for done in each.effect.products]
    reasons: dict[str, int] = {}
    for each in tried:
        for reason, count in exceptions(each):
            reasons[reason] = reasons.get(reason, 0) + count
    content = {
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
        "rows": rows,
    }
    return Told(content, Rows.of(COLUMNS, rows))


def _row(pharmacy: str, done: ProductEffect) -> dict[str, object]:
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


def _summary(tried: Tried) -> dict[str, object]:
    return {
        "pharmacy": tried.pharmacy,
        "touched": tried.effect.touched,
        "unchanged": tried.effect.unchanged,
        "exceptions": len(tried.effect.exceptions),
        "constant": _change(tried.effect.constant),
    }


def _margins(tried: Tried) -> dict[str, object]:
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
    from galien.calculators.pricing.effect import Change

    known = [each for each in changes if each is not None]
    return sum(known, Change()) if known else None


def _change(change: Change | None) -> dict[str, object] | None:
    if change is None:
        return None
    return {"turnover": round_amount(change.turnover), "margin": round_amount(change.margin)}


ACTION = Family("policy", "essaie et applique une politique de prix", configure, order=2)
