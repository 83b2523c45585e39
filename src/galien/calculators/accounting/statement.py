"""The management balances (SIG) of a year of accounts, each line with its accounts beneath it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from galien.calculators.accounting.lines import BY_CODE, CODES, LINES, THEMES, Line, side_of
from galien.calculators.accounting.rules import Rules
from galien.kernel.errors import InternalError
from galien.kernel.glossary import label
from galien.model.accounts import ZERO, AccountTotal, Ledger, total

PROFIT_AND_LOSS = ("6", "7")
TWELVE = Decimal(12)


@dataclass(frozen=True)
class LineAccount:
    """An account beneath a line: its amount counted the line's way, and the year before's, in euros."""

    account: str
    label: str
    amount: Decimal
    previous: Decimal | None = None


@dataclass(frozen=True)
class StatementLine:
    """A line: amount in euros (charges positive, results signed), share of turnover as a ratio.

    `previous` and `previous_share` are None when there is no year before; shares also when there is
    no turnover. `details` are the parts of the line that have accounts.
    """

    code: str
    amount: Decimal
    share: Decimal | None
    previous: Decimal | None
    previous_share: Decimal | None
    accounts: tuple[LineAccount, ...]
    details: tuple[StatementLine, ...] = ()

    @property
    def label(self) -> str:
        """Return the French name of the line."""
        return label(self.code)

    @property
    def evolution(self) -> Decimal | None:
        """Return the change from the year before as a ratio; None when it is undefined."""
        if not self.previous:
            return None
        return (self.amount - self.previous) / abs(self.previous)


@dataclass(frozen=True)
class Statement:
    """The management balances of a year beside those of the year before."""

    first_day: dt.date
    last_day: dt.date
    months: int
    lines: tuple[StatementLine, ...]
    amounts: Mapping[str, Decimal]
    previous_amounts: Mapping[str, Decimal] | None = None
    previous_last_day: dt.date | None = None
    annualised: bool = False

    def amount(self, code: str) -> Decimal:
        """Return the amount of a line, a detail or a theme, in euros, exact; 0 without accounts."""
        return _of(self.amounts, code)

    def previous(self, code: str) -> Decimal | None:
        """Return the same of the year before; None when there is none."""
        return None if self.previous_amounts is None else _of(self.previous_amounts, code)

    def line(self, code: str) -> StatementLine:
        """Return a line by its code."""
        return self._by_code[code]

    def rate(self, code: str, base: str = "turnover") -> Decimal | None:
        """Return a line over another as a ratio; None when the base is nil."""
        return _ratio(self.amount(code), self.amount(base))

    @cached_property
    def _by_code(self) -> dict[str, StatementLine]:
        return {each.code: each for each in self.lines}


def statement(
    ledger: Ledger,
    rules: Rules,
    previous: Ledger | None = None,
    *,
    previous_rules: Rules | None = None,
) -> Statement:
    """Compute the management balances of a year, and of the year before when it is given.

    `previous_rules` are those of the year before when the chart of accounts changed between.

    Equations: commercial margin = goods sold − (purchases + stock change); value added = commercial
    margin + production − external charges; EBE = value added + 74 − taxes − staff; net result =
    class 7 − class 6, whatever the corrections of the rules. Source: plan comptable général.
    """
    accounts = _placed(ledger, rules)
    past_rules = previous_rules or rules
    before = _placed(previous, past_rules) if previous else None
    amounts = _amounts(accounts)
    past = _amounts(before) if before is not None else None
    shown = _Shown(accounts, before or {}, amounts, past)
    return Statement(
        first_day=ledger.first_day,
        last_day=ledger.last_day,
        months=ledger.months,
        lines=tuple(shown.line(line) for line in LINES),
        amounts={**amounts, **_themes(ledger, rules)},
        previous_amounts=None if past is None else {**past, **_themes(previous, past_rules)},
        previous_last_day=previous.last_day if previous else None,
    )


def annualised(ledger: Ledger) -> Ledger:
    """Return the ledger as if its year had twelve months: charges and income in proportion.

    Balance-sheet accounts stay as they are. Stock changes are scaled as the rest, a convention.
    """
    factor = TWELVE / ledger.months

    def scaled(each: AccountTotal) -> AccountTotal:
        if not each.account.startswith(PROFIT_AND_LOSS):
            return each
        return replace(each, debit=each.debit * factor, credit=each.credit * factor)

    return replace(ledger, accounts=tuple(scaled(each) for each in ledger.accounts))


Placed = dict[str, list[AccountTotal]]


def _placed(ledger: Ledger, rules: Rules) -> Placed:
    """Return the accounts of charges and income by the line or detail they go to."""
    found: Placed = defaultdict(list)
    for each in ledger.under(*PROFIT_AND_LOSS):
        found[rules.line_of(each.account, each.label)].append(each)
    return found


def _amounts(accounts: Mapping[str, Iterable[AccountTotal]]) -> dict[str, Decimal]:
    amounts = {code: _counted(code, found) for code, found in accounts.items()}
    for line in LINES:
        own = amounts.get(line.code, ZERO) + total(_of(amounts, each) for each in line.details)
        added = total(amounts[each] for each in line.plus)
        taken = total(amounts[each] for each in line.minus)
        amounts[line.code] = own + added - taken
    return amounts


def _counted(code: str, accounts: Iterable[AccountTotal]) -> Decimal:
    return total(_way(code, each) for each in accounts)


def _way(code: str, account: AccountTotal) -> Decimal:
    return account.balance * side_of(code)


def _themes(ledger: Ledger | None, rules: Rules) -> dict[str, Decimal]:
    """Return what the health insurance pays beside sales, and turnover with it, in euros."""
    amounts = dict.fromkeys(THEMES, ZERO)
    outside = ZERO
    for each in ledger.under("7") if ledger else ():
        theme = rules.theme_of(each.account, each.label)
        if theme:
            amounts[theme] -= each.balance
            in_turnover = rules.line_of(each.account, each.label).startswith(
                ("production", "goods")
            )
            outside -= ZERO if in_turnover else each.balance
    return {**amounts, "payments_outside_turnover": outside}


def _of(amounts: Mapping[str, Decimal], code: str) -> Decimal:
    if code not in amounts:
        try:
            side_of(code)
        except KeyError as error:
            raise InternalError(f"Ligne inconnue des soldes de gestion : {code}.") from error
    return amounts.get(code, ZERO)


def _ratio(amount: Decimal, base: Decimal) -> Decimal | None:
    return amount / base if base else None


@dataclass(frozen=True)
class _Shown:
    """What lines are printed from: accounts and amounts of the two years."""

    accounts: Placed
    before: Placed
    amounts: Mapping[str, Decimal]
    past: Mapping[str, Decimal] | None

    def line(self, line: Line) -> StatementLine:
        details = tuple(
            self._one(code, (code,))
            for code in line.details
            if self.accounts.get(code) or self.before.get(code)
        )
        return replace(self._one(line.code, self._beneath(line.code)), details=details)

    def _beneath(self, code: str) -> tuple[str, ...]:
        """Return the lines and details whose accounts a line holds of its own."""
        return (code, *BY_CODE[code].details)

    def _one(self, code: str, places: tuple[str, ...]) -> StatementLine:
        amount = _of(self.amounts, code)
        past = None if self.past is None else _of(self.past, code)
        return StatementLine(
            code=code,
            amount=amount,
            share=_ratio(amount, self.amounts["turnover"]),
            previous=past,
            previous_share=(
                None if self.past is None or past is None else _ratio(past, self.past["turnover"])
            ),
            accounts=self._listed(places),
        )

    def _listed(self, places: tuple[str, ...]) -> tuple[LineAccount, ...]:
        now = {
            each.account: (each, place) for place in places for each in self.accounts.get(place, ())
        }
        then = {
            each.account: (each, place) for place in places for each in self.before.get(place, ())
        }
        listed = []
        for number in sorted({*now, *then}):
            name = (now.get(number) or then[number])[0].label
            amount = _way(now[number][1], now[number][0]) if number in now else ZERO
            past = _way(then[number][1], then[number][0]) if number in then else ZERO
            listed.append(LineAccount(number, name, amount, None if self.past is None else past))
        return tuple(listed)


__all__ = ["CODES", "LineAccount", "Statement", "StatementLine", "annualised", "statement"]
