"""A value of the law proposed on a page: read as people type it, laid over the law in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from galien.kernel import french
from galien.kernel.errors import InvalidInput, did_you_mean
from galien.kernel.units import Unit
from galien.law import Bracket, Law, Parameter, Scale, Source
from galien.law.parameters import DatedValue
from galien.usecases.pay.ceilings import CEILINGS

TRIED = (
    "mdl_scale",
    "fee_hd_excl",
    "fee_hdr_excl",
    "fee_hg_factor",
    *CEILINGS,
    "wholesaler_margin_scale",
    "wholesaler_margin_minimum",
    "wholesaler_margin_maximum",
    "vat_reimbursable_medicine",
)
MOST_DECIMALS = 6
_MOST = Decimal(1_000_000)


def tried(law: Law, name: str) -> Parameter:
    """Return a parameter that can be tried; InvalidInput, with near names, for another."""
    if name not in TRIED:
        raise InvalidInput(f"« {name} » ne s’essaie pas ici. {did_you_mean(name, TRIED)}")
    return law.parameter(name)


def is_scale(parameter: Parameter) -> bool:
    """Tell whether a parameter is a scale of rates by slice of price."""
    return any(isinstance(entry.value, Scale) for entry in parameter.values)


def read_value(parameter: Parameter, typed: str) -> Decimal:
    """Read a proposed value: euros, or a percentage where the parameter is a ratio."""
    if parameter.unit is Unit.RATIO:
        return _percent(typed, parameter.label)
    return _number(typed, parameter.label)


def read_scale(parameter: Parameter, starts: Sequence[str], rates: Sequence[str]) -> Scale:
    """Read a proposed scale: bounds in euros, rates in percent, an empty rate closing nothing.

    Lines without a bound or a rate are left out; the first one starts at zero.
    """
    pairs = [
        (_number(start, parameter.label), _percent(rate, parameter.label))
        for start, rate in zip(starts, rates, strict=False)
        if start.strip() and rate.strip()
    ]
    bounds = [start for start, _ in pairs]
    if not pairs or bounds[0] != 0 or bounds != sorted(set(bounds)):
        raise InvalidInput(
            "Les tranches commencent à 0 € et montent : donnez à chacune un début plus grand que "
            "celui de la précédente."
        )
    return Scale(tuple(Bracket(start, rate) for start, rate in pairs))


def propose(law: Law, name: str, value: Decimal | Scale, *, since: dt.date, today: dt.date) -> Law:
    """Return the law with a value proposed from a day on; later values give way to it."""
    known = tried(law, name)
    entry = DatedValue(since, value, Source("Valeur proposée"), today)
    kept = tuple(each for each in known.values if each.since < since)
    proposed = replace(known, values=(*kept, entry))
    return Law({**{each.name: each for each in law.parameters()}, name: proposed})


def _percent(typed: str, label: str) -> Decimal:
    rate = _number(typed.replace("%", ""), label) / 100
    if rate > 1:
        raise InvalidInput(f"« {label} » : « {typed} » dépasse 100 %.")
    return rate


def _number(typed: str, label: str) -> Decimal:
    plain = typed.replace("€", "").replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    try:
        value = Decimal(plain.replace(",", "."))
        fine = -int(value.as_tuple().exponent) if value.is_finite() else MOST_DECIMALS
    except InvalidOperation:
        value, fine = Decimal(-1), 0
    if not value.is_finite() or not 0 <= value < _MOST or fine > MOST_DECIMALS - 2:
        raise InvalidInput(
            f"« {label} » : « {typed[:20]} » n’est pas un nombre positif à "
            f"{french.number(MOST_DECIMALS - 2)} décimales au plus : écrivez par exemple 7,5."
        )
    return value
