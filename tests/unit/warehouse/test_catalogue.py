"""The catalogue on folders small enough to check by eye."""

from __future__ import annotations

import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from galien.kernel.errors import InvalidInput
from galien.law import Law
from galien.warehouse.bdpm import read_bdpm
from galien.warehouse.bdpm.wording import read_cents, read_lab, read_pack, read_strength
from galien.warehouse.catalogue import BEGINNING, Catalogue, read_catalogue, write_catalogue
from galien.warehouse.hierarchy import HIERARCHY_HEADER, read_hierarchy

LAW = Law.load()
HEADER = ",".join(HIERARCHY_HEADER)
CIS = (
    "60000001\tEXEMPLE 5 mg, comprimé\tcomprimé\torale\tAutorisation active\tProcédure nationale\t"
    "Commercialisée\t01/01/2000\t\t\t TEVA SANTE\tNon\r\n"
)
CIP = (
    "60000001\t3595583\tplaquette(s) de 30 comprimé(s)\tPrésentation active\t"
    "Déclaration de commercialisation\t01/01/2924\t3400935955838\toui\t"
    "{rate}\t{price}\t{public}\t{fee}\t\n"
)


def folder(
    path: Path, *, rate: str = "65 %", price: str = "1,466,29", public: str = "1,467,31"
) -> Path:
    path.mkdir(exist_ok=True)
    (path / "CIS_bdpm.txt").write_bytes(CIS.encode("cp1252"))
    line = CIP.format(rate=rate, price=price, public=public, fee="1,02" if price else "")
    (path / "CIS_CIP_bdpm.txt").write_bytes(line.encode("utf-8"))
    return path


def imported(path: Path, day: dt.date, catalogue: Catalogue | None = None) -> Catalogue:
    start = catalogue or Catalogue.empty()
    return start.with_bdpm(read_bdpm(path, published_on=day), LAW)


def test_two_files_make_a_product_and_its_price(tmp_path: Path) -> None:
    catalogue = imported(folder(tmp_path / "a"), dt.date(2026, 7, 24))
    (product,) = catalogue.product().to_pylist()
    assert product["label"] == "EXEMPLE 5 mg, comprimé, boîte de 30"
    assert (product["lab"], product["strength"], product["pack_size"]) == ("TEVA", "5 mg", 30)
    assert (product["since"], product["until"]) == (BEGINNING, None)
    assert product["generic_status"] == "outside"
    assert product["prescription_status"] is None, "without the file of conditions nothing is known"
    (price,) = catalogue.product_price.to_pylist()
    assert price["public_price_incl"] == Decimal("1466.29")


def test_compressed_and_plain_files_and_either_encoding_read_alike(tmp_path: Path) -> None:
    plain = folder(tmp_path / "a")
    packed = tmp_path / "b"
    packed.mkdir()
    for file in plain.iterdir():
        text = file.read_bytes().decode("utf-8" if "CIP" in file.name else "cp1252")
        (packed / f"{file.name}.gz").write_bytes(gzip.compress(text.encode("cp1252")))
    day = dt.date(2026, 7, 24)
    assert imported(packed, day).product().equals(imported(plain, day).product())


