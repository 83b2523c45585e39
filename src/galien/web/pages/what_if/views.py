"""The page that tries a value of the law: read what is proposed, price the sales twice, print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.law import Law, Parameter
from galien.usecases.pay import proposal
from galien.usecases.pay.what_if import TrialReport
from galien.usecases.pay.what_if import what_if as try_law
from galien.usecases.services import current
from galien.web.chosen import Chosen, chosen, exported, log_view
from galien.web.components.models import Notice, Tone
from galien.web.components.svg import chart_svg
from galien.web.pages.what_if import shown
from galien.web.shell.context import page_response, viewer

TITLE = "Essai de loi"


@dataclass(frozen=True)
class Proposal:
    """What the address proposes: the parameter, the texts typed, the day, the law it makes.

    `law` is None when nothing was typed yet.
    """

    parameter: Parameter
    since: dt.date
    starts: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    value: str = ""
    law: Law | None = None


@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """Show the effect of a proposed value, export it, or draw it."""
    asked = chosen(request, shown.BREAKDOWNS, kept=True)
    if request.GET.get("format"):
        return _file(request, asked, request.GET["format"])
    error, report = None, None
    made = _proposal(request, asked, read=False)
    try:
        made = _proposal(request, asked)
        report = _report(request, asked, made) if made.law else None
    except InvalidInput as refused:
        error = Notice("Proposition à corriger", refused.message, tone=Tone.ERROR)
    except (NotAllowed, NotAvailable) as refused:
        error = Notice("Essai impossible", refused.message, tone=Tone.WARNING)
    context = shown.frame(asked, made.parameter, made)
    if report:
        log_view(request, TITLE, report.answer)
        context = {**context, **shown.page(report, asked)}
    return page_response(request, "pages/what_if/page.html", {**context, "error": error})


def _file(request: HttpRequest, asked: Chosen, style: str) -> HttpResponse:
    """Answer the drawing or an export of a proposal; NotAvailable when nothing is proposed."""
    made = _proposal(request, asked)
    if made.law is None:
        raise NotAvailable("Rien à exporter : proposez une valeur d’abord.")
    report = _report(request, asked, made)
    if style == "svg":
        drawing = chart_svg(shown.chart(report, asked).chart, width=960)
        return HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    return exported(request, TITLE, report.answer, style)


def _proposal(request: HttpRequest, asked: Chosen, *, read: bool = True) -> Proposal:
    """Read the proposal; InvalidInput says what cannot be read."""
    law, today = current().law, current().clock.today()
    parameter = proposal.tried(law, request.GET.get("parametre", "") or proposal.TRIED[0])
    since = _day(request.GET.get("depuis", ""), asked.days.first)
    texts = Proposal(
        parameter,
        since,
        tuple(each[:20] for each in request.GET.getlist("de")[:20]),
        tuple(each[:20] for each in request.GET.getlist("taux")[:20]),
        request.GET.get("valeur", "")[:20],
    )
    scale = proposal.is_scale(parameter)
    typed = any(each.strip() for each in texts.rates) if scale else bool(texts.value.strip())
    if not (read and typed):
        return texts
    value = (
        proposal.read_scale(parameter, texts.starts, texts.rates)
        if scale
        else proposal.read_value(parameter, texts.value)
    )
    made = proposal.propose(law, parameter.name, value, since=since, today=today)
    return Proposal(parameter, since, texts.starts, texts.rates, texts.value, made)


def _day(typed: str, default: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(typed) if typed else default
    except ValueError:
        return default


def _report(request: HttpRequest, asked: Chosen, made: Proposal) -> TrialReport:
    law = made.law or current().law
    return try_law(
        viewer(request),
        services=current(),
        proposed=law,
        period=asked.period,
        by=asked.by,
        pharmacies=asked.only,
    )
