"""What was typed in the form of a policy, read strictly: a policy, or the error of each field."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from galien.calculators.pricing.arithmetic import Ending, Rounding, RoundingBand, Way
from galien.calculators.pricing.effect import Response
from galien.calculators.pricing.policy import Category, ImageRule, Policy, Target
from galien.calculators.pricing.rebates import RebateRule
from galien.kernel import french
from galien.kernel.errors import InvalidInput, did_you_mean
from galien.usecases.prices.choices import NAMES, VAT
from galien.usecases.prices.policy_file import Volumes, WrittenPolicy
from galien.web.pages.price_policies.draft import FACTOR, Plain, text_of
from galien.web.typed import read_number

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
LONGEST_NAME = 120
Choices = Mapping[str, Sequence[str]]


@dataclass
class Reading:
    """Fields read one after the other; `errors` holds the sentence of each wrong one, by its name."""

    errors: dict[str, str] = field(default_factory=dict)

    def wrong(self, name: str, sentence: str) -> None:
        """Say what is wrong of a field, the first thing only."""
        self.errors.setdefault(name, sentence)

    def number(self, part: Mapping[str, Any], at: str, name: str) -> Decimal | None:
        """Read a number; None when empty, or wrong and said."""
        text = text_of(part, name)
        found = read_number(text) if text else None
        if text and found is None:
            self.wrong(f"{at}{name}", f"« {text[:20]} » n’est pas un nombre : écrivez 12,50.")
        return found

    def amount(self, part: Mapping[str, Any], at: str, name: str) -> Decimal | None:
        """Read euros of 0 or more."""
        found = self.number(part, at, name)
        if found is not None and found < 0:
            self.wrong(f"{at}{name}", "Un montant n’est pas négatif.")
            return None
        return found

    def percent(
        self, part: Mapping[str, Any], at: str, name: str, *, signed: bool = False
    ) -> Decimal | None:
        """Read a percentage as a ratio under 1, of 0 or more unless `signed`."""
        typed = self.number(part, at, name)
        if typed is None:
            return None
        if abs(typed) >= HUNDRED or (typed < 0 and not signed):
            low = "plus de −100" if signed else "0"
            self.wrong(f"{at}{name}", f"Un taux va de {low} à moins de 100 %.")
            return None
        if ZERO < abs(typed) < ONE and "%" not in text_of(part, name):
            said = f"{text_of(part, name)} se lit {french.typed(typed)} % :"
            self.wrong(
                f"{at}{name}",
                f"{said} écrivez {french.typed(typed * 100)} pour "
                f"{french.typed(typed * 100)} %, ou ajoutez le signe %.",
            )
            return None
        return typed / HUNDRED


def checked(draft: Plain, choices: Choices) -> tuple[WrittenPolicy | None, dict[str, str]]:
    """Read a draft: the policy when nothing is wrong, else None; and errors by field.

    Values typed to be added to a category are put in it; one that does not exist is an error.
    """
    reading = Reading()
    name = text_of(draft, "name")
    if not name or len(name) > LONGEST_NAME:
        reading.wrong("name", "Donnez un nom à la politique, de 120 signes au plus.")
    categories = _categories(reading, draft["categories"], choices)
    rounding = _rounding(reading, "rounding", draft["rounding"])
    excluded, image, floors, ceilings = _products(reading, draft["products"])
    gap = reading.percent(draft, "", "image_gap", signed=True)
    volumes, response = _volumes(reading, draft)
    fixed_costs, turnover = _costs(reading, draft)
    rebates = _rebates(reading, draft["rebates"], [each.name for each in categories])
    passed_on = _share(reading, draft)
    if reading.errors:
        return None, reading.errors
    policy = Policy(
        name, tuple(categories), rounding or Rounding(), ImageRule(gap or ZERO), excluded
    )
    written = WrittenPolicy(
        policy, image, ceilings, floors, response, volumes, fixed_costs, turnover, rebates, passed_on
    )  # fmt: skip
    return written, {}


def _categories(reading: Reading, rows: list[Plain], choices: Choices) -> list[Category]:
    found: list[Category] = []
    taken: set[str] = set()
    if not rows:
        reading.wrong("categories", "Il faut une catégorie au moins : ajoutez-la.")
    for number, row in enumerate(rows):
        at = f"categories-{number}-"
        name = text_of(row, "name")
        if not name:
            reading.wrong(f"{at}name", "Donnez un nom à la catégorie.")
        elif name in taken:
            reading.wrong(f"{at}name", "Une autre catégorie porte ce nom : changez l’un des deux.")
        taken.add(name)
        _add_values(reading, at, row, choices)
        targets = _targets(reading, at, row["bands"])
        floor = reading.percent(row, at, "floor_margin") or ZERO
        rounding = _rounding(reading, f"{at}rounding", row["rounding"])
        where = {key: frozenset(each) for key, each in row["where"].items()}
        if targets:
            found.append(Category(name, targets, where, floor, rounding))
    return found


def _add_values(reading: Reading, at: str, row: Plain, choices: Choices) -> None:
    """Put a value that was typed among those of the category, if it exists."""
    for attribute, text in list(row.get("adding", {}).items()):
        known = {french.fold(each): each for each in choices.get(attribute, ())}
        exact = known.get(french.fold(text))
        if exact is None:
            near = did_you_mean(text, list(choices.get(attribute, ())))
            said = f"{NAMES[attribute]} : « {text[:60]} » n’existe pas. {near}"
            reading.wrong(f"{at}add-{attribute}", said)
            continue
        held = row["where"].setdefault(attribute, [])
        if exact not in held:
            held.append(exact)
        del row["adding"][attribute]


def _targets(reading: Reading, at: str, rows: list[Plain]) -> tuple[Target, ...]:
    found: list[Target] = []
    for number, row in enumerate(rows):
        name = f"{at}bands-{number}-"
        if not text_of(row, "value"):
            if text_of(row, "from") and (number or len(rows) == 1):
                reading.wrong(f"{name}value", "Donnez la marge ou le coefficient visé.")
            continue
        start = reading.amount(row, name, "from") or ZERO
        if not found and start:
            reading.wrong(f"{name}from", "La première tranche commence à 0 €.")
        elif found and start <= found[-1].start:
            reading.wrong(f"{name}from", "Les tranches montent : ce coût dépasse le précédent.")
        elif (target := _target(reading, name, row, start)) is not None:
            found.append(target)
    if not found:
        reading.wrong(f"{at}bands-0-value", "Donnez la marge ou le coefficient visé.")
    return tuple(found)


def _target(reading: Reading, at: str, row: Plain, start: Decimal) -> Target | None:
    if row.get("aim") != FACTOR:
        margin = reading.percent(row, at, "value", signed=True)
        return None if margin is None else Target(start, margin_rate=margin)
    factor = reading.number(row, at, "value")
    if factor is not None and factor <= 0:
        reading.wrong(f"{at}value", "Un coefficient est plus grand que 0 (1,43 par exemple).")
        return None
    return None if factor is None else Target(start, factor=factor)


def _rounding(reading: Reading, at: str, rows: list[Plain]) -> Rounding | None:
    bands: list[RoundingBand] = []
    for number, row in enumerate(rows):
        name = f"{at}-{number}-"
        if number and not text_of(row, "from"):
            continue  # a line left blank is no band
        start = reading.amount(row, name, "from") or ZERO
        if not bands and start:
            reading.wrong(f"{name}from", "La première tranche commence à 0 €.")
            continue
        if bands and start <= bands[-1].start:
            reading.wrong(f"{name}from", "Les tranches montent : ce prix dépasse le précédent.")
            continue
        ending, way = row.get("ending", Ending.CENT), row.get("way", Way.NEAREST)
        if ending in set(Ending) and way in set(Way):
            bands.append(RoundingBand(start, Ending(ending), Way(way)))
    return Rounding(tuple(bands)) if bands else None


def _products(
    reading: Reading, rows: list[Plain]
) -> tuple[frozenset[str], frozenset[str], dict[str, Decimal], dict[str, Decimal]]:
    bounds: dict[str, dict[str, Decimal]] = {"floor": {}, "ceiling": {}}
    marked: dict[str, set[str]] = {"excluded": set(), "image": set()}
    seen: set[str] = set()
    for number, row in enumerate(rows):
        at, code = f"products-{number}-", text_of(row, "code").replace(" ", "")
        if not row:
            continue
        if not code or code in seen:
            said = (
                "Ce produit a déjà une ligne : gardez-en une."
                if code
                else "Donnez le code du produit."
            )
            reading.wrong(f"{at}code", said)
        seen.add(code)
        _bounds(reading, at, row, code, bounds)
        for name, codes in marked.items():
            if row.get(name):
                codes.add(code)
    return (
        frozenset(marked["excluded"]), frozenset(marked["image"]), bounds["floor"], bounds["ceiling"],
    )  # fmt: skip


def _bounds(
    reading: Reading, at: str, row: Plain, code: str, bounds: dict[str, dict[str, Decimal]]
) -> None:
    floor, ceiling = (reading.amount(row, at, name) for name in bounds)
    if floor is not None:
        bounds["floor"][code] = floor
    if ceiling is not None:
        bounds["ceiling"][code] = ceiling
    if floor is not None and ceiling is not None and floor > ceiling:
        reading.wrong(f"{at}ceiling", "Le plafond est sous le plancher : aucun prix ne tiendrait.")
    if set(row) == {"code"}:
        reading.wrong(f"{at}code", "Dites ce que ce produit a de particulier, ou videz la ligne.")


def _volumes(reading: Reading, draft: Plain) -> tuple[Volumes, Response | None]:
    asked = draft.get("volumes", "")
    volumes = Volumes(asked) if asked in set(Volumes) else Volumes.NETWORK
    if volumes is not Volumes.ASSUMED:
        return volumes, None
    value = reading.number(draft, "", "elasticity")
    if value is None:
        reading.wrong("elasticity", "Donnez l’élasticité supposée, −0,8 par exemple.")
        return volumes, None
    if abs(value) > 10:
        reading.wrong("elasticity", "Une élasticité reste entre −10 et 10.")
    return volumes, Response(value, reading.amount(draft, "", "standard_error") or ZERO)


def _costs(reading: Reading, draft: Plain) -> tuple[Decimal | None, Decimal | None]:
    fixed, turnover = (reading.amount(draft, "", name) for name in ("fixed_costs", "turnover"))
    if turnover is not None and turnover <= 0:
        reading.wrong("turnover", "Le chiffre d’affaires est plus grand que 0.")
    if (fixed is None) != (turnover is None):
        missing = "fixed_costs" if fixed is None else "turnover"
        reading.wrong(missing, "L’un ne va pas sans l’autre : donnez les deux, ou aucun.")
    return fixed, turnover


def _rebates(reading: Reading, rows: list[Plain], names: list[str]) -> tuple[RebateRule, ...]:
    found = []
    for number, row in enumerate(rows):
        at, category = f"rebates-{number}-", text_of(row, "category")
        if category and category not in names:
            reading.wrong(
                f"{at}category", "Cette catégorie n’existe plus : choisissez-en une autre."
            )
        rate = reading.percent(row, at, "rate")
        floor = reading.percent(row, at, "floor_margin")
        if rate is None:
            reading.wrong(f"{at}rate", "Donnez le taux de la remise.")
            continue
        name = text_of(row, "name") or category or "Remise"
        # A name that was a category's follows the category.
        name = category if category and text_of(row, "where") == "" else name
        found.append(RebateRule(name, rate, _kept_where(row), floor or ZERO, category))
    return tuple(found)


def _kept_where(row: Plain) -> dict[str, frozenset[str]]:
    """Return the products that a file's rule names, which the form carries without showing them."""
    try:
        given = json.loads(text_of(row, "where") or "{}")
        return {
            key: frozenset(map(str, values))
            for key, values in given.items()
            if key in NAMES and isinstance(values, list)
        }
    except (ValueError, AttributeError) as error:
        raise InvalidInput(
            "Les produits de cette remise ne se relisent pas : reprenez la page."
        ) from error


def _share(reading: Reading, draft: Plain) -> Decimal:
    typed = reading.number(draft, "", "passed_on")
    if typed is None:
        return ZERO
    if not ZERO <= typed <= HUNDRED:
        reading.wrong("passed_on", "Une part va de 0 à 100 %.")
        return ZERO
    return typed / HUNDRED


def vat_label(rate: str) -> str:
    r"""Write a VAT rate of a category as people read it.

    >>> vat_label("0.055") == "5,5\u202f%"
    True
    """
    return f"{french.typed(Decimal(rate) * 100)}\u202f%"


def value_label(attribute: str, value: str) -> str:
    """Write a value of an attribute as people read it."""
    return vat_label(value) if attribute == VAT else value
