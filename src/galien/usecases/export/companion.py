"""CSV with its notice: the figures stay a clean table, and a second sheet says what they are.

Lines of comment in the CSV itself would break the pivot tables and the programs it is made for.
"""

from __future__ import annotations

import io
import zipfile

from galien.analytics.answer import Answer
from galien.usecases.export.cells import definitions, facts, stem
from galien.usecases.export.delimited import to_csv, written


def to_csv_with_notice(answer: Answer) -> bytes:
    """Write a zip of two CSV files: the figures, and their title, period, scope, release, definitions."""
    name, file = stem(answer), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in (("", to_csv(answer)), ("-notice", _notice(answer))):
            # The date zip files begin at: the same answer gives the same bytes.
            entry = zipfile.ZipInfo(f"{name}{ending}.csv", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return file.getvalue()


def _notice(answer: Answer) -> bytes:
    lines: list[tuple[str, ...]] = [*facts(answer), (), ("Colonne", "Unité", "Définition")]
    return written([*lines, *definitions(answer)])
