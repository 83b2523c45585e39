"""An answer taken out: CSV for French Excel, XLSX, Parquet, JSON, a table in a terminal.

Every form shows the same figures, those of the answer; each has one renderer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from galien.analytics.answer import Answer
from galien.kernel.errors import InvalidInput, refusal
from galien.usecases.export.cells import stem
from galien.usecases.export.columnar import to_parquet
from galien.usecases.export.companion import to_csv_with_notice
from galien.usecases.export.delimited import to_csv
from galien.usecases.export.plain import to_json, to_json_text, to_text
from galien.usecases.export.workbook import to_xlsx

__all__ = [
    "FORMATS",
    "Download",
    "download",
    "export",
    "to_csv",
    "to_csv_with_notice",
    "to_json",
    "to_json_text",
    "to_parquet",
    "to_text",
    "to_xlsx",
]

FORMATS: dict[str, Callable[[Answer], bytes]] = {
    ".csv": to_csv,
    ".xlsx": to_xlsx,
    ".parquet": to_parquet,
    ".zip": to_csv_with_notice,
    ".json": lambda answer: to_json_text(answer).encode(),
}

_MEDIA = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".zip": "application/zip",
    ".json": "application/json",
}


@dataclass(frozen=True)
class Download:
    """An export as a browser receives it."""

    content: bytes
    media_type: str
    filename: str


def download(answer: Answer, style: str) -> Download:
    """Return an answer as a file to download; `style` is csv, zip, xlsx, parquet or json.

    Raises InvalidInput for another style.
    """
    ending = f".{style}"
    if ending not in FORMATS:
        raise InvalidInput(
            f"L’export « {style} » n’existe pas : {', '.join(each[1:] for each in FORMATS)}."
        )
    return Download(FORMATS[ending](answer), _MEDIA[ending], stem(answer) + ending)


def export(answer: Answer, path: Path) -> Path:
    """Write an answer to a file, in the form its name ends with.

    Raises InvalidInput for another ending, or a folder that cannot be written to.
    """
    render = FORMATS.get(path.suffix.lower())
    if render is None:
        raise InvalidInput(
            f"Le fichier « {path.name} » doit finir par {', '.join(FORMATS)} : "
            "sa terminaison choisit le format."
        )
    try:
        path.write_bytes(render(answer))
    except OSError as error:
        raise InvalidInput(
            f"Le fichier « {path} » ne peut pas être écrit ({refusal(error)}) : "
            "choisissez un autre dossier."
        ) from error
    return path
