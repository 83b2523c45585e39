"""The words of a buyer: whom to sign with, what a clause is, what a lab must do to enter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from galien.calculators.discounts.optimum.sensitivity import Clause, Entry
from galien.kernel import french

NEGOTIATED = "à négocier"
_OF_LAB = re.compile(r"labs\.(?P<lab>.*)\.(?P<name>[a-z_]+)")
OF_LAB = {
    "always": "imposé d’office", "never": "écarté d’office", "exclusive": "exclusivité",
    "monthly_threshold": "seuil mensuel", "yearly_threshold": "seuil annuel",
    "minimum": "minimum à tenir", "cost": "coûts de gestion et cotisations",
    "switching_cost": "coût de changement", "tiers": "paliers",
}  # fmt: skip
OF_CHOICE = {
    "maximum_labs": "Nombre de laboratoires limité",
    "minimum_service": "Taux de service minimal",
    "switching_cost": "Coût des produits qui changent de boîte",
    "keep": "Produits qui restent où ils sont",
    "ceilings": "Plafonds légaux de remise",
    "switching_costs": "Coûts de changement par produit",
}


def euros(amount: Decimal) -> str:
    r"""Write an amount in whole euros.

    >>> euros(Decimal("1234.6"))
    '1\u202f235\u202f€'
    """
    return f"{french.number(amount)}\u202f€"


def named(labs: Sequence[str]) -> str:
    """Write labs one after the other.

    >>> named(["Arrow", "Biogaran", "EG"]), named(["Arrow"]), named([])
    ('Arrow, Biogaran et EG', 'Arrow', 'aucun laboratoire')
    """
    if not labs:
        return "aucun laboratoire"
    return labs[0] if len(labs) == 1 else f"{', '.join(labs[:-1])} et {labs[-1]}"


def clause(key: str) -> str:
    """Write a clause of the rules, from its key.

    >>> clause("labs.EG LABO.yearly_threshold"), clause("maximum_labs")
    ('EG LABO : seuil annuel', 'Nombre de laboratoires limité')
    """
    of_lab = _OF_LAB.fullmatch(key)
    if of_lab:
        return f"{of_lab['lab']} : {OF_LAB.get(of_lab['name'], of_lab['name'])}"
    return OF_CHOICE.get(key, key.replace("exclusive:", "Exclusivité entre"))


def buyer_decides(key: str) -> bool:
    """Tell whether a clause is the buyer's own, not one to negotiate with a lab.

    >>> buyer_decides("maximum_labs"), buyer_decides("labs.EG.minimum"), buyer_decides("labs.EG.never")
    (True, False, True)
    """
    of_lab = _OF_LAB.fullmatch(key)
    return of_lab is None or of_lab["name"] in {"always", "never", "switching_cost"}


def who_decides(key: str) -> str:
    """Say in a word who may lift a clause.

    >>> who_decides("ceilings"), who_decides("maximum_labs"), who_decides("labs.EG.minimum")
    ('la loi', 'vous', 'à négocier')
    """
    if key == "ceilings":
        return "la loi"
    return "vous" if buyer_decides(key) else NEGOTIATED


def advice(worth: Sequence[Clause], left_out: Sequence[Entry]) -> str:
    """Say what to ask first: the clause that costs most, and the lab nearest to being taken.

    >>> near = Entry("SANDOZ", Decimal("0.085")), Entry("UPSA", Decimal("0.3")), Entry("KRKA", None)
    >>> " ".join(advice((), near).split())
    'L’absent le plus près d’être pris est SANDOZ : +8,50 pt sur toutes ses offres.'
    """
    said = []
    asked = [each for each in worth if who_decides(each.key) == NEGOTIATED]
    if asked:
        first = max(asked, key=lambda each: each.worth)
        said.append(
            f"Demandez d’abord à lever «\u00a0{clause(first.key)}\u00a0»\u00a0: {euros(first.worth)}."
        )
    rated = [(each.rate, each) for each in left_out if each.rate]
    if rated:
        _, nearest = min(rated, key=lambda pair: pair[0])
        said.append(f"L’absent le plus près d’être pris est {nearest.lab}\u00a0: {entry(nearest)}.")
    return " ".join(said)


def entry(each: Entry) -> str:
    """Write what a lab left out must add to all its offers to be worth taking."""
    if each.rate is None:
        return "aucun taux n’y suffirait"
    if not each.rate:
        return "déjà à égalité"
    return f"+{french.number(each.rate * 100, 2)}\u202fpt sur toutes ses offres"
