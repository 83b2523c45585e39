"""The VAT of a pharmacy: the split of a period, and method B on figures of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.kernel.period import parse_period
from galien.usecases.method_b import CONDITIONS, Declared, declare
from galien.usecases.receipts import pharmacy_names
from galien.usecases.services import current
from galien.usecases.vat_split import VatSplit, vat_split
from galien.web.pages.vat import method, shown
from galien.web.shell.context import page_response, viewer
from galien.web.simulators import asked_style, exports, file_response, typed_form


@require_safe
def vat(request: HttpRequest) -> HttpResponse:
    """Split the period of the pharmacy chosen, and apply method B to what is typed."""
    form, style = typed_form(request), asked_style(request)
    names = pharmacy_names(viewer(request))
    pharmacy = form.one_of("pharmacie", "Pharmacie", names) if names else ""
    if form.given.get("pharmacie") and form.given["pharmacie"] not in names:
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
    period = form.one_of("periode", "Période", shown.PERIODS)
    split, missing = _split(request, pharmacy, period)
    given = method.given(form)
    declared, mistake = _declared(given)
    tables = shown.tables(split, declared)
    if style:
        return file_response("tva", tables, style)
    context = {
        "head": shown.head(names.get(pharmacy, ""), period, exports(form, request.path)),
        "choices": form.of(*(("pharmacie",) if names else ()), "periode"),
        "path": request.path,
        "kept_split": [(k, v) for k, v in form.kept() if k not in {"pharmacie", "periode"}],
        "kept_method": [(k, v) for k, v in form.kept() if k in {"pharmacie", "periode"}],
        "headlines": shown.headlines(split),
        "split": shown.split_table(split) if split else None,
        "chart": shown.chart(split),
        "notes": split.notes if split else (),
        "missing": missing,
        "method": method.groups(form),
        "declared": shown.declared_table(declared) if declared else None,
        "adjusted": shown.adjusted_table(declared) if declared and declared.adjustments else None,
        "mistake": mistake,
        "conditions": CONDITIONS,
    }
    return page_response(request, "pages/vat/page.html", context)


def _split(request: HttpRequest, pharmacy: str, period: str) -> tuple[VatSplit | None, str]:
    """Return the split, or why there is none."""
    services = current()
    parse_period(period, services.clock.today())
    if not pharmacy:
        return None, "Aucune pharmacie ne vous est ouverte."
    try:
        return vat_split(viewer(request), pharmacy, period, services=services), ""
    except (NotAllowed, NotAvailable) as error:
        return None, error.message


def _declared(given: method.Typed) -> tuple[Declared | None, str]:
    """Return the declaration, or what is wrong with the figures typed."""
    if given.inputs is None:
        return None, ""
    try:
        return declare(given.inputs), ""
    except InvalidInput as error:
        return None, error.message
