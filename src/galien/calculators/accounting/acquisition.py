"""The seven-year plan of a pharmacy one would buy: from volumes and baskets to cash and cover."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from galien.calculators.accounting.loans import Loan, schedule
from galien.calculators.accounting.references import number
from galien.kernel.errors import NotAvailable
from galien.law import Law

ZERO, ONE = Decimal(0), Decimal(1)
YEARS = 7
DAYS = 365
HALF_A_CENT = Decimal("0.005")


class Regime(StrEnum):
    """How the profit is taxed: by the company, or in the owner's hands (simplified)."""

    COMPANY = "is"
    PERSONAL = "ir"


@dataclass(frozen=True)
class Flow:
    """Sales of a kind in a year: invoices, mean basket (euros excl. tax), margin rate (a ratio)."""

    invoices: Decimal
    basket: Decimal
    margin_rate: Decimal

    @property
    def sales(self) -> Decimal:
        """Return turnover excl. tax, in euros."""
        return self.invoices * self.basket

    @property
    def margin(self) -> Decimal:
        """Return the margin, in euros."""
        return self.sales * self.margin_rate


@dataclass(frozen=True)
class Activity:
    """What the pharmacy sells: prescriptions, counter, and services (euros, margin whole).

    `growth` moves invoices each year and `basket_growth` baskets (ratios), from the second year.
    """

    prescription: Flow
    counter: Flow
    services: Decimal = ZERO
    growth: Decimal = ZERO
    basket_growth: Decimal = ZERO


@dataclass(frozen=True)
class Charges:
    """Yearly charges in euros, and how they grow each year (a ratio)."""

    external: Decimal
    staff: Decimal
    taxes: Decimal
    depreciation: Decimal = ZERO
    investment: Decimal = ZERO
    growth: Decimal = ZERO


@dataclass(frozen=True)
class Deal:
    """What is paid and how: euros. `fees` are those of the purchase; equity and loans pay it all.

    `working_capital_days` are days of turnover excl. tax tied up from the first day.
    """

    price: Decimal
    equity: Decimal
    loans: tuple[Loan, ...] = ()
    stock: Decimal = ZERO
    fees: Decimal = ZERO
    working_capital_days: Decimal = ZERO


@dataclass(frozen=True)
class Plan:
    """Everything the plan is made from.

    `owner_pay` includes contributions. Under the company's regime it is a charge; under the
    personal one it is drawn from the profit, which `personal_rate` taxes (tax and contributions).
    """

    deal: Deal
    activity: Activity
    charges: Charges
    owner_pay: Decimal
    first_year: int
    regime: Regime = Regime.COMPANY
    personal_rate: Decimal = ZERO
    margin_loss: Decimal = ZERO


@dataclass(frozen=True)
class PlanYear:
    """A year of the plan, in euros, unrounded.

    `balloon` is the part of `principal` that loans repaid at the end ask for in one go.
    """

    year: int
    turnover: Decimal
    margin: Decimal
    external: Decimal
    taxes: Decimal
    staff: Decimal
    ebe: Decimal
    owner_pay: Decimal
    interest: Decimal
    principal: Decimal
    balloon: Decimal
    depreciation: Decimal
    taxable: Decimal
    tax: Decimal
    working_capital_change: Decimal
    investment: Decimal
    cash_flow: Decimal
    cash: Decimal
    owed: Decimal

    @property
    def available(self) -> Decimal:
        """Return what the year leaves to pay loans: EBE less owner's pay and tax."""
        return self.ebe - self.owner_pay - self.tax

    @property
    def service(self) -> Decimal:
        """Return interest and capital of the year."""
        return self.interest + self.principal

    @property
    def cover(self) -> Decimal | None:
        """Return the debt service cover: what is available ÷ what the year's loans ask for.

        A capital repaid at the end in one go is left out: cash put by pays it. None without loan.
        """
        regular = self.service - self.balloon
        return self.available / regular if regular else None


@dataclass(frozen=True)
class Outcome:
    """The plan worked out: cash on the first day, then its years."""

    opening_cash: Decimal
    years: tuple[PlanYear, ...]

    @property
    def least_cover(self) -> Decimal | None:
        """Return the worst cover of the years that pay something back."""
        covers = [each.cover for each in self.years if each.cover is not None]
        return min(covers, default=None)

    @property
    def least_cash(self) -> Decimal:
        """Return the lowest cash, first day included."""
        return min(self.opening_cash, *(each.cash for each in self.years))

    @property
    def holds(self) -> bool:
        """Tell whether the plan pays its loans each year and never lacks cash."""
        # Equal to the last digits of a division is equal.
        covered = self.least_cover is None or self.least_cover >= ONE
        return covered and self.least_cash > -HALF_A_CENT