def test_a_missing_file_and_a_short_line_are_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"CIS_CIP_bdpm\.txt"):
        read_bdpm(tmp_path, published_on=dt.date(2026, 7, 24))
    path = folder(tmp_path / "a")
    (path / "CIS_CIP_bdpm.txt").write_text("60000001\t3595583\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="ligne 1 : 2 colonnes au lieu de 12"):
        read_bdpm(path, published_on=dt.date(2026, 7, 24))


def test_a_later_import_closes_the_version_and_the_price(tmp_path: Path) -> None:
    first = imported(folder(tmp_path / "a"), dt.date(2026, 5, 1))
    second = imported(folder(tmp_path / "b", rate="30%"), dt.date(2026, 7, 24), first)
    assert [
        (r["since"], r["until"], r["reimbursement_rate"]) for r in second.product().to_pylist()
    ] == [
        (BEGINNING, dt.date(2026, 7, 24), Decimal("0.65")),
        (dt.date(2026, 7, 24), None, Decimal("0.30")),
    ]
    assert [(r["since"], r["until"]) for r in second.product_price.to_pylist()] == [
        (dt.date(2026, 5, 1), dt.date(2026, 7, 24)),
        (dt.date(2026, 7, 24), None),
    ]
    third = imported(
        folder(tmp_path / "c", rate="", price="", public=""), dt.date(2026, 9, 1), second
    )
    assert third.product().to_pylist()[-1]["reimbursable"] is False
    assert third.product_price.to_pylist()[-1]["until"] == dt.date(2026, 9, 1)


def test_importing_the_same_folder_again_changes_nothing(tmp_path: Path) -> None:
    once = imported(folder(tmp_path / "a"), dt.date(2026, 5, 1))
    for day in (dt.date(2026, 5, 1), dt.date(2026, 7, 24)):
        twice = imported(folder(tmp_path / "a"), day, once)
        assert twice.product().equals(once.product())
        assert twice.product_price.equals(once.product_price)


def test_a_hierarchy_row_wins_over_the_public_file_and_makes_new_products(tmp_path: Path) -> None:
    rows = read_hierarchy(
        f"{HEADER}\n3400935955838,Médicament,,Antalgiques,,,,EXEMPLE,,MON LABO,\n"
        "CRÈME MAISON,Parapharmacie,,,,,,,,,Parapharmacie\n".encode()
    )
    catalogue = imported(folder(tmp_path / "a"), dt.date(2026, 7, 24)).with_hierarchy(rows)
    medicine, cream = catalogue.product().to_pylist()
    assert (medicine["universe_1"], medicine["lab"]) == ("Médicament", "MON LABO")
    assert medicine["product_type"] == "Médicament", "an empty field says nothing"
    assert (cream["product_code"], cream["label"]) == ("CRÈME MAISON", "CRÈME MAISON")
    assert cream["reimbursable"] is None
    again = imported(folder(tmp_path / "a"), dt.date(2026, 7, 24), catalogue)
    assert again.product().equals(catalogue.product()), "the hierarchy outlives a new import"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"code,universe_1\nX,Y\n", "product_code manque"),
        (b"product_code,univers_1\nX,Y\n", "universe_1"),
        (b"product_code;universe_1\n;Y\n", "ligne 2 : le code produit est vide"),
        (b"product_code;universe_1\nX;Y\nX;Z\n", "ligne 3"),
        (b"product_code;universe_1\nX\n", "ligne 2 : le nombre de colonnes"),
        ("product_code;universe_1\nX;é\n".encode("cp1252"), "UTF-8"),
    ],
)
def test_a_hierarchy_s_mistakes_are_named(content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_hierarchy(content)


def test_a_catalogue_is_kept_and_read_back(tmp_path: Path) -> None:
    catalogue = imported(folder(tmp_path / "a"), dt.date(2026, 7, 24))
    assert read_catalogue(tmp_path / "none").product().num_rows == 0
    write_catalogue(catalogue, tmp_path / "kept")
    assert read_catalogue(tmp_path / "kept").product().equals(catalogue.product())


@pytest.mark.parametrize(
    ("label", "size", "wording"),
    [
        ("30 plaquette(s) polypropylène aluminium de 1 comprimé(s)", 30, "boîte de 30"),
        ("plaquette(s) PVC aluminium de 90", 90, "boîte de 90"),
        ("plaquettes aluminium de  90 (3 x 30) comprimés, (multiple)", 90, "boîte de 90"),
        ("plaquettes PVC aluminium de 84 x 1 gélules", 84, "boîte de 84"),
        ("1 flacon en verre avec fermeture de sécurité de 60 gélules", 60, "boîte de 60"),
        ("6 seringues préremplies en verre de 0,4 mL + 6 tampons", 6, "6 seringues de 0,4 mL"),
        ("10 flacon(s) polyéthylène de 500 ml", 10, "10 flacons de 500 ml"),
        ("tube aluminium verni de 15 g", 1, "1 tube de 15 g"),
        ("1 flacon(s) pressurisé(s) aluminium de 200 dose(s)", 1, "1 flacon de 200 dose"),
        ("sans nombre", None, ""),
    ],
)
def test_pack_sizes(label: str, size: int | None, wording: str) -> None:
    pack = read_pack(label)
    assert (pack.size, pack.wording) == (size, wording)


def test_strengths_labs_and_prices() -> None:
    assert read_strength("PERINDOPRIL/INDAPAMIDE ZENTIVA 4 mg/1,25 mg, comprimé") == "4 mg/1,25 mg"
    assert read_strength("XALACOM 50 microgrammes/mL + 5 mg/mL, collyre") is not None
    assert read_lab("EUGIA PHARMA (MALTA) (MALTE)") == "EUGIA PHARMA"
    assert read_lab("LES LABORATOIRES SERVIER") == "SERVIER"
    assert read_cents("17,539,50") == 1_753_950
