"""What the group of the demonstration has signed: generics, wholesalers, direct labs, a distributor.

Rates are the least that its purchases show; above them, what each pharmacy has got for itself.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.demo.contracts.offers import INVENTED
from galien.demo.contracts.products import Range
from galien.demo.terms import DISTRIBUTORS, WHOLESALERS
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Conditions,
    Consequence,
    Contract,
    Measured,
    ProductScope,
    Returns,
    Span,
    Tier,
)

# Every contract of a year is signed at the end of the one before; files go back two years.
YEARS_BACK = 2
_GENERICS = ProductScope(classes=("generic",))
_MONTHLY, _YEARLY = "Seuil mensuel", "Engagement annuel"


def signed(generics: list[Range], self_care: list[Range], *, today: dt.date) -> list[Contract]:
    """Return the signed contracts of every year that the demonstration tells of."""
    found = []
    for year in range(today.year - YEARS_BACK, today.year + 1):
        found += [
            _generics(generics[1], year, (6_000, 15_000, 30_000), cooperation="0.01"),
            _generics(generics[2], year, (5_000, 10_000, 20_000), cooperation="0.005"),
            _wholesaler(WHOLESALERS[0], year, month=45_000, cash="0.0025", other="0.0005"),
            _wholesaler(WHOLESALERS[1], year, month=16_000, cash="0.005", other="0.003"),
            *(_direct(each, year, rank) for rank, each in enumerate(self_care)),
            _distributor(year),
        ]
    return [*found, _autumn(generics[3], today.year)]


def _contract(name: str, year: int, supplier: str, lab: str = "", **parts: object) -> Contract:
    return Contract(
        reference=f"{name} {year} (conditions inventées)",
        supplier=supplier,
        lab=lab,
        since=dt.date(year, 1, 1),
        until=dt.date(year, 12, 31),
        signed_on=dt.date(year - 1, 12, 8),
        note=INVENTED,
        **parts,  # type: ignore[arg-type]
    )


def _generics(sold: Range, year: int, tiers: tuple[int, ...], *, cooperation: str) -> Contract:
    return _contract(
        f"Génériques {sold.lab}",
        year,
        sold.lab,
        sold.lab,
        clauses=(
            _rate("Remise sur facture", "0.33"),
            Clause(
                reference="Remise de fin d’année",
                kind=ClauseKind.REBATE,
                scope=_GENERICS,
                base=Base.INVOICE,
                tiers=tuple(
                    Tier(Decimal(minimum), Decimal(rank + 1) / 100)
                    for rank, minimum in enumerate(tiers)
                ),
                measured=Measured.NET_AMOUNT,
                span=Span.YEAR,
                condition=_YEARLY,
            ),
            _rate("Coopération commerciale", cooperation, ClauseKind.COOPERATION, Base.INVOICE),
        ),
        commitments=(
            Commitment(
                _YEARLY, Decimal(tiers[0]), scope=_GENERICS, consequence=Consequence.REBATE_LOST
            ),
        ),
        conditions=Conditions(
            payment_days=60,
            shipping_fee=Decimal(15),
            free_shipping_from=Decimal(200),
            exclusivity="Laboratoire préféré du groupement sur les molécules qu’il couvre.",
            returns=Returns(allowed=True, days=180, credit_rate=Decimal("0.8")),
            order_cost=Decimal(6),
            invoice_cost=Decimal("1.50"),
            dispute_cost=Decimal(15),
        ),
    )


def _wholesaler(name: str, year: int, *, month: int, cash: str, other: str) -> Contract:
    """Below its monthly threshold a wholesaler bills its discount back."""
    general = ProductScope(classes=("general",))
    return _contract(
        name.removesuffix(" (fictif)"),
        year,
        name,
        clauses=(
            _rate("Génériques", "0.26", condition=_MONTHLY),
            _rate("Autres remboursables", "0.022", scope=general, condition=_MONTHLY),
            _rate("Escompte", cash, ClauseKind.CASH_DISCOUNT, Base.INVOICE, ProductScope()),
            _rate("Coopération", other, ClauseKind.COOPERATION, Base.INVOICE, ProductScope()),
            Clause(
                reference="Remise de fin d’année",
                kind=ClauseKind.REBATE,
                base=Base.INVOICE,
                tiers=(
                    Tier(Decimal(month * 10), Decimal("0.001")),
                    Tier(Decimal(month * 14), Decimal("0.002")),
                    Tier(Decimal(month * 20), Decimal("0.004")),
                ),
                measured=Measured.NET_AMOUNT,
                span=Span.YEAR,
            ),
        ),
        commitments=(Commitment(_MONTHLY, Decimal(month), span=Span.MONTH),),
        conditions=Conditions(
            payment_days=30,
            returns=Returns(allowed=True, days=30, credit_rate=Decimal(1)),
            order_cost=Decimal("0.80"),
            invoice_cost=Decimal(1),
            dispute_cost=Decimal(8),
            yearly_fee=Decimal(360),
        ),
    )


def _direct(sold: Range, year: int, rank: int) -> Contract:
    """Self-medication bought of its lab: ten boxes paid and one free, and a volume for the year."""
    products = ProductScope(products=sold.codes)
    target = Decimal(2_000 + 1_000 * rank)
    return _contract(
        f"Conseil {sold.lab}",
        year,
        sold.lab,
        sold.lab,
        clauses=(
            _rate("Remise sur facture", "0.15", scope=products),
            Clause("10 + 1", ClauseKind.FREE_UNITS, products, paid=10, free=1),
            _rate("Fin d’année", "0.04", ClauseKind.REBATE, Base.INVOICE, products, _YEARLY),
        ),
        commitments=(
            Commitment(_YEARLY, target, scope=products, consequence=Consequence.REBATE_LOST),
        ),
        conditions=Conditions(
            payment_days=45,
            shipping_fee=Decimal(18),
            free_shipping_from=Decimal(350),
            returns=Returns(),
            order_cost=Decimal(8),
            invoice_cost=Decimal("1.50"),
            dispute_cost=Decimal(20),
        ),
    )


def _distributor(year: int) -> Contract:
    name = DISTRIBUTORS[0]
    return _contract(
        name.removesuffix(" (fictif)"),
        year,
        name,
        clauses=(
            _rate("Génériques", "0.15", condition=_MONTHLY),
            Clause(
                reference="Toutes gammes",
                kind=ClauseKind.INVOICE_DISCOUNT,
                tiers=(Tier(Decimal(0), Decimal("0.018")), Tier(Decimal(1_500), Decimal("0.022"))),
                measured=Measured.LIST_AMOUNT,
                span=Span.MONTH,
            ),
        ),
        commitments=(Commitment(_MONTHLY, Decimal(350), span=Span.MONTH),),
        conditions=Conditions(
            payment_days=30,
            shipping_fee=Decimal("9.90"),
            free_shipping_from=Decimal(300),
            returns=Returns(allowed=True, days=60, credit_rate=Decimal("0.9")),
            order_cost=Decimal(4),
            invoice_cost=Decimal("1.50"),
            dispute_cost=Decimal(15),
            joining_fee=Decimal(150),
        ),
    )


def _autumn(sold: Range, year: int) -> Contract:
    """A contract signed in the weeks of autumn 2025 when generics were held to 30 %."""
    return Contract(
        reference=f"Génériques {sold.lab}, avenant d’automne {year - 1} (conditions inventées)",
        supplier=sold.lab,
        lab=sold.lab,
        since=dt.date(year - 1, 10, 1),
        until=dt.date(year, 9, 30),
        signed_on=dt.date(year - 1, 9, 15),
        clauses=(
            _rate("Remise sur facture", "0.32"),
            _rate("Coopération commerciale", "0.01", ClauseKind.COOPERATION, Base.INVOICE),
        ),
        conditions=Conditions(payment_days=45, order_cost=Decimal(6), invoice_cost=Decimal("1.50")),
        note=INVENTED,
    )


def _rate(  # a clause has these parts
    name: str,
    rate: str,
    kind: ClauseKind = ClauseKind.INVOICE_DISCOUNT,
    base: Base = Base.LIST,
    scope: ProductScope = _GENERICS,
    condition: str = "",
) -> Clause:
    return Clause(name, kind, scope, Decimal(rate), base, condition=condition)
