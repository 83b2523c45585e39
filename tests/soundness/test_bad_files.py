"""Bad contents: each fault of section B of the reliability reference, by its number.

A case gives the lines of a file of forty good sale lines with something wrong in it, and what must come
of it: the status, the counts, and the (line, code) of each problem told.
"""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest

from galien.intake import Delivery, Limits, Terms
from galien.intake.framing import Framer, frame_record
from galien.intake.mapping import mapping_from
from galien.warehouse.ledger import ReceiptStatus
from tests.builders.deliveries import (
    COLUMNS,
    PHARMACY,
    SALE,
    TODAY,
    codes,
    lines,
    product_code,
    read,
    sale,
    sales,
    text,
)

REFUSED, HELD, ACCEPTED = ReceiptStatus.REFUSED, ReceiptStatus.HELD, ReceiptStatus.ACCEPTED
GOOD = lines(sales(40))
VAT = ((dt.date(2014, 1, 1), frozenset(map(Decimal, ("0.021", "0.055", "0.1", "0.2")))),)
TERMS = Terms(
    PHARMACY,
    TODAY,
    vat_rates=VAT,
    prices={"3400935955838": 100_000},
    opened_on=dt.date(2020, 1, 1),
)


def with_line(**changes: str) -> bytes:
    """Forty good lines, then one more with some cells changed, on physical line 42."""
    return text([*sales(40), sale(line_no="41", **changes)])


def joined(rows: list[str], end: str = "\n") -> bytes:
    return "".join(row + end for row in rows).encode()


def check(delivery: Delivery) -> None:
    assert delivery.received == delivery.accepted + delivery.quarantined + delivery.duplicates
    count = delivery.lines
    parts = count.header + count.structural + count.blank + count.records + count.continuation
    assert delivery.status is REFUSED or count.physical == parts


# ------------------------------------------------------------------ a row is set aside, with its reason
ROW_FAULTS = [
    ("B10-arabic", {"quantity": "٣"}, "NOT_A_NUMBER"),
    ("B10-underscore", {"gross_incl": "1_000"}, "NOT_A_NUMBER"),
    ("B10-nan", {"gross_incl": "NaN"}, "NOT_A_NUMBER"),
    ("B10-inf", {"gross_incl": "inf"}, "NOT_A_NUMBER"),
    ("B10-exponent", {"gross_incl": "1e400"}, "NOT_A_NUMBER"),
    ("B10-hexadecimal", {"quantity": "0x10"}, "NOT_A_NUMBER"),
    ("B10-trailing-minus", {"gross_incl": "12,50-"}, "NOT_A_NUMBER"),
    ("B10-currency", {"gross_incl": "12,50 €"}, "NOT_A_NUMBER"),
    ("B09-thousands", {"gross_incl": "1 234,50"}, "NOT_A_NUMBER"),
    ("B09-ambiguous", {"gross_incl": "1.234"}, "AMBIGUOUS_NUMBER"),
    ("B12", {"quantity": "-1"}, "SIGN_MISMATCH"),
    ("B14-quantity", {"quantity": "99999"}, "OUT_OF_RANGE"),
    ("B14-price", {"gross_incl": "999999,00", "net_incl": "999998,00"}, "OUT_OF_RANGE"),
    ("B14-beyond", {"gross_incl": "88888888888"}, "OUT_OF_RANGE"),
    ("B14-margin", {"cost_excl": "18,19"}, "OUT_OF_RANGE"),
    ("B14-vat", {"vat_rate": "0,196", "net_excl": "8,36"}, "OUT_OF_RANGE"),
    ("B28-scientific", {"product_code": "3,40093E+12"}, "CODE_SCIENTIFIC"),
    ("B28-length", {"product_code": "340093595583"}, "CODE_LENGTH"),
    ("B29", {"product_code": "3400935955839"}, "BAD_CHECK_DIGIT"),
    ("B34-order", {"sold_at": "05/10/2026 10:30"}, "NOT_A_DATE"),
    ("B34-day", {"sold_at": "2026-02-31T10:00:00"}, "NOT_A_DATE"),
    ("B34-serial", {"sold_at": "46300"}, "NOT_A_DATE"),
    ("B34-short-year", {"sold_at": "26-10-05T10:00:00"}, "NOT_A_DATE"),
    ("B35", {"sold_at": "2025-02-29T10:00:00"}, "NOT_A_DATE"),
    ("B36-future", {"sold_at": "2026-11-22T10:00:00"}, "FUTURE_DATE"),
    ("B36-old", {"sold_at": "2019-12-31T10:00:00"}, "OLD_DATE"),
    ("B06-nul", {"campaign": "a\0b"}, "NUL_BYTE"),
    ("B27", {"campaign": "x" * 5_000_000}, "FIELD_TOO_LONG"),
    ("net", {"net_incl": "10,02"}, "NET_MISMATCH"),
    ("vat", {"net_excl": "9,07"}, "VAT_MISMATCH"),
    ("type", {"sale_type": "gift"}, "UNKNOWN_CODE"),
    ("empty", {"product_code": ""}, "MISSING_VALUE"),
    ("empty-amount", {"net_excl": "  "}, "MISSING_VALUE"),
]


