"""Setting the report as a PDF: Typst, its own fonts, the same bytes on every machine."""

from __future__ import annotations

import json
from importlib.resources import files

from galien.usecases.report.content import Report
from galien.usecases.report.sections import sections

TEMPLATE = "report.typ"


def pdf(report: Report) -> bytes:
    """Return the report as a PDF of six to eight pages."""
    import typst

    template = files(__package__).joinpath(TEMPLATE).read_bytes()
    data = json.dumps(sections(report), ensure_ascii=False)
    return typst.compile(
        template, format="pdf", ignore_system_fonts=True, sys_inputs={"report": data}
    )
