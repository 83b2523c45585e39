"""A price policy being typed: what the form holds, from a policy or from what a browser sends."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from galien.calculators.pricing.arithmetic import Rounding
from galien.calculators.pricing.policy import Category
from galien.kernel import french
from galien.usecases.prices.choices import NAMES, VAT
from galien.usecases.prices.policy_file import Volumes, WrittenPolicy
from galien.web.typed import read_number

Plain = dict[str, Any]
HEAD = ("name", "image_gap", "volumes", "elasticity", "standard_error", "fixed_costs", "turnover",
        "passed_on", "example_cost", "example_vat")  # fmt: skip
BAND = ("from", "aim", "value")
ROUNDING = ("from", "ending", "way")
PRODUCT = ("code", "floor", "ceiling", "image", "excluded")
REBATE = ("category", "rate", "floor_margin", "name", "where")
MARGIN, FACTOR = "margin", "factor"
BLANK_PRODUCTS = 3
NEW_CATEGORY: Plain = {"where": {}, "bands": [{"from": "0", "aim": MARGIN}], "rounding": []}
EXAMPLE: Plain = {
    "name": "Prix libres",
    "rounding": [{"from": "0", "ending": "five_cents", "way": "nearest"},
                 {"from": "10", "ending": "x9", "way": "nearest"}],
    "categories": [{"name": "Prix libres", "where": {}, "floor_margin": "15", "rounding": [],
                    "bands": [{"from": "0", "aim": FACTOR, "value": "1,8"},
                              {"from": "10", "aim": MARGIN, "value": "35"}]}],
    "products": [{}],
    "rebates": [],
    "volumes": Volumes.NETWORK.value,
}  # fmt: skip


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


def of_policy(written: WrittenPolicy) -> Plain:
    """Return a policy as the form holds it: rates in per cent, numbers with a comma."""
    policy, response = written.policy, written.response
    codes = sorted({*written.image, *policy.excluded, *written.floors, *written.ceilings})
    return {
        "name": policy.name,
        "rounding": _rounding(policy.rounding),
        "categories": [_category(each) for each in policy.categories],
        "image_gap": _percent(policy.image.gap) if policy.image.gap else "",
        "products": [
            {
                "code": code,
                "floor": _typed(written.floors.get(code)),
                "ceiling": _typed(written.ceilings.get(code)),
                "image": "1" if code in written.image else "",
                "excluded": "1" if code in policy.excluded else "",
            }
            for code in codes
        ]
        or [{}],
        "volumes": str(written.volumes),
        "elasticity": _typed(response.elasticity) if response else "",
        "standard_error": _typed(response.standard_error or None) if response else "",
        "fixed_costs": _typed(written.fixed_costs),
        "turnover": _typed(written.turnover),
        "passed_on": _percent(written.passed_on) if written.passed_on else "",
        "rebates": [
            {
                "category": rule.category,
                "rate": _percent(rule.rate),
                "floor_margin": _percent(rule.floor_margin) if rule.floor_margin else "",
                "name": rule.name,
                "where": json.dumps({key: sorted(each) for key, each in rule.where.items()})
                if rule.where
                else "",
            }
            for rule in written.rebates
        ],
    }


def of_post(post: Post) -> Plain:
    """Return what was typed, as it was typed, parts in their order."""
    draft: Plain = _texts(post, "", HEAD)
    draft["rounding"] = _rows(post, "rounding", "ending", ROUNDING)
    draft["categories"] = [
        _texts(post, f"categories-{n}-", ("name", "floor_margin"))
        | {
            "where": _where(post, f"categories-{n}-"),
            "adding": _adding(post, f"categories-{n}-"),
            "bands": _rows(post, f"categories-{n}-bands", "aim", BAND),
            "rounding": _rows(post, f"categories-{n}-rounding", "ending", ROUNDING),
        }
        for n in _numbers(post, "categories", "name")
    ]
    draft["products"] = _rows(post, "products", "code", PRODUCT)
    draft["rebates"] = _rows(post, "rebates", "rate", REBATE)
    return draft


def edited(draft: Plain, act: str) -> Plain:
    """Return a draft with a line added, taken out or moved up, as the button pressed says."""
    verb, _, rest = act.partition("-")
    part, _, number = rest.partition("-")
    place = int(number) if number.isdecimal() and len(number) < 5 else -1
    if verb == "add":
        _add(draft, part, place)
    elif verb in ("drop", "up") and place >= 0:
        rows = {"category": draft["categories"], "rebate": draft["rebates"]}.get(part, [])
        taken = rows[place : place + 1]
        rows[place : place + 1] = []
        if verb == "up":
            rows[max(place - 1, 0) : max(place - 1, 0)] = taken
    return draft


def _add(draft: Plain, part: str, place: int) -> None:
    if place >= 0:
        for category in draft["categories"][place : place + 1]:
            if part == "band":
                category["bands"].append({"aim": MARGIN})
            elif part == "rounding":
                category["rounding"].append({"ending": "x9"})
        return
    lines: dict[str, tuple[str, list[Plain]]] = {
        "category": ("categories", [copy.deepcopy(NEW_CATEGORY)]),
        "rebate": ("rebates", [{}]),
        "rounding": ("rounding", [{"ending": "x9"}]),
        "product": ("products", [{} for _ in range(BLANK_PRODUCTS)]),
    }
    if part in lines:
        name, blank = lines[part]
        draft[name].extend(blank)


def _category(category: Category) -> Plain:
    return {
        "name": category.name,
        "where": {key: sorted(each) for key, each in category.where.items()},
        "floor_margin": _percent(category.floor_margin) if category.floor_margin else "",
        "bands": [
            {
                "from": _typed(target.start),
                "aim": MARGIN if target.factor is None else FACTOR,
                "value": _percent(target.margin_rate or Decimal(0))
                if target.factor is None
                else _typed(target.factor),
            }
            for target in category.targets
        ],
        "rounding": _rounding(category.rounding) if category.rounding else [],
    }


def _rounding(rounding: Rounding) -> list[Plain]:
    return [
        {"from": _typed(band.start), "ending": band.ending.value, "way": band.way.value}
        for band in rounding.bands
    ]


def _where(post: Post, prefix: str) -> dict[str, list[str]]:
    found = {name: post.getlist(f"{prefix}where-{name}") for name in NAMES}
    found[VAT] = [each for each in found[VAT] if read_number(each) is not None]
    return {name: list(dict.fromkeys(each)) for name, each in found.items() if each}


def _adding(post: Post, prefix: str) -> dict[str, str]:
    return _texts(post, f"{prefix}add-", tuple(NAMES))


def _rows(post: Post, prefix: str, mark: str, names: tuple[str, ...]) -> list[Plain]:
    return [_texts(post, f"{prefix}-{n}-", names) for n in _numbers(post, prefix, mark)]


def _texts(post: Post, prefix: str, names: Iterable[str]) -> dict[str, str]:
    found = {name: post.get(f"{prefix}{name}", "").strip() for name in names}
    return {name: text for name, text in found.items() if text}


def _numbers(post: Post, prefix: str, mark: str) -> list[int]:
    """Return the numbers of the parts that were sent: the ones whose `mark` field is there."""
    wanted = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})-{mark}")
    return sorted(int(found[1]) for name in post if (found := wanted.fullmatch(name)))


def _percent(rate: Decimal) -> str:
    return french.typed(rate * 100)


def _typed(value: Decimal | None) -> str:
    return "" if value is None else french.typed(value)


def text_of(part: Mapping[str, Any], name: str) -> str:
    """Return what was typed in a field of a part; empty when nothing was."""
    return str(part.get(name, ""))
