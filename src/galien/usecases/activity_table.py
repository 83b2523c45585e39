"""The activity summary as people type it or as their software exports it: read, and its total checked."""

from __future__ import annotations

from decimal import Decimal

from galien.calculators.accounting.indicators import TOLERANCE, Activity, ActivityRow
from galien.kernel import french
from galien.kernel.errors import DataRefused, InvalidInput, did_you_mean
from galien.model.enums import SALE_TYPE_LABELS, SALE_TYPES
from galien.usecases.typed_csv import TypedRow, TypedTable

COLUMNS = ("sale_type", "gross_incl", "invoices")
TOTAL = "total"
_NAMES = {french.fold(label): name for name, label in SALE_TYPE_LABELS.items()} | {
    name: name for name in (*SALE_TYPES, TOTAL)
}


def read_activity(
    table: TypedTable, *, clients: int | None = None, fte: Decimal | None = None
) -> Activity:
    """Return the activity of a table of `sale_type,gross_incl,invoices`; a row `total` is checked.

    Raises InvalidInput for an unknown type or a number that is not one, DataRefused when the printed
    total is further than a thousandth from the sum of the types.
    """
    if clients is not None and clients < 1:
        raise InvalidInput("Le nombre de clients est un nombre entier d’au moins 1.")
    rows: dict[str, ActivityRow] = {}
    for each in table.rows:
        row = _row(each)
        if row.sale_type in rows:
            raise InvalidInput(
                f"Ligne {each.line} : le type « {row.sale_type} » est déjà donné. Une ligne par type."
            )
        rows[row.sale_type] = row
    printed = rows.pop(TOTAL, None)
    if not rows:
        raise InvalidInput(
            "Le bilan d’activité n’a aucune ligne : donnez une ligne par type de vente."
        )
    activity = Activity(tuple(rows.values()), clients=clients, fte=fte, printed=printed)
    if not activity.adds_up():
        raise DataRefused(gap_sentence(activity))
    return activity


def _row(row: TypedRow) -> ActivityRow:
    text = row.cells.get("sale_type", "")
    name = _NAMES.get(french.fold(text).strip())
    if name is None:
        near = did_you_mean(text, (*SALE_TYPES, TOTAL))
        raise InvalidInput(f"Ligne {row.line} : type de vente inconnu, « {text} ». {near}")
    gross, invoices = row.number("gross_incl"), row.count("invoices")
    if gross is None or invoices is None:
        raise InvalidInput(
            f"Ligne {row.line} : il manque le montant ou le nombre de factures. Écrivez 0 s’il n’y en "
            "a pas."
        )
    return ActivityRow(name, gross, invoices)


def gap_sentence(activity: Activity) -> str:
    """Say how far the printed total is from the sum of the types; empty when they are equal."""
    gap, printed = activity.printed_gap(), activity.printed
    if not gap or printed is None:
        return ""
    whole = printed.gross_incl - gap
    verdict = "toléré" if activity.adds_up() else "corrigez les lignes ou le total"
    return (
        f"Les types font {french.amount(whole)} et le total imprimé {french.amount(printed.gross_incl)} : "
        f"écart de {french.amount(gap)}, {verdict} (limite {french.percent(TOLERANCE, 1)}). Les indicateurs "
        "sont ceux de la somme des types."
    )
