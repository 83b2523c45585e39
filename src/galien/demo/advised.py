"""Advised prices and LPP limits of the demonstration's own range: invented, and said to be.

They follow the price most of its pharmacies ask, so that a few stand out; no supplier ever published them.
"""

from __future__ import annotations

import csv
import datetime as dt
import zlib
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from galien.usecases.detail import read_network
from galien.usecases.prices import references
from galien.usecases.services import Services

FILE = "prix-de-reference.csv"
ADVISED = "Liste de prix conseillés inventée pour la démonstration"
LIMITS = "Limites LPP inventées pour la démonstration"
DEVICE = "Dispositif médical"
DIME, NICKEL = Decimal("0.10"), Decimal("0.05")
_MEDIANS = """
select product_code, any_value(product_type) as product_type, median(price) as price
from (
  select d.product_code, s.pharmacy_id, any_value(cast(d.product_type as varchar)) as product_type,
    arg_max(s.gross_incl / s.quantity, s.day) as price
  from sales_day s join product d using (product_id)
  where s.quantity > 0 and s.sale_type = 'counter' and s.campaign is null
    and cast(d.product_type as varchar) in ('Parapharmacie', 'Dispositif médical', 'Vétérinaire')
  group by d.product_code, s.pharmacy_id
) group by product_code order by product_code
"""


def load_advised(services: Services) -> int:
    """Invent the list, write it as a file anybody could bring, and bring it in; return its lines."""
    rows = read_network(_MEDIANS, services=services).to_pylist()
    year = services.clock.today().year
    path = services.workspace.files / FILE
    path.parent.mkdir(exist_ok=True)
    lines = [line for row in rows for line in _lines(row, dt.date(year - 1, 1, 1))]
    return _bring(path, lines, services) if lines else 0


def _bring(path: Path, lines: list[tuple[str, ...]], services: Services) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(references.COLUMNS)
        writer.writerows(lines)
    found = references.read_references(path.read_bytes(), path.name)
    return references.keep(found, services=services).lines


def _lines(row: Mapping[str, Any], since: dt.date) -> Iterator[tuple[str, ...]]:
    code, price = row["product_code"], Decimal(str(row["price"]))
    chance = zlib.crc32(code.encode()) % 1000
    day = since.isoformat()
    # Most are advised 2 to 10 % over what is asked; one in forty was far from it.
    share = Decimal("0.75") if chance % 40 == 0 else Decimal(102 + chance % 9) / 100
    yield code, str(_on(price * share, DIME)), "", ADVISED, day
    if row["product_type"] == DEVICE and chance % 4 == 0:
        limit = Decimal("0.97") if chance % 100 == 0 else Decimal("1.12")
        yield code, "", str(_on(price * limit, NICKEL)), LIMITS, day


def _on(price: Decimal, step: Decimal) -> Decimal:
    steps = (price / step).to_integral_value(ROUND_HALF_UP)
    return max(steps, Decimal(1)) * step
