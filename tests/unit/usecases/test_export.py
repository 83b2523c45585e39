"""CSV, XLSX, Parquet and JSON of an answer hold the same figures, cell by cell."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from galien.analytics.answer import Answer
from galien.analytics.question import Filter, Question
from galien.kernel.errors import InvalidInput
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.ask import ask
from galien.usecases.export import download, export, to_csv, to_json_text, to_text, to_xlsx
from galien.usecases.export.cells import cells, facts
from galien.usecases.services import Services
from tests.builders.answering import services
from tests.builders.derived import random_group

QUESTIONS = [
    Question("purchases", by=("supplier",)),
    Question("sales", by=("product",), top=4),
    Question("sales", by=("month", "vat_rate"), period="2026-Q2", compare="none"),
    Question("traffic", by=("hour_band", "weekday"), period="2026-05"),
    Question("stock"),
]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    group = random_group(3)
    for number, purchase in enumerate(group.purchases):
        if number % 5 < 2:
            purchase["supplier"] = ("-Répartiteur", '=HYPERLINK("http://exemple")')[number % 5]
    made = services(group, tmp_path_factory.mktemp("derived"))
    yield made
    with made.reader.hold() as held:
        held.engine.close()


def of_csv(answer: Answer) -> list[list[str]]:
    text = to_csv(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


def of_xlsx(answer: Answer) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(answer)))
    rows = book.get_sheet_by_name("Chiffres").to_python(skip_empty_area=False)
    return rows[1 : 1 + answer.table.num_rows]


def same(expected: Any, forms: tuple[Any, Any, Any, Any]) -> bool:
    """Compare a cell with the one of CSV, XLSX (sixteen digits), JSON and Parquet."""
    in_csv, in_xlsx, in_json, in_parquet = forms
    if expected is None:
        return forms == ("", "", None, None)
    if isinstance(expected, str):
        written = in_csv.removeprefix("'")
        return {written, in_xlsx, in_json, in_parquet} == {expected}
    exact = Decimal(in_csv.replace(",", "."))
    in_text = exact == Decimal(str(expected)) == Decimal(str(in_parquet))
    return in_text and float(exact) == in_json == pytest.approx(float(in_xlsx), rel=1e-15)


@pytest.mark.parametrize("question", QUESTIONS)
def test_all_forms_hold_the_same_cells(here: Services, question: Question, tmp_path: Path) -> None:
    answer = ask(question, WORKSPACE_VIEWER, services=here)
    parquet = pq.read_table(export(answer, tmp_path / "a.parquet"))
    columns = [parquet.column(c.name).to_pylist() for c in answer.columns]
    forms: Any = (of_csv(answer), of_xlsx(answer), json.loads(to_json_text(answer))["rows"])
    expected = cells(answer)
    assert len(expected) == answer.table.num_rows == len(forms[0]) == len(forms[1])
    for line, row in enumerate(expected):
        for position, cell in enumerate(row):
            shown: Any = (*(form[line][position] for form in forms), columns[position][line])
            assert same(cell, shown), (line, position)


def test_json_keeps_the_promised_keys_and_numbers(here: Services) -> None:
    question = Question("purchases", by=("vat_rate",))
    made = json.loads(to_json_text(ask(question, WORKSPACE_VIEWER, services=here)))
    assert set(made) >= {"meta", "columns", "rows", "totals"}
    assert set(made["meta"]) >= {
        "release", "period", "comparison", "scope", "rows", "milliseconds",
    }  # fmt: skip
    assert [c["name"] for c in made["columns"]][:3] == [
        "vat_rate",
        "vat_rate_label",
        "delivered_quantity",
    ]
    assert {row[0] for row in made["rows"]} <= {0.021, 0.055, 0.1, 0.2}
    assert all(isinstance(row[3], float) for row in made["rows"])


def test_csv_is_what_french_excel_opens_and_never_runs(here: Services) -> None:
    answer = ask(Question("purchases", by=("supplier",)), WORKSPACE_VIEWER, services=here)
    content = to_csv(answer)
    assert content.startswith(b"\xef\xbb\xbf")
    first = content.decode("utf-8-sig").splitlines()[0]
    assert first.startswith("Fournisseur (code);Fournisseur;")
    suppliers = {row[0] for row in of_csv(answer)}
    assert '\'=HYPERLINK("http://exemple")' in suppliers
    assert "'-Répartiteur" in suppliers


def test_csv_with_its_notice_is_the_same_table_beside_what_it_is(here: Services) -> None:
    where = (Filter("channel", ("direct",)),)
    answer = ask(
        Question("purchases", by=("supplier",), where=where), WORKSPACE_VIEWER, services=here
    )
    made = download(answer, "zip")
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        table, notice = archive.namelist()
        assert archive.read(table) == to_csv(answer)
        text = archive.read(notice).decode("utf-8-sig")
    said = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert made.filename.removesuffix(".zip") + "-notice.csv" == notice
    assert ["Publication", answer.meta.release] in said
    assert ["Période", "novembre 2025 à octobre 2026"] in said
    filters = dict(row[:2] for row in said if len(row) == 2)["Filtres"]
    assert filters.endswith("= direct")
    assert {"Colonne", "Fournisseur"} <= {row[0] for row in said if row}
    assert made.content == download(answer, "zip").content


def test_xlsx_says_what_it_is_and_runs_nothing(here: Services) -> None:
    question = Question(
        "purchases", by=("supplier",), where=(Filter("channel", ("direct",), exclude=True),)
    )
    answer = ask(question, WORKSPACE_VIEWER, services=here)
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(answer)))
    said = book.get_sheet_by_name("Définitions").to_python()
    words = {str(cell) for row in said for cell in row}
    assert {"Achats par fournisseur", answer.meta.release, "novembre 2025 à octobre 2026"} <= words
    assert any("≠ direct" in word for word in words)
    totals = book.get_sheet_by_name("Chiffres").to_python()[-1]
    assert totals[0] == "Total" and Decimal(str(totals[3])) == answer.totals["list_amount"]


def test_the_terminal_shows_french_figures(here: Services) -> None:
    text = to_text(ask(Question("purchases", by=("channel",)), WORKSPACE_VIEWER, services=here))
    assert "Répartiteur" in text and "\u202f%" in text
    assert text.splitlines()[-1].startswith("Total")


def test_a_download_has_a_name_people_read(here: Services) -> None:
    answer = ask(Question("purchases", by=("channel",)), WORKSPACE_VIEWER, services=here)
    made = download(answer, "csv")
    assert made.filename == "achats-par-canal-d-achat-2025-11-01-2026-10-31.csv"
    assert dict(facts(answer))["Publication"] == answer.meta.release


def test_an_unknown_ending_is_refused(here: Services, tmp_path: Path) -> None:
    answer = ask(Question("stock"), WORKSPACE_VIEWER, services=here)
    with pytest.raises(InvalidInput, match=r"\.csv"):
        export(answer, tmp_path / "a.xls")
