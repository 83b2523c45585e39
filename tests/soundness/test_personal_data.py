"""No file about people comes in, and no ordinary file is taken for one (B39 and its false alarms)."""

from __future__ import annotations

import io
import random
import time
import zipfile

import pytest

from galien.kernel.codes import gs1_key
from galien.warehouse.ledger import ReceiptStatus
from tests.builders.deliveries import COLUMNS, product_code, read, sale, sales, text

NIR = "295109912611193"
RPPS = "10003345678"  # closed by its key below


def luhn_closed(body: str) -> str:
    doubled = [
        sum(divmod(2 * int(d), 10)) if i % 2 == 0 else int(d) for i, d in enumerate(body[::-1])
    ]
    return body + str(-sum(doubled) % 10)


PERSONAL = {
    "nir": NIR,
    "nir-spaced": "2 95 10 99 126 111 93",
    "nir-no-break": "2\u00a095\u00a010\u00a099\u00a0126\u00a0111\u00a093",
    "nir-no-key": "2951099126111",
    "nir-spaced-no-key": "2 95 10 99 126 111",
    "nir-in-text": f"patient {NIR} suivi",
    "nir-corsica": "1 85 07 2A 004 015 " + str(97 - 1850719004015 % 97),
    "rpps": luhn_closed("1000334567"),
    "rpps-said": "RPPS 10003345671",
    "adeli-said": "ADELI 751234567",
    "e-mail": "marie.durand@example.fr",
    "e-mail-in-text": "écrire à marie@pharma-x.fr svp",
    "phone": "06 12 34 56 78",
    "phone-dots": "06.12.34.56.78",
    "phone-bare": "0612345678",
    "phone-abroad": "+33 6 12 34 56 78",
    "iban": "FR14 2004 1010 0505 0001 3M02 606",
    "civility": "Mme DURAND",
    "born": "née le 12/03/1956",
    "name-and-birth": "DURAND Marie 12/03/1956",
}


@pytest.mark.parametrize("value", PERSONAL.values(), ids=PERSONAL)
@pytest.mark.parametrize("column", ["campaign", "visit", "commentaire", "product_code"])
def test_a_value_about_a_person_refuses_the_file(value: str, column: str) -> None:
    rows = [row | {"commentaire": "rien"} for row in sales(40)]
    rows[6][column] = value
    delivery = read(text(rows, columns=(*COLUMNS, "commentaire")))
    assert (delivery.status, delivery.code) == (ReceiptStatus.REFUSED, "PERSONAL_DATA")
    assert [(i.line, i.column) for i in delivery.issues] == [(8, column)]
    assert (delivery.received, dict(delivery.facts)) == (0, {})
    assert value not in str(delivery)


@pytest.mark.parametrize("value", [PERSONAL["nir"], PERSONAL["e-mail"], PERSONAL["phone"]])
def test_so_does_one_in_a_row_that_cannot_be_read(value: str) -> None:
    rows = text(sales(40)).decode().splitlines()
    for spoiled in (f"{rows[5]};{value}", rows[5].replace(";11,00;", f";{value};")):
        delivery = read("".join(r + "\n" for r in [*rows[:5], spoiled, *rows[6:]]).encode())
        assert (delivery.code, delivery.issues[0].line) == ("PERSONAL_DATA", 6)
        assert value not in str(delivery)


@pytest.mark.parametrize(
    "header",
    ["Date de naissance", "DDN", "NIR", "N° Sécu", "Prénom", "NomPatient", "Nom du patient", "E-mail",
     "TÉL. PORTABLE", "Prescripteur", "N° RPPS", "IBAN", "Médecin", "nom_beneficiaire"],
)  # fmt: skip
def test_a_column_about_people_refuses_the_file(header: str) -> None:
    rows = [row | {header: ""} for row in sales(3)]
    delivery = read(text(rows, columns=(*COLUMNS, header)))
    assert (delivery.code, delivery.issues[0].column) == ("PERSONAL_DATA", header)


def test_a_column_of_names_refuses_the_file() -> None:
    names = ["DURAND Marie", "Paul Martin", "LEROY Jeanne", "Petit Jacques"]
    rows = [row | {"info": names[at % 4]} for at, row in enumerate(sales(20))]
    assert read(text(rows, columns=(*COLUMNS, "info"))).code == "PERSONAL_DATA"


