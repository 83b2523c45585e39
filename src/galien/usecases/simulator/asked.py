"""What a buyer asks of the simulator: the purchases, how labs are counted, what is refused or imposed.

The same words are read from an address, from a command line and from a saved scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from galien.calculators.discounts.pairs import Assign, Remainder
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.usecases.typed_csv import read_number

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
LARGEST = Decimal(10) ** 9
MOST_VALUES, LONGEST = 200, 200
DEFAULT_PERIOD = "last-12-months"

PERIOD, FIRST, LAST, PHARMACY = "period", "from", "to", "pharmacie"
BOX, EXCESS, EXTRAS, CLAUSES = "equivalence", "plafonds", "complements", "clauses"
EXCLUSIVITY = "exclusivites"
OF_OFFERS, OF_ALL, OF_NONE = "offres", "toutes", "aucune"
ASSIGN, REMAINDER, REMAINDER_RATE = "attribution", "reliquat", "taux"
MAXIMUM, EXCLUDED, IMPOSED = "maximum", "exclu", "impose"
SWITCHING, SERVICE, SERVED, COVERAGE = "changement", "service", "servi", "couverture"
ASSIGNS = {"premier": Assign.FIRST, "mieux": Assign.BEST}
REMAINDERS = {"actuel": Remainder.CURRENT, "zero": Remainder.ZERO}
RATE_TYPED = "taux"
T = TypeVar("T")
SAME_BOX, SAME_TREATMENT = "boite", "traitement"
COUNTED, NOT_COUNTED = "comptes", "non"


@dataclass(frozen=True)
class Costs:
    """What dealing with one lab costs, in euros excl. tax, beside what its offer says.

    `orders` are those of a pharmacy in a month at a lab, each invoiced once; `disputes` is how many
    of a hundred invoices are disputed. The yearly and joining fees are the whole group's.
    """

    order: Decimal = ZERO
    invoice: Decimal = ZERO
    dispute: Decimal = ZERO
    orders: Decimal = Decimal(2)
    disputes: Decimal = Decimal(5)
    yearly: Decimal = ZERO
    joining: Decimal = ZERO


COSTS = {
    "order": "commande", "invoice": "facture", "dispute": "litige", "orders": "commandes",
    "disputes": "litiges", "yearly": "an", "joining": "adhesion",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is asked. Amounts in euros, rates as ratios.

    `excess`: what exceeds the legal ceilings counts; `extras`: rebates, cooperation and terms of
    payment count; `clauses`: thresholds, tiers and minimums of the offers apply; `exclusivity`: those
    of offers hold, of all contracts, or none. The rest is for any number of labs: `maximum` of them,
    those `excluded` and `imposed`, the cost of a product that changes box, the least service among
    those known (`served`, by lab), the least share of the purchases a lab must cover.
    """

    period: str = DEFAULT_PERIOD
    pharmacies: tuple[str, ...] = ()
    same_box: bool = True
    excess: bool = False
    extras: bool = True
    clauses: bool = True
    exclusivity: str = OF_OFFERS
    assign: Assign = Assign.FIRST
    remainder: Remainder | Decimal = Remainder.CURRENT
    costs: Costs = Costs()
    maximum: int | None = None
    excluded: tuple[str, ...] = ()
    imposed: tuple[str, ...] = ()
    switching: Decimal = ZERO
    service: Decimal = ZERO
    served: tuple[tuple[str, Decimal], ...] = ()
    coverage: Decimal = ZERO

    def pairs(self) -> list[tuple[str, str]]:
        """Return what is asked as an address writes it, what is by default left out."""
        free = Asked()
        words: list[tuple[str, str]] = [
            (PERIOD, "" if self.period == free.period else self.period),
            *((PHARMACY, each) for each in self.pharmacies),
            (BOX, "" if self.same_box else SAME_TREATMENT),
            (EXCESS, COUNTED if self.excess else ""),
            (EXTRAS, "" if self.extras else NOT_COUNTED),
            (CLAUSES, "" if self.clauses else NOT_COUNTED),
            (EXCLUSIVITY, "" if self.exclusivity == OF_OFFERS else self.exclusivity),
            (ASSIGN, "mieux" if self.assign is Assign.BEST else ""),
            *_remainder_words(self.remainder),
            *((name, _typed(getattr(self.costs, key), getattr(free.costs, key)))
              for key, name in COSTS.items()),
            (MAXIMUM, "" if self.maximum is None else str(self.maximum)),
            *((EXCLUDED, each) for each in self.excluded),
            *((IMPOSED, each) for each in self.imposed),
            (SWITCHING, _typed(self.switching)),
            (SERVICE, _typed(self.service * HUNDRED)),
            *((SERVED, f"{lab}={french.typed(rate * HUNDRED)}") for lab, rate in self.served),
            (COVERAGE, _typed(self.coverage * HUNDRED)),
        ]  # fmt: skip
        return [(name, value) for name, value in words if value]


