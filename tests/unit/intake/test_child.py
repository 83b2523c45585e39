"""The reading process gives what reading here gives, and its death is told without a traceback."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path

import pytest

from galien.intake import Delivery, Limits, Terms, mapping, read_delivery
from galien.intake.sales import pseudonym
from tests.builders.deliveries import PHARMACY, TODAY, read, sales, text

TERMS = Terms(PHARMACY, TODAY, operator_key=b"key of the shop")
GOOD = text(sales(40))


class Piped(io.RawIOBase):
    """A source that is no file and cannot be read twice, as an upload is."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        """It is a stream."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes."""
        return self._data.read(size)


def isolated(source: io.RawIOBase | io.BytesIO | Path, limits: Limits | None = None) -> Delivery:
    return read_delivery(
        source,  # type: ignore[arg-type]
        feed="sales",
        mapping=mapping("galien"),
        terms=TERMS,
        limits=limits,
        filename="ventes.csv",
    )


@pytest.mark.parametrize("data", [GOOD, GOOD[:-1], GOOD.replace(b";11,00;", b";x;", 1), b""])
def test_a_child_gives_what_reading_here_gives(data: bytes, tmp_path: Path) -> None:
    here = read(data)
    path = tmp_path / "received"
    path.write_bytes(data)
    for source in (io.BytesIO(data), Piped(data), path):
        found = isolated(source)
        assert {n: v for n, v in vars(found).items() if n != "facts"} == {
            n: v for n, v in vars(here).items() if n != "facts"
        }
        assert all(found.facts[name].equals(here.facts[name]) for name in here.facts)


def test_several_files_are_read_at_the_same_time() -> None:
    found: list[Delivery] = []
    threads = [
        threading.Thread(target=lambda: found.append(isolated(io.BytesIO(GOOD)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [delivery.accepted for delivery in found] == [40] * 4


@pytest.mark.parametrize(
    "limits",
    [Limits(memory_bytes=64 << 20, wall_seconds=5), Limits(cpu_seconds=0)],
    ids=["memory", "processor"],
)
def test_a_child_over_its_bounds_refuses_the_file(limits: Limits) -> None:
    refused = isolated(io.BytesIO(text(sales(60_000))), limits)
    assert (refused.status.value, refused.code) == ("refused", "READING_STOPPED")
    assert len(refused.sha256) == 64 and refused.message.endswith(".")
    assert isolated(io.BytesIO(GOOD)).accepted == 40


def test_a_child_that_waits_too_long_is_ended() -> None:
    class Stalled(Piped):
        def read(self, size: int = -1) -> bytes:
            time.sleep(0.3)
            return GOOD[:size]

    assert isolated(Stalled(b""), Limits(wall_seconds=2)).code == "READING_STOPPED"


def test_an_operator_goes_by_a_pseudonym_of_the_shop() -> None:
    (row,) = read(GOOD).facts["operator_day"].to_pylist()
    assert row["operator"] == pseudonym("Claire", b"key of the shop")
    assert row["operator"] != pseudonym("Claire", b"key of another")
