"""The book of law: every parameter by name, asked on a day, with proposed values laid over."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import cast

from galien.kernel.errors import InvalidInput, did_you_mean
from galien.law.banded import Banded
from galien.law.parameters import Cited, LawValue, Parameter, Scale
from galien.law.reading import read_parameter

VALUES_FOLDER = Path(__file__).parent / "values"


class _Shelf(Mapping[str, Parameter]):
    """The parameters of a folder, each file read when it is first asked for, then kept.

    A command needs a handful of the three hundred files, whose reading takes a tenth of a second.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
        self._read: dict[str, Parameter] = {}

    def __getitem__(self, name: str) -> Parameter:
        if name not in self._read:
            self._read[name] = read_parameter(self._paths[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class Law:
    """What the law says on a day. A file is read once; nothing here changes afterwards."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = parameters

    @classmethod
    def load(cls, folder: Path = VALUES_FOLDER, *, overlay: Path | None = None) -> Law:
        """Open the folder of parameters, and a second one whose values win from their first day.

        The overlay is how a reform is tried: same files, same names, proposed values.
        """
        law = cls(_Shelf(folder))
        if overlay is None:
            return law
        return law.proposing(read_parameter(path) for path in sorted(overlay.glob("*.yaml")))

    def proposing(self, proposed: Iterable[Parameter]) -> Law:
        """Return a book where proposed parameters win from their first day."""
        over = {each.name: _laid_over(self._parameters.get(each.name), each) for each in proposed}
        return Law({**self._parameters, **over})

    def parameters(self, *, topic: str | None = None) -> list[Parameter]:
        """List the parameters by name, those of one topic when it is given."""
        if topic is not None and topic not in self.topics():
            raise InvalidInput(f"Thème inconnu : « {topic} ». {did_you_mean(topic, self.topics())}")
        kept = [p for p in self._parameters.values() if topic is None or p.topic == topic]
        return sorted(kept, key=lambda parameter: parameter.name)

    def topics(self) -> list[str]:
        """List the topics."""
        return sorted({parameter.topic for parameter in self._parameters.values()})

    def parameter(self, name: str) -> Parameter:
        """Give a parameter by its name; raises `InvalidInput` naming the nearest ones."""
        try:
            return self._parameters[name]
        except KeyError:
            raise InvalidInput(
                f"Paramètre inconnu : « {name} ». {did_you_mean(name, self._parameters)}"
            ) from None

    def value(self, name: str, *, on: dt.date) -> Cited[LawValue]:
        """Give the value in force on a day, with its source; `NotAvailable` when it is unknown.

        >>> str(Law.load().value("vat_rate_normal", on=dt.date(2013, 5, 1)).value)
        '0.196'
        """
        return self.parameter(name).on(on)

    def find(self, name: str, *, on: dt.date) -> Cited[LawValue] | None:
        """Give the value in force on a day, or None when it is unknown."""
        return self.parameter(name).find(on)

    def number(self, name: str, *, on: dt.date) -> Cited[Decimal]:
        """Give a rate (ratio) or an amount (euros) in force on a day."""
        cited = self.value(name, on=on)
        if not isinstance(cited.value, Decimal):
            raise InvalidInput(f"« {cited.label} » n’est pas un nombre.")
        return cast("Cited[Decimal]", cited)

    def scale(self, name: str, *, on: dt.date) -> Cited[Scale]:
        """Give a scale of rates by slice of price in force on a day."""
        cited = self.value(name, on=on)
        if not isinstance(cited.value, Scale):
            raise InvalidInput(f"« {cited.label} » n’est pas un barème.")
        return cast("Cited[Scale]", cited)

    def text(self, name: str, *, on: dt.date) -> Cited[str]:
        """Give a rule written in words (a format, a formula, an account) in force on a day."""
        cited = self.value(name, on=on)
        if not isinstance(cited.value, str):
            raise InvalidInput(f"« {cited.label} » n’est pas un texte.")
        return cast("Cited[str]", cited)

    def banded(self, name: str, *, on: dt.date) -> Cited[Banded]:
        """Give values by size band in force on a day."""
        cited = self.value(name, on=on)
        if not isinstance(cited.value, Banded):
            raise InvalidInput(f"« {cited.label} » n’est pas donné par tranche de taille.")
        return cast("Cited[Banded]", cited)

    def changes(self, name: str) -> list[dt.date]:
        """List the days on which a parameter changes, the first one included."""
        return [entry.since for entry in self.parameter(name).values]


def _laid_over(known: Parameter | None, proposed: Parameter) -> Parameter:
    if known is None:
        return proposed
    kept = tuple(entry for entry in known.values if entry.since < proposed.values[0].since)
    return dataclasses.replace(proposed, values=kept + proposed.values)
