"""Files sent twice, late, corrected, overlapping, at once, for another: through `galien load`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import Workplace, ended
from tests.builders.deliveries import OTHER_PHARMACY, product_code, sale, sales, text

PRODUCT = "3400935955838"


@pytest.fixture
def place(tmp_path: Path, db: None) -> Workplace:
    del db  # asked for, so that commands run here find a database
    return Workplace(tmp_path / "workspace", here=True)


def day(number: int, *, lines: int = 1, product: str = PRODUCT) -> list[dict[str, str]]:
    return sales(lines, sold_at=f"2026-10-{number:02d}T10:00:00", product_code=product)


def test_a19_the_same_file_again_is_a_duplicate_under_the_same_receipt(place: Workplace) -> None:
    first = place.load(text(day(5, lines=3)))
    again = place.load(text(day(5, lines=3)), name="autre-nom.csv")
    assert (first.code, first.answer["status"]) == (0, "accepted")
    assert (again.code, again.answer["status"]) == (0, "duplicate")
    assert again.answer["receipt"] == first.answer["receipt"]
    assert again.answer["duplicates"] == again.answer["received"] == 3
    assert place.sold() == {PRODUCT: 3}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n", "TYPE_MISMATCH", id="refused"),
        pytest.param(
            text([*day(5, lines=9), sale(line_no="10", quantity="x")]), "TOO_MANY_ERRORS", id="held"
        ),
    ],
)
def test_a19_what_was_stopped_and_comes_again_is_told_why_again(
    place: Workplace, content: bytes, code: str
) -> None:
    first, again = place.load(content), place.load(content)
    assert first.answer["code"] == code
    assert (again.code, again.answer) == (first.code, first.answer)
    assert again.stderr == first.stderr
    assert again.answer["issues"]


def test_a20_the_same_content_with_other_line_ends_is_a_duplicate(place: Workplace) -> None:
    first = place.load(text(day(5, lines=2)))
    again = place.load(text(day(5, lines=2), end="\r\n"))
    assert again.answer["status"] == "duplicate"
    assert again.answer["receipt"] == first.answer["receipt"]


def test_a21_a22_a_corrected_day_replaces_that_day_and_an_older_export_does_not(
    place: Workplace,
) -> None:
    place.load(text(day(5, lines=3) + day(6)), "--exported-at", "2026-10-07T08:00")
    corrected = place.load(text(day(5, lines=7)), "--exported-at", "2026-10-08T08:00")
    assert corrected.answer["replaced_days"] == ["2026-10-05"]
    stale = place.load(text(day(5, lines=50)), "--exported-at", "2026-10-06T08:00")
    assert stale.answer["status"] == "accepted"
    assert stale.answer["replaced_days"] == []
    assert stale.answer["issues"][0]["code"] == "STALE"
    assert place.sold() == {PRODUCT: 8}


def test_a23_a_week_over_its_days_is_replaced_day_by_day_never_summed(place: Workplace) -> None:
    place.load(text(day(5)), "--exported-at", "2026-10-06T08:00", name="lundi.csv")
    place.load(text(day(6)), "--exported-at", "2026-10-07T08:00", name="mardi.csv")
    week = place.load(
        text(day(5, lines=2) + day(6, lines=2) + day(7, lines=2)),
        "--exported-at", "2026-10-12T08:00",
    )  # fmt: skip
    assert week.answer["replaced_days"] == ["2026-10-05", "2026-10-06"]
    assert place.sold() == {PRODUCT: 6}


def test_a_part_appended_completes_its_day(place: Workplace) -> None:
    place.load(text(day(5)))
    place.load(text(day(5, product=product_code(7))), "--append", name="soir.csv")
    assert place.sold() == {PRODUCT: 1, product_code(7): 1}


def test_a28_the_same_file_loaded_by_three_at_once_in_a_new_workspace_is_loaded_once(
    tmp_path: Path,
) -> None:
    place = Workplace(tmp_path / "workspace")
    file = tmp_path / "f.csv"
    file.write_bytes(text(day(5, lines=20)))
    order = ("load", file, "--feed", "sales", "--pharmacy", "750100042")
    done = [ended(each) for each in [place.begin(*order) for _ in range(3)]]
    assert [each.code for each in done] == [0, 0, 0], [each.stderr for each in done]
    statuses = sorted(each.answer["status"] for each in done)
    assert statuses == ["accepted", "duplicate", "duplicate"]
    assert len({each.answer["receipt"] for each in done}) == 1
    assert place.sold() == {PRODUCT: 20}


def test_a25_another_pharmacys_file_is_refused(place: Workplace) -> None:
    sent = place.load(text(day(5)), "--pharmacy", OTHER_PHARMACY)
    assert (sent.code, sent.answer["status"]) == (3, "refused")
    assert sent.answer["code"] == "SENDER_MISMATCH"
    counts = ("received", "accepted", "quarantined", "duplicates")
    assert [sent.answer[name] for name in counts] == [0, 0, 0, 0]


def test_personal_data_leaves_no_byte_in_the_workspace(place: Workplace) -> None:
    secret = "1 85 05 78 006 084 91"
    sent = place.load(text([*day(5, lines=9), sale(campaign=secret)]), name="ventes-perso.csv")
    assert (sent.code, sent.answer["code"]) == (3, "PERSONAL_DATA")
    assert sent.answer["issues"][0]["column"] == "campaign"
    kept = b"".join(path.read_bytes() for path in place.path.rglob("*") if path.is_file())
    assert secret.encode() not in kept
    assert b"ventes-perso" not in kept
    assert not list((place.path / "raw").iterdir())


def test_a_held_file_is_released_or_dropped_by_its_receipt(place: Workplace) -> None:
    bad = [*day(5, lines=9), sale(line_no="10", quantity="deux")]
    held = place.load(text(bad))
    assert (held.code, held.answer["status"], held.answer["code"]) == (3, "held", "TOO_MANY_ERRORS")
    assert (held.answer["accepted"], held.answer["quarantined"]) == (9, 1)
    released = place.run("load", "release", held.answer["receipt"])
    assert (released.code, released.answer["status"]) == (0, "accepted")
    assert place.sold() == {PRODUCT: 9}
    assert place.run("load", "discard", held.answer["receipt"]).code == 2
    aside = place.run("quarantine").answer["rows"]
    assert [(row[1], row[3]) for row in aside] == [(11, "NOT_A_NUMBER")]