@pytest.mark.parametrize(
    ("changes", "code"), [pytest.param(c, code, id=name) for name, c, code in ROW_FAULTS]
)
def test_a_bad_row_is_set_aside_and_the_rest_is_loaded(changes: dict[str, str], code: str) -> None:
    delivery = read(with_line(**changes), terms=TERMS)
    check(delivery)
    assert (delivery.status, delivery.accepted, delivery.quarantined) == (ACCEPTED, 40, 1)
    assert [(issue.line, issue.code) for issue in delivery.issues] == [(42, code)]
    told = delivery.issues[0]
    assert told.message.startswith("Ligne 42") and told.message.endswith(".")
    value = next(iter(changes.values()))
    if len(value) > 3 and any(c.isalnum() for c in value):
        assert value not in told.extract


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"quantity": "0", "gross_incl": "0", "discount_incl": "0", "net_incl": "0",
                      "net_excl": "0"}, "ZERO_QUANTITY", id="B13-quantity"),
        pytest.param({"gross_incl": "0", "discount_incl": "0", "net_incl": "0", "net_excl": "0"},
                     "ZERO_PRICE", id="B13-price"),
        pytest.param({"gross_incl": "111,00", "net_incl": "110,00", "net_excl": "100,00"},
                     "ODD_PRICE", id="price-over-ten-times"),
    ],
)  # fmt: skip
def test_an_odd_row_is_kept_and_flagged(changes: dict[str, str], code: str) -> None:
    delivery = read(with_line(**changes), terms=TERMS)
    assert (delivery.status, delivery.accepted) == (ACCEPTED, 41)
    assert [(i.line, i.code, i.severity) for i in delivery.issues] == [(42, code, "warning")]


KEPT = [
    ("B11", {"quantity": "-1", "gross_incl": "-11", "discount_incl": "-1", "net_incl": "-10",
             "net_excl": "-9,09", "cost_excl": "-6"}),
    ("B13-free-code", {"product_code": "DIVERS"}),
    ("B29-cip7", {"product_code": "3014545"}),
    ("B30", {"product_code": product_code(9_999_999)}),
    ("B35-leap", {"sold_at": "2024-02-29T10:00:00"}),
    ("B37-skipped-hour", {"sold_at": "2026-03-29T02:30:00"}),
    ("B37-repeated-hour", {"sold_at": "2026-10-25T02:30:00"}),
    ("B40-formula", {"campaign": '=HYPERLINK("http://x")'.replace('"', "'")}),
    ("B40-script", {"campaign": "<script>alert(1)</script>"}),
    ("B40-rtl", {"campaign": "prix \u202eabc\u200b 🎄"}),
    ("decimals", {"cost_excl": "6,123456"}),
    ("fraction", {"quantity": "1,00"}),
    ("no-cost", {"cost_excl": ""}),
]  # fmt: skip


@pytest.mark.parametrize("changes", [pytest.param(c, id=name) for name, c in KEPT])
def test_a_legal_row_is_accepted(changes: dict[str, str]) -> None:
    delivery = read(with_line(**changes), terms=TERMS)
    check(delivery)
    assert (delivery.status, delivery.accepted, delivery.issues) == (ACCEPTED, 41, ())