def read_asked(given: Iterable[tuple[str, str]]) -> Asked:
    """Read what is asked; words that are not of the simulator are left alone.

    Raises InvalidInput saying which setting is wrong, and how it is written.
    """
    words: dict[str, list[str]] = {}
    for name, value in given:
        kept = words.setdefault(name, [])
        if value.strip() and len(kept) < MOST_VALUES:
            kept.append(value.strip()[:LONGEST])
    one = {name: values[-1] for name, values in words.items() if values}
    imposed, excluded = _labs(words.get(IMPOSED, ())), _labs(words.get(EXCLUDED, ()))
    if both := sorted(set(imposed) & set(excluded)):
        raise InvalidInput(f"{both[0]} est à la fois imposé et écarté : gardez l’un des deux.")
    maximum = one.get(MAXIMUM)
    if maximum is not None and not (maximum.isdecimal() and len(maximum) < 4):
        raise InvalidInput(f"« {maximum[:20]} » n’est pas un nombre de laboratoires.")
    return Asked(
        period=_period(one),
        pharmacies=tuple(dict.fromkeys(words.get(PHARMACY, ()))),
        same_box=_choice(one, BOX, {SAME_BOX: True, SAME_TREATMENT: False}, default=True),
        excess=_choice(one, EXCESS, {COUNTED: True, NOT_COUNTED: False}, default=False),
        extras=_choice(one, EXTRAS, {COUNTED: True, NOT_COUNTED: False}, default=True),
        clauses=_choice(one, CLAUSES, {COUNTED: True, NOT_COUNTED: False}, default=True),
        exclusivity=_choice(
            one, EXCLUSIVITY, {each: each for each in (OF_OFFERS, OF_ALL, OF_NONE)}, default=OF_OFFERS
        ),
        assign=_choice(one, ASSIGN, ASSIGNS, default=Assign.FIRST),
        remainder=_remainder(one),
        costs=Costs(**{key: _amount(one, name, getattr(Costs(), key)) for key, name in COSTS.items()}),
        maximum=None if maximum is None else int(maximum),
        excluded=excluded,
        imposed=imposed,
        switching=_amount(one, SWITCHING, ZERO),
        service=_percent(one, SERVICE),
        served=_served(words.get(SERVED, ())),
        coverage=_percent(one, COVERAGE),
    )  # fmt: skip


def _period(one: Mapping[str, str]) -> str:
    if one.get(FIRST) and one.get(LAST):
        return f"{one[FIRST]}..{one[LAST]}"
    return one.get(PERIOD, DEFAULT_PERIOD)


def _labs(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(given)))


def _served(given: Sequence[str]) -> tuple[tuple[str, Decimal], ...]:
    """Read the service of labs, each typed « Arrow=97 », on lines of their own or apart."""
    found = {}
    for line in (each for text in given for each in text.splitlines() if each.strip()):
        lab, equals, rate = line.rpartition("=")
        if not (equals and lab.strip()):
            raise InvalidInput(f"Taux de service « {line[:40]} » : écrivez par exemple Arrow=97.")
        found[lab.strip()] = _percent({SERVED: rate}, SERVED)
    return tuple(sorted(found.items()))


def _choice(one: Mapping[str, str], name: str, known: Mapping[str, T], *, default: T) -> T:
    word = one.get(name)
    if word is None:
        return default
    if word not in known:
        raise InvalidInput(
            f"« {word[:40]} » n’est pas un choix de « {name} » : {', '.join(known)}."
        )
    return known[word]


def _remainder(one: Mapping[str, str]) -> Remainder | Decimal:
    word = one.get(REMAINDER, "actuel")
    if word == RATE_TYPED:
        return _percent(one, REMAINDER_RATE)
    return _choice({REMAINDER: word}, REMAINDER, REMAINDERS, default=Remainder.CURRENT)


def _remainder_words(remainder: Remainder | Decimal) -> list[tuple[str, str]]:
    if isinstance(remainder, Decimal):
        return [(REMAINDER, RATE_TYPED), (REMAINDER_RATE, french.typed(remainder * HUNDRED))]
    return [] if remainder is Remainder.CURRENT else [(REMAINDER, "zero")]


def _amount(one: Mapping[str, str], name: str, default: Decimal) -> Decimal:
    if name not in one:
        return default
    found = read_number(one[name], f"Réglage « {name} »")
    exponent = found.as_tuple().exponent
    if not ZERO <= found < LARGEST or not isinstance(exponent, int) or exponent < -4:
        raise InvalidInput(
            f"Réglage « {name} » : « {one[name]} » n’est pas un nombre positif, à quatre décimales au plus."
        )
    return found


def _percent(one: Mapping[str, str], name: str) -> Decimal:
    found = _amount(one, name, ZERO) / HUNDRED
    if found > ONE:
        raise InvalidInput(f"Réglage « {name} » : « {one[name]} » dépasse 100 %.")
    return found


def _typed(value: Decimal, default: Decimal = ZERO) -> str:
    return "" if value == default else french.typed(value)
