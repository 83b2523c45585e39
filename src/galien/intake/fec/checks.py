"""Checks of a ledger file, as the tax rule makes them, and of its balance as a whole."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from galien.intake.fec.cells import euros
from galien.intake.fec.decode import LedgerText
from galien.intake.fec.layout import COLUMNS, Layout
from galien.intake.fec.notes import Remarks
from galien.intake.fec.tally import Tally
from galien.intake.fec.year import Named, Year
from galien.kernel import french
from galien.kernel.codes import luhn_ok

_NUMBERED = re.compile(r"(.*?)(\d+)\s*")


def totals(tally: Tally) -> tuple[int, int]:
    """Return all debits and all credits of what was counted, in ten-thousandths of a euro."""
    sums = [each for journal in tally.journals.values() for each in journal.sums.values()]
    return sum(each[0] for each in sums), sum(each[1] for each in sums)


def file(layout: Layout, text: LedgerText, remarks: Remarks) -> None:
    """Check the columns, the separator and the encoding."""
    for code, (column, message) in _columns(layout):
        remarks.file(code, message, column=column)
    if layout.separator not in {"\t", "|"}:
        remarks.file("SEPARATOR", "Le séparateur n’est ni la tabulation ni la barre verticale.")
    if text.mixed:
        remarks.file(
            "ENCODING_MIXED",
            f"{text.mixed} lignes ne sont pas dans l’encodage du reste du fichier : leurs accents ont "
            "été devinés.",
        )


def _columns(layout: Layout) -> Iterator[tuple[str, tuple[str, str]]]:
    if not layout.is_header:
        yield "HEADER_MISSING", ("", "Pas d’en-tête : les colonnes sont lues dans l’ordre du FEC.")
    for name in layout.absent:
        yield (
            "COLUMN_MISSING",
            (name, f"La colonne {name} manque : l’administration refuserait ce fichier."),
        )
    for name in layout.doubled:
        yield (
            "COLUMN_DOUBLED",
            (name, f"La colonne {name} est deux fois dans l’en-tête : la première est lue."),
        )
    if layout.unknown:
        listed = ", ".join(each or "(sans nom)" for each in layout.unknown[:8])
        yield "COLUMN_UNKNOWN", ("", f"Colonnes hors du FEC, qui ne sont pas lues : {listed}.")
    if layout.is_header and not layout.exact:
        names = ", ".join(COLUMNS)
        yield (
            "COLUMN_NAME",
            ("", f"Des noms de colonnes ont été reconnus sans être exacts. Attendus : {names}."),
        )
    if not layout.in_order:
        yield "COLUMN_ORDER", ("", "Les colonnes ne sont pas dans l’ordre du FEC.")


def lines(tally: Tally, year: Year, name: Named) -> None:
    """Check what only shows once every line is read."""
    _name(tally, year, name)
    _balance(tally)
    _dates(tally, year)
    _numbers(tally)
    _amounts(tally)
    if tally.unvalidated:
        tally.remarks.file(
            "VALID_DATE_EMPTY",
            f"ValidDate est vide sur {french.number(tally.unvalidated)} lignes : ces écritures ne sont "
            "pas validées.",
            column="ValidDate",
        )


def _name(tally: Tally, year: Year, name: Named) -> None:
    if not name.matches:
        tally.remarks.file("FILE_NAME", "Le nom du fichier n’est pas celui de la règle : SIREN, puis "
                           "FEC, puis la date de clôture (123456789FEC20251231.txt).")  # fmt: skip
    elif name.closing != year.last_day:
        said = f"{name.closing:%d/%m/%Y}" if name.closing else "illisible"
        tally.remarks.file("FILE_NAME_DATE", f"La date de clôture du nom du fichier ({said}) n’est pas "
                           f"celle que disent les écritures ({year.last_day:%d/%m/%Y}).")  # fmt: skip
    if name.siren.strip("0") and not luhn_ok(name.siren):
        tally.remarks.file("SIREN", "Le SIREN du nom du fichier n’a pas une clé juste.")


def _balance(tally: Tally) -> None:
    debit, credit = totals(tally)
    if debit != credit:
        tally.remarks.file(
            "UNBALANCED",
            f"Le fichier n’est pas équilibré : débits {french.amount(euros(debit))}, crédits "
            f"{french.amount(euros(credit))}, écart {french.amount(euros(debit - credit))}.",
            severity="error",
        )
    if tally.unread:
        tally.remarks.file("LINES_NOT_COUNTED", f"{french.number(tally.unread)} lignes n’ont pas pu "
                           "être comptées : les soldes en sont faussés.", severity="error")  # fmt: skip
    for balance, line in tally.entries.values():
        if balance:
            tally.remarks.line(line, "Debit", "ENTRY_UNBALANCED", french.amount(euros(balance)))


def _dates(tally: Tally, year: Year) -> None:
    for each in tally.days.values():
        if each and not year.first_day <= each.date <= year.last_day:
            plural = "s" if each.lines > 1 else ""
            said = f"{each.date:%d/%m/%Y}, {french.number(each.lines)} ligne{plural}"
            tally.remarks.line(each.first_line, "EcritureDate", "DATE_OUTSIDE", said)


def _amounts(tally: Tally) -> None:
    if "." in tally.amounts.marks:
        tally.remarks.file("DECIMAL_POINT", "Les montants s’écrivent avec un point : la règle veut une "
                           "virgule.")  # fmt: skip
    if tally.sides_signed:
        tally.remarks.file("SIGNED_TWICE", "Les crédits portent un signe moins en plus du sens C : ils "
                           "sont lus comme des crédits.", column="Montant")  # fmt: skip
    if tally.amounts.odd:
        tally.remarks.file("AMOUNT_FORM", "Des montants portent des espaces, des séparateurs de "
                           "milliers ou des signes : ils ont été lus.")  # fmt: skip


def _numbers(tally: Tally) -> None:
    """Check that entry numbers follow one another, in the whole file or within each journal."""
    numbers = {number.strip() for _, number in tally.entries}
    if numbers <= {"", "0"}:
        tally.remarks.file("ENTRY_NUMBER", "EcritureNum est vide ou nul partout : les écritures ne "
                           "peuvent pas être suivies une à une.", column="EcritureNum")  # fmt: skip
        return
    series: dict[tuple[int, str], set[int]] = defaultdict(set)
    for order, number in tally.entries:
        found = _NUMBERED.fullmatch(number.strip())
        if found:
            series[order, found[1]].add(int(found[2]))
    together = (
        _gaps(set().union(*series.values())) if len({key[1] for key in series}) == 1 else None
    )
    apart = sum(_gaps(each) for each in series.values())
    gaps = apart if together is None else min(apart, together)
    if gaps:
        tally.remarks.file("SEQUENCE", f"La suite des numéros d’écriture a {french.number(gaps)} trous : "
                           "la règle veut une numérotation continue.", column="EcritureNum")  # fmt: skip


def _gaps(numbers: Iterable[int]) -> int:
    return sum(after > before + 1 for before, after in itertools.pairwise(sorted(numbers)))