# ---------------------------------------------------------------------- the whole file is stopped
LAST = joined(GOOD)[:-1]
FILES = [
    ("B02-no-bom", joined(GOOD).decode().encode("utf-16-le"), REFUSED, "ENCODING"),
    ("B02-utf-32", joined(GOOD).decode().encode("utf-32"), REFUSED, "ENCODING"),
    ("B06-tail", joined(GOOD) + b"\0" * 4096, HELD, "TRUNCATED_TAIL"),
    ("B07", joined([row.replace(";", "|") for row in GOOD]), REFUSED, "DIALECT"),
    ("B17", text(sales(40), columns=[c for c in COLUMNS if c != "net_incl"]), REFUSED, "MISSING_COLUMN"),
    ("B19-header", joined([GOOD[0].replace("net_excl", "net_incl"), *GOOD[1:]]), REFUSED,
     "DUPLICATE_COLUMN"),
    ("B21", joined([*GOOD[:5], GOOD[5].replace(";Claire", ';"Claire'), *GOOD[6:]]), REFUSED,
     "UNBALANCED_QUOTE"),
    ("B21-end", joined([*GOOD[:-1], GOOD[-1].replace(";Claire", ';"Claire')]), REFUSED,
     "UNBALANCED_QUOTE"),
    ("B25", LAST, HELD, "TRUNCATED_LAST_ROW"),
    ("B25-number", LAST[:-16], HELD, "TRUNCATED_LAST_ROW"),
    ("B32", joined(GOOD + GOOD[1:]), HELD, "DOUBLED_FILE"),
    ("B32-header", joined(GOOD + GOOD), HELD, "DOUBLED_FILE"),
    ("over-5-percent", text([*sales(18), *(sale(line_no=n, quantity="x") for n in "ab")]), HELD,
     "TOO_MANY_ERRORS"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "status", "code"), [pytest.param(d, s, c, id=name) for name, d, s, c in FILES]
)
def test_a_bad_file_is_held_or_refused(data: bytes, status: ReceiptStatus, code: str) -> None:
    delivery = read(data)
    check(delivery)
    assert (delivery.status, delivery.code) == (status, code)
    if status is REFUSED:
        assert (delivery.received, dict(delivery.facts)) == (0, {})
    else:
        assert delivery.received > 0


def test_b17_the_missing_columns_are_named() -> None:
    without = [c for c in COLUMNS if c not in ("net_incl", "quantity")]
    message = read(text(sales(2), columns=without)).message
    assert "« quantity »" in message and "« net_incl »" in message


def test_b21_the_line_of_the_quote_is_told_wherever_blocks_are_cut() -> None:
    rows = lines(sales(3000))
    rows[1700] = rows[1700].replace(";Claire", ';"Claire')
    refused = read(joined(rows))
    assert (refused.code, refused.issues[0].line) == ("UNBALANCED_QUOTE", 1701)


def test_b25_the_cut_row_is_counted_and_set_aside() -> None:
    cut = read(LAST[:-16])
    assert (cut.received, cut.accepted, cut.quarantined) == (40, 39, 1)


# ------------------------------------------------------------------------ forms that change nothing
CLEAN = read(joined(GOOD))
QUOTED = ['"' + row.replace(";", '";"') + '"' for row in GOOD]
REORDERED = list(reversed(COLUMNS))
FORMS = [
    ("B01", b"\xef\xbb\xbf" + joined(GOOD)),
    ("B02-le", "".join(r + "\n" for r in GOOD).encode("utf-16")),
    ("B02-be", b"\xfe\xff" + "".join(r + "\n" for r in GOOD).encode("utf-16-be")),
    ("B08-comma-separator", joined([r.replace(",", ".").replace(";", ",") for r in GOOD])),
    ("B08-tab", joined([r.replace(";", "\t") for r in GOOD])),
    ("B08-point", joined([r.replace(",", ".") for r in GOOD])),
    ("B15", text(sales(40), columns=REORDERED)),
    ("B15-case", joined([GOOD[0].upper().replace("_", " "), *GOOD[1:]])),
    ("B22-quoted", joined(QUOTED)),
    ("B23-crlf", joined(GOOD, "\r\n")),
    ("B23-cr", joined(GOOD, "\r")),
    ("B23-mixed", joined(GOOD[:9]) + joined(GOOD[9:20], "\r\n") + joined(GOOD[20:], "\r")),
    ("B24", joined([GOOD[0], "", *GOOD[1:7], ";" * 16, "   ", *GOOD[7:], "", ""])),
    ("spaces", joined([GOOD[0], *(r.replace(";", " ; ") for r in GOOD[1:])])),
]  # fmt: skip


