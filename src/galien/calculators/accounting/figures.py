"""The figures of a pharmacy that references and warnings speak about, or what each one lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.accounting.balance import Balance, days_of

ZERO = Decimal(0)
Amounts = Callable[[str], Decimal]


@dataclass(frozen=True)
class Figure:
    """A figure: a ratio, days, euros or a count, unrounded; or what is missing to tell it."""

    value: Decimal | None
    missing: str = ""


Figures = Mapping[str, Figure]


def figures(amount: Amounts, balance: Balance, *, headcount: Decimal | None = None) -> Figures:
    """Work out the figures of a year.

    Inputs: amounts of the management balances by code (euros); the balance sheet; the headcount
    in full-time equivalents, owners included.
    Equations: rates are over turnover excl. tax; stock in days of purchases excl. tax, suppliers
    in days of purchases incl. tax, clients in days of turnover incl. tax, working capital in days
    of turnover excl. tax; cash flow = net result + depreciation. Source: Ordre des
    experts-comptables, Analyses sectorielles TPE : Pharmacie (2008).
    """
    turnover = amount("turnover")
    found = {code: _rate(value, turnover) for code, value in _over_turnover(amount).items()}
    found |= {
        "turnover": Figure(turnover),
        "turnover_per_head": _per_head(turnover, headcount),
        "headcount": Figure(
            headcount, "" if headcount else "l’effectif en équivalents temps plein"
        ),
        "debt_rate": _part(balance.debt, turnover, "les emprunts (comptes 16)"),
        "cash_rate": _part(balance.cash, turnover, "la trésorerie (comptes 51 et 53)"),
        "investment_rate": _part(
            balance.investment, turnover, "les immobilisations (comptes 20 et 21)"
        ),
        "free_debt_rate": _part(
            None if balance.debt is None else balance.debt - balance.acquisition_debt,
            turnover,
            "les emprunts (comptes 16)",
        ),
    }
    return {**found, **_days(amount, balance, turnover)}


def _over_turnover(amount: Amounts) -> dict[str, Decimal]:
    staff = amount("staff_costs") - amount("owner_costs")
    return {
        # Fees were part of the margin when its usual range was set: booked apart, they are added back.
        "commercial_margin_rate": amount("commercial_margin") + amount("production_fees"),
        "gross_margin_rate": amount("global_gross_margin"),
        "external_charges_rate": amount("external_charges"),
        "value_added_rate": amount("value_added"),
        "staff_rate": staff,
        "taxes_rate": amount("taxes"),
        "ebe_rate": amount("ebe"),
        "ebe_restated_rate": amount("ebe_restated"),
        "depreciation_rate": amount("depreciation"),
        "operating_result_rate": amount("operating_result"),
        "current_result_rate": amount("current_result"),
        "cash_flow_rate": amount("net_result") + amount("depreciation"),
    }


def _days(amount: Amounts, balance: Balance, turnover: Decimal) -> dict[str, Figure]:
    stock, days = balance.stock, balance.days
    purchases = amount("goods_purchased")
    bought_incl = sold_incl = None
    if balance.deductible_vat is not None:
        bought_incl = purchases + amount("external_charges") + balance.deductible_vat
    if balance.collected_vat is not None:
        sold_incl = turnover + balance.collected_vat
    found = {
        "stock_days": _lasting(
            stock.mean if stock else None, purchases, days, "le stock (comptes 37)"
        ),
        "supplier_days": _lasting(
            balance.suppliers, bought_incl, days,
            "les fournisseurs (comptes 40) ou la TVA déductible (comptes 44566)",
        ),
        "client_days": _lasting(
            balance.clients, sold_incl, days,
            "les clients (comptes 41) ou la TVA collectée (comptes 4457)",
        ),
        "third_party_days": _lasting(
            balance.third_party, sold_incl, days,
            "un compte de client nommé tiers payant, caisse ou mutuelle",
        ),
        "working_capital_days": _lasting(
            balance.working_capital if stock else None, turnover, days,
            "le stock et les comptes de tiers (classes 3 et 4)",
        ),
    }  # fmt: skip
    for rate in ("2_1", "20"):
        side = (balance.stock_by_rate or {}).get(rate)
        bought = amount(f"goods_purchased_{rate}")
        found[f"stock_days_vat_{rate}"] = _lasting(
            side.mean if side else None,
            bought,
            days,
            f"un compte de stock et un compte d’achats à {rate.replace('_', ',')} %",
        )
    return found


def _rate(value: Decimal, turnover: Decimal) -> Figure:
    return Figure(value / turnover) if turnover else Figure(None, "le chiffre d’affaires")


def _part(value: Decimal | None, turnover: Decimal, missing: str) -> Figure:
    return Figure(None, missing) if value is None else _rate(value, turnover)


def _per_head(turnover: Decimal, headcount: Decimal | None) -> Figure:
    if not headcount:
        return Figure(None, "l’effectif en équivalents temps plein")
    return Figure(turnover / headcount)


def _lasting(value: Decimal | None, flow: Decimal | None, days: int, missing: str) -> Figure:
    found = days_of(value, flow, days)
    return Figure(found, "" if found is not None else missing)
