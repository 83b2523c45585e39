"""What people set of a stock by hand: levels by product, and events that files cannot know of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from galien.calculators.stock.demand.events import Event
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.usecases.stock.flows import Known

LEVELS = {
    "minimum": "minimum déclenchant", "maximum": "maximum", "duty": "stock de garde",
    "multiple": "multiple",
}  # fmt: skip
FLAGS = {"must_hold": "à tenir", "hospital": "réserve hospitalière"}
MOST_UNITS, LONGEST = 9_999, dt.timedelta(days=731)
DUTY_NOTICE = dt.timedelta(days=7)  # duty stock is gathered in the week before


class EventKind(StrEnum):
    """What sort of thing is known to come."""

    EPIDEMIC = "epidemic"
    CAMPAIGN = "campaign"
    ADVERTISING = "advertising"
    DUTY = "duty"
    OTHER = "other"


KINDS = {
    EventKind.EPIDEMIC: "Épidémie", EventKind.CAMPAIGN: "Campagne", EventKind.ADVERTISING: "Publicité",
    EventKind.DUTY: "Garde", EventKind.OTHER: "Autre",
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """Who wrote something down, on which day, for whom (a pharmacy's company, or its group)."""

    by: str
    on: dt.date
    owner: str = ""

    def sentence(self) -> str:
        """Say it.

        >>> Written("Aïcha Benali", dt.date(2026, 11, 2)).sentence()
        'saisi par Aïcha Benali le 02/11/2026'
        """
        return f"saisi par {self.by} le {self.on:%d/%m/%Y}"


@dataclass(frozen=True)
class ProductSetting:
    """What is set of a product, units; None where nothing is.

    `minimum` is the *stock minimum déclenchant*, `duty` the stock that duty days ask for, `multiple` the
    units it is ordered by. Raises InvalidInput for levels that no shelf can hold.
    """

    product_code: str
    written: Written
    minimum: int | None = None
    maximum: int | None = None
    duty: int | None = None
    multiple: int | None = None
    must_hold: bool | None = None
    hospital: bool | None = None
    note: str = ""

    def __post_init__(self) -> None:
        where = f"Produit {self.product_code or '(sans code)'}"
        if not self.product_code.strip():
            raise InvalidInput("Un réglage va avec un produit : donnez son code.")
        for name, label in LEVELS.items():
            value = getattr(self, name)
            least = 1 if name == "multiple" else 0
            if value is not None and not least <= value <= MOST_UNITS:
                raise InvalidInput(
                    f"{where}, {label} : un nombre de boîtes, de {least} à {MOST_UNITS}."
                )
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise InvalidInput(
                f"{where} : le minimum ({self.minimum}) dépasse le maximum ({self.maximum}). Corrigez l’un "
                "des deux."
            )
        if all(getattr(self, name) is None for name in (*LEVELS, *FLAGS)):
            raise InvalidInput(f"{where} : rien n’est réglé. Remplissez au moins une case.")

    def sentence(self) -> str:
        """Say what is set and by whom (« Réglage : maximum 20, à tenir, saisi par … »)."""
        said = [
            f"{label} {french.number(value)}"
            for name, label in LEVELS.items()
            if (value := getattr(self, name)) is not None
        ]
        said += [
            label if value else f"pas {label}"
            for name, label in FLAGS.items()
            if (value := getattr(self, name)) is not None
        ]
        note = f" : {self.note}" if self.note else ""
        return f"Réglage : {', '.join(said)} ({self.written.sentence()}{note})."


@dataclass(frozen=True)
class KnownEvent:
    """Something known to lift or lower demand by `effect` (0.3: 30 % more) from a day to another.

    It touches a universe, a family, a product; all of what is named, everything when nothing is. A duty
    week also asks for duty stock. Raises InvalidInput for dates or an effect that cannot be.
    """

    name: str
    kind: EventKind
    first: dt.date
    last: dt.date
    effect: float
    written: Written
    universe: str = ""
    family: str = ""
    product_code: str = ""
    source: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidInput("Un évènement a un nom : donnez-en un, par exemple « Grippe ».")
        if self.last - self.first > LONGEST:
            raise InvalidInput(f"Évènement « {self.name} » : il dure plus de deux ans.")
        self.event(frozenset())

    def event(self, products: frozenset[str]) -> Event:
        """Return the event of calculators on the products it touches."""
        told = self.written.sentence()
        source = f"{self.source}, {told}" if self.source else told
        return Event(self.name, source, self.first, self.last, self.effect, products)

    def touches(self, code: str, product: Known) -> bool:
        """Tell whether a product is concerned; names are compared without case or accents."""
        return (
            (not self.product_code or self.product_code == code)
            and (not self.universe or french.fold(self.universe) == french.fold(product.universe))
            and (not self.family or french.fold(self.family) == french.fold(product.family))
        )

    def sentence(self) -> str:
        """Say it on a line of an order (« Évènement : campagne grippe, +30 %, saisi par … »)."""
        effect = french.evolution(self.effect, 0)
        days = f"du {self.first:%d/%m/%Y} au {self.last:%d/%m/%Y}"
        source = f", {self.source}" if self.source else ""
        return f"Évènement : {self.name}, {effect}, {days}{source}, {self.written.sentence()}."

    def target(self) -> str:
        """Say what it touches."""
        named = [each for each in (self.universe, self.family, self.product_code) if each]
        return " · ".join(named) or "Tout le stock"


@dataclass(frozen=True)
class ByHand:
    """All that is set for a pharmacy: by product, and the events known, its own and its group's."""

    products: Mapping[str, ProductSetting] = field(default_factory=dict)
    events: tuple[KnownEvent, ...] = ()

    def level(self, code: str, name: str, usual: float) -> float:
        """Return a level set of a product, else the usual one."""
        found = self.products.get(code)
        value = getattr(found, name) if found else None
        return usual if value is None else float(value)

    def flag(self, code: str, name: str, *, usual: bool) -> bool:
        """Return a yes or no set of a product, else the usual one."""
        found = self.products.get(code)
        value = getattr(found, name) if found else None
        return usual if value is None else bool(value)

    def on_duty(self, day: dt.date) -> bool:
        """Tell whether duty stock is due on a day: always while no duty week is written down."""
        weeks = [each for each in self.events if each.kind is EventKind.DUTY]
        return not weeks or any(each.first - DUTY_NOTICE <= day <= each.last for each in weeks)

    def said(self, code: str, product: Known, days: tuple[dt.date, dt.date]) -> list[str]:
        """Return the sentences of what is set of a product, and of the events that touch it on some days."""
        first, last = days
        setting = self.products.get(code)
        return ([setting.sentence()] if setting else []) + [
            each.sentence()
            for each in self.events
            if each.effect
            and each.first <= last
            and each.last >= first
            and each.touches(code, product)
        ]

    def events_on(self, products: Mapping[str, Known]) -> tuple[Event, ...]:
        """Return the events of calculators, each on the products of a catalogue it touches."""
        found = []
        for each in self.events:
            touched = frozenset(code for code, one in products.items() if each.touches(code, one))
            if touched and each.effect:
                found.append(each.event(touched))
        return tuple(found)


def merged(
    groups: Iterable[ProductSetting], own: Iterable[ProductSetting]
) -> dict[str, ProductSetting]:
    """Return settings by product: the group's, where the pharmacy's own say nothing."""
    found = {each.product_code: each for each in groups}
    for each in own:
        under = found.get(each.product_code)
        found[each.product_code] = each if under is None else _over(each, under)
    return found


def _over(own: ProductSetting, under: ProductSetting) -> ProductSetting:
    given = {each.name: getattr(own, each.name) for each in fields(own)}
    for name in (*LEVELS, *FLAGS):
        if given[name] is None:
            given[name] = getattr(under, name)
    if given["minimum"] is not None and given["maximum"] is not None:
        # The two were written apart: the pharmacy's own word wins.
        other = "maximum" if own.maximum is None else "minimum"
        if given["minimum"] > given["maximum"]:
            given[other] = None
    return ProductSetting(**given)