@pytest.mark.parametrize("data", [pytest.param(d, id=name) for name, d in FORMS])
def test_the_form_of_a_file_changes_nothing(data: bytes) -> None:
    delivery = read(data)
    check(delivery)
    assert (delivery.status, delivery.received, delivery.accepted) == (ACCEPTED, 40, 40)
    assert delivery.sums == CLEAN.sums
    assert all(delivery.facts[name].equals(CLEAN.facts[name]) for name in CLEAN.facts)


def test_b18_columns_of_no_use_are_dropped_and_named() -> None:
    rows = [row | {"libelle": "Doliprane", "Ticket": "T1"} for row in sales(3)]
    delivery = read(text(rows, columns=(*COLUMNS, "libelle", "Ticket")))
    assert delivery.dropped_columns == ("libelle", "Ticket")
    stored = str([table.to_pylist() for table in delivery.facts.values()])
    assert "Doliprane" not in stored and "T1" not in stored


def test_b38_no_ticket_no_time_and_no_operator_is_kept() -> None:
    facts = read(text(sales(3, visit="VISIT77", invoice="INV88"))).facts
    stored = str([table.to_pylist() for table in facts.values()])
    assert all(secret not in stored for secret in ("VISIT77", "INV88", "Claire", "10:30", "10, 30"))


def test_b19_a_header_met_again_is_no_row() -> None:
    again = joined([*GOOD[:20], GOOD[0], *GOOD[20:]])
    assert (read(again).received, read(again).lines.structural) == (40, 1)


@pytest.mark.parametrize("row", [GOOD[5] + ";x", GOOD[5].rsplit(";", 1)[0], "one"], ids=str)
def test_b20_a_ragged_row_is_told_with_its_line(row: str) -> None:
    delivery = read(joined([*GOOD[:5], row, *GOOD[6:]]))
    check(delivery)
    assert (delivery.received, delivery.accepted, delivery.quarantined) == (40, 39, 1)
    assert [(i.line, i.code) for i in delivery.issues] == [(6, "RAGGED_ROW")]


def test_b20_a_row_of_very_many_cells_is_set_aside() -> None:
    delivery = read(joined([*GOOD[:5], "1;" * 50_000, *GOOD[5:]]))
    check(delivery)
    assert (delivery.accepted, delivery.quarantined) == (40, 1)
    assert [(i.line, i.code) for i in delivery.issues] == [(6, "RAGGED_ROW")]


@pytest.mark.parametrize("cell", [b"1;", b'"a";'])
def test_b20_very_many_cells_cost_no_more_than_their_length(cell: bytes) -> None:
    framer = Framer(b";", b'"', Limits())
    start = time.process_time()
    framed = frame_record(cell * 1_000_000 + b"\n", 0, 1, framer)
    assert time.process_time() - start < 10
    assert framed is not None and len(framed[0].fields) == 1_000_001


def test_b22_a_line_break_inside_quotes_is_one_row_on_its_first_line() -> None:
    split = GOOD[4].replace(";Claire;", ';"Cla\nire";')
    bad = GOOD[6].replace(";11,00;", ";abc;")
    delivery = read(joined([*GOOD[:4], split, GOOD[5], bad, *GOOD[7:]]))
    check(delivery)
    assert (delivery.accepted, delivery.lines.continuation) == (39, 1)
    assert [(i.line, i.code) for i in delivery.issues] == [(8, "NOT_A_NUMBER")]


def test_b33_the_same_line_twice_is_kept_once() -> None:
    delivery = read(joined([*GOOD, GOOD[7]]))
    assert (delivery.received, delivery.accepted, delivery.duplicates) == (41, 40, 1)
    assert delivery.sums == CLEAN.sums


def test_b33_one_number_for_two_different_lines_sets_both_aside() -> None:
    other = sale(line_no="7", cost_excl="5,00")
    delivery = read(text([*sales(40), other]))
    assert (delivery.accepted, delivery.quarantined) == (39, 2)
    assert [(i.line, i.code) for i in delivery.issues] == [
        (8, "CONFLICTING_ID"), (42, "CONFLICTING_ID"),
    ]  # fmt: skip


def test_b03_accents_of_cp1252_are_read_by_profile() -> None:
    assert "é€" in str(read(cp1252("Été é€".encode("cp1252")), source=CP1252).facts["sale_day"])


