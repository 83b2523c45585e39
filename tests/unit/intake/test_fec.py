"""Ledger files, line by line: odd ones are read or remarked on, none is lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from galien.intake import FecReading, read_fec
from galien.kernel.errors import DataRefused
from galien.usecases.ledger_files import ledger_in
from tests.builders.fec import FIRST, LAST, NAME, Line, Style, case_1171, written

ROWS = written(case_1171()).decode().splitlines()


def read(text: str | bytes, name: str = NAME) -> FecReading:
    data = text.encode() if isinstance(text, str) else text
    return read_fec(io.BytesIO(data), filename=name, isolated=False)


def codes(found: FecReading) -> set[str]:
    return {issue.code for issue in found.issues}


def changed(row: int, place: int, value: str) -> FecReading:
    """Read the case with one cell changed."""
    rows = [each.split("\t") for each in ROWS]
    rows[row][place] = value
    return read("\n".join("\t".join(each) for each in rows))


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (1, "", "EMPTY"),
        (3, "20171399", "DATE"),
        (3, "20190115", "DATE_OUTSIDE"),
        (4, "", "ACCOUNT"),
        (4, "60", "ACCOUNT_FORM"),
        (4, "TOTAL", "ACCOUNT"),
        (9, "hier", "DATE"),
        (10, "", "EMPTY"),
        (12, "1,00", "BOTH_SIDES"),
        (15, "", "VALID_DATE_EMPTY"),
    ],
)
def test_a_fault_that_leaves_the_amount_is_said_and_the_line_counted(
    place: int, value: str, code: str
) -> None:
    found = changed(5, place, value)
    assert code in codes(found)
    assert found.unread == 0


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [(11, "douze", "AMOUNT"), (12, "1,2,3-4", "AMOUNT")],
)
def test_a_line_that_cannot_be_counted_is_said_with_its_place(
    place: int, value: str, code: str
) -> None:
    found = changed(5, place, value)
    assert (found.unread, found.balanced) == (1, False)
    assert {"LINES_NOT_COUNTED", "UNBALANCED", code} <= codes(found)
    assert next(each.line for each in found.issues if each.code == code) == 6


def test_a_separator_inside_a_label_is_mended() -> None:
    rows = written(case_1171(), Style(separator="|")).decode().splitlines()
    rows[5] = rows[5].replace("Écriture", "Écriture | suite")
    found = read("\n".join(rows))
    assert "ROW_LONG" in codes(found)
    assert found.ledger == read("\n".join(ROWS)).ledger


def test_a_gap_in_the_numbers_is_said() -> None:
    lines = [each for each in case_1171() if each.number != "9"]
    assert "SEQUENCE" in codes(read(written(lines)))


def test_a_file_without_a_header_is_read_in_the_order_of_the_rule() -> None:
    found = read("\n".join(ROWS[1:]))
    assert "HEADER_MISSING" in codes(found)
    assert found.lines == len(ROWS) - 1
    assert found.ledger == read("\n".join(ROWS)).ledger


def test_columns_of_fixed_width_are_read() -> None:
    cells = [row.split("\t") for row in ROWS]
    text = "\n".join("".join(cell.ljust(40) for cell in row) for row in cells)
    assert read(text).ledger == read("\n".join(ROWS)).ledger


def test_the_order_of_columns_does_not_matter() -> None:
    cells = [row.split("\t")[::-1] for row in ROWS]
    found = read("\n".join("\t".join(row) for row in cells))
    assert "COLUMN_ORDER" in codes(found)
    assert found.ledger == read("\n".join(ROWS)).ledger


@given(some.permutations(ROWS[1:]))
def test_the_order_of_lines_does_not_matter(rows: list[str]) -> None:
    assert read("\n".join([ROWS[0], *rows])).ledger == read("\n".join(ROWS)).ledger


@given(some.lists(some.decimals(Decimal("-99999.99"), Decimal("99999.99"), places=2), max_size=20))
def test_every_amount_written_is_read_back(amounts: list[Decimal]) -> None:
    lines = [Line("OD", "1", FIRST, "707000", "Ventes", each) for each in amounts]
    for style in (Style(), replace(Style(), sides=("D", "C"), thousands=" ")):
        found = read(written(lines, style))
        assert found.lines == len(amounts)
        assert ledger_in(found).balance("707") == sum(amounts)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 ...", b"bonjour\n", b"a;b;c\n1;2;3\n"])
def test_what_is_no_ledger_is_refused_with_its_reason(content: bytes) -> None:
    found = read(content)
    assert found.ledger is None
    assert len(found.issues) == 1
    with pytest.raises(DataRefused):
        ledger_in(found)


def test_a_header_without_accounts_is_refused() -> None:
    rows = [row.split("\t") for row in ROWS]
    text = "\n".join("\t".join(row[:4] + row[5:]) for row in rows)
    assert codes(read(text)) == {"FEC_COLUMN"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("compta.txt", {"FILE_NAME"}),
        ("123456782FEC20171231.txt", {"FILE_NAME_DATE"}),
        ("123456789FEC20180131.txt", {"SIREN"}),
    ],
)
def test_the_file_s_name_is_only_remarked_on(name: str, expected: set[str]) -> None:
    found = read("\n".join(ROWS), name)
    assert codes(found) == expected
    assert ledger_in(found).last_day == LAST


def test_third_parties_lose_their_names() -> None:
    lines = [
        Line("VE", "1", FIRST, "411DUPONT", "Dupont Jeanne", Decimal(10)),
        Line("VE", "1", FIRST, "411MARTIN", "Martin Paul", Decimal(5)),
        Line("VE", "1", FIRST, "707000", "Ventes", Decimal(-15)),
    ]
    kept = ledger_in(read(written(lines))).accounts
    assert [(each.account, each.label, each.balance) for each in kept] == [
        ("411", "Clients", Decimal(15)),
        ("707000", "Ventes", Decimal(-15)),
    ]


def test_a_missing_file_is_the_user_s_mistake(tmp_path: Path) -> None:
    from galien.kernel.errors import InvalidInput
    from galien.usecases.ledger_files import read_file

    with pytest.raises(InvalidInput):
        read_file(tmp_path / "rien.txt")


WHOLE = read("\n".join(ROWS))


def same_accounts(found: FecReading) -> bool:
    """Tell whether a reading holds the accounts of the case, and all its lines."""
    return (found.lines, found.unread, ledger_in(found).accounts) == (
        WHOLE.lines,
        0,
        ledger_in(WHOLE).accounts,
    )


def rewritten(place: int, change: Callable[[str], str]) -> str:
    """Write the case with a column changed on every line."""
    rows = [each.split("\t") for each in ROWS]
    for row in rows[1:]:
        row[place] = change(row[place])
    return "\n".join("\t".join(row) for row in rows)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("\n".join(["Dossier : Pharmacie du Centre", "", *ROWS]), "FILE_NAME"),
        ("\n".join([*ROWS, "\t" * 17, "Total" + "\t" * 10 + "\t9,00\t9,00"]), "NO_ENTRY"),
        ("\n".join([*ROWS, "Fin du fichier"]), "NO_ENTRY"),
        ("\n".join([*ROWS, "\x1a"]), "FILE_NAME"),
        ("\n".join([*ROWS, "\x00" * 40]), "FILE_NAME"),
        (rewritten(10, lambda _: "Facture\nde mai"), "ROW_SPLIT"),
        (rewritten(10, lambda _: '"Facture\n\nde mai"'), "ROW_SPLIT"),
        (rewritten(4, lambda account: f"{account[:3]} {account[3:]}"), "FILE_NAME"),
        (rewritten(4, lambda account: f'="{account}"'), "FILE_NAME"),
        (rewritten(4, lambda account: f"{account},00"), "FILE_NAME"),
        (rewritten(3, lambda day: f"{int(day[6:])}/{int(day[4:6])}/{day[:4]}"), "FILE_NAME"),
        (rewritten(3, lambda day: f"{day[6:]}/{day[4:6]}/{day[2:4]}"), "FILE_NAME"),
    ],
)
def test_what_spreadsheets_and_exports_add_changes_no_figure(content: str, code: str) -> None:
    found = read(content, name="export.txt")
    assert same_accounts(found)
    assert code in codes(found)


def test_headings_in_plain_french_are_known() -> None:
    names = (
        "Code journal;Libellé journal;N° écriture;Date écriture;N° compte;Libellé compte;"
        "N° compte auxiliaire;Libellé compte auxiliaire;N° pièce;Date pièce;Libellé écriture;"
        "Montant débit;Montant crédit;Lettrage;Date lettrage;Date de validation;"
        "Montant en devise;Devise"
    )
    found = read("\n".join([names, *(row.replace("\t", ";") for row in ROWS[1:])]))
    assert same_accounts(found)
    assert "COLUMN_MISSING" not in codes(found)


def test_a_sign_beside_the_side_is_not_counted_twice() -> None:
    rows = [each.split("\t") for each in ROWS]
    rows[0][11:13] = "Montant", "Sens"
    for row in rows[1:]:
        is_debit = row[11] not in {"", "0,00"}
        row[11:13] = [row[11], "D"] if is_debit else [f"-{row[12]}", "C"]
    found = read("\n".join("\t".join(row) for row in rows))
    assert same_accounts(found)
    assert "SIGNED_TWICE" in codes(found)
    assert "ENTRY_UNBALANCED" not in codes(found)


def test_a_ledger_is_found_beside_its_description_in_an_archive() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("description.pdf", b"%PDF-1.4")
        archive.writestr(NAME, "\n".join(ROWS))
    assert same_accounts(read(held.getvalue(), name="envoi.zip"))


def test_an_account_that_is_all_name_is_not_kept() -> None:
    found = changed(5, 4, "DUPONT")
    assert "0" in {each.account for each in ledger_in(found).accounts}
    assert "DUPONT" not in repr(ledger_in(found))
