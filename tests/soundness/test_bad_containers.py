"""Bad containers: each fault of section A of the reliability reference, by its number."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import stat
import struct
import time
import zipfile
import zlib
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from galien.intake import Limits, Terms
from galien.warehouse.ledger import ReceiptStatus
from tests.builders.deliveries import (
    COLUMNS,
    OTHER_PHARMACY,
    PHARMACY,
    TODAY,
    codes,
    read,
    sale,
    sales,
    text,
)

GOOD = text(sales(40))
AMOUNTS = (
    "gross_incl", "discount_incl", "net_incl", "vat_rate", "net_excl", "cost_excl", "fee_incl",
)  # fmt: skip
REFUSED, HELD, ACCEPTED = ReceiptStatus.REFUSED, ReceiptStatus.HELD, ReceiptStatus.ACCEPTED


def zipped(entries: list[tuple[str, bytes]], **options: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = options.get("mode", 0o644) << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def raw_name(name: bytes) -> bytes:
    return zipped([("x" * len(name), GOOD)]).replace(b"x" * len(name), name)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


def wrong_crc() -> bytes:
    data = gzip.compress(GOOD)
    return data[:-8] + struct.pack("<I", zlib.crc32(GOOD) ^ 1) + data[-4:]


def overlapping() -> bytes:
    # Two directory entries that share one body.
    data = zipped([("a.csv", GOOD), ("b.csv", GOOD)])
    directory = data.rindex(b"PK\x01\x02")
    return data[: directory + 42] + struct.pack("<I", 0) + data[directory + 46 :]


def lying_size() -> bytes:
    data = bytearray(zipped([("a.csv", GOOD)]))
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, len(GOOD) - 7)
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(zipped([("a.csv", GOOD)]))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(mark) + at] |= 1
    return bytes(data)


def bomb() -> bytes:
    return gzip.compress(text([]) + b"0" * 60_000_000)


def workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([dict(zip(COLUMNS, COLUMNS, strict=True)), *sales(3)]):
            sheet.write_row(at, 0, list(row.values()))
    return buffer.getvalue()


def zstandard(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


FAULTS = [
    pytest.param(b"", "ventes.csv", REFUSED, "EMPTY_FILE", id="A01"),
    pytest.param(gzip.compress(b""), "v.csv.gz", REFUSED, "EMPTY_FILE", id="A01-gzip"),
    pytest.param(text([]), "v.csv", HELD, "NO_ROWS", id="A02"),
    pytest.param(workbook(), "v.csv", REFUSED, "TYPE_MISMATCH", id="A03-xlsx"),
    pytest.param(b"%PDF-1.7 rest", "v.csv", REFUSED, "TYPE_MISMATCH", id="A03-pdf"),
    pytest.param(b"\n<!DOCTYPE html><p>", "v.csv", REFUSED, "TYPE_MISMATCH", id="A03-html"),
    pytest.param(gzip.compress(GOOD)[:-9], "v.csv.gz", REFUSED, "ARCHIVE_TRUNCATED", id="A05"),
    pytest.param(gzip.compress(GOOD)[:-3], "v.gz", REFUSED, "ARCHIVE_TRUNCATED", id="A05-trailer"),
    pytest.param(zipped([("a.csv", GOOD)])[:-40], "v.zip", REFUSED, "ARCHIVE_TRUNCATED", id="A05-zip"),
    pytest.param(zstandard(GOOD)[:-5], "v.csv.zst", REFUSED, "ARCHIVE_TRUNCATED", id="A05-zstd"),
    pytest.param(wrong_crc(), "v.csv.gz", REFUSED, "ARCHIVE_CRC", id="A06"),
    pytest.param(flipped(gzip.compress(GOOD), 60), "v.gz", REFUSED, "ARCHIVE_CRC", id="A06-bit"),
    pytest.param(flipped(zipped([("a.csv", GOOD)]), 60), "v.zip", REFUSED, "ARCHIVE_CRC", id="A06-zip"),
    pytest.param(gzip.compress(GOOD) + b"junk", "v.gz", REFUSED, "ARCHIVE_TRAILING", id="A07"),
    pytest.param(bomb(), "v.csv.gz", REFUSED, "ARCHIVE_RATIO", id="A08"),
    pytest.param(zipped([("a", b"\0" * 60_000_000)]), "v.zip", REFUSED, "ARCHIVE_RATIO", id="A08-zip"),
    pytest.param(overlapping(), "v.zip", REFUSED, "ZIP_OVERLAP", id="A09"),
    pytest.param(zipped([("a", zipped([("b", GOOD)]))]), "v.zip", REFUSED, "NESTED_ARCHIVE", id="A10"),
    pytest.param(zipped([("a", gzip.compress(GOOD))]), "v.zip", REFUSED, "NESTED_ARCHIVE", id="A10-gz"),
    pytest.param(
        zipped([(f"{n}.csv", b"") for n in range(2000)]), "v.zip", REFUSED, "TOO_MANY_ENTRIES", id="A11"
    ),
    pytest.param(
        zipped([("a.csv", GOOD), ("b.csv", GOOD)]), "v.zip", REFUSED, "AMBIGUOUS_ENTRY", id="A11-two"
    ),
    pytest.param(
        zipped([("aa", GOOD), ("bb", GOOD)]).replace(b"bb", b"aa"),
        "v.zip", REFUSED, "AMBIGUOUS_ENTRY", id="A11-same-name",
    ),
    pytest.param(raw_name(b"../../etc/x"), "v.zip", REFUSED, "UNSAFE_NAME", id="A12-parent"),
    pytest.param(raw_name(b"/etc/passwd"), "v.zip", REFUSED, "UNSAFE_NAME", id="A12-absolute"),
    pytest.param(raw_name(b"C:ventes.csv"), "v.zip", REFUSED, "UNSAFE_NAME", id="A12-drive"),
    pytest.param(raw_name(b"a\\b.csv"), "v.zip", REFUSED, "UNSAFE_NAME", id="A12-backslash"),
    pytest.param(raw_name(b"a\0b.csv"), "v.zip", REFUSED, "UNSAFE_NAME", id="A12-nul"),
    pytest.param(zipped([("a\u202evsc.exe", GOOD)]), "v.zip", REFUSED, "UNSAFE_NAME", id="A12-rtl"),
    pytest.param(
        zipped([("a", b"/etc/passwd")], mode=stat.S_IFLNK | 0o777), "v.zip", REFUSED, "UNSAFE_NAME",
        id="A12-link",
    ),
    pytest.param(encrypted(), "v.zip", REFUSED, "ENCRYPTED", id="A13"),
    pytest.param(lying_size(), "v.zip", REFUSED, "ARCHIVE_CRC", id="A14"),
    pytest.param(text(sales(3, pharmacy=OTHER_PHARMACY)), "v.csv", REFUSED, "SENDER_MISMATCH", id="A25"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "filename", "status", "code"), FAULTS)
def test_a_bad_container_is_told_by_its_code(
    data: bytes, filename: str, status: ReceiptStatus, code: str
) -> None:
    delivery = read(data, filename=filename)
    assert (delivery.status, delivery.code) == (status, code)
    assert (delivery.received, dict(delivery.facts), delivery.days) == (0, {}, ())
    assert delivery.message.endswith(".") and "Traceback" not in delivery.message


def test_a04_more_than_the_limit_is_refused_while_it_streams() -> None:
    small = Limits(received_bytes=1000, unpacked_bytes=100_000)
    assert read(GOOD, limits=small).code == "TOO_LARGE"
    unpacked = gzip.compress(text(sales(2000)))
    assert read(unpacked, limits=Limits(unpacked_bytes=100_000)).code == "TOO_LARGE"


def test_a07_members_of_a_gzip_are_joined() -> None:
    joined = read(gzip.compress(GOOD[:500]) + gzip.compress(GOOD[500:]), filename="v.csv.gz")
    assert (joined.status, joined.accepted) == (ACCEPTED, 40)


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (GOOD, "autre-nom.csv"),
        (GOOD.replace(b"\n", b"\r\n"), "ventes.csv"),
        (b"\xef\xbb\xbf" + GOOD, "ventes.csv"),
        (gzip.compress(GOOD), "ventes.csv.gz"),
        (zipped([("export.csv", GOOD)]), "ventes.zip"),
        (zstandard(GOOD), "ventes.csv.zst"),
    ],
    ids=["name", "line-ends", "bom", "gzip", "zip", "zstd"],
)
def test_a20_the_same_content_has_one_hash_in_any_wrapping(data: bytes, filename: str) -> None:
    plain, wrapped = read(GOOD), read(data, filename=filename)
    assert wrapped.content_hash == plain.content_hash
    assert (wrapped.status, wrapped.accepted) == (ACCEPTED, 40)


def test_a29_rows_of_a_pharmacy_without_authorisation_are_set_aside() -> None:
    rows = [*sales(39), sale(pharmacy=OTHER_PHARMACY, line_no="99")]
    delivery = read(text(rows))
    assert (delivery.accepted, delivery.quarantined) == (39, 1)
    assert [(i.code, i.line) for i in delivery.issues] == [("NOT_AUTHORISED", 41)]
    assert OTHER_PHARMACY not in str(delivery.issues)
    group = Terms(PHARMACY, TODAY, authorised=frozenset({OTHER_PHARMACY}))
    assert read(text(rows), terms=group).accepted == 40


def ods(before: str = "", inside: str = "") -> bytes:
    """A sheet as LibreOffice saves one: numbers with their value, dates as dates, the rest as text.

    `before` comes ahead of the document, `inside` in its first cell.
    """
    lines = [dict(zip(COLUMNS, COLUMNS, strict=True)), *sales(3)]
    rows = "".join(
        f"<table:table-row>{''.join(_ods_cell(name, row[name]) for name in COLUMNS)}</table:table-row>"
        for row in lines
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f"<office:document-content {spaces}><office:body>"
        f'<office:spreadsheet><table:table table:name="Feuille1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    content = content.replace("<text:p>", f"<text:p>{inside}", 1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return buffer.getvalue()


def _ods_cell(name: str, value: str) -> str:
    kind = f'office:value-type="string"><text:p>{value}</text:p>'
    if value != name and name in AMOUNTS and value:
        kind = f'office:value-type="float" office:value="{value.replace(",", ".")}">'
    if value != name and name == "sold_at":
        kind = f'office:value-type="date" office:date-value="{value}">'
    return f"<table:table-cell {kind}</table:table-cell>"


def parquet() -> bytes:
    """The same lines in their own types: whole numbers, decimals, moments."""
    rows = [
        row
        | {name: Decimal(row[name].replace(",", ".")) if row[name] else None for name in AMOUNTS}
        | {"sold_at": dt.datetime.fromisoformat(row["sold_at"]), "quantity": int(row["quantity"])}
        for row in sales(3)
    ]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows).select(COLUMNS), sink, write_page_checksum=True)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("data", "filename"),
    [(workbook(), "ventes.xlsx"), (ods(), "ventes.ods"), (parquet(), "ventes.parquet")],
    ids=["xlsx", "ods", "parquet"],
)
def test_a_table_reads_like_its_csv(data: bytes, filename: str) -> None:
    table, csv = read(data, filename=filename), read(text(sales(3)))
    assert (table.status, codes(table)) == (ACCEPTED, codes(csv))
    assert (table.accepted, table.sums) == (csv.accepted, csv.sums)
    assert table.facts["sale_day"].equals(csv.facts["sale_day"])


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
BILLION = f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(ods(BILLION, "&l9;"), id="A15-laughs"),
        pytest.param(ods(OUTSIDE, "&x;"), id="A15-outside"),
        pytest.param(ods(inside="<text:span>" * 200_000), id="A16-deep"),
        pytest.param(ods(inside="<text:span " + "a='1' " * 200_000 + "/>"), id="A16-attributes"),
        pytest.param(ods(inside="x" * 2_000_000), id="A16-long"),
        pytest.param(ods(inside="<text:"), id="A17-cut"),
        pytest.param(ods(inside="\x00"), id="A18-nul"),
    ],
)
def test_a_hostile_sheet_is_harmless(data: bytes) -> None:
    """Refused, or read without anything of what it names or multiplies."""
    start = time.process_time()
    delivery = read(data, filename="ventes.ods")
    assert time.process_time() - start < 10
    kept = str([table.to_pylist() for table in delivery.facts.values()])
    assert "lollol" not in kept and "root:" not in kept
    assert delivery.status is not ACCEPTED or delivery.accepted == 3


def test_a08_a_table_of_more_cells_than_can_be_read_is_refused_by_its_own_word() -> None:
    few = Limits(sheet_cells=10)
    for data, name in ((parquet(), "v.parquet"), (workbook(), "v.xlsx"), (ods(), "v.ods")):
        assert read(data, filename=name, limits=few).code == "TOO_LARGE"


def test_a_damaged_table_is_refused_whole() -> None:
    data = parquet()
    assert read(flipped(data, 200), filename="v.parquet").status is REFUSED
    assert read(data[:-30], filename="v.parquet").status is REFUSED
    assert read(flipped(ods(), 900), filename="v.ods").status is REFUSED