def test_b04_a_byte_without_meaning_sets_its_row_aside() -> None:
    in_cp1252 = read(cp1252(b"caf\x81"), source=CP1252)
    in_utf8 = read(joined(GOOD).replace(b"Claire", b"Cla\xe9re", 1))
    for delivery, line in ((in_cp1252, 2), (in_utf8, 2)):
        check(delivery)
        assert [(i.line, i.code) for i in delivery.issues] == [(line, "ENCODING")]
        assert delivery.quarantined == 1


@pytest.mark.parametrize(
    ("mark", "written"),
    [
        (" ", "1 011,00"), (" ", "1\u00a0011,00"), (" ", "1\u202f011,00"), (".", "1.011,00"),
        ("'", "1'011,00"),
    ],
    ids=["space", "no-break", "narrow", "point", "apostrophe"],
)  # fmt: skip
def test_b09_thousands_are_grouped_as_the_profile_says(mark: str, written: str) -> None:
    form: dict[str, object] = {"decimal": ",", "thousands": mark}
    source = mapping_from(_source(form, list(COLUMNS)), where="essai")
    changes = {"net_incl": "1010,00", "net_excl": "918,18", "cost_excl": "500"}
    delivery = read(with_line(gross_incl=written, **changes), source=source)
    assert (delivery.accepted, codes(delivery)) == (41, set())
    assert delivery.sums["amount"] == CLEAN.sums["amount"] + 1010


def test_b40_accents_written_in_two_signs_are_kept_as_one() -> None:
    told = {
        str(read(with_line(campaign=name)).facts["sale_day"]["campaign"].to_pylist())
        for name in ("\u00c9t\u00e9", "E\u0301te\u0301")
    }
    assert len(told) == 1


def test_b05_damaged_accents_are_kept_and_flagged() -> None:
    delivery = read(with_line(campaign="Été".encode().decode("cp1252")))
    assert (delivery.status, delivery.accepted) == (ACCEPTED, 41)
    assert [(i.line, i.code, i.severity) for i in delivery.issues] == [(42, "MOJIBAKE", "warning")]


def test_b16_without_header_the_order_must_fit_the_types() -> None:
    rows = text(sales(30)).split(b"\n", 1)[1]
    swapped = text(sales(30), columns=[COLUMNS[1], COLUMNS[0], *COLUMNS[2:]]).split(b"\n", 1)[1]
    assert read(rows, source=HEADLESS).accepted == 30
    assert read(swapped, source=HEADLESS).code == "DIALECT"


@pytest.mark.parametrize(
    ("trailer", "code"),
    [("FIN;40;400,00", ""), ("FIN;41;400,00", "CONTROL_TOTAL"), ("FIN;40;400,01", "CONTROL_TOTAL")],
)
def test_b26_the_control_line_must_agree(trailer: str, code: str) -> None:
    content = _source({}, list(COLUMNS))
    feeds = content["feeds"]
    assert isinstance(feeds, dict)
    feeds["sales"]["trailer"] = {"starts": "FIN", "rows": 2, "amount": 3}
    delivery = read(joined([*GOOD, trailer]), source=mapping_from(content, where="essai"))
    check(delivery)
    assert (delivery.received, delivery.accepted, delivery.code) == (40, 40, code)


def _source(form: dict[str, object], names: list[str]) -> dict[str, object]:
    columns: dict[str, object] = {
        column: {"from": name} for column, name in zip(COLUMNS, names, strict=True)
    }
    columns["sold_at"] = {
        "from": names[1], "convert": "datetime", "format": "%Y-%m-%dT%H:%M:%S",
    }  # fmt: skip
    columns["sale_type"] = {"from": names[5], "convert": "code"}
    return {"name": "essai", "feeds": {"sales": {"file": form, "columns": columns}}}


CP1252 = mapping_from(_source({"encoding": "cp1252"}, list(COLUMNS)), where="essai")
HEADLESS = mapping_from(
    _source({"header": False}, [str(n) for n in range(1, len(COLUMNS) + 1)]), where="essai"
)


def cp1252(campaign: bytes) -> bytes:
    first = ";".join((SALE | {"line_no": "0"})[c] for c in COLUMNS[:-1]).encode() + b";" + campaign
    head, _, rest = joined(GOOD).partition(b"\n")
    return head + b"\n" + first + b"\n" + rest


def test_no_code_is_told_that_no_control_declares() -> None:
    told = codes(read(with_line(quantity="x"))) | codes(read(LAST))
    assert told == {"NOT_A_NUMBER", "TRUNCATED_LAST_ROW"}
