"""What the address of the margin calculator asks, as it is typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

PUBLIC = "public"
KINDS = {"fabricant": "Prix fabricant HT", PUBLIC: "Prix public TTC, sans honoraire"}
EXAMPLE = "10"
DRAWING = "svg"


@dataclass(frozen=True)
class Asked:
    """The texts and days of the form; `vat` is in per cent, empty for the rate of the day."""

    price: str
    kind: str
    on: dt.date
    against: dt.date | None
    generic_of: str = ""
    vat: str = ""
    path: str = ""

    @property
    def drawing(self) -> str:
        """Return the address of the curve drawn by the server."""
        against = self.against.isoformat() if self.against else ""
        pairs = {
            "prix": self.price,
            "sorte": self.kind,
            "jour": self.on.isoformat(),
            "avant": against,
            "princeps": self.generic_of,
            "tva": self.vat,
            "format": DRAWING,
        }
        return f"{self.path}?{urlencode(pairs)}"
