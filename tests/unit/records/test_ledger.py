"""The ledger in Django's database: versions of days, resends, releases. Runs on both databases."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal

import pytest

from galien.kernel.clock import PARIS
from galien.kernel.errors import InternalError, InvalidInput, NotAvailable
from galien.records.ledger import DjangoLedger
from galien.records.models import Job, JobState, Resend
from galien.warehouse.ledger import Fragment, Issue, ReceiptRecord, ReceiptStatus, ReleaseRecord

pytestmark = pytest.mark.django_db

FIRST, SECOND = dt.date(2026, 10, 1), dt.date(2026, 10, 2)


def at(hour: int) -> dt.datetime:
    return dt.datetime(2026, 11, 1, hour, tzinfo=PARIS)


def receipt(
    name: str, *days: dt.date, exported: int | None = None, received: int = 8, append: bool = False
) -> ReceiptRecord:
    """A file of the pharmacy's sales; its name stands for its bytes and its content."""
    return ReceiptRecord(
        receipt=name,
        sha256=name.rstrip("'"),
        content_hash="",
        feed="sales",
        pharmacy="750100042",
        mapping="galien",
        filename=f"{name}.csv",
        sender="test",
        status=ReceiptStatus.ACCEPTED,
        code="",
        received=10,
        accepted=9,
        quarantined=1,
        duplicates=0,
        received_at=at(received),
        exported_at=None if exported is None else at(exported),
        append=append,
        days=days,
        issues=(Issue(3, "quantity", "NOT_A_NUMBER", "Ligne 3 : ce n’est pas un nombre."),),
        sums={"quantity": Decimal(9), "amount": Decimal("90.5000")},
        fragments=(Fragment("sale_day", name * 8, 9, 900),),
    )


def live() -> dict[dt.date, tuple[str, ...]]:
    return {each.day: each.receipts for each in DjangoLedger().live_days()}


def test_a_receipt_is_given_back_as_it_was_recorded() -> None:
    ledger = DjangoLedger()
    kept = ledger.record_receipt(receipt("a", FIRST, SECOND, exported=1))
    assert ledger.receipt("a") == replace(kept, received_at=at(8))
    assert kept.sequence > 0
    assert ledger.fragments(["a", "unknown"]) == {"a": kept.fragments}


def test_an_unknown_receipt_is_said_to_be_unknown() -> None:
    with pytest.raises(NotAvailable, match="Récépissé x inconnu"):
        DjangoLedger().receipt("x")


def test_a_corrected_file_replaces_its_days_alone() -> None:
    ledger = DjangoLedger()
    ledger.record_receipt(receipt("a", FIRST, SECOND, exported=1))
    corrected = ledger.record_receipt(receipt("b", SECOND, exported=2))
    assert corrected.replaced_days == (SECOND,)
    assert live() == {FIRST: ("a",), SECOND: ("b",)}


def test_an_older_export_that_comes_late_changes_nothing_and_says_so() -> None:
    ledger = DjangoLedger()
    ledger.record_receipt(receipt("new", FIRST, exported=5))
    late = ledger.record_receipt(receipt("old", FIRST, exported=2))
    assert live() == {FIRST: ("new",)}
    assert late.replaced_days == ()
    assert [issue.code for issue in late.issues] == ["STALE", "NOT_A_NUMBER"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(5))))
def test_every_order_of_arrival_gives_the_same_live_days(order: tuple[int, ...]) -> None:
    files = [
        receipt("week", FIRST, SECOND, exported=3),
        receipt("first", FIRST, exported=2),
        receipt("second", SECOND, exported=4),
        receipt("second-again", SECOND, exported=5),
        receipt("evening", SECOND, exported=6, append=True),
    ]
    for index in order:
        DjangoLedger().record_receipt(files[index])
    assert live() == {FIRST: ("week",), SECOND: ("second-again", "evening")}


def test_an_appended_part_adds_to_what_is_live_even_when_its_stamp_is_older() -> None:
    ledger = DjangoLedger()
    ledger.record_receipt(receipt("morning", FIRST, exported=5))
    added = ledger.record_receipt(receipt("evening", FIRST, exported=4, append=True))
    assert added.replaced_days == ()
    assert live() == {FIRST: ("morning", "evening")}
    ledger.record_receipt(receipt("whole", FIRST, exported=6))
    assert live() == {FIRST: ("whole",)}


def test_without_an_export_time_the_time_of_receipt_orders() -> None:
    ledger = DjangoLedger()
    ledger.record_receipt(receipt("second", FIRST, received=9))
    ledger.record_receipt(receipt("first", FIRST, received=8))
    assert live() == {FIRST: ("second",)}


def test_the_same_bytes_again_have_the_same_receipt_and_change_nothing() -> None:
    ledger = DjangoLedger()
    ledger.record_receipt(receipt("a", FIRST))
    ledger.record_receipt(receipt("b", FIRST, received=9))
    again = ledger.record_receipt(receipt("a'", FIRST, received=10))
    assert (again.receipt, again.status) == ("a", ReceiptStatus.DUPLICATE)
    assert again.received == again.accepted + again.quarantined + again.duplicates == 10
    assert live() == {FIRST: ("b",)}
    assert Resend.objects.get().filename == "a'.csv"


