"""What one pharmacy's clients take: national demand bent by its patients, its labs and its baskets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.demo.catalogue import Catalogue
from galien.demo.members import Member
from galien.demo.public import GENERIC_HOUSES, Bools, Floats, Ints

PATIENT_BOXES = 11.0
# Medicines over 80 € are given out by hospitals and a few pharmacies more than by the others.
DEAR_LEVEL = 0.55
LINE_VALUE = 14.6
_PATIENT_PRICE = 8_000
_FIRST_LAB = (0.24, 0.17, 0.16, 0.13, 0.09, 0.08, 0.07, 0.04, 0.02, 0.0)
_NATIONAL_DISPENSED = 2_330e6
MAX_SHARE = 0.009
# Dear originators being rarer here than in the country, generics are held to their 46 % of boxes.
GENERIC_LEVEL, GENERIC_PRICE_TILT = 0.91, -0.30


@dataclass(frozen=True)
class Taste:
    """Weights of one pharmacy over the catalogue, summing to 1 each, and the labs it prefers."""

    prescription: Floats
    counter: Floats
    mean_quantity: Floats
    first_lab: str
    second_lab: str
    prescription_lines: float
    counter_lines: float


def make_taste(catalogue: Catalogue, member: Member, rng: np.random.Generator) -> Taste:
    """Draw what a pharmacy sells, so that its mean prescription and counter basket are its own."""
    first, second = _labs(rng)
    price = catalogue.price.max(axis=1).astype(np.float64)
    mean_quantity = _mean_quantity(price)
    boxes = _patients(catalogue, member, price, rng)
    boxes = _generic_choice(catalogue, boxes, first, second)
    # What everybody takes varies little from one pharmacy to the next.
    spread = np.where(boxes > boxes.sum() * 0.002, 0.15, 0.5)
    weights = boxes / mean_quantity * np.exp(spread * rng.standard_normal(len(catalogue)))
    weights *= (1 - catalogue.prescribed.sum()) / weights.sum()
    weights += catalogue.prescribed * rng.lognormal(-0.32, 0.8, len(catalogue))
    lines = float(np.clip(member.pmo / LINE_VALUE + rng.normal(0, 0.06), 2.5, 3.7))
    value = price / 100 * mean_quantity
    weights = _tilted(weights, value, price, member.pmo / lines)
    counter = catalogue.counter * rng.lognormal(-0.4, 0.9, len(catalogue)) * ~catalogue.rental
    counter /= counter.sum()
    counter_lines = 1.38
    counter = _tilted(
        counter, (price + catalogue.fee) / 100 * 1.06, price, member.basket / counter_lines
    )
    return Taste(weights, counter, mean_quantity, first, second, lines, counter_lines)


def _labs(rng: np.random.Generator) -> tuple[str, str]:
    chosen = rng.choice(len(GENERIC_HOUSES), 2, replace=False, p=np.array(_FIRST_LAB))
    return GENERIC_HOUSES[int(chosen[0])], GENERIC_HOUSES[int(chosen[1])]


def _mean_quantity(price: Floats) -> Floats:
    """Give the mean boxes of a prescription line: several of a cheap pack, one of a dear one."""
    return np.where(price < 400, 1.60, np.where(price < 5000, 1.24, 1.0))


def _patients(
    catalogue: Catalogue, member: Member, price: Floats, rng: np.random.Generator
) -> Floats:
    """Give yearly boxes; a dear medicine is there only if one of the few patients comes."""
    yearly = member.invoices * 2.0 / 3 * 3.4
    expected = catalogue.boxes / _NATIONAL_DISPENSED * yearly
    dear = price > _PATIENT_PRICE
    patients = rng.poisson(np.where(dear, DEAR_LEVEL * expected / PATIENT_BOXES, 0.0))
    return np.where(dear, patients * PATIENT_BOXES, expected)


def _generic_choice(catalogue: Catalogue, boxes: Floats, first: str, second: str) -> Floats:
    """Move generic boxes towards the two labs of the pharmacy, each pack group keeping its total."""
    generic = (catalogue.generic == 1) & (boxes > 0)
    groups = catalogue.pack_group[generic]
    size = int(catalogue.pack_group.max()) + 1
    lab = catalogue.lab[generic]
    mine, kept = boxes[generic], np.zeros(int(generic.sum()))
    total = np.bincount(groups, weights=mine, minlength=size)
    left = total.copy()
    for name, share in ((first, 0.66), (second, 0.50)):
        of_lab = (lab == name).astype(np.float64) * mine
        present = np.bincount(groups, weights=of_lab, minlength=size)
        given = np.where(present > 0, left * share, 0.0)
        kept += of_lab * np.where(present > 0, given / np.maximum(present, 1e-12), 0.0)[groups]
        left -= given
    others = np.where((lab == first) | (lab == second), 0.0, mine)
    rest = np.bincount(groups, weights=others, minlength=size)
    kept += others * np.where(rest > 0, left / np.maximum(rest, 1e-12), 0.0)[groups]
    chosen = boxes.copy()
    price = catalogue.price[generic].max(axis=1)
    chosen[generic] = kept * GENERIC_LEVEL * (price / 500) ** GENERIC_PRICE_TILT
    return chosen


def _tilted(weights: Floats, value: Floats, price: Floats, target: float) -> Floats:
    """Bend weights by a power of the price until a line is worth its target, none too heavy."""
    low, high = -1.2, 1.2
    log_price = np.log(np.maximum(price, 50.0) / 1000)
    bent = weights
    for _ in range(40):
        middle = (low + high) / 2
        bent = weights * np.exp(middle * log_price)
        bent = _capped(bent / bent.sum(), value, target)
        low, high = (middle, high) if (bent * value).sum() < target else (low, middle)
    return bent


def _capped(weights: Floats, value: Floats, target: float) -> Floats:
    """Keep any dear product under a share of the amount, so that one patient does not make a year."""
    most = np.where(value > _PATIENT_PRICE / 100, MAX_SHARE * target / np.maximum(value, 0.01), 1.0)
    capped: Floats = np.minimum(weights, most)
    return np.asarray(capped / capped.sum(), np.float64)


def sold_mask(catalogue: Catalogue, version: int) -> Bools:
    """Say which products exist at a version of the prices."""
    return np.asarray(catalogue.price[:, version] > 0, np.bool_)


THEMES = ("coeur", "hiver", "douleur", "esprit", "peau")
_THEME_OF = {"C": 0, "B": 0, "A": 0, "J": 1, "R": 1, "N": 2, "M": 2, "D": 4, "S": 4, "G": 4}


def theme_shares(catalogue: Catalogue) -> Floats:
    """Share each product between the reasons of a prescription, so that lines go together."""
    own = np.array([_theme(code) for code in catalogue.atc], np.int64)
    shares = np.full((len(THEMES), len(catalogue)), 0.09)
    shares[own, np.arange(len(catalogue))] = 1 - 0.09 * (len(THEMES) - 1)
    return shares


def _theme(atc: str) -> int:
    if atc.startswith(("N05", "N06", "N03", "N04")):
        return 3
    return _THEME_OF.get(atc[:1], 2)


def quantities(price: Ints, draw: Floats) -> Ints:
    """Draw boxes of prescription lines from uniform draws, as `_mean_quantity` says."""
    cheap = 1 + (draw > 0.62).astype(np.int64) + (draw > 0.82) + (draw > 0.96)
    usual = 1 + (draw > 0.81).astype(np.int64) + (draw > 0.95)
    return np.where(price < 400, cheap, np.where(price < 5000, usual, 1))
