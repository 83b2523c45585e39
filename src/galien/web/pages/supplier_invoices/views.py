"""The list of invoices with the sending form, one invoice with its lines and differences."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.model.viewer import Viewer
from galien.usecases import access_log
from galien.usecases.claims.book import claimed_already, unclaimed
from galien.usecases.invoices.audits import Examined, examine
from galien.usecases.invoices.purchases import purchases_csv
from galien.usecases.invoices.reading import invoice_of
from galien.usecases.invoices.receive import Outcome, delete, may_receive
from galien.usecases.services import current
from galien.web.pages.deposit.uploads import takes_files
from galien.web.pages.supplier_invoices import forms, shown
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

HOME = "/achats/factures"


@takes_files
def invoices(request: HttpRequest) -> HttpResponse:
    """Show the invoices received and the form, or take the files sent."""
    reader, services = viewer(request), current()
    sending = forms.Sending()
    if request.method == "POST":
        sending = forms.send(request, reader, services)
        for each in sending.received:
            tell = messages.success if each.outcome is Outcome.KEPT else messages.info
            tell(request, each.message)
        if not sending.errors:
            return redirect(f"{HOME}?pharmacie={sending.pharmacy}")
    narrowed = forms.narrowed(request, reader, services.clock.today())
    examined = examine(list(narrowed.rows), reader, services=services)
    pharmacies = {each.row.pharmacy_id for each in examined}
    asked = {pharmacy: claimed_already(pharmacy) for pharmacy in pharmacies}
    free = {each.row.pk: unclaimed([each], asked[each.row.pharmacy_id]) for each in examined}
    _looked("Factures des fournisseurs", examined, reader)
    context = {
        "fields": narrowed.fields,
        "narrowed": narrowed.chosen,
        "headlines": shown.headlines(examined, free),
        "table": shown.table(request, examined, free),
        "sending": forms.fields(sending, reader),
        "errors": sending.errors,
    }
    status = 400 if sending.errors else 200
    return page_response(request, "pages/supplier_invoices/page.html", context, status=status)


@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """Show an invoice: its lines, its totals, what differs from what was agreed."""
    reader, services = viewer(request), current()
    row = invoice_of(key, reader)
    (examined,) = examine([row], reader, services=services)
    _looked(f"Facture {row}", [examined], reader)
    context = {
        "head": shown.head(examined),
        "headlines": shown.own_headlines(examined),
        "differences": shown.differences(examined, claimed_already(row.pharmacy_id)),
        "lines": shown.lines(examined),
        "facts": shown.facts(examined),
        "totals": shown.totals(examined),
        "issues": shown.issues(row),
        "notes": examined.audit.notes,
        "may_write": may_receive(reader, row.pharmacy_id),
        "key": key,
        "credit": row.total_excl < 0,
    }
    return page_response(request, "pages/supplier_invoices/detail.html", context)


@require_safe
def purchases(request: HttpRequest, key: int) -> HttpResponse:
    """Give the lines of an invoice as a canonical file of purchases."""
    reader, services = viewer(request), current()
    row = invoice_of(key, reader)
    (examined,) = examine([row], reader, services=services)
    name = f"achats_{row.pharmacy_id}_{key}.csv"
    access_log.note(
        access_log.EXPORT, f"Lignes d’achat : {row}", reader, services=services,
        pharmacies=[row.pharmacy_id],
    )  # fmt: skip
    content = purchases_csv(examined.invoice, row.pharmacy_id, examined.matched)
    return attached(content, "text/csv; charset=utf-8", name)


@require_POST
def delete_one(request: HttpRequest, key: int) -> HttpResponse:
    """Take an invoice away."""
    reader = viewer(request)
    row = invoice_of(key, reader)
    delete(row, reader, services=current())
    messages.success(request, f"{row.get_kind_display()} {row} supprimée.")
    return redirect(HOME)


def _looked(subject: str, examined: list[Examined], reader: Viewer) -> None:
    pharmacies = {each.row.pharmacy_id for each in examined}
    if pharmacies:
        access_log.note(access_log.VIEW, subject, reader, services=current(), pharmacies=pharmacies)
