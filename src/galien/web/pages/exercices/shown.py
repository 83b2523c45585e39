"""How years of accounts are printed: the list, a year's counts, the remarks on its file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from galien.kernel import french
from galien.model.accounts import Ledger
from galien.records.models import AccountingYear
from galien.web.components.models import Link, PageHead, Row, TableModel, Tone
from galien.web.gestion import Choice, year_label
from galien.web.lists import (
    badge,
    code,
    count,
    counted,
    link,
    moment,
    plain_table,
    text,
    wrapped,
)

Origin = AccountingYear.Origin


def years_table(years: Sequence[AccountingYear]) -> TableModel:
    """Return the list of years, by pharmacy, the last first."""
    columns = (
        text("pharmacy", "Pharmacie"),
        text("year", "Exercice"),
        text("origin", "Origine"),
        count("lines", "Lignes"),
        text("issues", "Contrôle"),
        text("received", "Reçu"),
        text("sig", "Soldes"),
    )
    rows = (
        Row((
            str(each.pharmacy), link(year_label(each), f"/gestion/exercices/detail?{_query(each)}"),
            "FEC" if each.origin == Origin.FEC else "Saisie", each.lines or None, _state(each),
            f"{moment(each.received_at)} · {each.received_by}".strip(" ·"),
            link("Voir", f"/gestion/sig?{_query(each)}"),
        ))
        for each in years
    )  # fmt: skip
    return plain_table(
        "Exercices reçus", columns, rows, noun=("exercice", "exercices"), identity="exercices"
    )


def _query(year: AccountingYear) -> str:
    return f"pharmacie={year.pharmacy_id}&exercice={year.last_day.isoformat()}"


def _state(year: AccountingYear) -> object:
    if any(each.get("severity") == "error" for each in year.issues):
        return badge("À vérifier", Tone.ERROR)
    if year.issues:
        return badge(counted(len(year.issues), "remarque", "remarques"), Tone.WARNING)
    return badge("Conforme" if year.origin == Origin.FEC else "Saisi", Tone.GOOD)


def received(year: AccountingYear) -> str:
    """Return the sentence that greets a year kept."""
    lines = f", {counted(year.lines, 'ligne', 'lignes')}" if year.lines else ""
    issues = f", {counted(len(year.issues), 'remarque', 'remarques')}" if year.issues else ""
    return f"Exercice {year_label(year)} de {year.pharmacy} enregistré{lines}{issues}."


def head(choice: Choice) -> PageHead:
    """Return the top of a year's page."""
    return PageHead(
        f"Exercice {choice.when}",
        when=choice.name,
        crumbs=(Link("Exercices comptables", "/gestion/exercices"), Link(choice.when, "")),
    )


def by_hand_head(choice: Choice) -> PageHead:
    """Return the top of the form typed by hand."""
    return PageHead(
        "Saisir un exercice",
        when=choice.name,
        note="Les montants en euros, positifs ; laissez vide ce que vous n’avez pas",
        crumbs=(Link("Exercices comptables", "/gestion/exercices"), Link("Saisie", "")),
    )


def counts(year: AccountingYear) -> list[tuple[str, object]]:
    """Return what was counted in the file."""
    if year.origin == Origin.MANUAL:
        return [("Origine", "Saisie manuelle")]
    return [
        ("Écritures", french.number(year.entries)),
        ("Lignes", french.number(year.lines)),
        ("Remarques", french.number(len(year.issues))),
        ("Fichier", year.filename),
        ("Empreinte", code(year.sha256[:16])),
    ]


def facts(year: AccountingYear, ledger: Ledger) -> list[tuple[str, object]]:
    """Return the year's days, balance and origin."""
    debit = sum((each.debit for each in ledger.accounts), Decimal(0))
    credit = sum((each.credit for each in ledger.accounts), Decimal(0))
    return [
        ("SIREN", year.siren or "Non précisé"),
        ("Durée", counted(ledger.months, "mois", "mois")),
        ("Comptes", french.number(len(ledger.accounts))),
        ("Débits", french.amount(debit)),
        ("Crédits", french.amount(credit)),
        ("Reçu", f"{moment(year.received_at)}, {year.received_by}".strip(", ")),
    ]


def issues(year: AccountingYear) -> TableModel | None:
    """Return the remarks on the file; None when there is none."""
    if not year.issues:
        return None
    columns = (
        text("line", "Ligne"), text("column", "Colonne"), text("code", "Code"),
        text("message", "Remarque"),
    )  # fmt: skip
    rows = (
        Row((
            french.number(each["line"]) if each["line"] else "Fichier",
            each["column"], code(each["code"]), wrapped(each["message"]),
        ))
        for each in year.issues
    )  # fmt: skip
    return plain_table(
        "Remarques", columns, rows, noun=("remarque", "remarques"), identity="remarques"
    )
