"""Accounts: years received or entered for a pharmacy, read within the viewer's rights."""

from __future__ import annotations

from galien.usecases.accounts.reading import (
    corrections_of,
    ledger_of,
    pharmacies_with_accounts,
    previous_of,
    rules_of,
    statement_of,
    year_of,
    years,
)

__all__ = [
    "corrections_of",
    "ledger_of",
    "pharmacies_with_accounts",
    "previous_of",
    "rules_of",
    "statement_of",
    "year_of",
    "years",
]
