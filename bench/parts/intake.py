"""Intake: a French CSV of a million lines, controlled, against DuckDB's bare typed reading of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import subprocess
import sys
import tempfile
import threading
from decimal import Decimal
from pathlib import Path

from bench.duck import open_duckdb
from bench.options import Options
from bench.report import Budget, Cell, Report, Table, say
from bench.sales_file import LAST_DAY, MAPPING, PHARMACY, write_sales_file
from bench.timing import in_turn, processor_milliseconds
from galien.intake import Delivery, Terms, mapping, read_delivery
from galien.warehouse.commit import store_fragments
from galien.warehouse.store import Store

LINES = 1_000_000
SIZES = (LINES // 4, LINES, 4 * LINES)
_KILOBYTES = 1024  # to a megabyte
_TYPED = """copy (select * from read_csv('{source}', delim = ';', header = true, quote = '"',
  decimal_separator = ',', dateformat = '%d/%m/%Y', columns = {{
    'Date': 'DATE', 'Heure': 'TIME', 'Passage': 'VARCHAR', 'Facture': 'VARCHAR', 'Ligne': 'INTEGER',
    'Type': 'VARCHAR', 'Code': 'VARCHAR', 'Désignation': 'VARCHAR', 'Qté': 'INTEGER',
    'Brut TTC': 'DECIMAL(18,4)', 'Remise TTC': 'DECIMAL(18,4)', 'Net TTC': 'DECIMAL(18,4)',
    'TVA': 'DECIMAL(7,4)', 'Net HT': 'DECIMAL(18,4)', 'Coût HT': 'DECIMAL(18,4)',
    'Honoraires TTC': 'DECIMAL(18,4)', 'Opérateur': 'VARCHAR', 'Campagne': 'VARCHAR'}}))
  to '{target}' (format parquet)"""


def measure(options: Options) -> Report:
    """Time both on the same file, check that they count the same, then measure memory by size."""
    report = Report("intake")
    with tempfile.TemporaryDirectory(prefix="galien-bench-") as name:
        folder = Path(name)
        say(f"intake: writing {LINES} lines")
        sent, plain = write_sales_file(folder, LINES, options.seed)
        store = Store(folder / "store")
        _check(sent, plain)
        bare = open_duckdb()
        typed = _TYPED.format(source=plain, target=folder / "bare.parquet")
        medians = in_turn(
            {
                "galien": lambda: _controlled(sent, store),
                "duckdb": lambda: bare.execute(typed),
                "transcoding": lambda: _transcode(sent, folder / "again.csv"),
            },
            options.rounds,
        )
        processor = processor_milliseconds(
            {
                "galien": lambda: _controlled(sent, store, isolated=False),
                "duckdb": lambda: bare.execute(typed),
            },
            min(options.rounds, 3),
        )
        megabytes = sent.stat().st_size / 1e6
        peaks = {}
        for lines in SIZES:
            path = write_sales_file(folder, lines, options.seed)[0]
            peaks[lines] = _peaks(path)
            say(f"intake: {lines} lines, peaks {peaks[lines][0]:.0f} and {peaks[lines][1]:.0f} MB")
    report.data |= {
        "medians_ms": medians,
        "cpu_ms": processor,
        "peak_mb": peaks,
        "file_mb": megabytes,
    }
    _tell(report, medians, processor, peaks)
    return report


def read(path: Path, *, isolated: bool = True, drafts: Path | None = None) -> Delivery:
    """Read a generated file with every control, in the bounded child process or here."""
    rates = frozenset(map(Decimal, ("0.021", "0.055", "0.1", "0.2")))
    terms = Terms(
        pharmacy=PHARMACY,
        today=dt.date.fromisoformat(LAST_DAY) + dt.timedelta(days=1),
        vat_rates=((dt.date(2014, 1, 1), rates),),
        operator_key=b"0" * 32,
    )
    return read_delivery(
        path,
        feed="sales",
        mapping=mapping(MAPPING),
        terms=terms,
        isolated=isolated,
        drafts=drafts,
    )


def _controlled(path: Path, store: Store, *, isolated: bool = True) -> Delivery:
    """Read with every control, and put the fact tables away as a load does."""
    delivery = read(path, isolated=isolated, drafts=store.places.tmp)
    store_fragments(delivery.facts, feed="sales", store=store)
    return delivery


def _check(sent: Path, plain: Path) -> None:
    """Hold the counts and sums of the receipt against those of the bare reading."""
    delivery = read(sent)
    bare = (
        open_duckdb()
        .execute(
            f'select count(*), sum(cast("Qté" as integer)), '
            f"sum(cast(replace(\"Net TTC\", ',', '.') as decimal(18,2))) "
            f"from read_csv('{plain}', delim = ';', header = true, all_varchar = true)"
        )
        .fetchone()
    )
    ours = (delivery.accepted, delivery.sums["quantity"], delivery.sums["amount"])
    if ours != bare or delivery.received != LINES:
        raise AssertionError(
            f"intake: {ours} against {bare}; {delivery.status} {delivery.code} {delivery.issue_counts}"
        )


def _transcode(source: Path, target: Path) -> None:
    with source.open("rb") as given, target.open("wb") as made:
        while block := given.read(4 << 20):
            made.write(block.decode("cp1252").encode())


def _peaks(path: Path) -> tuple[float, float]:
    """Return the peak memory, in MB, of the reading of a file and of its loading, each a process."""
    command = [sys.executable, "-m", "bench.parts.intake", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    reading, loading = (int(number) / _KILOBYTES for number in done.stdout.split())
    return reading, loading


def _tell(
    report: Report,
    medians: dict[str, float],
    processor: dict[str, float],
    peaks: dict[int, tuple[float, float]],
) -> None:
    ours, bare = medians["galien"], medians["duckdb"]
    work = processor["galien"], processor["duckdb"]
    rows: list[tuple[Cell, ...]] = [
        ("Galien: controlled, reduced, stored", ours, LINES / ours * 1000, ours / bare, work[0]),
        ("DuckDB: bare read_csv → Parquet", bare, LINES / bare * 1000, 1.0, work[1]),
        ("transcoding that DuckDB needs first", medians["transcoding"], None, None, None),
    ]
    title = f"Intake of {LINES} lines, {report.data['file_mb']:.0f} MB, cp1252 (medians)"
    columns = ("path", "ms", "lines/s", "ratio", "CPU ms")
    report.tables.append(Table(title, columns, rows, f"CPU ratio: {work[0] / work[1]:.2f}"))
    lines: list[tuple[Cell, ...]] = [(count, *both) for count, both in peaks.items()]
    processes = ("lines", "reading process, MB", "loading process, MB")
    report.tables.append(Table("Peak memory", processes, lines))
    most = {count: max(both) for count, both in peaks.items()}
    growth = most[SIZES[-1]] / most[SIZES[0]]
    report.budgets += [
        Budget("intake ÷ bare read_csv (limit)", ours / bare, 6, "×"),
        Budget("intake ÷ bare read_csv (aim)", ours / bare, 3, "×"),
        Budget("memory of 4 M lines ÷ 0.25 M lines", growth, 1.5, "×"),
    ]


def _load(path: Path) -> tuple[int, int]:
    """Load a file into a store of its own; returns the peak kilobytes of the reading and of the loading."""
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            # Our child is the server of readings; its own are the readings.
            for server in _children(os.getpid()):
                most[0] = max(most[0], *map(_peak, _children(server)), 0)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        with tempfile.TemporaryDirectory(prefix="galien-bench-") as folder:
            _controlled(path, Store(Path(folder)))
    finally:
        done.set()
        watching.join()
    return most[0], _peak(os.getpid())


def _children(process: int) -> list[int]:
    with contextlib.suppress(OSError):
        found = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8")
        return [int(each) for each in found.split()]
    return []


def _peak(process: int) -> int:
    # ru_maxrss keeps the peak of the process that started this one; VmHWM is this program's own.
    with contextlib.suppress(OSError, StopIteration):
        status = Path(f"/proc/{process}/status").read_text("utf-8")
        return next(int(x.split()[1]) for x in status.splitlines() if x.startswith("VmHWM"))
    return 0


if __name__ == "__main__":
    print(*_load(Path(sys.argv[1])))
