"""What a delivery is checked against: the law's VAT rates, the catalogue's prices, the sender."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq

from galien.intake import Terms
from galien.law import Law
from galien.model.country import BELGIUM, FRANCE, Country, country_of
from galien.usecases.services import Services

VAT_RATES: dict[Country, tuple[str, ...]] = {
    FRANCE: (
        "vat_rate_normal",
        "vat_rate_intermediate",
        "vat_rate_reduced",
        "vat_rate_super_reduced",
    ),
    BELGIUM: ("vat_be_medicine", "vat_be_medical_device", "vat_be_parapharmacy"),
}
EXEMPT = Decimal(0)  # vaccinations and other acts of care (CGI art. 261, 4, 1°)


def terms_of(pharmacy: str, services: Services) -> Terms:
    """Return what a pharmacy's files are checked against today."""
    return Terms(
        pharmacy=pharmacy,
        today=services.clock.today(),
        vat_rates=_vat_rates(services.law, country_of(pharmacy)),
        prices=_prices(services.workspace.catalogue / "product_price.parquet"),
        operator_key=operator_key(pharmacy, services.workspace.secret()),
    )


def operator_key(pharmacy: str, secret: str) -> bytes:
    """Return the pharmacy's own key for the pseudonyms of its team.

    Drawn from the workspace's secret: the same person gets unlike pseudonyms in two pharmacies, and
    nobody without the secret can try names.
    """
    text = f"galien/operator/{pharmacy}".encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).digest()


@lru_cache(maxsize=4)
def _vat_rates(law: Law, country: Country) -> tuple[tuple[dt.date, frozenset[Decimal]], ...]:
    """Return the country's rates in force since each day on which one changed, oldest first."""
    names = VAT_RATES[country]
    days = sorted({day for name in names for day in law.changes(name)})
    return tuple((day, _in_force(law, names, day)) for day in days)


def _in_force(law: Law, names: tuple[str, ...], day: dt.date) -> frozenset[Decimal]:
    found = (law.find(name, on=day) for name in names)
    known = {cited.value for cited in found if cited and isinstance(cited.value, Decimal)}
    return frozenset(known | {EXEMPT})


def _prices(file: Path) -> Mapping[str, int]:
    """Return the catalogue's last known unit prices, VAT included, in ten-thousandths of a euro."""
    return _read_prices(file, file.stat().st_mtime_ns) if file.exists() else {}


@lru_cache(maxsize=2)
def _read_prices(file: Path, _written: int) -> Mapping[str, int]:
    rows = pq.read_table(file, columns=["product_code", "since", "public_price_incl"]).to_pylist()
    known = sorted((row for row in rows if row["public_price_incl"]), key=lambda row: row["since"])
    return {row["product_code"]: int(row["public_price_incl"].scaleb(4)) for row in known}
