"""Products to price or to check, as people give them: a table with a line for each."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from galien.calculators.pricing.coherence import Seen
from galien.calculators.pricing.legality import Nature, Regulated, is_free
from galien.calculators.pricing.policy import Priced
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.usecases.prices.policy_file import ATTRIBUTES
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import TypedTable, read_file, read_table

NUMBERS = ("cost", "price_incl", "vat_rate", "quantity", "maximum_incl", "minimum_incl",
           "lpp_maximum_incl",
           "competitors_incl", "advised_incl", "former_cost", "effective_cost")  # fmt: skip
AMOUNTS = tuple(name for name in NUMBERS if name not in ("quantity", "vat_rate"))
COLUMNS = ("product_code", "label", "nature", "reimbursable", "country", "changed_on", "image",
           *NUMBERS, *ATTRIBUTES)  # fmt: skip
CHECKED = ("product_code", "price_incl")
YES = {"1", "oui", "o", "true", "vrai", "x", "yes"}
NO = {"0", "non", "n", "false", "faux", "no"}
MOST_BYTES = 60_000_000
ZERO = Decimal(0)


def read_priced(path: Path) -> tuple[tuple[Priced, ...], dict[str, Decimal]]:
    """Read products to price, and the units sold of each in a year.

    Columns product_code, cost (excl. tax) and vat_rate (a ratio); price_incl, quantity,
    maximum_incl, minimum_incl, competitors_incl, nature, reimbursable, image and attributes may be
    there. Raises InvalidInput with the line at fault.
    """
    products, volumes = [], {}
    for cells in _rows(path, ("product_code", "cost", "vat_rate")):
        looked = regulated(cells)
        code = cells.text("product_code")
        products.append(
            Priced(
                code,
                cells.optional("cost"),
                looked.vat_rate,
                cells.optional("price_incl"),
                attributes=_attributes(cells),
                least_incl=cells.optional("minimum_incl"),
                most_incl=min(
                    (
                        it
                        for it in (cells.optional("maximum_incl"), looked.lpp_incl)
                        if it is not None
                    ),
                    default=None,
                ),
                free=is_free(looked),
                image=yes(cells, "image") is True,
                competitors_incl=cells.optional("competitors_incl"),
                label=cells.text("label", ""),
            )
        )
        volumes[code] = cells.number("quantity", ZERO)
    return tuple(products), volumes


def read_checked(path: Path) -> tuple[tuple[Seen, Regulated], ...]:
    """Read a file of prices to check: product_code and price_incl, and what is known beside them."""
    return _checked(_rows(path, CHECKED))


def checked_of(content: bytes, name: str) -> tuple[tuple[Seen, Regulated], ...]:
    """Read prices to check as they were sent, under the name that sentences give them."""
    table = read_table(content, required=CHECKED, known=COLUMNS, name=name)
    return _checked(_cells(Path(name), table))


def _checked(rows: list[Cells]) -> tuple[tuple[Seen, Regulated], ...]:
    found = []
    for cells in rows:
        looked = regulated(cells)
        seen = Seen(
            cells.text("product_code"),
            cells.number("price_incl"),
            units=cells.number("quantity", ZERO),
            vat_rate=looked.vat_rate,
            cost=cells.optional("cost"),
            advised_incl=cells.optional("advised_incl"),
            changed_on=cells.day("changed_on"),
            former_cost=cells.optional("former_cost"),
            label=cells.text("label", ""),
        )
        found.append((seen, looked))
    return tuple(found)


def regulated(cells: Cells) -> Regulated:
    """Read what the law looks at; the effective cost is the cost when it is not told apart."""
    nature = cells.text("nature", Nature.OTHER.value).lower()
    if nature not in {each.value for each in Nature}:
        raise InvalidInput(
            f"{cells.where}, colonne nature : « {nature} » ; au choix "
            f"{', '.join(each.value for each in Nature)}."
        )
    country = cells.text("country", "FR").upper()
    if country not in {"FR", "BE"}:
        raise InvalidInput(f"{cells.where}, colonne country : « {country} » ; au choix FR, BE.")
    for name in AMOUNTS:
        found = cells.optional(name)
        if found is not None and found < 0:
            raise InvalidInput(
                f"{cells.where}, colonne {name} : {french.typed(found)} est négatif. Corrigez-le, ou laissez "
                "la case vide."
            )
    effective = cells.optional("effective_cost")
    return Regulated(
        Nature(nature),
        reimbursable=yes(cells, "reimbursable"),
        vat_rate=_vat(cells),
        effective_cost=cells.optional("cost") if effective is None else effective,
        maximum_incl=cells.optional("maximum_incl"),
        country=country,
        lpp_incl=cells.optional("lpp_maximum_incl"),
    )


def _vat(cells: Cells) -> Decimal | None:
    found = cells.rate("vat_rate") if cells.text("vat_rate", "") else None
    if found is not None and found < 0:
        raise InvalidInput(f"{cells.where}, colonne vat_rate : un taux de TVA n’est pas négatif.")
    return found


def yes(cells: Cells, column: str) -> bool | None:
    """Read a yes or a no; None when the cell is empty, InvalidInput when it is neither."""
    text = cells.text(column, "").lower()
    if text in YES or text in NO:
        return text in YES
    if not text:
        return None
    raise InvalidInput(f"{cells.where}, colonne {column} : « {text} » ; écrivez oui ou non.")


def _rows(path: Path, required: tuple[str, ...]) -> list[Cells]:
    table = read_file(path, required=required, known=COLUMNS, most=MOST_BYTES)
    return _cells(path, table)


def _cells(path: Path, table: TypedTable) -> list[Cells]:
    """Return the lines of a table; InvalidInput when a product has two."""
    seen: dict[str, int] = {}
    found = []
    for row in table.rows:
        cells = Cells(path, row)
        code = cells.text("product_code")
        if code in seen:
            raise InvalidInput(
                f"{cells.where} : le produit « {code} » figure déjà à la ligne {seen[code]}. "
                "Gardez une seule ligne par produit."
            )
        seen[code] = row.line
        found.append(cells)
    return found


def _attributes(cells: Cells) -> dict[str, str]:
    found = {name: cells.text(name, "") for name in ATTRIBUTES}
    if found["vat_rate"]:
        found["vat_rate"] = f"{cells.rate('vat_rate').normalize():f}"
    return found
