"""The day whose law the Belgian pair lives under."""

from __future__ import annotations

import datetime as dt
from typing import Final

# No source establishes the fees and the scale of the economic margin from 2025 on: the pair keeps
# those of the last day that has them, and the documentation says so.
LAW_DAY: Final = dt.date(2024, 12, 31)
