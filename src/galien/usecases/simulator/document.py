"""The negotiation as a PDF: the choice on one page, then one page per lab to bring to its table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any

from galien.kernel import french
from galien.usecases.simulator.labs import Chosen, costs, largest_first, switched
from galien.usecases.simulator.negotiation import MOST_LINES, Brief, briefs
from galien.usecases.simulator.words import clause, entry, euros, named

TEMPLATE = "negotiation.typ"
MOST_CLAUSES = 6


def pdf(chosen: Chosen, labs: Sequence[str] = ()) -> bytes:
    """Return the negotiation as a PDF; with `labs`, the pages of those labs alone."""
    import typst

    template = files(__package__).joinpath(TEMPLATE).read_bytes()
    data = json.dumps(sections(chosen, labs), ensure_ascii=False)
    return typst.compile(
        template, format="pdf", ignore_system_fonts=True, sys_inputs={"data": data}
    )


def sections(chosen: Chosen, labs: Sequence[str] = ()) -> dict[str, Any]:
    """Return the texts of the document, in French."""
    count = len(chosen.ground.pharmacies)
    return {
        "period": chosen.ground.period.label(),
        "who": f"{count} pharmacie{'s' if count > 1 else ''}",
        "summary": None if labs else _summary(chosen),
        "labs": [_lab(each) for each in briefs(chosen, labs) if each.chosen or each.offered],
    }


def _summary(chosen: Chosen) -> dict[str, Any]:
    best, other = chosen.optimum.best, chosen.optimum.runner_up
    study = chosen.study
    tiles = [
        ("De plus qu’aujourd’hui", _signed(chosen.gain)),
        ("Remises, coûts déduits", euros(best.total)),
        ("Remises d’aujourd’hui", euros(chosen.ground.today)),
        ("Produits qui changent", french.number(switched(chosen))),
        ("Coûts comptés", euros(costs(chosen))),
        ("Au plus possible", euros(best.bound)),
    ]
    return {
        "labs": named(largest_first(chosen)),
        "tiles": tiles,
        "other": "" if other is None else (
            f"Le meilleur autre choix est {named(other.labs)} : {euros(other.total)}, soit "
            f"{euros(best.total - other.total)} de moins."
        ),
        "parts": [
            [part.lab, french.number(part.products), euros(part.list_amount), euros(part.discount),
             _rate(part.tier_rate) if part.tier_rate else "–"]
            for part in sorted(chosen.optimum.parts, key=lambda each: -each.list_amount)
        ],
        "clauses": [
            [clause(each.key), _signed(each.worth)]
            for each in (study.clauses if study else ())[:MOST_CLAUSES]
            if round(each.worth) > 0
        ],
        "entries": [[each.lab, entry(each)] for each in (study.entries if study else ())],
    }  # fmt: skip


def _lab(brief: Brief) -> dict[str, Any]:
    return {
        "lab": brief.lab,
        "tiles": [
            ("Nous vous achetons", euros(brief.bought),
             f"{french.number(brief.bought_products)} produits, remise {_rate(brief.bought_rate)}"),
            ("Votre offre couvre", euros(brief.offered),
             f"{french.number(brief.offered_products)} produits, remise {_rate(brief.offered_rate)}"),
            ("La meilleure autre offre", _rate(brief.best_rate), "sur les mêmes produits"),
            ("Nous pourrions vous confier", euros(brief.given),
             f"{french.number(brief.given_products)} produits, remise {euros(brief.given_discount)}"
             if brief.chosen else "rien aux conditions d’aujourd’hui"),
        ],
        "asks": list(brief.asks),
        "lines": [
            [each.label, euros(each.list_amount), _rate(each.rate), _rate(each.best), euros(each.short)]
            for each in brief.facing[:MOST_LINES]
            if each.short
        ],
        "short": french.number(sum(bool(each.short) for each in brief.facing)),
    }  # fmt: skip


def _rate(rate: Decimal | None) -> str:
    return "–" if rate is None else french.percent(rate, 1)


def _signed(amount: Decimal) -> str:
    return f"{'+' if amount > 0 else ''}{euros(amount)}"
