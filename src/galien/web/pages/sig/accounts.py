"""How the account table of a year is printed: each account, its line, what is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from galien.calculators.accounting.lines import PARENT, destinations
from galien.kernel.errors import InvalidInput
from galien.kernel.glossary import label
from galien.usecases.accounts.mapping import Placed, corrections
from galien.web.components.models import Link, Option, PageHead
from galien.web.gestion import Choice

PREFIX, LINE = "compte", "ligne"
AUTOMATIC = "auto"


@dataclass(frozen=True)
class AccountRow:
    """An account of the table, and the line it is in."""

    placed: Placed
    line: str
    amount: object


def head(choice: Choice) -> PageHead:
    """Return the top of the page."""
    return PageHead(
        "Comptes par ligne",
        when=f"{choice.name} · {choice.when}" if choice.year else choice.name,
        crumbs=(
            Link("Soldes de gestion", f"/gestion/sig?{choice.query}"),
            Link("Comptes par ligne", ""),
        ),
    )


def rows(found: Sequence[Placed]) -> tuple[AccountRow, ...]:
    """Return the rows, what is proposed first, then by number."""
    ordered = sorted(found, key=lambda each: (not each.proposed, each.account))
    return tuple(AccountRow(each, line_label(each.line), each.balance) for each in ordered)


def line_label(code: str) -> str:
    """Return the name of a line, with the one it is part of.

    >>> line_label("purchase_rebates")
    'Achats de marchandises → Rabais obtenus'
    """
    parent = PARENT.get(code)
    return f"{label(parent)} → {label(code)}" if parent else label(code)


def line_options() -> tuple[Option, ...]:
    """Return the lines an account may be sent to, and the way back to the common table."""
    found = [Option(code, line_label(code)) for code in destinations()]
    return (Option(AUTOMATIC, "Table commune (retirer la correction)"), *found)


def own(pharmacy: str) -> tuple[tuple[str, str, str], ...]:
    """Return the corrections of a pharmacy: account, line, who made it and when."""
    return tuple(
        (
            each.prefix,
            line_label(each.line),
            f"{each.changed_by}, {each.changed_at:%d/%m/%Y}".strip(", "),
        )
        for each in corrections(pharmacy)
    )


def given(form: Mapping[str, str]) -> dict[str, str]:
    """Read the correction sent; InvalidInput when a part is missing."""
    prefix, line = form.get(PREFIX, "").strip(), form.get(LINE, "").strip()
    if not prefix or not line:
        raise InvalidInput("Donnez un compte et choisissez sa ligne.")
    return {prefix: "" if line == AUTOMATIC else line}


def said(given: Mapping[str, str]) -> str:
    """Return the sentence that follows a correction."""
    (prefix, line), *_ = given.items()
    if not line:
        return f"Compte {prefix}\u00a0: la table commune s’applique à nouveau."
    return (
        f"Compte {prefix}\u00a0: désormais en «\u00a0{line_label(line)}\u00a0». Soldes recalculés."
    )
