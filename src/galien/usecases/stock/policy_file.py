"""A simulation as a file: which sales to replay, on which products, with which policies."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.quantity import Costs
from galien.calculators.stock.outcomes import Replay
from galien.calculators.stock.policies import Cover, Goods, MinMax, OnSale, Policy, Service
from galien.kernel.errors import InvalidInput
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import TypedTable, read_file

KEYS = ("sales", "products", "from", "to", "policy", "against", "payment_days", "costs")
SALES = ("product_code", "day", "quantity")
ASKED, DELIVERED = "asked", "delivered"
PRODUCTS = ("product_code", "price", "cost", "opening")
OPTIONAL = ("lead_days", "lead_deviation", "multiple", "class")
KINDS: Mapping[str, type[Service | MinMax | Cover | OnSale]] = {
    "service": Service,
    "min-max": MinMax,
    "cover": Cover,
    "on-sale": OnSale,
}
IN_WORKSPACE = ("policy", "against", "payment_days", "costs")
OF_WORKSPACE = ({"kind": "cover"}, {"kind": "on-sale"})
USUAL = ({"kind": "min-max"}, {"kind": "cover"})
MOST_BYTES = 400_000_000
MOST_DAYS = 3660


@dataclass(frozen=True)
class Trial:
    """What a file asks: the replay, the policy and those it is set against, what happened if told.

    `sold` and `delivered` are (products, days), None when the file has no deliveries. `first` and `last`
    bound the days replayed.
    """

    replay: Replay
    policies: tuple[Policy, ...]
    first: dt.date
    last: dt.date
    sold: Floats | None = None
    delivered: Floats | None = None


def read_trial(path: Path) -> Trial:
    """Read a simulation: a YAML file that names two tables, beside it, and sets policies.

    Raises InvalidInput naming the key, or the file and line, that is wrong.
    """
    given = _mapping(path, KEYS)
    goods = _goods(_beside(path, given, "products"))
    table_path = _beside(path, given, "sales")
    table = read_file(table_path, required=SALES, known=(*SALES, ASKED, DELIVERED), most=MOST_BYTES)
    days, sold, asked, delivered = _laid(table_path, table, goods)
    first, last = _day(given, "from", days[0]), _day(given, "to", days[-1])
    if not days[0] <= first <= last <= days[-1]:
        raise InvalidInput(
            f"« {path.name} » : les ventes vont du {days[0]} au {days[-1]} ; choisissez from et to entre les "
            "deux, dans cet ordre."
        )
    start, end = (first - days[0]).days, (last - days[0]).days + 1
    payment, policies = _payment(given), _policies(given, USUAL)
    told = DELIVERED in table.columns
    return Trial(
        Replay(goods, asked[:, start:end], asked[:, :start], payment),
        policies,
        first,
        last,
        sold[:, start:end] if told else None,
        delivered[:, start:end] if told else None,
    )


def read_policies(path: Path) -> tuple[tuple[Policy, ...], int]:
    """Read the policies of a file to try on a pharmacy, and the days before purchases are paid.

    The file has no sales or products of its own. Raises InvalidInput naming the key that is wrong.
    """
    given = _mapping(path, IN_WORKSPACE)
    return _policies(given, OF_WORKSPACE), _payment(given)


def _payment(given: Mapping[str, Any]) -> int:
    payment = given.get("payment_days", 30)
    if not isinstance(payment, int) or not 0 <= payment <= 365:
        raise InvalidInput("payment_days : un nombre de jours, de 0 à 365.")
    return payment


def _policies(given: Mapping[str, Any], usual: Iterable[object]) -> tuple[Policy, ...]:
    costs = _costs(given.get("costs") or {})
    others = given.get("against", usual) or ()
    if not isinstance(others, list | tuple):
        raise InvalidInput(f"against : une liste de politiques, et non « {others} ».")
    chosen = [given.get("policy") or {"kind": "service"}, *others]
    return tuple(_policy(each, costs) for each in chosen)


def _mapping(path: Path, keys: Iterable[str]) -> dict[str, Any]:
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"Le fichier « {path} » ne peut pas être lu. Vérifiez son chemin."
        ) from error
    except yaml.YAMLError as error:
        raise InvalidInput(
            f"« {path.name} » n’est pas un fichier YAML lisible : {error}"
        ) from error
    if not isinstance(given, dict):
        raise InvalidInput(f"« {path.name} » : des clés sont attendues, parmi {', '.join(keys)}.")
    _known(given, keys, f"« {path.name} »")
    return given


def _known(given: Mapping[str, object], keys: Iterable[str], where: str) -> None:
    """Refuse a key that nothing reads, with the nearest one."""
    names = tuple(keys)
    for key in given:
        if key not in names:
            near = difflib.get_close_matches(str(key), names, 1)
            hint = f" Vouliez-vous dire {near[0]} ?" if near else f" Connues : {', '.join(names)}."
            raise InvalidInput(f"{where} : clé inconnue « {key} ».{hint}")


def _beside(path: Path, given: Mapping[str, Any], key: str) -> Path:
    name = given.get(key)
    if not isinstance(name, str) or not name:
        raise InvalidInput(f"« {path.name} » : donnez {key}, le nom d’un fichier CSV.")
    return path.parent / name


def _day(given: Mapping[str, Any], key: str, usual: dt.date) -> dt.date:
    value = given.get(key, usual)
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise InvalidInput(f"{key} : une date AAAA-MM-JJ, et non « {value} ».")
    return value


def _costs(given: object) -> Costs:
    if not isinstance(given, dict):
        raise InvalidInput(f"costs : line et holding, et non « {given} ».")
    _known(given, ("line", "holding"), "costs")
    line, holding = given.get("line", 0.30), given.get("holding", 0.15)
    if not all(isinstance(each, int | float) and each >= 0 for each in (line, holding)):
        raise InvalidInput(
            "costs : line en euros par ligne et holding en rapport par an, positifs."
        )
    return Costs(float(line), float(holding))


def _policy(given: object, costs: Costs) -> Policy:
    """Build a policy from its kind and settings; a setting that the kind does not have is refused."""
    kind = str(given.get("kind", "")) if isinstance(given, dict) else ""
    if kind not in KINDS or not isinstance(given, dict):
        raise InvalidInput(f"Politique : kind est l’un de {', '.join(KINDS)}, et non « {kind} ».")
    made = KINDS[kind]
    names = {each.name for each in fields(made)} - {"costs"}
    settings = {key: value for key, value in given.items() if key != "kind"}
    _known(settings, sorted(names), f"Politique {kind}")
    if made is Service:
        settings["costs"] = costs
        service = settings.get("service", {})
        if isinstance(service, float | int):
            settings["service"] = dict.fromkeys("ABC", float(service))
    for name, value in settings.items():
        numbers = value.values() if isinstance(value, dict) else [value]
        if name not in {"name", "costs"} and not all(_positive(each) for each in numbers):
            raise InvalidInput(f"Politique {kind}, {name} : un nombre positif, et non « {value} ».")
    return made(**settings)


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _goods(path: Path) -> Goods:
    table = read_file(path, required=PRODUCTS, known=(*PRODUCTS, *OPTIONAL), most=MOST_BYTES)
    codes: dict[str, None] = {}
    classes, figures = [], []
    for row in table.rows:
        cells = Cells(path, row)
        code = cells.text("product_code")
        if code in codes:
            raise InvalidInput(f"{cells.where} : le produit « {code} » figure deux fois.")
        codes[code] = None
        classes.append(cells.text("class", "A").upper())
        usual = {"lead_days": 1.0, "multiple": 1.0}
        figures.append(
            [float(cells.number(name)) for name in PRODUCTS[1:]]
            + [_number(cells, name, usual.get(name, 0.0)) for name in OPTIONAL[:3]]
        )
        if min(figures[-1]) < 0 or figures[-1][-1] < 1:
            raise InvalidInput(
                f"{cells.where} : des nombres positifs, et un multiple d’au moins 1."
            )
    if not codes:
        raise InvalidInput(f"« {path.name} » n’a aucun produit sous son en-tête.")
    price, cost, opening, lead, deviation, multiple = np.array(figures, dtype=np.float64).T
    return Goods(tuple(codes), price, cost, opening, lead, deviation, multiple, tuple(classes))


def _number(cells: Cells, name: str, usual: float) -> float:
    found = cells.optional(name)
    return usual if found is None else float(found)


def _laid(
    path: Path, table: TypedTable, goods: Goods
) -> tuple[list[dt.date], Floats, Floats, Floats]:
    """Lay sales out by product and day; a product and day without a row sold nothing."""
    place = {code: row for row, code in enumerate(goods.codes)}
    read: list[tuple[int, dt.date]] = []
    units: list[tuple[float, float, float]] = []
    for row in table.rows:
        cells = Cells(path, row)
        code, day = cells.text("product_code"), cells.day("day")
        if code not in place or day is None:
            raise InvalidInput(
                f"{cells.where} : il faut un jour, et un produit de la table des produits (« {code} »)."
            )
        sold = float(cells.number("quantity"))
        asked = _number(cells, ASKED, sold)
        read.append((place[code], day))
        units.append((sold, asked, _number(cells, DELIVERED, 0.0)))
    if not read:
        raise InvalidInput(f"« {path.name} » n’a aucune vente sous son en-tête.")
    first, last = min(each[1] for each in read), max(each[1] for each in read)
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise InvalidInput(f"« {path.name} » : plus de dix ans de ventes. Vérifiez les dates.")
    laid = np.zeros((3, len(place), count))
    rows = np.array([each[0] for each in read])
    columns = np.array([(each[1] - first).days for each in read])
    for number in range(3):
        np.add.at(laid[number], (rows, columns), [each[number] for each in units])
    days = [first + dt.timedelta(days=n) for n in range(count)]
    return days, laid[0], np.maximum(laid[1], laid[0]), laid[2]
