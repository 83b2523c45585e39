"""A contract being typed: what the form holds, read back as the plain data of a contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from galien.model.contracts import Contract
from galien.usecases.contracts.plain import SCOPE_LISTS, to_plain

Plain = dict[str, Any]
HEAD = ("reference", "supplier", "lab", "standing", "signed_on", "since", "until", "note")
CLAUSE = (
    "reference",
    "kind",
    "rate",
    "base",
    "paid",
    "free",
    "measured",
    "span",
    "counted",
    "condition",
)
COMMITMENT = ("reference", "minimum", "measured", "span", "counted", "consequence")
CONDITIONS = (
    "payment_days",
    "shipping_fee",
    "free_shipping_from",
    "exclusivity",
    "order_cost",
    "invoice_cost",
    "dispute_cost",
    "yearly_fee",
    "joining_fee",
)
AMOUNTS = tuple(name for name in CONDITIONS if name.endswith(("_cost", "_fee", "_from")))
UNITS = "free_units"
BLANK_TIERS = 2
_CUT = re.compile(r"[;\n\r]+")
_CUT_CODES = re.compile(r"[\s;,]+")


class Post(Protocol):
    """What a browser sends: the text of a name, or all of them."""

    def get(self, name: str, default: str = "") -> str:
        """Return the text of a name."""
        ...

    def getlist(self, name: str) -> list[str]:
        """Return every text of a name."""
        ...

    def __iter__(self) -> Any:
        """Go through the names."""
        ...


def of_contract(contract: Contract) -> Plain:
    """Return a contract as the form holds it: rates in per cent, numbers with a comma."""
    plain = to_plain(contract)
    for clause in plain.get("clauses", ()):
        _percent(clause, "rate")
        for tier in clause.get("tiers", ()):
            _percent(tier, "rate")
            _comma(tier, "minimum")
    for commitment in plain.get("commitments", ()):
        _comma(commitment, "minimum")
    conditions = plain.get("conditions", {})
    for name in AMOUNTS:
        _comma(conditions, name)
    _percent(conditions.get("returns", {}), "credit_rate")
    return plain


def of_post(post: Post) -> Plain:
    """Return what was typed, as it was typed: parts in their order, empty ones left out."""
    draft: Plain = _texts(post, "", HEAD)
    draft["clauses"] = [_clause(post, f"clauses-{n}-") for n in _numbers(post, "clauses", "kind")]
    draft["commitments"] = [
        _texts(post, f"commitments-{n}-", COMMITMENT) | _scope(post, f"commitments-{n}-")
        for n in _numbers(post, "commitments", "span")
    ]
    returns = _texts(post, "conditions-returns-", ("allowed", "days", "credit_rate"))
    draft["conditions"] = _texts(post, "conditions-", CONDITIONS) | {"returns": returns}
    draft["members"] = [each for each in post.getlist("members") if each]
    return draft


def edited(draft: Plain, act: str) -> Plain:
    """Return a draft with a part added or taken out, as the button pressed says."""
    done = {**draft, "clauses": list(draft["clauses"]), "commitments": list(draft["commitments"])}
    match act.split("-"):
        case ["add", "clause"]:
            done["clauses"].append({"kind": "invoice_discount"})
        case ["add", "commitment"]:
            done["commitments"].append({"span": "year", "measured": "net_amount"})
        case ["add", "tier", number] if number.isdigit():
            for rank, clause in enumerate(done["clauses"]):
                if rank == int(number):
                    rows = max(int(clause.get("rows", 0)), len(clause.get("tiers", ())))
                    done["clauses"][rank] = {**clause, "rows": rows + BLANK_TIERS}
        case ["drop", "clause", number] if number.isdigit():
            done["clauses"][int(number) : int(number) + 1] = []
        case ["drop", "commitment", number] if number.isdigit():
            done["commitments"][int(number) : int(number) + 1] = []
    return done


def as_plain(draft: Plain, payments: Any = None) -> Plain:
    """Return a draft as the plain data of a contract: what a kind does not use is left out."""
    plain: Plain = {key: draft[key] for key in HEAD if draft.get(key)}
    plain["clauses"] = [_plain_clause(each) for each in draft["clauses"]]
    plain["commitments"] = [dict(each) for each in draft["commitments"]]
    conditions = {key: each for key, each in draft["conditions"].items() if key != "returns"}
    returns = _rated(draft["conditions"].get("returns", {}), "credit_rate")
    if not returns.get("allowed"):
        returns = {}
    plain["conditions"] = conditions | ({"returns": returns} if returns else {})
    if draft.get("members"):
        plain["members"] = draft["members"]
    return plain | ({"payments": payments} if payments else {})


def _plain_clause(clause: Plain) -> Plain:
    kept = {key: each for key, each in clause.items() if key != "rows"}
    unused = ("rate", "base", "tiers") if clause.get("kind") == UNITS else ("paid", "free")
    kept = _rated({key: each for key, each in kept.items() if key not in unused}, "rate")
    if "tiers" in kept:
        kept["tiers"] = [_rated(each, "rate") for each in kept["tiers"]]
    return kept


def _clause(post: Post, prefix: str) -> Plain:
    clause = _texts(post, prefix, CLAUSE) | _scope(post, prefix)
    numbers = _numbers(post, f"{prefix}tiers", "minimum")
    tiers = [_texts(post, f"{prefix}tiers-{n}-", ("minimum", "rate")) for n in numbers]
    tiers = [each for each in tiers if each]
    return clause | ({"tiers": tiers} if tiers else {}) | {"rows": len(numbers)}


def _scope(post: Post, prefix: str) -> Plain:
    found: Plain = {}
    for name in SCOPE_LISTS:
        texts = post.getlist(f"{prefix}scope-{name}")
        cut = _CUT_CODES if name in ("products", "generic_groups", "excluded") else _CUT
        each_of = [part.strip() for text in texts for part in cut.split(text) if part.strip()]
        if each_of:
            found[name] = each_of
    return {"scope": found} if found else {}


def _texts(post: Post, prefix: str, names: tuple[str, ...]) -> Plain:
    found = {name: post.get(f"{prefix}{name}", "").strip() for name in names}
    return {name: text for name, text in found.items() if text}


def _numbers(post: Post, prefix: str, mark: str) -> list[int]:
    """Return the numbers of the parts that were sent: the ones whose `mark` field is there."""
    wanted = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})-{mark}")
    return sorted(int(found[1]) for name in post if (found := wanted.fullmatch(name)))


def _percent(part: Plain, name: str) -> None:
    if name in part:
        part[name] = f"{(Decimal(part[name]) * 100).normalize():f}".replace(".", ",")


def _comma(part: Plain, name: str) -> None:
    if name in part:
        part[name] = str(part[name]).replace(".", ",")


def _rated(part: Mapping[str, Any], name: str) -> Plain:
    """Return a part whose rate, typed in per cent, says so."""
    text = str(part.get(name, ""))
    return dict(part) | ({name: text.rstrip("% ") + " %"} if text else {})
