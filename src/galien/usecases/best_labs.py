"""The labs to sign with, from files: purchases, offers, and the rules of the choice in YAML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import yaml

from galien.calculators.discounts.optimum.problem import Bought
from galien.calculators.discounts.optimum.rules import Rules, read_rules
from galien.kernel.errors import InvalidInput
from galien.law import Law
from galien.usecases.discount_files import MOST_BYTES, PURCHASE_COLUMNS, read_purchases
from galien.usecases.typed_csv import read_file

LAB, CLASS = "lab", "class"
LEGAL = "law"
LEGAL_CLASSES = {
    "generic": "discount_ceiling_generic",
    "hybrid": "discount_ceiling_hybrid",
    "biosimilar": "discount_ceiling_biosimilar",
    "general": "discount_ceiling_general",
}
LARGEST_RULES = 1_000_000


def read_bought(path: Path) -> tuple[Bought, ...]:
    """Read purchases, with two columns more when they are there: `lab` of today and `class` of product.

    Raises InvalidInput as `read_purchases` does.
    """
    known = (*PURCHASE_COLUMNS, LAB, CLASS)
    table = read_file(path, required=PURCHASE_COLUMNS, known=known, most=MOST_BYTES)
    return tuple(
        Bought(
            equivalence=each.equivalence,
            quantity=each.quantity,
            list_amount=each.list_amount,
            discount_rate=each.discount_rate,
            lab=row.cells.get(LAB, ""),
            product_class=row.cells.get(CLASS, ""),
        )
        for each, row in zip(read_purchases(path), table.rows, strict=True)
    )


def read_rules_file(path: Path, *, law: Law, on: dt.date) -> Rules:
    """Read the rules of a choice; `ceilings: law` takes the legal ceilings of the day.

    Raises InvalidInput when the file cannot be read, is not YAML, or a key or value is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"Le fichier de règles « {path} » ne peut pas être lu. Vérifiez son chemin, et "
            "enregistrez-le en UTF-8."
        ) from error
    if len(text) > LARGEST_RULES:
        raise InvalidInput(f"« {path.name} » dépasse 1 Mo : ce n’est pas un fichier de règles.")
    try:
        declared = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", ligne {mark.line + 1}" if mark else ""
        raise InvalidInput(
            f"« {path.name} »{where} : ce n’est pas du YAML. Vérifiez les deux-points et les retraits."
        ) from error
    if isinstance(declared, Mapping) and declared.get("ceilings") == LEGAL:
        declared = {**declared, "ceilings": legal_ceilings(law, on=on)}
    return read_rules(declared)


def legal_ceilings(law: Law, *, on: dt.date) -> dict[str, Decimal]:
    """Return the legal ceiling of each class of product on a day; a class without one is left out."""
    found = {name: law.find(parameter, on=on) for name, parameter in LEGAL_CLASSES.items()}
    return {
        name: cited.value
        for name, cited in found.items()
        if cited is not None and isinstance(cited.value, Decimal)
    }
