"""The form that sends files, and what became of the last ones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from galien.usecases.services import current
from galien.web.pages.deposit import forms
from galien.web.pages.deposit.uploads import takes_files
from galien.web.shell.context import page_response, person, viewer


@takes_files
def deposit(request: HttpRequest) -> HttpResponse:
    """Show the form, or take the files sent: one job for each."""
    sender, services = viewer(request), current()
    form = forms.read(request, sender, services)
    if request.method == "POST" and not form.errors:
        forms.send(form, sender, person(request), services)
        return redirect("deposit")
    context = forms.page(form, sender, services)
    status = 400 if request.method == "POST" else 200
    return page_response(request, "pages/deposit/page.html", context, status=status)
