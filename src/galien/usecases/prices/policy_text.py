"""A price policy written as a YAML file that reads back the same: keys in order, numbers as typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from galien.calculators.pricing.arithmetic import Rounding, RoundingBand, Way
from galien.calculators.pricing.policy import Category, Target
from galien.calculators.pricing.rebates import RebateRule
from galien.usecases.prices.policy_file import Volumes, WrittenPolicy

Plain = dict[str, Any]


class _Dumper(yaml.SafeDumper):
    """Texts are written bare, since the reader takes every value as a text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as the library declares it

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the library's signature
        """Set the lines of a list in, as people write them."""
        return super().increase_indent(flow, False)


def policy_text(written: WrittenPolicy) -> str:
    """Write a policy as YAML; what was commented in another text is not kept."""
    content = policy_plain(written)
    return str(yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100))


def policy_plain(written: WrittenPolicy) -> Plain:
    """Return a policy as plain data, under the keys of its file; what says nothing is left out."""
    policy = written.policy
    image: Plain = {}
    if policy.image.gap:
        image["gap"] = percent_text(policy.image.gap)
    if written.image:
        image["products"] = sorted(written.image)
    found: Plain = {
        "name": policy.name,
        "rounding": _rounding(policy.rounding),
        "categories": [_category(each) for each in policy.categories],
        "image": image,
        "excluded": sorted(policy.excluded),
        "floors": {code: _text(price) for code, price in sorted(written.floors.items())},
        "ceilings": {code: _text(price) for code, price in sorted(written.ceilings.items())},
        "elasticity": _elasticity(written),
        "fixed_costs": _text(written.fixed_costs),
        "turnover": _text(written.turnover),
        "rebates": [_rebate(each) for each in written.rebates],
        "passed_on": percent_text(written.passed_on) if written.passed_on else "",
    }
    return {key: value for key, value in found.items() if value}


def percent_text(rate: Decimal) -> str:
    """Write a ratio as a policy file does.

    >>> percent_text(Decimal("0.3")), percent_text(Decimal("-0.025"))
    ('30 %', '-2.5 %')
    """
    return f"{_text(rate * 100)} %"


def _category(category: Category) -> Plain:
    found: Plain = {"name": category.name}
    if category.where:
        found["where"] = _where(category.where)
    if len(category.targets) == 1:
        found |= _aim(category.targets[0])
    else:
        found["bands"] = [
            {"from": _text(target.start), **_aim(target)} for target in category.targets
        ]
    if category.floor_margin:
        found["floor_margin"] = percent_text(category.floor_margin)
    if category.rounding is not None:
        found["rounding"] = _rounding(category.rounding)
    return found


def _aim(target: Target) -> Plain:
    if target.factor is not None:
        return {"factor": _text(target.factor)}
    return {"margin": percent_text(target.margin_rate or Decimal(0))}


def _where(where: Any) -> Plain:
    return {
        name: [
            percent_text(Decimal(each)) if name == "vat_rate" else each for each in sorted(values)
        ]
        for name, values in where.items()
    }


def _rounding(rounding: Rounding) -> Any:
    bands = rounding.bands
    if len(bands) == 1 and bands[0].way is Way.NEAREST:
        return bands[0].ending.value
    return [_band(each) for each in bands]


def _band(band: RoundingBand) -> Plain:
    found = {"from": _text(band.start), "ending": band.ending.value}
    return found if band.way is Way.NEAREST else found | {"way": band.way.value}


def _elasticity(written: WrittenPolicy) -> Any:
    if written.volumes is not Volumes.ASSUMED or written.response is None:
        return str(written.volumes)
    value, error = written.response.elasticity, written.response.standard_error
    if not error:
        return _text(value)
    return {"value": _text(value), "standard_error": _text(error)}


def _rebate(rule: RebateRule) -> Plain:
    found: Plain = {} if rule.name == rule.category else {"name": rule.name}
    if rule.category:
        found["category"] = rule.category
    found["rate"] = percent_text(rule.rate)
    if rule.where:
        found["where"] = _where(rule.where)
    if rule.floor_margin:
        found["floor_margin"] = percent_text(rule.floor_margin)
    return found


def _text(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
