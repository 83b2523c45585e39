"""A price policy as people write it: a YAML file, read exactly, errors naming the place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from galien.calculators.pricing.arithmetic import Ending, Rounding, RoundingBand, Way
from galien.calculators.pricing.effect import Response
from galien.calculators.pricing.policy import Category, ImageRule, Policy, Target
from galien.calculators.pricing.rebates import RebateRule
from galien.kernel import french
from galien.kernel.errors import InvalidInput, did_you_mean
from galien.usecases.typed_csv import read_number

LARGEST = 2_000_000
COMMA = "Entre accolades, la virgule sépare : écrivez un nombre avec un point (4.50)."
MOST = Decimal(10) ** 12
MOST_DECIMALS = 12
ZERO = Decimal(0)
ATTRIBUTES = (
    "universe_1", "universe_2", "family_1", "family_2", "segment_1", "brand", "range", "lab",
    "product_type", "vat_rate",
)  # fmt: skip
TOP = ("name", "categories", "rounding", "image", "excluded", "ceilings", "floors",
       "elasticity", "fixed_costs", "turnover", "rebates", "passed_on")  # fmt: skip
CATEGORY = ("name", "where", "margin", "factor", "bands", "floor_margin", "rounding")
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Volumes(StrEnum):
    """How volumes are taken to answer prices: as the network's sales say, as assumed, or not at all."""

    NETWORK = "network"
    ASSUMED = "assumed"
    CONSTANT = "none"


@dataclass(frozen=True)
class WrittenPolicy:
    """A policy with what its file says beside it. Ceilings and floors are euros incl. tax.

    `image` are the products priced against competitors; `response` is given when volumes are
    `ASSUMED`; `passed_on` is the share of suppliers' rebates that clients get, a ratio. `fixed_costs`
    and `turnover` are euros a year.
    """

    policy: Policy
    image: frozenset[str] = frozenset()
    ceilings: Mapping[str, Decimal] = field(default_factory=dict)
    floors: Mapping[str, Decimal] = field(default_factory=dict)
    response: Response | None = None
    volumes: Volumes = Volumes.NETWORK
    fixed_costs: Decimal | None = None
    turnover: Decimal | None = None
    rebates: tuple[RebateRule, ...] = ()
    passed_on: Decimal = ZERO
    text: str = ""

    @property
    def break_even(self) -> Decimal | None:
        """Return the margin that covers the fixed costs the file gives; None when it gives none."""
        if self.fixed_costs is None or not self.turnover:
            return None
        return self.fixed_costs / self.turnover


def read_policy(path: Path) -> WrittenPolicy:
    """Read a policy file; InvalidInput says what is wrong and where."""
    try:
        content = path.read_bytes()[: LARGEST + 1]
    except OSError as error:
        raise InvalidInput(
            f"Fichier introuvable ou illisible : {path}. Vérifiez le chemin."
        ) from error
    if len(content) > LARGEST:
        raise InvalidInput(f"« {path.name} » dépasse 2 Mo : ce n’est pas une politique de prix.")
    return policy_of(content.decode("utf-8-sig", errors="replace"), name=path.name)


def policy_of(text: str, *, name: str = "") -> WrittenPolicy:
    """Read the text of a policy; numbers are read exactly, rates as 0.30 or 30 %."""
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - the base loader makes texts only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"ligne {mark.line + 1} : " if mark else ""
        raise InvalidInput(
            f"« {name} », {where}ce n’est pas du YAML. Vérifiez les deux-points, les tirets et les retraits."
        ) from error
    whole = _mapping(content, f"« {name} »", TOP)
    categories = _list(whole.get("categories"), "categories")
    if not categories:
        raise InvalidInput(f"« {name} » ne donne aucune catégorie : il faut la clé « categories ».")
    image = _mapping(whole.get("image") or {}, "image", ("products", "gap"))
    policy = Policy(
        name=str(whole.get("name") or name or "Politique"),
        categories=tuple(_category(each, place) for place, each in enumerate(categories, 1)),
        rounding=_rounding(whole.get("rounding"), "rounding") or Rounding(),
        image=ImageRule(_rate(image.get("gap", "0"), "image, gap")),
        excluded=frozenset(map(str, _list(whole.get("excluded"), "excluded"))),
    )
    volumes, response = _volumes(whole.get("elasticity"))
    fixed_costs, turnover = _costs(whole)
    floors, ceilings = _bounds(whole)
    return WrittenPolicy(
        policy,
        image=frozenset(map(str, _list(image.get("products"), "image, products"))),
        ceilings=ceilings,
        floors=floors,
        response=response,
        volumes=volumes,
        fixed_costs=fixed_costs,
        turnover=turnover,
        rebates=tuple(_rebate(each, policy) for each in _list(whole.get("rebates"), "rebates")),
        passed_on=_share(whole.get("passed_on", "0"), "passed_on"),
        text=text,
    )


