"""The national list of shortages: read line by line, one notice a product, kept beside the catalogue."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from galien.kernel.errors import InvalidInput
from galien.warehouse.availability import (
    availability_table,
    read_availability,
    write_availability,
)
from galien.warehouse.bdpm import Presentation
from galien.warehouse.bdpm.availability import FILE, Notice, read_notices

DATA = Path(__file__).parents[3] / "data/bdpm"
LINK = "https://ansm.sante.fr/disponibilites-des-produits-de-sante/medicaments/exemple"


def folder(path: Path, *lines: str) -> Path:
    (path / FILE).write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


def line(status: str, label: str, updated: str, cip: str = "", back: str = "") -> str:
    return f"60000001\t{cip}\t{status}\t{label}\t01/04/2026\t{updated}\t{back}\t{LINK}"


def pack(cip13: str, cis: str = "60000001") -> Presentation:
    return Presentation(cip13, cip13[5:12], cis, "boîte", on_sale=True, prices=())


def told(path: Path, *lines: str) -> dict[str, tuple[str, dt.date]]:
    notices = read_notices(folder(path, *lines))
    assert notices is not None
    table: list[dict[str, Any]] = availability_table(notices, [pack("A"), pack("B")]).to_pylist()
    return {row["product_code"]: (row["status"], row["updated"]) for row in table}


def test_a_medicine_s_notice_is_of_all_its_packs(tmp_path: Path) -> None:
    found = told(tmp_path, line("1", "Rupture de stock", "18/05/2026"))
    assert found == {code: ("shortage", dt.date(2026, 5, 18)) for code in ("A", "B")}


def test_a_pack_s_notice_is_its_own(tmp_path: Path) -> None:
    assert set(told(tmp_path, line("2", "Tension", "18/05/2026", cip="B"))) == {"B"}


def test_the_last_notice_updated_is_kept(tmp_path: Path) -> None:
    short = line("1", "Rupture de stock", "10/05/2026")
    back = line("4", "Remise à disposition", "12/05/2026", back="12/05/2026")
    assert told(tmp_path, back, short, back)["A"] == ("back", dt.date(2026, 5, 12))


@pytest.mark.parametrize(("status", "day"), [("7", "18/05/2026"), ("0", "18/05/2026"), ("1", "?")])
def test_what_the_file_never_had_is_refused(tmp_path: Path, status: str, day: str) -> None:
    with pytest.raises(InvalidInput, match="médicament 60000001"):
        read_notices(folder(tmp_path, line(status, "Autre", day)))


def test_a_folder_without_the_list_tells_nothing(tmp_path: Path) -> None:
    assert read_notices(tmp_path) is None


def test_a_link_elsewhere_than_on_the_web_is_dropped(tmp_path: Path) -> None:
    bad = line("1", "Rupture de stock", "18/05/2026").replace("https", "javascript")
    (notice,) = read_notices(folder(tmp_path, bad)) or ()
    assert notice.link == ""


def test_it_is_kept_beside_the_catalogue(tmp_path: Path) -> None:
    assert read_availability(tmp_path).num_rows == 0
    notice = Notice("60000001", "", "tension", dt.date(2026, 1, 2), dt.date(2026, 5, 1), None, LINK)
    table = availability_table([notice], [pack("A")])
    write_availability(table, tmp_path)
    assert read_availability(tmp_path) == table
    assert [path.name for path in tmp_path.iterdir()] == ["availability.parquet"]


def test_the_list_of_may_2026() -> None:
    notices = read_notices(DATA) or ()
    # 766 lines, 17 of them repeated.
    assert len(notices) == 766 - 17
    assert max(each.updated for each in notices) == dt.date(2026, 5, 19)
    assert Counter(each.status for each in notices).keys() == {
        "shortage", "tension", "discontinued", "back",
    }  # fmt: skip
    assert all(each.link for each in notices)
