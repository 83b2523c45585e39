"""What the address of the margin calculator asks, as it is typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PUBLIC = "public"
KINDS = {"fabricant": "Prix fabricant HT", PUBLIC: "Prix public TTC, sans honoraire"}
EXAMPLE = "10"


@dataclass(frozen=True)
class Asked:
    """The texts and days of the form; `vat` is in per cent, empty for the rate of the day."""

    price: str
    kind: str
    on: dt.date
    against: dt.date | None
    generic_of: str = ""
    vat: str = ""
