"""Strings read on real packs, by scanners that keep, replace or lose the separator."""

from __future__ import annotations

from datetime import date

import pytest

from galien.kernel.datamatrix import PackCode, parse_datamatrix
from galien.kernel.errors import InvalidInput

PACK = PackCode(
    gtin="03400930302613", expiry=date(2027, 4, 30), lot="MA00614A", serial="32780924334799"
)


@pytest.mark.parametrize("separator", ["\x1d", " ", "<GS>", "\u2194"])
def test_every_separator_gives_the_same_pack(separator: str) -> None:
    parts = ("0103400930302613" + "2132780924334799", "10MA00614A", "17270430")
    assert parse_datamatrix(separator.join(parts)) == PACK
    assert parse_datamatrix("]d2" + separator.join(parts)) == PACK


def test_the_product_is_the_cip13_inside_the_gtin() -> None:
    assert PACK.product_code == "3400930302613"


@pytest.mark.parametrize(
    ("text", "expiry", "lot", "serial"),
    [
        ("010340093595583817240331101KH4A", date(2024, 3, 31), "1KH4A", None),
        ("010340093014544917221031108110753", date(2022, 10, 31), "8110753", None),
        ("01034009392206591725030010L386", date(2025, 3, 31), "L386", None),
        ("01034009311363851724020010H050", date(2024, 2, 29), "H050", None),
        (
            "010340094988741521014330884264781723103110UMGF",
            date(2023, 10, 31),
            "UMGF",
            "01433088426478",
        ),
        ("010340093030261310MA00614A17270430", date(2027, 4, 30), "MA00614A", None),
    ],
)
def test_packs_without_separator(
    text: str, expiry: date, lot: str | None, serial: str | None
) -> None:
    pack = parse_datamatrix(text)
    assert (pack.expiry, pack.lot, pack.serial) == (expiry, lot, serial)


def test_a_lost_separator_is_said() -> None:
    assert parse_datamatrix("010340093030261310MA00614A17270430").ambiguous
    assert not parse_datamatrix("010340093595583817240331101KH4A").ambiguous
    with_production = parse_datamatrix("010340094988741521014330884264781723103110UMGF11200731")
    assert with_production.produced_on == date(2020, 7, 31)
    assert with_production.ambiguous


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PO2IUOhkhgdiué!6827",
        "+E219C201438401/$$32208030030077849/16D20170803D",
        "020340023674791317220507109M63A21106G1VN4CP4YMR",
        "010340023674791314220507109M63A21146G1VN4CP4YMR",
        "0103400236747913",
        "010340093595583817241331",
        "010340093595583817240331" + "17240331",
    ],
)
def test_what_is_not_a_pack_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput, match="DataMatrix"):
        parse_datamatrix(text)
