"""How scenarios are printed: the list, and those ticked side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from galien.kernel import french
from galien.usecases.simulator.scenarios import PAIR, Saved
from galien.usecases.simulator.words import euros, named
from galien.web.components.models import Link, PageHead
from galien.web.lists import moment

PATHS = {PAIR: "/achats/simulateur"}
KINDS = {PAIR: "Couple"}
HIDDEN = "vos droits n’ouvrent pas toutes ses pharmacies"


def page(found: Sequence[Saved], compared: Sequence[Saved]) -> dict[str, Any]:
    """Return what the page prints."""
    ticked = {each.key for each in compared}
    return {
        "head": PageHead(
            "Quel scénario choisir ?",
            when="Les choix de laboratoires que vous gardez, et ceux partagés avec vous",
            crumbs=(Link("Achats", ""), Link("Scénarios", "", current=True)),
        ),
        "scenarios": [_entry(each, chosen=each.key in ticked) for each in found],
        "compared": _side_by_side(compared) if len(compared) > 1 else None,
        "one": len(compared) == 1,
    }


def _entry(each: Saved, *, chosen: bool) -> dict[str, Any]:
    pairs = each.asked.pairs()
    path = PATHS.get(each.kind, "/achats/laboratoires")
    return {
        "key": each.key,
        "name": each.name,
        "kind": KINDS.get(each.kind, "Laboratoires"),
        "href": f"{path}?{urlencode(pairs)}" if pairs else path,
        "labs": named([share.lab for share in each.shares]) if each.total is not None else HIDDEN,
        "total": "" if each.total is None else euros(each.total),
        "gain": "" if each.gain is None else _signed(each),
        "since": ", ".join(each.since),
        "who": "vous" if each.own else each.owner,
        "shared": each.shared_with,
        "at": moment(each.kept_at),
        "own": each.own,
        "chosen": chosen,
    }


def _signed(each: Saved) -> str:
    gain = each.gain
    return "" if gain is None else f"{'+' if gain > 0 else ''}{euros(gain)}"


def _side_by_side(compared: Sequence[Saved]) -> dict[str, Any]:
    """Return the rows of the comparison: a line of figures, then a line by lab."""
    readable = [each for each in compared if each.total is not None]
    best = max((each.total for each in readable if each.total is not None), default=None)
    labs = sorted({share.lab for each in readable for share in each.shares}, key=french.fold)
    rows = [
        ("Total, coûts déduits", [_cell(each.total, best) for each in compared]),
        ("De plus qu’à sa date", [(_signed(each) or "–", False) for each in compared]),
        ("Au plus possible", [("–" if each.bound is None else euros(each.bound), False)
                              for each in compared]),
        ("Produits qui changent", [("–" if each.switched is None else french.number(each.switched),
                                    False) for each in compared]),
        ("Gardé le", [(moment(each.kept_at), False) for each in compared]),
        ("Depuis", [(", ".join(each.since) or "rien n’a changé", False) for each in compared]),
    ]  # fmt: skip
    for lab in labs:
        cells = []
        for each in compared:
            share = next((one for one in each.shares if one.lab == lab), None)
            told = (
                "–"
                if share is None
                else f"{euros(share.list_amount)}, remise {euros(share.discount)}"
            )
            cells.append((told, False))
        rows.append((lab, cells))
    return {"names": [each.name for each in compared], "rows": rows}


def _cell(total: Any, best: Any) -> tuple[str, bool]:
    return ("–", False) if total is None else (euros(total), total == best)