def _category(content: Any, place: int) -> Category:
    where = f"catégorie {place}"
    given = _mapping(content, where, CATEGORY)
    name = str(given.get("name") or f"Catégorie {place}")
    where = f"catégorie « {name} »"
    bands = _list(given.get("bands"), f"{where}, bands")
    if bool(bands) + len(_aim(given)) != 1:
        raise InvalidInput(
            f"Politique, {where} : donnez une marge (margin), un coefficient (factor), ou des tranches "
            "(bands), et un seul des trois."
        )
    return Category(
        name,
        tuple(_target(each, where) for each in bands or [{"from": "0", **_aim(given)}]),
        _where(given.get("where"), where),
        _rate(given.get("floor_margin", "0"), f"{where}, floor_margin"),
        _rounding(given.get("rounding"), f"{where}, rounding"),
    )


def _aim(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: given[key] for key in ("margin", "factor") if given.get(key)}


def _target(content: Any, where: str) -> Target:
    given = _mapping(content, f"{where}, bands", ("from", "margin", "factor"))
    try:
        return Target(
            _number(given.get("from", "0"), f"{where}, from"),
            _rate(given["margin"], f"{where}, margin") if given.get("margin") else None,
            _number(given["factor"], f"{where}, factor") if given.get("factor") else None,
        )
    except InvalidInput as error:
        raise InvalidInput(f"Politique, {where} : {error.message}") from error


def _where(content: Any, where: str) -> dict[str, frozenset[str]]:
    given = _mapping(content or {}, f"{where}, where", ATTRIBUTES)
    found = {}
    for name, values in given.items():
        texts = values if isinstance(values, list) else [values]
        if name == "vat_rate":
            texts = [f"{_rate(each, f'{where}, vat_rate').normalize():f}" for each in texts]
        found[name] = frozenset(map(str, texts))
    return found


def _rounding(content: Any, where: str) -> Rounding | None:
    if not content:
        return None
    if isinstance(content, str):
        return Rounding((RoundingBand(ZERO, _ending(content, where)),))
    bands = []
    for each in _list(content, where):
        given = _mapping(each, where, ("from", "ending", "way"))
        way = str(given.get("way", "nearest"))
        if way not in {kind.value for kind in Way}:
            raise InvalidInput(f"Politique, {where} : « {way} » ; au choix nearest, up, down.")
        start = _number(given.get("from", "0"), f"{where}, from")
        bands.append(RoundingBand(start, _ending(str(given.get("ending", "")), where), Way(way)))
    return Rounding(tuple(bands))


def _ending(text: str, where: str) -> Ending:
    bare = text.strip().lstrip(".")
    try:
        return Ending(bare)
    except ValueError as error:
        known = ", ".join(each.value for each in Ending)
        raise InvalidInput(
            f"Politique, {where} : fin de prix « {text} » ; au choix {known}."
        ) from error


def _volumes(content: Any) -> tuple[Volumes, Response | None]:
    if not content or content == Volumes.NETWORK:
        return Volumes.NETWORK, None
    if content == Volumes.CONSTANT:
        return Volumes.CONSTANT, None
    if isinstance(content, str):
        return Volumes.ASSUMED, Response(_number(content, "elasticity"))
    given = _mapping(content, "elasticity", ("value", "standard_error"))
    error = _number(given.get("standard_error", "0"), "elasticity, standard_error")
    if error < 0:
        raise InvalidInput("Politique, elasticity : une erreur type n’est pas négative.")
    return Volumes.ASSUMED, Response(_number(given.get("value", ""), "elasticity, value"), error)


