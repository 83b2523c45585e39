"""Method B from a file or a form: what was typed, checked, and the declarations it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from galien.calculators.accounting.vat import (
    Adjustment,
    ProductShare,
    Split,
    markup_of_margin,
    split_receipts,
    total_split,
    weighted_markup,
    year_end,
)
from galien.kernel.errors import InvalidInput

LARGEST = 1 << 20
SUPER_REDUCED = Decimal("0.021")
# What the method asks of who uses it; every answer says so.
CONDITIONS = (
    "La méthode B demande une déclaration préalable au service des impôts.",
    "Les coefficients sont ceux de l’officine, relevés sur ses propres achats, jamais ceux de la "
    "profession.",
    "Les prestations et les locations sont suivies à part : elles n’entrent ni dans les recettes "
    "ni dans "
    "les achats.",
    "En fin d’année, un taux n’est régularisé que si sa part du stock a bougé de plus de dix points.",
)
Rates = Mapping[Decimal, Decimal]


@dataclass(frozen=True)
class Month:
    """A declaration: its name, receipts incl. tax and purchases excl. tax by rate, in euros."""

    name: str
    receipts: Decimal
    purchases: Rates


@dataclass(frozen=True)
class MethodB:
    """What the method starts from; `opening` and `closing` stocks are None without a year end."""

    coefficients: Rates
    months: tuple[Month, ...]
    opening: Rates | None = None
    closing: Rates | None = None
    remaining_rate: Decimal = SUPER_REDUCED


@dataclass(frozen=True)
class Declared:
    """What the method gives: the months, their sum, and the year end when stocks were given."""

    given: MethodB
    months: tuple[tuple[str, Split], ...]
    total: Split
    adjustments: tuple[Adjustment, ...]


def declare(given: MethodB) -> Declared:
    """Apply the method to each month, then to the year. Raises `InvalidInput` naming the month."""
    if not given.months:
        raise InvalidInput("Aucun mois : donnez les recettes et les achats d’au moins un mois.")
    splits = []
    for month in given.months:
        try:
            split = split_receipts(
                month.receipts,
                month.purchases,
                given.coefficients,
                remaining_rate=given.remaining_rate,
            )
        except InvalidInput as error:
            where = f"{month.name} : " if month.name else ""
            raise InvalidInput(f"{where}{error.message}") from error
        splits.append((month.name, split))
    total = total_split((split for _, split in splits), remaining_rate=given.remaining_rate)
    adjustments: tuple[Adjustment, ...] = ()
    if given.opening is not None and given.closing is not None:
        bought: dict[Decimal, Decimal] = {}
        for month in given.months:
            for rate, amount in month.purchases.items():
                bought[rate] = bought.get(rate, Decimal(0)) + amount
        adjustments = year_end(
            total, bought, given.coefficients, opening=given.opening, closing=given.closing
        )
    return Declared(given, tuple(splits), total, adjustments)


def read_method_b(path: Path) -> MethodB:
    """Read the YAML of docs/methods/tva.md; InvalidInput saying what is wrong, and where."""
    try:
        text = path.read_bytes()[: LARGEST + 1]
    except OSError as error:
        raise InvalidInput(
            f"Fichier introuvable ou illisible : {path}. Vérifiez le chemin."
        ) from error
    if len(text) > LARGEST:
        raise InvalidInput(f"{path.name} dépasse 1 Mo : ce n’est pas un fichier de la méthode B.")
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path.name} n’est pas un fichier YAML lisible : {error}.") from error
    if not isinstance(content, dict):
        raise InvalidInput(
            f"{path.name} est vide ou n’a pas de clés : il faut « coefficients » (ou « rates ») "
            "et « months »."
        )
    return method_b_from(content)


def method_b_from(content: Mapping[str, Any]) -> MethodB:
    """Build the inputs from what a file holds; the single month of a short file needs no list."""
    known = {
        "remaining_rate",
        "rates",
        "coefficients",
        "months",
        "year_end",
        "receipts",
        "purchases",
    }
    strange = sorted(set(map(str, content)) - known)
    if strange:
        raise InvalidInput(
            f"Clé inconnue : « {strange[0]} ». Au choix : {', '.join(sorted(known))}."
        )
    coefficients = dict(_rates(content.get("coefficients") or {}, "coefficients"))
    for rate, given in _mapping(content.get("rates") or {}, "rates").items():
        coefficients[_rate(rate, "rates")] = _coefficient(given, f"rates {rate}")
    months = content.get("months")
    if months is None:
        months = [content] if "receipts" in content else []
    ends = _mapping(content.get("year_end") or {}, "year_end")
    opening, closing = (
        _rates(ends[key], f"year_end, {key}") if key in ends else None
        for key in ("opening_stock", "closing_stock")
    )
    if (opening is None) != (closing is None):
        raise InvalidInput("year_end : donnez opening_stock et closing_stock, ou aucun des deux.")
    rate = content.get("remaining_rate")
    return MethodB(
        coefficients=coefficients,
        months=tuple(_month(each, rank) for rank, each in enumerate(_list(months, "months"), 1)),
        opening=opening,
        closing=closing,
        remaining_rate=SUPER_REDUCED if rate is None else _rate(rate, "remaining_rate"),
    )


def _month(content: Any, rank: int) -> Month:
    where = f"months, {rank}"
    found = _mapping(content, where)
    if "receipts" not in found:
        raise InvalidInput(f"{where} : il manque « receipts », les recettes TTC du mois.")
    name = str(found.get("month", "")) or (f"mois {rank}" if "month" in found else "")
    purchases = _rates(found.get("purchases") or {}, f"{where}, purchases")
    return Month(name, _positive(found["receipts"], f"{where}, receipts"), purchases)


def _coefficient(given: Any, where: str) -> Decimal:
    found = _mapping(given, where)
    if "coefficient" in found:
        return _positive(found["coefficient"], where)
    families = [_family(each, where) for each in _list(found.get("families"), f"{where}, families")]
    return 1 + weighted_markup(families)


def _family(content: Any, where: str) -> ProductShare:
    found = _mapping(content, f"{where}, families")
    if "share" not in found or ("markup" in found) == ("margin" in found):
        raise InvalidInput(
            f"{where}, families : chaque famille demande « share » et soit « markup » (marge ÷ "
            "achat), soit "
            "« margin » (marge ÷ vente)."
        )
    markup = (
        _positive(found["markup"], where)
        if "markup" in found
        else markup_of_margin(_positive(found["margin"], where))
    )
    return ProductShare(str(found.get("name", "")), _positive(found["share"], where), markup)


def _rates(content: Any, where: str) -> Rates:
    return {
        _rate(rate, where): _positive(value, f"{where}, {rate}")
        for rate, value in _mapping(content, where).items()
    }


def _rate(value: Any, where: str) -> Decimal:
    rate = _positive(value, where)
    if rate >= 1:
        raise InvalidInput(f"{where} : le taux « {value} » est un rapport, 0.055 pour 5,5 %.")
    return rate.normalize()


def _positive(value: Any, where: str) -> Decimal:
    try:
        found = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite() or found < 0:
        raise InvalidInput(f"{where} : « {value} » n’est pas un nombre positif.")
    return found


def _mapping(value: Any, where: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{where} : il faut des clés et des valeurs, lu « {value} ».")
    return value


def _list(value: Any, where: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise InvalidInput(f"{where} : il faut une liste (des lignes qui commencent par « - »).")
    return value
