"""Which line each account goes to: declared by version of the chart of accounts, corrected by firm."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from galien.calculators.accounting.lines import PARENT, destinations, side_of
from galien.kernel.errors import InvalidInput, did_you_mean
from galien.kernel.french import fold
from galien.model.accounts import AccountTotal

_FOLDER = "galien.calculators.accounting"
_DIGITS = re.compile(r"\d{1,30}")


@dataclass(frozen=True)
class Refinement:
    """How the accounts of a line are shared among its details, and where the rest goes."""

    by_label: tuple[tuple[str, re.Pattern[str]], ...]
    by_number: tuple[tuple[str, re.Pattern[str]], ...]
    otherwise: str

    def detail(self, label: str, rest: str) -> str:
        """Return the detail of an account; `label` is folded, `rest` follows the prefix."""
        for code, pattern in self.by_label:
            if pattern.search(label):
                return code
        for code, pattern in self.by_number:
            if pattern.fullmatch(rest):
                return code
        return self.otherwise


@dataclass(frozen=True)
class Rules:
    """The account table of a version of the chart, with the corrections of a firm over it.

    `accounts` maps prefixes to lines or details; `own` holds the firm's corrections, which win over
    a shorter or equal prefix of the version; `gone` are prefixes that the version no longer has.
    """

    since: dt.date
    source: str
    accounts: Mapping[str, str]
    transfers: str
    gone: tuple[str, ...]
    details: Mapping[str, Refinement]
    themes: Mapping[str, re.Pattern[str]]
    owners: OwnerWords
    own: Mapping[str, str]

    def line_of(self, account: str, label: str = "") -> str:
        """Return the line or detail of an account of class 6 or 7.

        >>> rules = rules_for(dt.date(2017, 2, 1))
        >>> rules.line_of("607021", ""), rules.line_of("79164100"), rules.line_of("6037")
        ('goods_purchased_2_1', 'salaries', 'stock_change')
        """
        own = _longest(self.own, account)
        if own:
            return self._refined(self.own[own], own, account, label)
        charge = account.removeprefix(self.transfers)
        if charge != account and charge.startswith("6"):
            return self.line_of(charge, label)
        prefix = _longest(self.accounts, account)
        if not prefix:
            raise InvalidInput(f"Le compte {account} n’est ni une charge ni un produit.")
        return self._refined(self.accounts[prefix], prefix, account, label)

    def theme_of(self, account: str, label: str) -> str:
        """Return what an income account pays for beside sales; empty for the rest."""
        if not account.startswith("7"):
            return ""
        words = fold(label)
        return next((name for name, found in self.themes.items() if found.search(words)), "")

    def speaks_of_owner(self, account: AccountTotal) -> bool:
        """Tell whether an account's label names an owner, while its line is another."""
        return self.owners.fit(account) and (
            self.line_of(account.account, account.label) != "owner_costs"
        )

    def is_gone(self, account: str) -> bool:
        """Tell whether the version of the chart has dropped this account."""
        return account.startswith(self.gone) if self.gone else False

    def corrected(self, corrections: Mapping[str, str]) -> Rules:
        """Return the rules with a firm's corrections: line or detail by account prefix.

        Raises InvalidInput for a prefix that is no charge or income, or an unknown line.
        """
        for prefix, line in corrections.items():
            check_correction(prefix, line)
        return replace(self, own={**self.own, **corrections})

    def _refined(self, line: str, prefix: str, account: str, label: str) -> str:
        refinement = self.details.get(line)
        if refinement is None:
            return line
        return refinement.detail(fold(label), account[len(prefix) :])


@dataclass(frozen=True)
class OwnerWords:
    """The words of labels that speak of an owner's pay or contributions, and the accounts to look at."""

    within: tuple[str, ...]
    label: re.Pattern[str]
    but: re.Pattern[str]

    def fit(self, account: AccountTotal) -> bool:
        """Tell whether an account is one of those, by its number and label."""
        words = fold(account.label)
        return bool(
            account.account.startswith(self.within)
            and self.label.search(words)
            and not self.but.search(words)
        )


def rules_for(opened: dt.date, corrections: Mapping[str, str] | None = None) -> Rules:
    """Return the rules of a year of accounts opened on a day, with a firm's corrections.

    >>> rules_for(dt.date(2024, 7, 1)).gone, rules_for(dt.date(2025, 1, 1)).gone
    ((), ('79',))
    """
    known = versions()
    found = [each for each in known if each.since <= opened] or known[:1]
    return found[-1].corrected(corrections or {})


def check_correction(prefix: str, line: str) -> None:
    """Raise InvalidInput when a correction names no charge or income, or no line of the statement."""
    if not _DIGITS.fullmatch(prefix) or prefix[0] not in "67":
        raise InvalidInput(
            f"Correspondance des comptes : « {prefix[:30]} » n’est pas un compte de charge ou de "
            "produit. Donnez les premiers chiffres d’un compte des classes 6 ou 7.",
            code="ACCOUNT",
        )
    if line not in destinations():
        raise InvalidInput(
            f"Correspondance des comptes : ligne « {line[:60]} » inconnue pour le compte {prefix}. "
            + did_you_mean(line, destinations()),
            code="LINE",
        )


@cache
def versions() -> tuple[Rules, ...]:
    """Return every version of the table, the oldest first."""
    folder = files(_FOLDER) / "charts"
    texts = {
        each.name.removesuffix(".yaml"): each.read_text(encoding="utf-8")
        for each in folder.iterdir()
        if each.name.endswith(".yaml")
    }
    declared = {name: yaml.safe_load(text) for name, text in texts.items()}
    made = [_rules(_whole(each, declared)) for each in declared.values()]
    return tuple(sorted(made, key=lambda rules: rules.since))


def _whole(declared: dict[str, Any], others: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a declaration with what it leaves unsaid taken from the one it is based on."""
    if "based_on" not in declared:
        return declared
    base = _whole(others[str(declared["based_on"])], others)
    return {**base, **declared, "accounts": {**base["accounts"], **declared["accounts"]}}


def _rules(declared: dict[str, Any]) -> Rules:
    for line in declared["accounts"].values():
        side_of(line)
    owners = declared["owners"]
    return Rules(
        since=declared["since"],
        source=declared["source"],
        accounts=declared["accounts"],
        transfers=declared["transfers"],
        gone=tuple(declared["gone"]),
        details={line: _refinement(each) for line, each in declared["details"].items()},
        themes={name: re.compile(text) for name, text in declared["themes"].items()},
        owners=OwnerWords(
            tuple(owners["within"]), re.compile(owners["label"]), re.compile(owners["but"])
        ),
        own={},
    )


def _refinement(declared: dict[str, Any]) -> Refinement:
    def patterns(part: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        for code in declared[part]:
            PARENT[code]
        return tuple((code, re.compile(text)) for code, text in declared[part].items())

    return Refinement(patterns("by_label"), patterns("by_number"), declared["otherwise"])


def _longest(prefixes: Mapping[str, str], account: str) -> str:
    return next(
        (account[:size] for size in range(len(account), 0, -1) if account[:size] in prefixes), ""
    )
