"""`galien stock demand`: series typed by people, events, sentences on what is missing or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import Ran, galien_here

HEADER = "product_code;period;quantity;days_in_stock;days"


def demand(folder: Path, *lines: str, events: str = "") -> Ran:
    file = folder / "ventes.csv"
    file.write_text("\n".join((HEADER, *lines)) + "\n", "utf-8")
    options: list[object] = ["--series", file]
    if events:
        (folder / "e.csv").write_text(
            f"name,source,first,last,effect,product_code\n{events}\n", "utf-8"
        )
        options += ["--events", folder / "e.csv"]
    return galien_here("stock", "demand", *options, "--format", "json")


def months(code: str, quantities: list[int]) -> list[str]:
    return [
        f"{code};{2024 + n // 12}-{n % 12 + 1:02};{each};30;30" for n, each in enumerate(quantities)
    ]


def test_a_steady_product_is_forecast_without_error(tmp_path: Path) -> None:
    (row,) = demand(tmp_path, *months("A", [300] * 18)).answer["rows"]
    assert (row["pattern"], row["forecast"], row["error"]) == ("regular", pytest.approx(300), 0)


def test_events_are_told_with_their_source(tmp_path: Path) -> None:
    found = demand(
        tmp_path, *months("A", [300] * 18), events="Garde,planning,2025-07-01,2025-07-31,0.1,A"
    )
    assert found.answer["rows"][0]["forecast"] == pytest.approx(330)
    assert found.answer["details"][0]["forecast_without_events"] == pytest.approx(300)
    assert "Garde, du 1er juillet 2025 au 31 juillet 2025" in found.stderr
    assert "(planning)" in found.stderr


def test_a_missing_month_is_unknown_and_said(tmp_path: Path) -> None:
    lines = months("A", [300] * 18)
    del lines[7]
    found = demand(tmp_path, *lines)
    assert found.answer["rows"][0]["forecast"] == pytest.approx(300)
    assert "Périodes absentes au milieu des séries : 1." in found.stderr


def test_the_days_of_the_next_period_are_those_of_the_calendar(tmp_path: Path) -> None:
    lines = [f"A;2025-{n:02};{days};{days};{days}" for n, days in ((11, 30), (12, 31))]
    assert demand(tmp_path, *lines, "A;2026-01;31;31;31").answer["next_days"] == 28


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("A;2026-01;10;31;30", "ligne 2 : 31 jours en stock sur 30"),
        ("A;2026-01;10;0;30", "10 unités vendues sans un jour en stock"),
        ("A;2026-01;dix;30;30", "n’est pas un nombre"),
        (";2026-01;1;30;30", "la case product_code est vide"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    done = demand(tmp_path, line)
    assert (done.code, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_a_period_given_twice_is_refused(tmp_path: Path) -> None:
    done = demand(tmp_path, "A;2026-01;10;30;30", "A;2026-01;10;30;30")
    assert done.code == 2
    assert "a déjà une ligne pour la période 2026-01" in done.stderr


def test_months_named_by_their_last_day_are_months(tmp_path: Path) -> None:
    ends = ("2023-11-30", "2023-12-31", "2024-01-31")
    found = demand(tmp_path, *(f"A;{day};{day[-2:]};{day[-2:]};{day[-2:]}" for day in ends))
    assert found.answer["next_days"] == 29
    assert found.answer["rows"][0]["forecast"] == pytest.approx(29)
    assert not found.stderr


@pytest.mark.parametrize(
    ("periods", "sentence"),
    [
        (("2026-12", "2026-13"), "« 2026-13 » : le calendrier n’en a pas"),
        (("2025-S52", "2025-S53"), "« 2025-S53 » : le calendrier n’en a pas"),
        (("2026-Q1", "2026-T1"), "nomment la même période"),
        (("0001-01", "2026-01"), "« 0001-01 » : le calendrier n’en a pas"),
        (("1901-02-03", "2026-01-14"), "c’est trop long"),
    ],
)
def test_a_period_that_no_calendar_has_is_refused(
    tmp_path: Path, periods: tuple[str, ...], sentence: str
) -> None:
    done = demand(tmp_path, *(f"A;{each};10;30;30" for each in periods))
    assert (done.code, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_periods_without_a_calendar_are_said_to_have_no_season(tmp_path: Path) -> None:
    done = demand(tmp_path, "A;15/01/2026;10;30;30", "A;15/02/2026;10;30;30")
    assert "sans saison" in done.stderr
