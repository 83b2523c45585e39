"""What the rows of a price list give, gathered into the clauses of a contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.model.contracts import (
    ZERO,
    Clause,
    ClauseKind,
    Contract,
    Measured,
    ProductScope,
    Span,
    Standing,
    Tier,
)
from galien.usecases.contracts.kinds import Choice, Count, Number, Place

EXTRAS = (ClauseKind.REBATE, ClauseKind.COOPERATION)
WORDS = {
    ClauseKind.INVOICE_DISCOUNT: "Remise",
    ClauseKind.REBATE: "Fin d’année",
    ClauseKind.COOPERATION: "Coopération",
}
_SCOPES = {
    "product_code": "products",
    "generic_group": "generic_groups",
    "range": "ranges",
    "brand": "brands",
    "class": "classes",
    "lab": "labs",
}
_HERE = Place()


@dataclass(frozen=True)
class Head:
    """What the rows of one contract say alike: its parties and dates."""

    reference: str
    supplier: str
    lab: str
    since: dt.date
    until: dt.date | None
    signed_on: dt.date | None
    standing: Standing
    note: str = ""

    def contract(self, clauses: tuple[Clause, ...]) -> Contract:
        """Return the contract with these clauses; InvalidInput when parties or dates cannot be."""
        return Contract(
            reference=self.reference,
            supplier=self.supplier,
            lab=self.lab,
            since=self.since,
            until=self.until,
            signed_on=self.signed_on,
            standing=self.standing,
            clauses=clauses,
            note=self.note,
        )


@dataclass(frozen=True)
class Target:
    """What a row covers: the column that names it, and the name; nothing for all of the lab."""

    column: str
    name: str


@dataclass(frozen=True)
class _Way:
    """How a rate is given: its nature, and what its tiers count."""

    kind: ClauseKind
    measured: Measured
    span: Span


@dataclass
class Draft:
    """A contract being gathered: rates by target and way, by tier; free units by target."""

    head: Head
    line: int
    told: Mapping[str, str] = field(default_factory=dict)
    rates: dict[tuple[Target, _Way], dict[Decimal, tuple[Decimal, int]]] = field(
        default_factory=dict
    )
    units: dict[Target, tuple[int, int, int]] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, str]:
        """The parties and dates of the contract, as texts of a row."""
        head = self.head
        days = {"since": head.since, "until": head.until, "signed_on": head.signed_on}
        texts = {
            "reference": head.reference,
            "supplier": head.supplier,
            "lab": head.lab,
            "note": head.note,
        }
        said = texts | {key: day.isoformat() for key, day in days.items() if day is not None}
        return {key: text for key, text in said.items() if text} | {"standing": head.standing.value}

    @property
    def given(self) -> bool:
        """Tell whether some row gave something."""
        return bool(self.rates or self.units)

    def contract(self) -> Contract:
        """Return the contract: targets given the same share a clause, tiers of a span their own."""
        gathered: dict[tuple[object, ...], list[Target]] = {}
        for (target, way), tiers in self.rates.items():
            steps = tuple(sorted((minimum, rate) for minimum, (rate, _) in tiers.items()))
            tiered = len(steps) > 1 or steps[0][0] > 0
            apart = target if way.span is not Span.LINE and tiered else None
            gathered.setdefault((way, steps, apart, target.column == ""), []).append(target)
        for target, (paid, free, _) in self.units.items():
            gathered.setdefault((paid, free, target.column == ""), []).append(target)
        named: dict[str, int] = {}
        return self.head.contract(
            tuple(self._clause(key, targets, named) for key, targets in gathered.items())
        )

    def _clause(
        self, key: tuple[object, ...], targets: list[Target], named: dict[str, int]
    ) -> Clause:
        scope = _scope(targets, self.head.lab)
        if isinstance(key[0], _Way):
            way, steps = key[0], _steps(key[1])
            last = percent(steps[-1].rate)
            word = f"{WORDS[way.kind]} {'jusqu’à ' if len(steps) > 1 else ''}{last}"
            alone = len(steps) == 1 and steps[0].minimum == 0
            return Clause(
                reference=_once(word, named),
                kind=way.kind,
                scope=scope,
                rate=steps[0].rate if alone else None,
                tiers=() if alone else steps,
                measured=way.measured,
                span=way.span,
            )
        paid, free = int(str(key[0])), int(str(key[1]))
        return Clause(
            reference=_once(f"{paid} + {free}", named),
            kind=ClauseKind.FREE_UNITS,
            scope=scope,
            paid=paid,
            free=free,
        )


def give(draft: Draft, target: Target, row: Mapping[str, str], line: int) -> None:
    """Add what a row gives to its contract; InvalidInput, nothing added, when it cannot be."""
    measured = Measured(Choice(Measured).read(row.get("measured", "quantity"), _HERE))
    span = Span(Choice(Span).read(row.get("span", "line"), _HERE))
    minimum = Number().read(row["minimum"], _HERE) if "minimum" in row else ZERO
    extra = ClauseKind(Choice(ClauseKind).read(row.get("extra_kind", "rebate"), _HERE))
    if extra not in EXTRAS:
        raise InvalidInput("Un complément est une remise de fin d’année ou une coopération.")
    rates = {
        _Way(ClauseKind.INVOICE_DISCOUNT, measured, span): _rate(row, "discount"),
        _Way(extra, measured, span): _rate(row, "extra"),
    }
    found = {way: rate for way, rate in rates.items() if rate is not None}
    units = tuple(Count().read(row.get(key, "0"), _HERE) for key in ("paid", "free"))
    if any(units) and not all(units):
        raise InvalidInput("Unités gratuites : donnez les payées et les offertes (paid et free).")
    if not found and not any(units):
        raise InvalidInput("Cette ligne ne donne ni taux, ni unités gratuites.")
    for way in found:
        _refuse_twice(draft.rates.get((target, way), {}).get(minimum, (ZERO, 0))[1])
    if any(units):
        _refuse_twice(draft.units.get(target, (0, 0, 0))[2])
        draft.units[target] = (units[0], units[1], line)
    for way, rate in found.items():
        draft.rates.setdefault((target, way), {})[minimum] = (rate, line)


def percent(rate: Decimal) -> str:
    r"""Write a rate with the decimals it has.

    >>> percent(Decimal("0.25")), percent(Decimal("0.025"))
    ('25\u202f%', '2,5\u202f%')
    """
    exponent = (rate * 100).normalize().as_tuple().exponent
    return french.percent(rate, max(0, -int(exponent)))


def _refuse_twice(line: int) -> None:
    if line:
        raise InvalidInput(f"Déjà donné à la ligne {line} : gardez la ligne qui vaut.")


def _rate(row: Mapping[str, str], name: str) -> Decimal | None:
    if f"{name}_percent" in row:
        text = row[f"{name}_percent"].rstrip("% \u00a0\u202f") + " %"
        return Number(rate=True).read(text, _HERE)
    text = row.get(f"{name}_rate", "")
    return Number(rate=True).read(text, _HERE) if text else None


def _steps(steps: object) -> tuple[Tier, ...]:
    return tuple(Tier(*each) for each in steps)  # type: ignore[attr-defined]


def _scope(targets: list[Target], lab: str) -> ProductScope:
    lists: dict[str, list[str]] = {}
    for target in targets:
        if target.column:
            lists.setdefault(_SCOPES[target.column], []).append(target.name)
        elif lab:
            lists.setdefault("labs", []).append(lab)
    return ProductScope(**{name: tuple(names) for name, names in lists.items()})


def _once(word: str, named: dict[str, int]) -> str:
    """Return a reference that no other clause has."""
    named[word] = named.get(word, 0) + 1
    return word if named[word] == 1 else f"{word} ({named[word]})"
