"""A contract as plain data (texts, lists and tables): what is kept, and what YAML files hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any

from galien.kernel.errors import InvalidInput, did_you_mean
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Conditions,
    Consequence,
    Contract,
    Counted,
    Measured,
    Payment,
    ProductScope,
    Returns,
    Span,
    Standing,
    Tier,
)
from galien.usecases.contracts.kinds import (
    Choice,
    Count,
    Day,
    Flag,
    Kind,
    Number,
    Place,
    Plain,
    Text,
    Texts,
)

MOST_PARTS = 50_000
SCOPE_LISTS = (
    "products",
    "generic_groups",
    "ranges",
    "brands",
    "labs",
    "classes",
    "excluded",
)
CLASSES = ("generic", "hybrid", "biosimilar", "general")
NAME, REFERENCE, LONG = 200, 120, 4_000
_CODES = Texts(
    14, re.compile(r"[0-9]{7}|[0-9]{13}|0[0-9]{13}"), "un code de produit (CIP13, CIP7, EAN)"
)
_GROUPS = Texts(11, re.compile(r"H?[0-9]{1,10}"), "un numéro de groupe générique")
_CLASSES = Texts(20, re.compile("|".join(CLASSES)), f"une classe : {', '.join(CLASSES)}")
_NAMES = Texts(NAME)


@dataclass(frozen=True)
class Table:
    """A part of a contract made of named parts; `word` is what people call it."""

    of: type
    parts: Mapping[str, Kind]
    word: str = ""

    def read(self, plain: Plain, place: Place) -> Any:
        """Read a table: its keys known, those it needs given; the rest is as the trade expects."""
        if not isinstance(plain, dict):
            raise place.error("un tableau « clé : valeur » est attendu.")
        name = plain.get("reference")
        if isinstance(name, str) and self.word:
            place = place.at(named=f"{self.word} « {name[:60]} »")
        for key in plain:
            if key not in self.parts:
                raise place.at(key).error(
                    f"« {key} » est inconnu. {did_you_mean(str(key), self.parts)}"
                )
        given = {
            key: self.parts[key].read(each, place.at(key, named=key if _leaf(each) else ""))
            for key, each in plain.items()
            if each is not None
        }
        missing = [each.name for each in self._fields() if _needed(each) and each.name not in given]
        if missing:
            raise place.error(f"il manque « {place.words.get(missing[0], missing[0])} ».")
        try:
            return self.of(**given)
        except InvalidInput as wrong:
            raise place.at().error(wrong.message) from wrong

    def write(self, value: Any) -> dict[str, Plain]:
        """Write a table, leaving out what is as the trade expects."""
        return {
            each.name: self.parts[each.name].write(found)
            for each in self._fields()
            if (found := getattr(value, each.name)) is not None
            and (_needed(each) or found != _default(each))
        }

    def _fields(self) -> tuple[Field[Any], ...]:
        return fields(self.of)


@dataclass(frozen=True)
class Tables:
    """A list of tables of one kind."""

    one: Table

    def read(self, plain: Plain, place: Place) -> tuple[Any, ...]:
        """Read each table of a list."""
        if not isinstance(plain, list):
            raise place.error("une liste est attendue (chaque élément commence par un tiret).")
        if len(plain) > MOST_PARTS:
            raise place.error(f"une liste tient au plus {MOST_PARTS} éléments.")
        return tuple(self.one.read(each, place.at(rank)) for rank, each in enumerate(plain))

    def write(self, value: tuple[Any, ...]) -> list[Plain]:
        """Write each table."""
        return [self.one.write(each) for each in value]


def _leaf(plain: Plain) -> bool:
    return not isinstance(plain, (dict, list)) or (
        bool(plain) and isinstance(plain, list) and not isinstance(plain[0], dict)
    )


def _needed(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _default(each: Field[Any]) -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()


SCOPE = Table(
    ProductScope,
    {
        "products": _CODES,
        "generic_groups": _GROUPS,
        "ranges": _NAMES,
        "brands": _NAMES,
        "labs": _NAMES,
        "classes": _CLASSES,
        "excluded": _CODES,
    },
)
TIER = Table(Tier, {"minimum": Number(), "rate": Number(rate=True)})
CLAUSE = Table(
    Clause,
    {
        "reference": Text(REFERENCE),
        "kind": Choice(ClauseKind),
        "scope": SCOPE,
        "rate": Number(rate=True),
        "base": Choice(Base),
        "tiers": Tables(TIER),
        "measured": Choice(Measured),
        "span": Choice(Span),
        "counted": Choice(Counted),
        "paid": Count(),
        "free": Count(),
        "condition": Text(REFERENCE),
    },
    "clause",
)
COMMITMENT = Table(
    Commitment,
    {
        "reference": Text(REFERENCE),
        "minimum": Number(),
        "measured": Choice(Measured),
        "span": Choice(Span),
        "counted": Choice(Counted),
        "scope": SCOPE,
        "consequence": Choice(Consequence),
    },
    "engagement",
)
RETURNS = Table(Returns, {"allowed": Flag(), "days": Count(), "credit_rate": Number(rate=True)})
CONDITIONS = Table(
    Conditions,
    {
        "payment_days": Count(),
        "shipping_fee": Number(),
        "free_shipping_from": Number(),
        "exclusivity": Text(LONG),
        "returns": RETURNS,
        "order_cost": Number(),
        "invoice_cost": Number(),
        "dispute_cost": Number(),
        "yearly_fee": Number(),
        "joining_fee": Number(),
    },
)
PAYMENT = Table(
    Payment,
    {
        "clause": Text(REFERENCE),
        "first": Day(),
        "last": Day(),
        "amount": Number(),
        "document": Text(REFERENCE),
        "pharmacy": Text(14),
    },
)
CONTRACT = Table(
    Contract,
    {
        "reference": Text(REFERENCE),
        "supplier": Text(NAME),
        "lab": Text(NAME),
        "standing": Choice(Standing),
        "signed_on": Day(),
        "since": Day(),
        "until": Day(),
        "clauses": Tables(CLAUSE),
        "commitments": Tables(COMMITMENT),
        "conditions": CONDITIONS,
        "members": Texts(14),
        "note": Text(LONG),
        "payments": Tables(PAYMENT),
    },
    "contrat",
)


def to_plain(contract: Contract) -> dict[str, Plain]:
    """Return a contract as plain data, its numbers and days as texts.

    >>> import datetime as dt
    >>> to_plain(Contract("C1", "", "Lab", since=dt.date(2026, 1, 1)))
    {'reference': 'C1', 'lab': 'Lab', 'since': '2026-01-01'}
    """
    return {key: each for key, each in CONTRACT.write(contract).items() if each != ""}


def from_plain(plain: Plain, place: Place | None = None) -> Contract:
    """Return the contract of plain data.

    `place` says where it comes from, for errors. Raises InvalidInput in French, naming the line when
    it is known, the contract, the clause and the key.
    """
    place = place or Place()
    if isinstance(plain, dict):
        plain = {"supplier": "", "lab": ""} | {k: v for k, v in plain.items() if v is not None}
    contract: Contract = CONTRACT.read(plain, place)
    _check(contract, place)
    return contract


def _check(contract: Contract, place: Place) -> None:
    """Check what no part can tell alone: names are given, conditions name a commitment."""
    place = place.at(named=f"contrat « {contract.reference} »")
    if not contract.reference:
        raise place.error("donnez-lui une référence.")
    known = {each.reference for each in contract.commitments}
    for rank, clause in enumerate(contract.clauses):
        at = place.at("clauses", rank, named=f"clause « {clause.reference} »")
        if not clause.reference:
            raise at.error("donnez-lui une référence.")
        if clause.condition and clause.condition not in known:
            raise at.error(
                f"sa condition « {clause.condition} » n’est la référence d’aucun engagement."
            )
        minima = [tier.minimum for tier in clause.tiers]
        if len(set(minima)) < len(minima):
            raise at.error("deux paliers commencent au même seuil.")
    if any(not each.reference for each in contract.commitments):
        raise place.error("donnez une référence à chaque engagement.")
