"""What is asked of a year replayed: the pharmacy, the days, the settings of the policy tried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from galien.calculators.stock.orders.levels import SERVICE
from galien.calculators.stock.policies import Cover, OnSale, Policy, Service
from galien.calculators.stock.settled import Rules, Settled
from galien.kernel.errors import InvalidInput
from galien.kernel.period import Period, parse_period
from galien.usecases.stock.replaying import MOST_DAYS, Year

USUAL_PERIOD = "last-12-months"
SERVED = "ABC"


@dataclass(frozen=True)
class YearAsked:
    """A policy tried on days of a pharmacy.

    `service_*`: share of waits without a shortage, by class (0.98). `review`: days between two orders.
    `lead`: days to wait, each supplier's own when None. `minimum`: boxes kept at least of what is A or B.
    `longest`: most days of demand bought at once. `cover`: days of the simpler policy set against it.
    `payment`: days before purchases are paid. Raises InvalidInput for what no pharmacy does.
    """

    pharmacy: str
    period: str = USUAL_PERIOD
    service_a: float = SERVICE["A"]
    service_b: float = SERVICE["B"]
    service_c: float = SERVICE["C"]
    review: int = 1
    lead: int | None = None
    minimum: int = 0
    longest: int = 60
    cover: int = 15
    payment: int = 30

    def __post_init__(self) -> None:
        for name in ("service_a", "service_b", "service_c"):
            if not 0 <= getattr(self, name) < 1:
                raise InvalidInput("Un taux de service va de 0 à moins de 100 %, par exemple 98 %.")
        bounds = {
            "review": (1, 60, "Jours entre deux commandes"), "minimum": (0, 99, "Boîtes au moins"),
            "longest": (1, 730, "Couverture la plus longue"), "cover": (1, 365, "Jours de ventes"),
            "payment": (0, 365, "Délai de paiement"), "lead": (1, 60, "Délai de livraison"),
        }  # fmt: skip
        for name, (least, most, label) in bounds.items():
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise InvalidInput(f"{label} : un nombre de {least} à {most}, et non {value}.")

    def days(self, today: dt.date) -> Period:
        """Return the days asked; InvalidInput beyond a year."""
        found = parse_period(self.period, today)
        if found.days > MOST_DAYS:
            raise InvalidInput(
                "Une simulation rejoue un an au plus : choisissez des dates plus serrées."
            )
        return found

    def pairs(self) -> list[tuple[str, str]]:
        """Return what differs from the usual, as texts that `read_pairs` reads again."""
        usual = YearAsked(self.pharmacy)
        return [("pharmacy", self.pharmacy)] + [
            (each.name, repr(value) if isinstance(value, float) else str(value))
            for each in fields(self)
            if (value := getattr(self, each.name)) != getattr(usual, each.name)
        ]

    def policy(self) -> Service:
        """Return the policy tried."""
        service = dict(zip(SERVED, (self.service_a, self.service_b, self.service_c), strict=True))
        return Service(service, review=float(self.review), longest_cover=float(self.longest))

    def policies(self, year: Year) -> tuple[Policy, ...]:
        """Return the policy tried, then the simpler ones."""
        return self.held((self.policy(), Cover(days=float(self.cover)), OnSale()), year)

    def held(self, policies: Sequence[Policy], year: Year) -> tuple[Policy, ...]:
        """Return policies held to what is set by hand; the first alone knows of events."""
        first, *simpler = policies
        plain, review = replace(year.rules, lift=None), float(self.review)
        return (
            Settled(first, self._rules(year), review),
            *(Settled(each, plain, review) for each in simpler),
        )

    def _rules(self, year: Year) -> Rules:
        classes = np.array(year.replay.goods.classes)
        least = np.where(np.isin(classes, ["A", "B"]), float(self.minimum), 0.0)
        return replace(year.rules, least=np.maximum(year.rules.least, least))

    def settled(self, year: Year) -> Year:
        """Return the year with the wait asked for every product, when one is."""
        if self.lead is None:
            return year
        replay, lead = year.replay, float(self.lead)
        goods = replace(replay.goods, lead=np.full_like(replay.goods.lead, lead))
        return replace(year, replay=replace(replay, goods=goods))


def read_pairs(pairs: Iterable[tuple[str, str]]) -> YearAsked:
    """Read what `pairs` wrote; InvalidInput for another name, or a value that is no number."""
    given: dict[str, object] = {}
    for name, text in pairs:
        if name in {"pharmacy", "period"}:
            given[name] = text
        elif name in {each.name for each in fields(YearAsked)}:
            try:
                given[name] = float(text) if name.startswith("service_") else int(text)
            except ValueError as error:
                raise InvalidInput(
                    f"Simulation, {name} : « {text[:20]} » n’est pas un nombre."
                ) from error
        else:
            raise InvalidInput(f"Simulation : « {name[:20]} » n’est pas un réglage.")
    return YearAsked(**given)  # type: ignore[arg-type]
