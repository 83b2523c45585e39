"""Reference prices: the list, searched; a file brought in; a source taken out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel import french
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.usecases import access_log
from galien.usecases.prices import references as use
from galien.usecases.products import labels
from galien.usecases.services import current
from galien.web.components.models import Field, Option
from galien.web.lists import paged
from galien.web.pages.deposit.uploads import takes_files
from galien.web.pages.price_references import shown
from galien.web.shell.context import page_response, viewer

PAGE, BRING = "pages/price_references/page.html", "pages/price_references/bring.html"


@require_safe
def references(request: HttpRequest) -> HttpResponse:
    """List reference prices and their sources; `q` keeps a code, a name or a source."""
    services = current()
    every = use.all_references(services=services)
    asked = request.GET.get("q", "").strip()[:100]
    names = labels((each.product_code for each in every), services=services)
    kept = [each for each in every if _found(asked, each, names.get(each.product_code, ""))]
    page, pages = paged(request, kept, noun=("prix", "prix"))
    writing = _writes(request)
    options = tuple(Option(each, each) for each in sorted({line.source for line in every}))
    context = {
        "asked": asked,
        "search": Field("q", "Chercher", kind="search", value=asked),
        "table": shown.table(page, names, pages=pages),
        "sources": shown.sources(every),
        "writing": writing,
        "withdraw": Field(
            "source", "Source à retirer", kind="select", required=True, options=options
        )
        if writing and options
        else None,
    }
    return page_response(request, PAGE, context)


@takes_files
def bring(request: HttpRequest) -> HttpResponse:
    """Ask for a file of reference prices; on POST, keep its lines, all or none."""
    _writer(request)
    error = ""
    if request.method == "POST":
        try:
            files = request.FILES.getlist("file")
            if len(files) != 1:
                raise InvalidInput("Choisissez un fichier CSV, un seul à la fois.")
            name = files[0].name or "prix-de-reference.csv"
            lines = use.read_references(files[0].read(use.MOST_BYTES + 1), name)
            done = use.keep(lines, services=current())
        except InvalidInput as wrong:
            error = wrong.message
        else:
            _note(request, f"{done.lines} prix de référence chargés ({name[:80]})")
            messages.success(
                request,
                f"{french.number(done.lines)} lignes lues : {french.number(done.added)} nouvelles, "
                f"{french.number(done.changed)} changées.",
            )
            return redirect("price-references")
    field = Field("file", "Fichier", kind="file", accept=".csv,.txt", required=True, error=error)
    return page_response(request, BRING, {"file": field}, status=400 if error else 200)


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the lines of a source out."""
    _writer(request)
    source = request.POST.get("source", "")
    try:
        count = use.forget(source, services=current())
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
    else:
        _note(request, f"Prix de référence de « {source[:80]} » retirés")
        messages.success(request, f"{french.number(count)} prix de référence retirés.")
    return redirect("price-references")


def _writer(request: HttpRequest) -> None:
    """Refuse, in the words of an absence, who does not write these prices."""
    if not _writes(request):
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")


def _writes(request: HttpRequest) -> bool:
    """Tell who writes: these prices serve every pharmacy, so administrators alone do."""
    reader = viewer(request)
    return reader.everything or reader.role == "administrator"


def _note(request: HttpRequest, subject: str) -> None:
    access_log.note(access_log.CHANGE, subject, viewer(request), services=current())


def _found(asked: str, line: use.Reference, name: str) -> bool:
    text = french.fold(f"{line.product_code} {name} {line.source}")
    return french.fold(asked) in text
