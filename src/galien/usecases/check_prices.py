"""Checking the public medicines files against the law of their day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from galien.kernel.errors import InvalidInput
from galien.law import Law
from galien.warehouse.bdpm import read_bdpm
from galien.warehouse.price_check import PriceCheck, check_prices


def check_public_files(
    folder: Path, *, law: Law, today: dt.date, on: dt.date | None = None
) -> PriceCheck:
    """Check a folder of the public database; on the day of the files unless another is given.

    Raises InvalidInput when the folder or a required file is missing, NotAvailable when the law of
    the day does not give the scales.
    """
    if not folder.is_dir():
        raise InvalidInput(f"Dossier {folder} introuvable. Vérifiez le chemin.", code="NO_FILE")
    bdpm = read_bdpm(folder, published_on=today)
    return check_prices(bdpm, law, on=on or bdpm.published_on)
