"""What to bring to a lab's table: what is bought of it, what could be, the best other rates, what to ask.

Only figures of the pharmacies of the reader are in it, added up. Other labs are not named on a lab's page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.discounts.optimum.problem import Bought
from galien.calculators.discounts.optimum.rules import ZERO
from galien.kernel import french
from galien.kernel.money import round_amount
from galien.usecases.export import Download
from galien.usecases.export.sheets import Sheet, sheets_file
from galien.usecases.simulator.labs import Chosen
from galien.usecases.simulator.words import buyer_decides, clause, entry, euros

MOST_LINES = 12
ONE = Decimal(1)


@dataclass(frozen=True)
class Facing:
    """A product that a lab offers, facing the best other lab. Euros, rates as ratios.

    `best` is the best rate of another lab, None when no other offers it; `taken`: the choice gives
    the product to this lab.
    """

    equivalence: str
    label: str
    list_amount: Decimal
    current: Decimal
    rate: Decimal
    best: Decimal | None
    taken: bool

    @property
    def short(self) -> Decimal:
        """Return what the lab is short of the best other, in euros; 0 where it is not."""
        if self.best is None:
            return ZERO
        return max(self.best - self.rate, ZERO) * self.list_amount


@dataclass(frozen=True)
class Brief:
    """A lab at the table. Euros of the period at ex-factory price, rates as ratios.

    `bought` is what comes from it today and `offered` what its offer covers of all purchases; `given`
    is what the choice gives it. `asks` are sentences, the dearest first.
    """

    lab: str
    chosen: bool
    bought: Decimal
    bought_products: int
    bought_rate: Decimal | None
    offered: Decimal
    offered_products: int
    offered_rate: Decimal | None
    best_rate: Decimal | None
    given: Decimal
    given_products: int
    given_discount: Decimal
    facing: tuple[Facing, ...]
    asks: tuple[str, ...]


def briefs(chosen: Chosen, labs: Sequence[str] = ()) -> tuple[Brief, ...]:
    """Return the brief of each lab: those chosen first, the largest first, then those left out.

    `labs` keeps some of them.
    """
    by_product: dict[str, dict[str, Decimal]] = {}
    for offer in chosen.ground.offers:
        rates = by_product.setdefault(offer.equivalence, {})
        rates[offer.lab] = offer.discount_rate + offer.extra_rate
    found = [
        _brief(chosen, lab, by_product) for lab in chosen.ground.names if not labs or lab in labs
    ]
    return tuple(
        sorted(found, key=lambda each: (not each.chosen, -each.given, -each.offered, each.lab))
    )


def _brief(chosen: Chosen, lab: str, by_product: Mapping[str, Mapping[str, Decimal]]) -> Brief:
    own = [each for each in chosen.ground.bought if each.lab == lab]
    facing = tuple(
        _facing(chosen, each, lab, by_product[each.equivalence])
        for each in chosen.ground.bought
        if lab in by_product.get(each.equivalence, {})
    )
    part = chosen.part(lab)
    rivalled = [each for each in facing if each.best is not None]
    return Brief(
        lab=lab,
        chosen=part is not None,
        bought=sum((each.list_amount for each in own), ZERO),
        bought_products=len(own),
        bought_rate=_mean([(each.list_amount, each.discount_rate) for each in own]),
        offered=sum((each.list_amount for each in facing), ZERO),
        offered_products=len(facing),
        offered_rate=_mean([(each.list_amount, each.rate) for each in facing]),
        best_rate=_mean([(each.list_amount, each.best or ZERO) for each in rivalled]),
        given=part.list_amount if part else ZERO,
        given_products=part.products if part else 0,
        given_discount=part.discount if part else ZERO,
        facing=tuple(sorted(facing, key=lambda each: (-each.short, -each.list_amount, each.label))),
        asks=tuple(_asks(chosen, lab, facing)),
    )


def _facing(chosen: Chosen, each: Bought, lab: str, rates: Mapping[str, Decimal]) -> Facing:
    return Facing(
        each.equivalence,
        chosen.ground.labels.get(each.equivalence, each.equivalence),
        each.list_amount,
        each.discount_rate,
        rates[lab],
        max((rate for other, rate in rates.items() if other != lab), default=None),
        chosen.given.get(each.equivalence) == lab,
    )


def _asks(chosen: Chosen, lab: str, facing: Sequence[Facing]) -> list[str]:
    """Say what to ask of a lab: rates to bring level, the next tier, clauses, the way in."""
    said = []
    short = [each for each in facing if each.short]
    if short:
        total = sum((each.short for each in short), ZERO)
        said.append(
            f"Aligner {_products(len(short))} sur la meilleure offre que nous avons : {euros(total)} sur "
            "la période."
        )
    part, rules = chosen.part(lab), chosen.rules.lab(lab)
    volume = part.list_amount if part else ZERO
    ahead = next((tier for tier in rules.tiers if tier.since > volume), None)
    if part and ahead:
        said.append(
            f"Ouvrir dès {euros(volume)} le palier de {euros(ahead.since)} : "
            f"{euros(volume * (ahead.rate - part.tier_rate))}."
        )
    for each in chosen.study.clauses if chosen.study else ():
        of_lab = each.key.startswith(f"labs.{lab}.") and not buyer_decides(each.key)
        if of_lab and each.worth > 0:
            said.append(f"Lever une clause ({clause(each.key)}) : {euros(each.worth)}.")
    said += [
        f"Pour entrer dans le choix : {entry(each)}."
        for each in (chosen.study.entries if chosen.study else ())
        if each.lab == lab
    ]
    covered = {each.equivalence for each in facing}
    missing = sum(
        (each.list_amount for each in chosen.ground.bought if each.equivalence not in covered), ZERO
    )
    if missing:
        said.append(f"Compléter la gamme : {euros(missing)} d’achats sans offre de votre part.")
    return said


def _products(number: int) -> str:
    return f"{french.number(number)} produit{'s' if number > 1 else ''}"


def _mean(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    weight = sum((amount for amount, _ in pairs), ZERO)
    return sum((amount * rate for amount, rate in pairs), ZERO) / weight if weight else None


SUMMARY = (
    "Laboratoire", "Retenu", "Achats actuels, €", "Remise actuelle", "Couvert par l’offre, €",
    "Produits couverts", "Taux offert", "Meilleur autre taux", "Confié, €", "Produits confiés",
    "Remise, €",
)  # fmt: skip
ASSIGNMENT = (
    "Équivalence", "Produit", "Laboratoire actuel", "Achats au prix fabricant, €", "Remise actuelle",
    "Laboratoire choisi", "Remise choisie", "Remise choisie, €",
)  # fmt: skip


def choice_file(chosen: Chosen, style: str) -> Download:
    """Return the labs and where each product goes, as `csv` or `xlsx`."""
    rows = [
        (
            each.lab, "oui" if each.chosen else "non", round_amount(each.bought), each.bought_rate,
            round_amount(each.offered), each.offered_products, each.offered_rate, each.best_rate,
            each.given, each.given_products, each.given_discount,
        )
        for each in briefs(chosen)
    ]  # fmt: skip
    bought = {each.equivalence: each for each in chosen.ground.bought}
    lines = [
        (
            each.equivalence, chosen.ground.labels.get(each.equivalence, ""),
            bought[each.equivalence].lab, each.list_amount, bought[each.equivalence].discount_rate,
            each.lab or "Reliquat", each.rate, each.discount,
        )
        for each in chosen.optimum.assignment
    ]  # fmt: skip
    sheets = [Sheet("Laboratoires", SUMMARY, rows), Sheet("Produits", ASSIGNMENT, lines)]
    return sheets_file("laboratoires", sheets, style)
