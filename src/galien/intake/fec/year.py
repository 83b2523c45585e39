"""The year of accounts of a ledger file: its days, its opening journal, its totals by account."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import PurePath

from galien.intake.fec.cells import euros
from galien.intake.fec.people import account_number, kept_account, kept_label
from galien.intake.fec.tally import Journal, Sums, Tally
from galien.kernel.french import fold
from galien.kernel.period import month_end
from galien.model.accounts import AccountTotal, Ledger

_NAME = re.compile(r"(?<!\d)(\d{9})_?FEC_?(\d{8})", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|/)(?:__MACOSX/|\.)")
_TEXTS = {".txt", ".csv", ".tsv", ".fec"}
_OPENING_CODE = re.compile(r"r?an[ovrdx]?\d*|a\.n\.?|anouv\w*|ouv\w*|ran\w*|rep|open\w*")
_OPENING_LABEL = re.compile(r"a[ -]?nouveaux?\b|report a nouveau|re-?ouverture|\bouverture|\bouv\b")
BALANCE_SHEET = "12345"
A_FEW = 0.01  # of the lines
FAR = 62  # days


@dataclass(frozen=True)
class Named:
    """What a file's name says by the rule, SIREN + FEC + closing date; empty when it does not."""

    siren: str = ""
    closing: dt.date | None = None

    @property
    def matches(self) -> bool:
        """Tell whether the name is that of the rule."""
        return bool(self.siren)


@dataclass(frozen=True)
class Year:
    """The first and last day of a year of accounts, and the journals that bring balances forward."""

    first_day: dt.date
    last_day: dt.date
    opening: frozenset[int]

    def ledger(self, tally: Tally, siren: str) -> Ledger:
        """Return the totals by account; third parties are merged into their account."""
        merged: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        labels: dict[str, str] = {}
        for journal in tally.journals.values():
            for written, sums in journal.sums.items():
                whole = account_number(written)
                number = kept_account(whole)
                label = kept_label(number, tally.labels.get(whole, ""))
                labels[number] = labels.get(number) or label
                total = merged[number]
                for place, amount in enumerate((*sums[:2], *self._forward(number, journal, sums))):
                    total[place] += amount
        return Ledger(
            siren=siren,
            first_day=self.first_day,
            last_day=self.last_day,
            accounts=tuple(
                AccountTotal(number, labels[number], *map(euros, merged[number]))
                for number in sorted(merged)
            ),
        )

    def _forward(self, number: str, journal: Journal, sums: Sums) -> list[int]:
        """Return the debits and credits brought forward: those of an opening journal, else by label."""
        if number[0] not in BALANCE_SHEET:
            return [0, 0]
        if not self.opening:
            return sums[2:]
        return sums[:2] if journal.order in self.opening else [0, 0]


def named(filename: str) -> Named:
    """Read a file's name.

    >>> named("123456789FEC20180131.txt")
    Named(siren='123456789', closing=datetime.date(2018, 1, 31))
    """
    found = _NAME.search(PurePath(filename.replace("\\", "/")).name)
    if not found:
        return Named()
    try:
        closing = dt.datetime.strptime(found[2], "%Y%m%d").date()
    except ValueError:
        closing = None
    return Named(found[1], closing)


def likely(names: list[str]) -> list[str]:
    """Return which files of an archive may be the ledger: those named by the rule, else the texts.

    >>> likely(["description.pdf", "envoi/fec.txt", "__MACOSX/envoi/._fec.txt"])
    ['envoi/fec.txt']
    """
    seen = [each for each in names if not _HIDDEN.search(each)]
    ruled = [each for each in seen if named(each).matches]
    return ruled or [each for each in seen if PurePath(each).suffix.lower() in _TEXTS]


def year_of(
    tally: Tally,
    name: Named,
    *,
    first_day: dt.date | None = None,
    last_day: dt.date | None = None,
) -> Year:
    """Find the year: as told, else from the file's name and the days of the entries."""
    opening = [each for each in tally.journals.values() if is_opening(each)]
    entries = _usual_days(tally, opening)
    closing = last_day or _closing(entries, name)
    first = first_day or _first_day(entries, closing, opening)
    return Year(first, closing, frozenset(each.order for each in opening))


def _usual_days(tally: Tally, opening: list[Journal]) -> list[dt.date]:
    """Return the days of entries, opening apart, without the few lines that lie far from the others."""
    usual = {
        day for each in tally.journals.values() if each not in opening for day in each.days
    } or {day for each in tally.journals.values() for day in each.days}
    counted = Counter[int]()
    for each in tally.days.values():
        if each and each.ordinal in usual:
            counted[each.ordinal] += each.lines
    days = sorted(counted)
    few = A_FEW * sum(counted.values())
    while len(days) > 1 and days[-1] - days[-2] > FAR and counted[days[-1]] <= max(few, 1):
        days.pop()
    while len(days) > 1 and days[1] - days[0] > FAR and counted[days[0]] <= max(few, 1):
        days.pop(0)
    return [dt.date.fromordinal(each) for each in days]


def is_opening(journal: Journal) -> bool:
    """Tell whether a journal brings balances forward, by its code or its label."""
    code, label = fold(journal.code).strip(), fold(journal.label)
    return bool(_OPENING_CODE.fullmatch(code) or _OPENING_LABEL.search(label))


def _closing(entries: list[dt.date], name: Named) -> dt.date:
    """Return the closing day of the name when the entries can belong to it, else their last month's."""
    last = entries[-1] if entries else name.closing or dt.date(1970, 12, 31)
    fits = name.closing is not None and last <= name.closing < _shifted(last, 12)
    return name.closing if fits and name.closing else month_end(last)


def _first_day(entries: list[dt.date], closing: dt.date, opening: list[Journal]) -> dt.date:
    """Return the first day: twelve months before closing, unless the entries say otherwise."""
    twelve = _shifted(closing, -12) + dt.timedelta(1)
    if not entries:
        return twelve
    begun = entries[0].replace(day=1)
    brought = {day for journal in opening for day in journal.days}
    if len(brought) == 1:
        begun = min(begun, _opening_day(dt.date.fromordinal(brought.pop())))
    if begun > twelve:
        return twelve if opening and len(brought) != 0 else begun
    early = sum(each < twelve for each in entries)
    return twelve if early <= A_FEW * len(entries) else begun


def _opening_day(day: dt.date) -> dt.date:
    """Balances written on the last day of a month open the next."""
    return day + dt.timedelta(1) if day == month_end(day) else day.replace(day=1)


def _shifted(day: dt.date, months: int) -> dt.date:
    """Return the same day of another month; the end of a month stays one."""
    number = day.year * 12 + day.month - 1 + months
    first = dt.date(number // 12, number % 12 + 1, 1)
    end = month_end(first)
    return end if day == month_end(day) else first.replace(day=min(day.day, end.day))
