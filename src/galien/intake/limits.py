"""The bounds of a delivery: bytes, entries, lines, issues, memory and seconds of the reading process."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """How much one file may cost, sizes in bytes.

    `cpu_seconds` is processor time of the child, `wall_seconds` when it is ended whatever it does,
    `member_ratio` is how many times larger than its compressed bytes an archive may unpack.
    """

    received_bytes: int = 512 * MEGABYTE
    unpacked_bytes: int = 2048 * MEGABYTE
    member_ratio: int = 200
    entries: int = 100
    record_bytes: int = 64 * 1024
    record_lines: int = 20
    field_bytes: int = 32 * 1024
    line_bytes: int = 64 * MEGABYTE
    block_bytes: int = 4 * MEGABYTE
    columns: int = 500
    sheet_cells: int = 20_000_000
    listed_issues: int = 1000
    memory_bytes: int = 6144 * MEGABYTE
    cpu_seconds: int = 900
    wall_seconds: int = 1200
    threads: int = 2
