"""Purchases and offers as people give them to the simulator: two tables, read line by line."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from galien.calculators.discounts.market import Offer, Purchase
from galien.kernel.errors import InvalidInput
from galien.usecases.typed_csv import TypedRow, read_file, read_number

PURCHASE_COLUMNS = ("equivalence", "quantity", "list_amount", "discount_rate")
OFFER_COLUMNS = ("lab", "equivalence", "discount_rate")
EXTRA = "extra_rate"
MOST_BYTES = 60_000_000  # forty labs over ten thousand products
MOST_DIGITS = 30
LARGEST = Decimal(10) ** 15
ONE = Decimal(1)
ZERO = Decimal(0)
EXAMPLE = {
    "": "un taux",
    "equivalence": "le code du produit équivalent",
    "lab": "le nom du laboratoire",
    "quantity": "des unités : 120",
    "list_amount": "des euros au prix catalogue : 1032,00",
    "discount_rate": "un rapport : 0,25 pour 25 %",
    EXTRA: "un rapport : 0,05 pour 5 %",
}


def read_purchases(path: Path) -> tuple[Purchase, ...]:
    """Read what is bought of each equivalence.

    Columns equivalence, quantity, list_amount (euros) and discount_rate (a ratio, or a number
    followed by %). Raises InvalidInput with the line when a number is missing or wrong, or when an
    equivalence comes twice.
    """
    table = read_file(path, required=PURCHASE_COLUMNS, known=PURCHASE_COLUMNS, most=MOST_BYTES)
    seen: dict[str, int] = {}
    found = []
    for row in table.rows:
        where = _where(path, row)
        equivalence = _text(row, "equivalence", where)
        if equivalence in seen:
            raise InvalidInput(
                f"{where} : l’équivalence « {equivalence} » figure déjà à la ligne "
                f"{seen[equivalence]}. Additionnez les deux lignes en une."
            )
        seen[equivalence] = row.line
        found.append(
            Purchase(
                equivalence,
                _number(row, "quantity", where),
                _number(row, "list_amount", where),
                _rate(row, "discount_rate", where),
            )
        )
    return tuple(found)


def read_offers(path: Path) -> tuple[Offer, ...]:
    """Read what each lab offers on each equivalence.

    Columns lab, equivalence, discount_rate and extra_rate (ratios; no extra when it is empty or
    absent). Raises InvalidInput with the line when a rate is missing or wrong, or when a lab offers
    an equivalence twice.
    """
    table = read_file(path, required=OFFER_COLUMNS, known=(*OFFER_COLUMNS, EXTRA), most=MOST_BYTES)
    seen: dict[tuple[str, str], int] = {}
    found = []
    for row in table.rows:
        where = _where(path, row)
        key = (_text(row, "lab", where), _text(row, "equivalence", where))
        if key in seen:
            raise InvalidInput(
                f"{where} : « {key[0]} » a déjà une offre pour l’équivalence « {key[1]} », à la ligne "
                f"{seen[key]}. Gardez celle qui vaut."
            )
        seen[key] = row.line
        extra = _rate(row, EXTRA, where) if row.cells.get(EXTRA) else ZERO
        found.append(Offer(*key, _rate(row, "discount_rate", where), extra))
    return tuple(found)


def as_rate(text: str) -> Decimal:
    """Read a rate typed as 0,10 or 10 %; InvalidInput when it is not one."""
    try:
        return _rate(TypedRow(0, {"": text}), "", "")
    except InvalidInput as error:
        raise InvalidInput(f"« {text} » n’est pas un taux : écrivez 0,10 ou 10 %.") from error


def unbought(unknown: tuple[Offer, ...]) -> str:
    """Return the sentence on offers that no purchase meets; empty when there is none."""
    if not unknown:
        return ""
    names = list(dict.fromkeys(each.equivalence for each in unknown))
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return (
        f"Offres laissées de côté : {len(unknown)}, sur des équivalences absentes des achats ({shown}). "
        "Vérifiez que les deux fichiers emploient les mêmes codes."
    )


def _where(path: Path, row: TypedRow) -> str:
    return f"« {path.name} », ligne {row.line}"


def _text(row: TypedRow, column: str, where: str) -> str:
    found = row.cells.get(column, "")
    if not found:
        raise InvalidInput(f"{where} : la case {column} est vide. Il y faut {EXAMPLE[column]}.")
    return found


def _number(row: TypedRow, column: str, where: str) -> Decimal:
    return _read(_text(row, column, where), column, where)


def _rate(row: TypedRow, column: str, where: str) -> Decimal:
    text = _text(row, column, where)
    found = _read(text, column, where)
    if text.endswith("%"):
        found = found.scaleb(-2)
    if abs(found) > ONE:
        raise InvalidInput(
            f"{where} : « {text} » n’est pas un taux. Il faut dans la colonne {column} {EXAMPLE[column]}."
        )
    return found


def _read(text: str, column: str, where: str) -> Decimal:
    try:
        found = _plain(text)
    except InvalidInput as error:
        raise InvalidInput(
            f"{where} : « {text} » n’est pas un nombre. Il faut dans la colonne {column} "
            f"{EXAMPLE[column]}."
        ) from error
    exponent = found.as_tuple().exponent
    if abs(found) >= LARGEST or not isinstance(exponent, int) or exponent < -MOST_DIGITS:
        raise InvalidInput(f"{where}, colonne {column} : « {text} » est hors de toute mesure.")
    return found


@lru_cache(maxsize=4096)
def _plain(text: str) -> Decimal:
    """Read a number; the same rates come thousands of times in a file of offers."""
    return read_number(text, "")
