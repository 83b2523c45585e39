"""The rules of a choice of labs: what each lab asks, what the buyer refuses, read from plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from galien.kernel.errors import InvalidInput, did_you_mean

ZERO = Decimal(0)
YEAR = Decimal(12)


@dataclass(frozen=True)
class Tier:
    """A rate added to every purchase from a lab once its volume is reached (euros of the period)."""

    since: Decimal
    rate: Decimal


@dataclass(frozen=True)
class LabRules:
    """What signing with a lab asks: amounts in euros of list price, rates as ratios.

    Under `monthly_threshold` (on average) or `yearly_threshold` the discount is billed back; under
    `minimum` the lab cannot be taken at all. `exclusive`: everything it offers must go to it.
    `cost` is paid once for the period when the lab is taken, `switching_cost` per product given to it.
    """

    never: bool = False
    always: bool = False
    exclusive: bool = False
    monthly_threshold: Decimal = ZERO
    yearly_threshold: Decimal = ZERO
    minimum: Decimal = ZERO
    cost: Decimal = ZERO
    switching_cost: Decimal = ZERO
    service: Decimal = Decimal(1)
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True)
class Rules:
    """Every clause of the choice; the defaults ask nothing.

    `months` is the length of the purchases, for thresholds by month and by year. `remainder` is the
    rate of what no lab takes, None for its current discount. `ceilings` holds a rate by class and
    `classes` the class of products.
    """

    months: Decimal = YEAR
    maximum_labs: int | None = None
    minimum_service: Decimal = ZERO
    remainder: Decimal | None = None
    switching_cost: Decimal = ZERO
    switching_costs: Mapping[str, Decimal] = field(default_factory=dict)
    keep: frozenset[str] = frozenset()
    ceilings: Mapping[str, Decimal] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    exclusive: tuple[frozenset[str], ...] = ()
    labs: Mapping[str, LabRules] = field(default_factory=dict)

    def lab(self, name: str) -> LabRules:
        """Return what a lab asks; a lab without rules asks nothing."""
        return self.labs.get(name, _NOTHING)

    def threshold(self, name: str) -> Decimal:
        """Return the purchases of the period under which a lab bills its discount back.

        >>> asked = LabRules(monthly_threshold=Decimal(350), yearly_threshold=Decimal(4000))
        >>> str(Rules(months=Decimal(6), labs={"Biogaran": asked}).threshold("Biogaran"))
        '2100'
        """
        asked = self.lab(name)
        return max(
            asked.monthly_threshold * self.months, asked.yearly_threshold * self.months / YEAR
        )


_NOTHING = LabRules()


def read_rules(declared: object) -> Rules:
    """Read rules from what a YAML file holds; None or nothing is no rule at all.

    Raises InvalidInput naming the key or value that is wrong, and the nearest key known.
    """
    root = _mapping(declared, "la racine", Rules)
    read: dict[str, Any] = {
        "switching_costs": _amounts,
        "ceilings": _rates,
        "keep": lambda value, at: frozenset(_texts(value, at)),
        "classes": lambda value, at: {str(k): str(v) for k, v in _plain(value, at).items()},
        "exclusive": _groups,
        "maximum_labs": _count,
        "months": _months,
        "minimum_service": _rate,
        "remainder": _remainder,
        "switching_cost": _amount,
        "labs": lambda value, at: {str(k): _lab(v, f"{at}.{k}") for k, v in _plain(value, at).items()},
    }  # fmt: skip
    return Rules(**{key: read[key](value, key) for key, value in root.items() if value is not None})


def _lab(declared: object, at: str) -> LabRules:
    read: dict[str, Any] = {
        "never": _flag, "always": _flag, "exclusive": _flag, "service": _rate, "tiers": _tiers,
    }  # fmt: skip
    found = {
        key: read.get(key, _amount)(value, f"{at}.{key}")
        for key, value in _mapping(declared, at, LabRules).items()
        if value is not None
    }
    lab = LabRules(**found)
    if lab.never and lab.always:
        raise InvalidInput(
            f"Règles, {at} : « never » et « always » se contredisent ; gardez-en un."
        )
    return lab


def _mapping(declared: object, at: str, kind: type) -> Mapping[str, Any]:
    known = [each.name for each in fields(kind)]
    found = _plain(declared, at)
    for key in found:
        if str(key) not in known:
            raise InvalidInput(
                f"Règles, {at} : clé « {key} » inconnue. {did_you_mean(str(key), known)}"
            )
    return found


def _plain(declared: object, at: str) -> Mapping[Any, Any]:
    if declared is None:
        return {}
    if not isinstance(declared, Mapping):
        raise InvalidInput(f"Règles, {at} : des lignes « clé: valeur » sont attendues ici.")
    return declared


def _list(value: object, at: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise InvalidInput(f"Règles, {at} : une liste est attendue, par exemple [A, B].")
    return value


def _texts(value: object, at: str) -> list[str]:
    return [str(each) for each in _list(value, at)]


def _groups(value: object, at: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_texts(each, f"{at}[{i}]")) for i, each in enumerate(_list(value, at)))


def _amount(value: object, at: str) -> Decimal:
    try:
        found = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found < 0:
        raise InvalidInput(f"Règles, {at} : « {value} » n’est pas un nombre positif ou nul.")
    return found


def _rate(value: object, at: str) -> Decimal:
    found = _amount(value, at)
    if found > 1:
        raise InvalidInput(
            f"Règles, {at} : « {value} » dépasse 1. Un taux s’écrit en ratio : 0.40 pour 40 %."
        )
    return found


def _count(value: object, at: str) -> int:
    found = _amount(value, at)
    if found != int(found):
        raise InvalidInput(f"Règles, {at} : « {value} » n’est pas un nombre entier.")
    return int(found)


def _months(value: object, at: str) -> Decimal:
    found = _amount(value, at)
    if not found:
        raise InvalidInput(f"Règles, {at} : la période compte au moins un mois.")
    return found


def _flag(value: object, at: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(f"Règles, {at} : « {value} » n’est pas true ou false.")
    return value


def _remainder(value: object, at: str) -> Decimal | None:
    words = {"current": None, "zero": ZERO}
    return words[value] if isinstance(value, str) and value in words else _rate(value, at)


def _amounts(value: object, at: str) -> dict[str, Decimal]:
    return {str(k): _amount(v, f"{at}.{k}") for k, v in _plain(value, at).items()}


def _rates(value: object, at: str) -> dict[str, Decimal]:
    return {str(k): _rate(v, f"{at}.{k}") for k, v in _plain(value, at).items()}


def _tiers(value: object, at: str) -> tuple[Tier, ...]:
    """Read tiers in any order; a higher volume cannot earn a lower rate."""
    found = []
    for i, each in enumerate(_list(value, at)):
        given = _plain(each, f"{at}[{i}]")
        for key in given:
            if key not in {"from", "rate"}:
                raise InvalidInput(
                    f"Règles, {at}[{i}] : clé « {key} » inconnue. "
                    + did_you_mean(str(key), ["from", "rate"])
                )
        if set(given) != {"from", "rate"}:
            raise InvalidInput(
                f"Règles, {at}[{i}] : un palier s’écrit {{from: 20000, rate: 0.02}}."
            )
        found.append(
            Tier(_amount(given["from"], f"{at}[{i}].from"), _rate(given["rate"], f"{at}[{i}].rate"))
        )
    found.sort(key=lambda tier: tier.since)
    for low, high in pairwise(found):
        if high.rate < low.rate or high.since == low.since:
            raise InvalidInput(
                f"Règles, {at} : le palier de {high.since} € doit donner plus que celui de {low.since} €."
            )
    return tuple(found)
