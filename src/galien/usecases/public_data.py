"""Where the public files are: medicines, prices, communes, the national demand for medicines."""

from __future__ import annotations

import os
from pathlib import Path

_INSTALLED = Path(__file__).resolve().parents[1] / "data"
_CHECKOUT = Path(__file__).resolve().parents[3] / "data"


def data_folder() -> Path:
    """Return the folder of public data: the one `GALIEN_DATA` names, else the one Galien brings.

    The wheel carries it inside the package; a checkout has it beside `src`.
    """
    named = os.environ.get("GALIEN_DATA")
    if named:
        return Path(named)
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