def project(plan: Plan, law: Law, *, years: int = YEARS) -> Outcome:
    """Work the plan out, year by year.

    Equations: turnover = Σ invoices × basket + services; EBE = margin − external − taxes − staff;
    taxable = EBE − owner's pay (company) − interest − depreciation, intangibles never amortised;
    cash flow = EBE − owner's pay − tax − interest − capital − working capital change − investment.
    The first day: equity + loans − price − stock − fees − working capital.
    Raises `NotAvailable` when the tax law of a year is unknown.
    """
    deal = plan.deal
    paid = [schedule(loan, years) for loan in deal.loans]
    tied = _tied_up(plan, 0)
    cash = deal.equity + sum((loan.amount for loan in deal.loans), ZERO)
    cash -= deal.price + deal.stock + deal.fees + tied
    opening, found = cash, []
    for rank in range(years):
        interest = sum((loan[rank].interest for loan in paid), ZERO)
        principal = sum((loan[rank].principal for loan in paid), ZERO)
        balloon = sum(
            (
                years[rank].principal
                for loan, years in zip(deal.loans, paid, strict=True)
                if loan.bullet
            ),
            ZERO,
        )
        change = _tied_up(plan, rank) - tied
        tied += change
        made = _year(plan, law, rank, interest=interest)
        flow = made.available - interest - principal - change - made.investment
        cash += flow
        found.append(
            replace(
                made,
                principal=principal,
                balloon=balloon,
                working_capital_change=change,
                cash_flow=flow,
                cash=cash,
                owed=sum((loan[rank].balance for loan in paid), ZERO),
            )
        )
    return Outcome(opening, tuple(found))


def corporate_tax(taxable: Decimal, turnover: Decimal, law: Law, *, year: int) -> Decimal:
    """Give the corporate tax of a profit, in euros: reduced rate under its limit, then the normal one.

    Source: CGI art. 219; the last law known at the end of the year is used.

    >>> corporate_tax(Decimal(100000), Decimal(2000000), Law.load(), year=2026)
    Decimal('20750.00')
    """
    on = dt.date(year, 12, 31)
    rate = number(law, "corporate_tax_rate", on=on)
    if rate is None:
        raise NotAvailable(
            f"Le taux de l’impôt sur les sociétés de {year} n’est pas connu : commencez le plan en "
            "2019 ou après."
        )
    if taxable <= 0:
        return ZERO
    reduced_rate, limit, most = (
        number(law, f"corporate_tax_reduced_{name}", on=on)
        for name in ("rate", "limit", "turnover")
    )
    if reduced_rate is None or limit is None or most is None or turnover > most:
        return taxable * rate
    reduced = min(taxable, limit)
    return reduced * reduced_rate + (taxable - reduced) * rate


def _year(plan: Plan, law: Law, rank: int, *, interest: Decimal) -> PlanYear:
    """Return a year before its cash, whose figures `project` completes."""
    flows = _flows(plan.activity, rank)
    turnover = sum((each.sales for each in flows), ZERO) + plan.activity.services
    goods = sum((each.sales for each in flows), ZERO)
    margin = sum((each.margin for each in flows), ZERO) + plan.activity.services
    margin -= goods * plan.margin_loss
    grown = (ONE + plan.charges.growth) ** rank
    external, staff, taxes = (
        each * grown for each in (plan.charges.external, plan.charges.staff, plan.charges.taxes)
    )
    ebe = margin - external - staff - taxes
    owner = plan.owner_pay * grown
    taxable = ebe - interest - plan.charges.depreciation
    if plan.regime is Regime.COMPANY:
        taxable -= owner
        tax = corporate_tax(taxable, turnover, law, year=plan.first_year + rank)
    else:
        tax = max(taxable, ZERO) * plan.personal_rate
    return PlanYear(
        year=plan.first_year + rank, turnover=turnover, margin=margin, external=external,
        taxes=taxes, staff=staff, ebe=ebe, owner_pay=owner, interest=interest, principal=ZERO, balloon=ZERO,
        depreciation=plan.charges.depreciation, taxable=taxable, tax=tax,
        working_capital_change=ZERO, investment=plan.charges.investment,
        cash_flow=ZERO, cash=ZERO, owed=ZERO,
    )  # fmt: skip


def _flows(activity: Activity, rank: int) -> tuple[Flow, Flow]:
    more, dearer = (ONE + activity.growth) ** rank, (ONE + activity.basket_growth) ** rank
    first, second = (
        replace(flow, invoices=flow.invoices * more, basket=flow.basket * dearer)
        for flow in (activity.prescription, activity.counter)
    )
    return first, second


def _tied_up(plan: Plan, rank: int) -> Decimal:
    flows = _flows(plan.activity, rank)
    turnover = sum((each.sales for each in flows), ZERO) + plan.activity.services
    return turnover * plan.deal.working_capital_days / DAYS
