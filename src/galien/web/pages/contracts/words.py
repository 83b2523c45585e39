"""The words of contracts in French: natures, bases, spans, and what a clause gives in a sentence."""

from __future__ import annotations

from decimal import Decimal

from galien.kernel import french
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Consequence,
    Counted,
    Measured,
    ProductScope,
    Span,
    Standing,
)
from galien.usecases.contracts.csv_rows import percent

STANDINGS = {
    Standing.OFFER: "Offre",
    Standing.SIGNED: "Signé",
    Standing.ENDED: "Retiré",
}
KINDS = {
    ClauseKind.INVOICE_DISCOUNT: "Remise sur facture",
    ClauseKind.FREE_UNITS: "Unités gratuites",
    ClauseKind.CASH_DISCOUNT: "Escompte",
    ClauseKind.REBATE: "Remise de fin d’année",
    ClauseKind.COOPERATION: "Coopération commerciale",
}
BASES = {Base.LIST: "du prix tarif", Base.INVOICE: "du montant facturé"}
MEASURES = {
    Measured.QUANTITY: "boîtes",
    Measured.LIST_AMOUNT: "€ HT au tarif",
    Measured.NET_AMOUNT: "€ HT facturés",
}
SPANS = {
    Span.LINE: "par ligne",
    Span.ORDER: "par commande",
    Span.MONTH: "par mois",
    Span.QUARTER: "par trimestre",
    Span.YEAR: "par an",
}
COUNTED = {Counted.PHARMACY: "par pharmacie", Counted.GROUP: "pour tout le groupement"}
CONSEQUENCES = {
    Consequence.BILLED_BACK: "remise refacturée",
    Consequence.REBATE_LOST: "remise de fin d’année perdue",
    Consequence.NONE: "aucune",
}
CLASSES = {
    "generic": "génériques",
    "hybrid": "hybrides",
    "biosimilar": "biosimilaires",
    "general": "autres remboursables",
}
SCOPES = (
    ("products", "produit", "produits"),
    ("generic_groups", "groupe générique", "groupes génériques"),
)
_NAMED = (("ranges", "gamme"), ("brands", "marque"), ("labs", "laboratoire"))
_SHOWN = 3


def given(clause: Clause) -> tuple[str, ...]:
    """Return what a clause gives, one line a tier."""
    if clause.free:
        return (f"{clause.paid} payées + {clause.free} offertes ({percent_of(clause.free_rate)})",)
    base = BASES[clause.base]
    if clause.rate is not None:
        return (f"{percent(clause.rate)} {base}",)
    tiers = sorted(clause.tiers, key=lambda tier: tier.minimum)
    return tuple(
        f"{percent(tier.rate)} {base} dès {figure(tier.minimum)} {MEASURES[clause.measured]}"
        for tier in tiers
    )


def counted(clause: Clause) -> str:
    """Return over what the tiers of a clause are counted; empty without tiers."""
    return f"{SPANS[clause.span]}, {COUNTED[clause.counted]}" if clause.tiers else ""


def scope(of: ProductScope) -> str:
    """Return the products of a scope in a few words.

    >>> scope(ProductScope(classes=("generic",)))
    'Génériques'
    """
    parts = [CLASSES[name] for name in of.classes]
    for name, one, many in SCOPES:
        if number := len(getattr(of, name)):
            parts.append(f"{french.number(number)} {many if number > 1 else one}")
    for name, word in _NAMED:
        names = getattr(of, name)
        if names:
            more = f" et {french.number(len(names) - _SHOWN)} autres" if len(names) > _SHOWN else ""
            parts.append(f"{word} {', '.join(names[:_SHOWN])}{more}")
    said = ", ".join(parts) or "tous les produits"
    if of.excluded:
        said += f", sauf {french.number(len(of.excluded))}"
    return said[:1].upper() + said[1:]


def promised(commitment: Commitment) -> str:
    """Return what a commitment asks for."""
    return (
        f"{figure(commitment.minimum)} {MEASURES[commitment.measured]} "
        f"{SPANS[commitment.span]}, {COUNTED[commitment.counted]}"
    )


def figure(amount: Decimal) -> str:
    """Write an amount, its cents when it has some."""
    return french.number(amount, 0 if amount == amount.to_integral_value() else 2)


def percent_of(rate: Decimal) -> str:
    """Write a computed rate, rounded to a hundredth of a point."""
    return french.percent(rate, 2)