def _costs(whole: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    if not whole.get("fixed_costs") or not whole.get("turnover"):
        return None, None
    turnover = _number(whole["turnover"], "turnover")
    if turnover <= 0:
        raise InvalidInput("Politique, turnover : le chiffre d’affaires doit être positif.")
    return _number(whole["fixed_costs"], "fixed_costs"), turnover


def _rebate(content: Any, policy: Policy) -> RebateRule:
    known = ("name", "category", "rate", "where", "floor_margin")
    given = _mapping(content, "rebates", known)
    category = str(given.get("category") or "")
    name = str(given.get("name") or category or "Remise")
    if category and category not in {each.name for each in policy.categories}:
        raise InvalidInput(
            f"Politique, remise « {name} » : la catégorie « {category} » n’existe pas. "
            f"{did_you_mean(category, [each.name for each in policy.categories])}"
        )
    return RebateRule(
        name,
        _rate(given.get("rate", ""), f"remise « {name} », rate"),
        _where(given.get("where"), f"remise « {name} »"),
        _rate(given.get("floor_margin", "0"), f"remise « {name} », floor_margin"),
        category,
    )


def _prices(content: Any, where: str) -> dict[str, Decimal]:
    if not content:
        return {}
    if not isinstance(content, dict):
        raise InvalidInput(f"Politique, {where} : il faut des lignes « code: prix TTC ».")
    for code, price in content.items():
        if not price:
            raise InvalidInput(f"Politique, {where} : « {code} » n’a pas de prix. {COMMA}")
    found = {str(code): _number(price, f"{where}, {code}") for code, price in content.items()}
    for code, price in found.items():
        if price < 0:
            raise InvalidInput(f"Politique, {where}, {code} : un prix n’est pas négatif.")
    return found


def _bounds(whole: Mapping[str, Any]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return the floors and the ceilings; InvalidInput when one is over the other."""
    floors, ceilings = (_prices(whole.get(name), name) for name in ("floors", "ceilings"))
    for code in floors.keys() & ceilings.keys():
        if floors[code] > ceilings[code]:
            raise InvalidInput(
                f"Politique, {code} : le plancher, {french.amount(floors[code])}, dépasse le plafond, "
                f"{french.amount(ceilings[code])}. Aucun prix ne tiendrait entre les deux."
            )
    return floors, ceilings


def _mapping(content: Any, where: str, known: Iterable[str]) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise InvalidInput(f"Politique, {where} : il faut des clés ({', '.join(known)}).")
    for key in content:
        if key not in known:
            near = COMMA if str(key)[:1].isdigit() else did_you_mean(str(key), list(known))
            raise InvalidInput(f"Politique, {where} : clé inconnue « {key} ». {near}")
    return content


def _list(content: Any, where: str) -> list[Any]:
    if not content:
        return []
    if not isinstance(content, list):
        raise InvalidInput(f"Politique, {where} : il faut une liste (des lignes avec un tiret).")
    return content


def _number(text: Any, where: str) -> Decimal:
    found = read_number(str(text), f"Politique, {where}")
    exponent = found.as_tuple().exponent
    if abs(found) >= MOST or not isinstance(exponent, int) or exponent < -MOST_DECIMALS:
        raise InvalidInput(f"Politique, {where} : « {str(text)[:40]} » est hors de toute mesure.")
    return found


def _share(text: Any, where: str) -> Decimal:
    found = _rate(text, where)
    if not ZERO <= found <= 1:
        raise InvalidInput(f"Politique, {where} : « {text} » n’est pas une part de 0 à 100 %.")
    return found


def _rate(text: Any, where: str) -> Decimal:
    found = _number(text, where)
    return found.scaleb(-2) if str(text).strip().endswith("%") else found
