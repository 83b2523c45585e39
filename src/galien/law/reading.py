"""Reading a parameter's file: one YAML per regulated figure, one entry per value it has taken."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from galien.kernel.errors import InvalidInput
from galien.kernel.units import Unit
from galien.law.banded import Band, Banded
from galien.law.parameters import Bracket, DatedValue, LawValue, Parameter, Scale, Source

# The same safe subset read by libyaml, ten times as fast, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_parameter(path: Path) -> Parameter:
    """Read one file; its name is the parameter's. Raises `InvalidInput` saying what is wrong."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
        values = tuple(_entry(entry) for entry in content["values"])
        if not values or any(a.since >= b.since for a, b in itertools.pairwise(values)):
            raise ValueError("les dates « since » doivent être croissantes")
        return Parameter(
            name=path.stem,
            label=str(content["label"]),
            country=str(content["country"]),
            topic=str(content["topic"]),
            unit=Unit(content["unit"]),
            values=values,
        )
    except (KeyError, TypeError, ValueError, InvalidOperation, yaml.YAMLError) as error:
        raise InvalidInput(
            f"Fichier de droit illisible : {path.name} ({error}). Chaque valeur demande since, "
            "value, source (title, link) et checked_on ; comparez avec un fichier voisin."
        ) from error


def _entry(entry: dict[str, Any]) -> DatedValue:
    return DatedValue(
        since=_day(entry["since"]),
        value=_value(entry["value"]),
        source=Source(
            title=str(entry["source"]["title"]), link=str(entry["source"].get("link", ""))
        ),
        checked_on=_day(entry["checked_on"]),
        note=str(entry.get("note", "")),
    )


def _day(value: object) -> dt.date:
    if not isinstance(value, dt.date):
        raise TypeError(f"date attendue, lu « {value} »")
    return value


def _value(value: object) -> LawValue | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list):
        return Scale(
            tuple(Bracket(_number(each["from"]), _number_or_none(each["rate"])) for each in value)
        )
    if isinstance(value, dict):
        return str(value["text"]) if "text" in value else _banded(value)
    return _number(value)


def _banded(value: dict[str, Any]) -> Banded:
    """Read bands: `by` names the size, each band has its bound (null at the top) and its value."""
    return Banded(
        str(value["by"]),
        tuple(
            Band(_number_or_none(each["up_to"]), _number_or_none(each["value"]))
            for each in value["bands"]
        ),
    )


def _number_or_none(value: object) -> Decimal | None:
    return None if value is None else _number(value)


def _number(value: object) -> Decimal:
    # Quoted in the file: YAML would read 0.021 as a binary float.
    if not isinstance(value, str):
        raise TypeError(f"nombre entre guillemets attendu, lu « {value} »")
    return Decimal(value)
