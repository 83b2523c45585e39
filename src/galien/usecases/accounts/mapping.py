"""A pharmacy's own account table: what is proposed from labels, what its people corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from galien.calculators.accounting.rules import check_correction
from galien.kernel.errors import InvalidInput
from galien.model.viewer import Viewer
from galien.records.models import AccountingYear, AccountRule
from galien.usecases import access_log
from galien.usecases.accounts.reading import ledger_from, rules_of
from galien.usecases.accounts.writing import check_may_write
from galien.usecases.services import Services

OWNER = "owner_costs"


@dataclass(frozen=True)
class Placed:
    """An account of a year: its amount (debits less credits, euros), its line, the line proposed.

    `corrected` tells that the pharmacy chose the line; `gone` that the chart of the year has no such
    account any more.
    """

    account: str
    label: str
    balance: Decimal
    line: str
    proposed: str = ""
    corrected: bool = False
    gone: bool = False


def placed(year: AccountingYear) -> list[Placed]:
    """Return every account of charges and income of a year with its line, by number."""
    rules = rules_of(year)
    found = []
    for each in ledger_from(year).under("6", "7"):
        own = any(each.account.startswith(prefix) for prefix in rules.own)
        proposed = OWNER if not own and rules.speaks_of_owner(each) else ""
        found.append(
            Placed(
                account=each.account,
                label=each.label,
                balance=each.balance,
                line=rules.line_of(each.account, each.label),
                proposed=proposed,
                corrected=own,
                gone=rules.is_gone(each.account),
            )
        )
    return found


def proposals(year: AccountingYear) -> list[Placed]:
    """Return the accounts whose label speaks of an owner while their line is another."""
    return [each for each in placed(year) if each.proposed]


def corrections(pharmacy: str) -> list[AccountRule]:
    """Return what a pharmacy corrected, by account."""
    return list(AccountRule.objects.filter(pharmacy=pharmacy))


def correct(
    viewer: Viewer, pharmacy: str, chosen: Mapping[str, str], *, services: Services
) -> None:
    """Keep corrections, line or detail by account prefix; an empty line takes a correction away.

    Raises NotAllowed when the pharmacy's accounts are not the viewer's to change, InvalidInput for an
    account or a line that does not exist.
    """
    check_may_write(viewer, pharmacy)
    for prefix, line in chosen.items():
        if line:
            check_correction(prefix, line)
    if not chosen:
        raise InvalidInput("Choisissez au moins un compte et sa ligne.")
    with transaction.atomic():
        for prefix, line in chosen.items():
            AccountRule.objects.filter(pharmacy=pharmacy, prefix=prefix).delete()
            if line:
                AccountRule.objects.create(
                    pharmacy_id=pharmacy, prefix=prefix, line=line, changed_by=viewer.name[:150]
                )
    access_log.note(
        access_log.SEND,
        "Correspondance des comptes",
        viewer,
        services=services,
        pharmacies=[pharmacy],
    )
