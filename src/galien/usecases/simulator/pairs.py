"""Every ordered pair of labs on what is bought, best first, down to the products of each part."""

from __future__ import annotations

import time
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.discounts.market import Market, market, unscaled
from galien.calculators.discounts.optimum.rules import ZERO
from galien.calculators.discounts.pairs import Remainder, Settings, parts_of, rank_pairs
from galien.calculators.discounts.settled import Settled, settle
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount
from galien.usecases.export import Download
from galien.usecases.export.sheets import Sheet, sheets_file
from galien.usecases.simulator.asked import Asked
from galien.usecases.simulator.ground import Ground, rules_of

PARTS = {"premier": 1, "second": 2, "reliquat": 0}
PART_LABELS = {"premier": "Premier", "second": "Second", "reliquat": "Reliquat"}


@dataclass(frozen=True)
class Ranked:
    """All pairs, best first; `milliseconds` is the computation alone."""

    ground: Ground
    asked: Asked
    market: Market
    pairs: tuple[Settled, ...]
    milliseconds: float

    def pair(self, first: str, second: str) -> Settled:
        """Return a pair by its labs; InvalidInput when it is not one of the ranking."""
        for each in self.pairs:
            if (each.pair.first_lab, each.pair.second_lab) == (first, second):
                return each
        raise InvalidInput(
            f"Le couple « {first[:60]} » et « {second[:60]} » n’est pas du classement : choisissez-en "
            "un dans la liste."
        )


@dataclass(frozen=True)
class Line:
    """A product of a part: what is bought of it, and what it gets there. Euros, rates as ratios."""

    equivalence: str
    label: str
    lab: str
    quantity: Decimal
    list_amount: Decimal
    current_rate: Decimal
    discount_rate: Decimal
    extra_rate: Decimal

    @property
    def current(self) -> Decimal:
        """Return the discount of today, in euros."""
        return self.list_amount * self.current_rate

    @property
    def discount(self) -> Decimal:
        """Return discount and extra in the part, in euros."""
        return self.list_amount * (self.discount_rate + self.extra_rate)


def rank(ground: Ground, asked: Asked) -> Ranked:
    """Rank every ordered pair of the labs that are not excluded, their clauses applied."""
    rules = rules_of(ground, asked)
    out = {
        lab for lab in ground.names
        if rules.lab(lab).never or rules.lab(lab).service < rules.minimum_service
    }  # fmt: skip
    laid = ground.market
    if out:
        laid = market(ground.bought, [each for each in ground.offers if each.lab not in out])
    started = time.perf_counter()
    ranking = rank_pairs(laid, Settings(asked.assign, asked.remainder))
    pairs = settle(ranking, rules, assign=asked.assign)
    elapsed = (time.perf_counter() - started) * 1000
    return Ranked(ground, asked, laid, pairs, round(elapsed, 1))


def searched(ranked: Ranked, first: str, second: str) -> tuple[Settled, ...]:
    """Return the pairs whose first and second labs hold what was typed, accents and case aside."""
    one, two = french.fold(first.strip()), french.fold(second.strip())
    return tuple(
        each
        for each in ranked.pairs
        if one in french.fold(each.pair.first_lab) and two in french.fold(each.pair.second_lab)
    )


def lines(ranked: Ranked, pair: Settled, part: str) -> tuple[Line, ...]:
    """Return the products of a part (premier, second, reliquat), the largest amount first.

    Raises InvalidInput for another part.
    """
    if part not in PARTS:
        raise InvalidInput(f"« {part[:40]} » n’est pas une part : premier, second ou reliquat.")
    laid = ranked.market
    places = laid.labs.index(pair.pair.first_lab), laid.labs.index(pair.pair.second_lab)
    whose = parts_of(laid, *places, ranked.asked.assign)
    lab = places[PARTS[part] - 1] if PARTS[part] else None
    rate = laid.scale.rate
    found = []
    for i, each in enumerate(ranked.ground.bought):
        if whose[i] != PARTS[part]:
            continue
        sure, extra = _kept(ranked.asked.remainder, each.discount_rate), ZERO
        if lab is not None:
            sure = unscaled(int(laid.discounts[lab, i]), rate)
            extra = unscaled(int(laid.extras[lab, i]), rate)
        found.append(
            Line(each.equivalence, ranked.ground.labels.get(each.equivalence, each.equivalence),
                 each.lab, each.quantity, each.list_amount, each.discount_rate, sure, extra)
        )  # fmt: skip
    return tuple(sorted(found, key=lambda line: (-line.list_amount, line.equivalence)))


def _kept(remainder: Remainder | Decimal, current: Decimal) -> Decimal:
    if isinstance(remainder, Decimal):
        return remainder
    return current if remainder is Remainder.CURRENT else ZERO


HEADER = (
    "Premier", "Second", "Produits du premier", "Produits du second", "Produits du reliquat",
    "Part en volume du premier", "Part en volume du second", "Part en valeur du premier",
    "Part en valeur du second", "Remise du premier, €", "Complément du premier, €",
    "Remise du second, €", "Complément du second, €", "Remise du reliquat, €", "Total, €",
    "Coûts, €", "Net, €",
)  # fmt: skip
LINE_HEADER = (
    "Équivalence", "Produit", "Laboratoire actuel", "Boîtes", "Montant au prix fabricant, €",
    "Remise actuelle", "Remise", "Complément", "Remise actuelle, €", "Remise et complément, €",
)  # fmt: skip


def ranking_file(ranked: Ranked, style: str) -> Download:
    """Return the whole ranking as `csv` or `xlsx`."""
    rows = []
    for each in ranked.pairs:
        pair = each.pair
        shares = [part.shares_of(ranked.market) for part in (pair.first, pair.second)]
        rows.append((
            pair.first_lab, pair.second_lab, pair.first.products, pair.second.products,
            pair.remainder.products, *(share["quantity"] for share in shares),
            *(share["list_amount"] for share in shares), pair.first.discount, pair.first.extra,
            pair.second.discount, pair.second.extra, pair.remainder.discount, pair.total,
            each.cost, each.net,
        ))  # fmt: skip
    return sheets_file("couples", [Sheet("Couples de laboratoires", HEADER, rows)], style)


def lines_file(ranked: Ranked, pair: Settled, style: str) -> Download:
    """Return the products of the three parts of a pair as `csv` or `xlsx`."""
    sheets = [
        Sheet(
            f"{label} {name}".strip(),
            LINE_HEADER,
            [
                (
                    line.equivalence, line.label, line.lab, line.quantity, line.list_amount,
                    line.current_rate, line.discount_rate, line.extra_rate,
                    round_amount(line.current), round_amount(line.discount),
                )
                for line in lines(ranked, pair, part)
            ],
        )
        for (part, label), name in zip(
            PART_LABELS.items(), (pair.pair.first_lab, pair.pair.second_lab, ""), strict=True
        )
    ]  # fmt: skip
    return sheets_file("couple", sheets, style)