def test_the_same_content_exported_later_is_the_last_word_again() -> None:
    ledger = DjangoLedger()
    ledger.record_receipt(receipt("a", FIRST, exported=1))
    ledger.record_receipt(receipt("b", FIRST, exported=2))
    again = ledger.record_receipt(receipt("a'", FIRST, exported=3))
    assert again.replaced_days == (FIRST,)
    assert live() == {FIRST: ("a",)}


def test_a_held_file_shows_nothing_until_it_is_released() -> None:
    ledger = DjangoLedger()
    held = replace(receipt("h", FIRST), status=ReceiptStatus.HELD, code="TOO_MANY_ERRORS")
    ledger.record_receipt(held)
    assert live() == {}
    released = ledger.change_status("h", ReceiptStatus.ACCEPTED)
    assert (released.status, released.code) == (ReceiptStatus.ACCEPTED, "")
    assert live() == {FIRST: ("h",)}
    with pytest.raises(InvalidInput, match="n’est pas en attente"):
        ledger.change_status("h", ReceiptStatus.DISCARDED)


def test_a_discarded_file_can_be_sent_again() -> None:
    ledger = DjangoLedger()
    ledger.record_receipt(replace(receipt("h", FIRST), status=ReceiptStatus.HELD))
    ledger.change_status("h", ReceiptStatus.DISCARDED)
    assert ledger.record_receipt(replace(receipt("i", FIRST), sha256="h")).receipt == "i"


def test_a_replay_keeps_the_receipt_and_its_rank() -> None:
    ledger = DjangoLedger()
    ledger.record_receipt(receipt("a", FIRST, SECOND, exported=1))
    ledger.record_receipt(receipt("b", SECOND, exported=2))
    mended = replace(receipt("a", FIRST, exported=9), accepted=10, quarantined=0, issues=())
    kept = ledger.replace_receipt("a", mended)
    assert (kept.accepted, kept.exported_at) == (10, at(1))
    assert live() == {FIRST: ("a",), SECOND: ("b",)}


def test_a_day_that_loses_its_last_version_is_told_to_the_publisher() -> None:
    ledger = DjangoLedger()
    ledger.record_receipt(receipt("a", FIRST, SECOND))
    before = ledger.sequence()
    ledger.replace_receipt("a", receipt("a", FIRST))
    changed = {day.day: day.receipts for day in ledger.live_days(since_sequence=before)}
    assert changed == {FIRST: ("a",), SECOND: ()}


def test_a_worker_that_lost_its_job_writes_nothing() -> None:
    job = Job.objects.create(kind="load", state=JobState.RUNNING, attempt=2)
    with pytest.raises(InternalError, match="reprise par un autre"):
        DjangoLedger(job=(str(job.pk), 1)).record_receipt(receipt("a", FIRST))
    DjangoLedger(job=(str(job.pk), 2)).record_receipt(receipt("a", FIRST))
    assert live() == {FIRST: ("a",)}


def release(name: str, sequence: int = 1) -> ReleaseRecord:
    return ReleaseRecord(
        release=name,
        number=99,
        parent=None,
        manifest_sha256=name,
        published_at=at(9),
        facts=({"fact": "sale_day", "rows": 3, "amount": Decimal("10.50")},),
        ledger_sequence=sequence,
        current=True,
    )


def test_the_second_of_two_publishers_is_told_to_start_again() -> None:
    ledger = DjangoLedger()
    assert ledger.record_release(release("r1"), expected_parent=None)
    assert not ledger.record_release(release("r2"), expected_parent=None)
    assert ledger.record_release(release("r2"), expected_parent="r1")
    assert [(each.release, each.number, each.current) for each in ledger.releases()] == [
        ("r2", 2, True),
        ("r1", 1, False),
    ]


def test_going_back_then_publishing_the_same_content_finds_the_release_again() -> None:
    ledger = DjangoLedger()
    ledger.record_release(release("r1"), expected_parent=None)
    ledger.record_release(release("r2", 7), expected_parent="r1")
    assert ledger.make_current("r1").current
    assert ledger.record_release(release("r2", 5), expected_parent="r1")
    current = ledger.current_release()
    assert current is not None
    assert (current.release, current.ledger_sequence) == ("r2", 7)


def test_a_damaged_release_gives_way_to_the_one_before() -> None:
    ledger = DjangoLedger()
    ledger.record_release(release("r1"), expected_parent=None)
    ledger.record_release(release("r2"), expected_parent="r1")
    serving = ledger.mark_bad("r2")
    assert serving is not None
    assert serving.release == "r1"
    with pytest.raises(NotAvailable, match="endommagée"):
        ledger.make_current("r2")


def test_a_lease_holds_until_its_moment() -> None:
    ledger = DjangoLedger()
    ledger.lease("r1", "web:1", at(9))
    ledger.lease("r1", "web:1", at(11))
    assert ledger.leased(at(10)) == {"r1"}
    assert ledger.leased(at(12)) == frozenset()
