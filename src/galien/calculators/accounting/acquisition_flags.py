"""What to look at before buying: inputs better than the seller's, checks of a share purchase."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.accounting.acquisition import Plan
from galien.calculators.accounting.quota import Quota
from galien.calculators.accounting.references import number
from galien.kernel import french
from galien.law import Law

ZERO = Decimal(0)
DAYS = 365
# A share under this is told without alarm: rounding of what was typed.
SLACK = Decimal("0.0005")


@dataclass(frozen=True)
class Seller:
    """The seller's last year: euros excl. tax, None where it is unknown.

    `client_rebates`, `institutions` and `resales` are the parts of turnover that a buyer of
    shares may lose: rebates promised, sales to institutions, resales to other pharmacies.
    """

    turnover: Decimal | None = None
    margin_rate: Decimal | None = None
    external: Decimal | None = None
    staff: Decimal | None = None
    goods_purchased: Decimal | None = None
    stock: Decimal | None = None
    client_rebates: Decimal | None = None
    institutions: Decimal | None = None
    resales: Decimal | None = None


@dataclass(frozen=True)
class Flag:
    """Something to look into: `sound` when it was checked and is fine, `known` when it could be."""

    code: str
    sentence: str
    sound: bool = False
    known: bool = True


def flags(
    plan: Plan,
    seller: Seller,
    law: Law,
    *,
    on: dt.date,
    shares: bool = False,
    place: Quota | None = None,
) -> tuple[Flag, ...]:
    """Tell what is better than the seller's in the plan, and what the deal has to be checked for.

    `shares`: the company is bought with its debts and promises, not only its business.
    """
    found = [*_better_inputs(plan, seller), _stock(seller, law, on)]
    if shares:
        found += _share_checks(seller)
    if place is not None:
        found.append(_place(place))
    found.append(
        Flag(
            "intangibles",
            "Le fonds n’est pas amorti dans ce plan : son prix ne diminue jamais le bénéfice "
            "imposable.",
            sound=True,
        )
    )
    return tuple(found)


def _better_inputs(plan: Plan, seller: Seller) -> list[Flag]:
    activity, charges = plan.activity, plan.charges
    sales = activity.prescription.sales + activity.counter.sales
    margin = activity.prescription.margin + activity.counter.margin
    turnover = sales + activity.services
    rate = (margin + activity.services) / turnover if turnover else ZERO
    pairs = (
        ("turnover", "Chiffre d’affaires de départ", turnover, seller.turnover, True),
        ("external", "Charges externes", charges.external, seller.external, False),
        ("staff", "Frais de personnel", charges.staff, seller.staff, False),
    )
    found = [
        Flag(
            f"better_{code}",
            f"{label} : {french.amount(ours, 0)} au plan, {french.amount(theirs, 0)} chez le vendeur.",
        )
        for code, label, ours, theirs, more in pairs
        if theirs is not None and _better(ours, theirs, more=more)
    ]
    if seller.margin_rate is not None and rate - seller.margin_rate > SLACK:
        found.append(
            Flag(
                "better_margin",
                f"Taux de marge de {french.percent(rate)} au plan, "
                f"{french.percent(seller.margin_rate)} chez le "
                "vendeur.",
            )
        )
    if activity.growth > 0 or activity.basket_growth > 0:
        found.append(
            Flag(
                "growth",
                "Le plan suppose une croissance : un plan prudent part d’une croissance nulle.",
            )
        )
    return found


def _better(ours: Decimal, theirs: Decimal, *, more: bool) -> bool:
    gap = (ours - theirs) if more else (theirs - ours)
    return gap > abs(theirs) * SLACK


def _stock(seller: Seller, law: Law, on: dt.date) -> Flag:
    limit = number(law, "warning_acquisition_stock_days", on=on)
    if seller.stock is None or not seller.goods_purchased or limit is None:
        return Flag(
            "stock_days",
            "Durée du stock inconnue : il faut le stock et les achats de marchandises du vendeur.",
            known=False,
        )
    days = seller.stock * DAYS / seller.goods_purchased
    told = f"Stock de {french.number(days, 0)} jours d’achats"
    if days <= limit:
        return Flag("stock_days", f"{told}, sous {french.number(limit, 0)} jours.", sound=True)
    return Flag(
        "stock_days",
        f"{told}, plus de {french.number(limit, 0)} : cherchez les produits qui ne tournent pas "
        "avant de "
        "reprendre le stock.",
    )


def _share_checks(seller: Seller) -> list[Flag]:
    checks = (
        ("client_rebates", "Remises promises aux clients", seller.client_rebates),
        ("institutions", "Ventes à des établissements", seller.institutions),
        ("resales", "Rétrocessions, qui gonflent le chiffre d’affaires", seller.resales),
    )
    return [_part(code, label, amount, seller.turnover) for code, label, amount in checks]


def _part(code: str, label: str, amount: Decimal | None, turnover: Decimal | None) -> Flag:
    if amount is None:
        return Flag(code, f"{label} : à demander au vendeur.", known=False)
    if not amount:
        return Flag(code, f"{label} : aucune.", sound=True)
    share = f", {french.percent(amount / turnover)} du chiffre d’affaires" if turnover else ""
    return Flag(code, f"{label} : {french.amount(amount, 0)}{share}. Vérifiez qu’elles demeurent.")


def _place(place: Quota) -> Flag:
    people = f"{french.number(place.population)} habitants"
    if place.allowed is None:
        return Flag("quota", f"{people} : le quota de cette commune n’est pas connu.", known=False)
    told = (
        f"{people} : le quota y permet {place.allowed} pharmacie{'s' if place.allowed > 1 else ''}"
    )
    if place.surplus is None:
        return Flag("quota", f"{told} ; le nombre de pharmacies reste à donner.", known=False)
    here = f"{told}, il y en a {place.pharmacies}"
    if place.surplus > 0:
        return Flag("quota", f"{here} : la commune est au-dessus du quota, l’activité s’y partage.")
    return Flag("quota", f"{here}.", sound=True)