def test_a_name_and_an_old_date_in_two_columns_refuse_the_file() -> None:
    rows = [row | {"a": "", "b": ""} for row in sales(20)]
    rows[3] |= {"a": "DURAND Marie", "b": "12/03/1956"}
    assert read(text(rows, columns=(*COLUMNS, "a", "b"))).code == "PERSONAL_DATA"


@pytest.mark.parametrize(
    "filename", [f"ventes_{NIR}.csv", "DURAND_Marie.csv", "mme durand.csv", "a@b.fr.csv"]
)
def test_the_name_of_the_file_is_looked_at(filename: str) -> None:
    delivery = read(text(sales(3)), filename=filename)
    assert (delivery.code, delivery.issues[0].column) == ("PERSONAL_DATA", "nom du fichier")
    assert filename not in str(delivery)


def test_names_inside_an_archive_are_looked_at() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{NIR}.csv", text(sales(3)))
    assert read(buffer.getvalue(), filename="ventes.zip").code == "PERSONAL_DATA"


def shop_codes(count: int) -> list[str]:
    """Codes that shops make for their shelves: 13 digits beginning with 1, 2 or 3."""
    draw = random.Random(7)
    bodies = [f"{draw.choice('123')}{draw.randrange(10**11):011d}" for _ in range(count)]
    return [body + gs1_key(body) for body in bodies]


ORDINARY = {
    "own product codes": [
        sale(line_no=str(n), product_code=c) for n, c in enumerate(shop_codes(2000))
    ],
    "medicines": [sale(line_no=str(n), product_code=product_code(n * 977)) for n in range(2000)],
    "dated invoices": [sale(invoice=f"26100{n % 9 + 1}{n:07d}") for n in range(1000)],
    "long invoices": [sale(invoice=f"2026100{n:06d}", visit=f"{n:015d}") for n in range(1000)],
    "zero-padded visits": [sale(invoice=str(n), visit=f"01{n:08d}") for n in range(1000)],
    "eleven digits": [sale(invoice=f"10{n * 37:09d}") for n in range(1000)],
    "campaigns": [
        sale(line_no=str(n), campaign=c)
        for n, c in enumerate(
            ["OCTOBRE ROSE 2026", "Soldes 01/07/2026", "1+1 offert", "Pierre Fabre"]
        )
    ],
    "staff": [
        sale(line_no=str(n), operator=o) for n, o in enumerate(["DURAND Marie", "Mme Petit"])
    ],
}


@pytest.mark.parametrize("rows", ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_file_raises_no_alarm(rows: list[dict[str, str]]) -> None:
    delivery = read(text(rows))
    assert (delivery.code, delivery.quarantined) == ("", 0)


@pytest.mark.parametrize(
    ("header", "value"),
    [("N° client", "48213"), ("libellé", "DOLIPRANE 500 mg"), ("Heure", "10:30"), ("Lot", "A2B9912345678"),
     ("Date facture", "05/10/2026"), ("Laboratoire", "Pierre Fabre"), ("EAN", "2012345678900"),
     ("Nom produit", "EAU ROSE"), ("SIREN", "732829320"), ("mise à jour", "2026-10-05 10:30:00")],
)  # fmt: skip
def test_an_ordinary_extra_column_is_dropped_without_alarm(header: str, value: str) -> None:
    rows = [row | {header: value} for row in sales(30)]
    delivery = read(text(rows, columns=(*COLUMNS, header)))
    assert (delivery.code, delivery.dropped_columns) == ("", (header,))


@pytest.mark.parametrize(
    "filename",
    ["pharmacie_saint_martin_202610.csv", "ventes_202610051030.csv", "export 05-10-2026.csv",
     "750100042_sales_2026-10.csv", "SALES.CSV", "Pharmacie Jeanne d'Arc.csv"],
)  # fmt: skip
def test_an_ordinary_file_name_raises_no_alarm(filename: str) -> None:
    assert read(text(sales(3)), filename=filename).code == ""


@pytest.mark.parametrize("piece", ["x", "x@", "0", "1 ", "06 ", "FR14", "a.", "M. "])
def test_a_long_cell_costs_no_more_than_its_length(piece: str) -> None:
    rows = sales(3)
    rows[1]["campaign"] = piece * (30_000 // len(piece))
    start = time.process_time()
    read(text(rows))
    assert time.process_time() - start < 2
