"""The page of pay on medicines: read the address, compute once, print or export."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.pay.structure import PayReport, structure_of_pay
from galien.usecases.services import current
from galien.web.chosen import Chosen, chosen, exported, log_view
from galien.web.components.svg import chart_svg
from galien.web.pages.pay import shown
from galien.web.shell.context import page_response, viewer

TITLE = "Rémunération sur les médicaments"


@require_safe
def pay(request: HttpRequest) -> HttpResponse:
    """Show the structure of pay, export it, or draw its picture."""
    asked = chosen(request, shown.BREAKDOWNS)
    style = request.GET.get("format", "")
    try:
        report = _report(request, asked)
    except (NotAllowed, NotAvailable) as error:
        if style:
            raise
        context = {**shown.frame(asked), "nothing": shown.nothing(error)}
        return page_response(request, "pages/pay/page.html", context)
    if style == "svg":
        drawing = chart_svg(shown.chart(report, asked).chart, width=960)
        return HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    if style:
        return exported(request, TITLE, report.answer, style)
    log_view(request, TITLE, report.answer)
    context = {**shown.frame(asked), **shown.page(report, asked)}
    return page_response(request, "pages/pay/page.html", context)


def _report(request: HttpRequest, asked: Chosen) -> PayReport:
    return structure_of_pay(
        viewer(request),
        services=current(),
        period=asked.period,
        by=asked.by,
        pharmacies=asked.only,
    )
