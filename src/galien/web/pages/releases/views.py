"""The list of releases, one of them, publishing, and going back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.usecases import release_changes as usecase
from galien.usecases.duties import duties
from galien.usecases.receipts import pharmacy_names
from galien.usecases.services import current
from galien.web.lists import paged
from galien.web.pages.releases import shown
from galien.web.shell.context import page_response, person, viewer


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """List the releases, newest first."""
    found = usecase.listed(current())
    rows, pages = paged(request, found, noun=("publication", "publications"))
    context = {
        "table": shown.table(rows, pages) if rows else None,
        "may_publish": duties(viewer(request)).publishes,
    }
    return page_response(request, "pages/releases/page.html", context)


@require_safe
def release(request: HttpRequest, release: str) -> HttpResponse:
    """Show what a release holds and what it changed, within the viewer's rights."""
    reader = viewer(request)
    sheet = usecase.sheet(release, reader, services=current())
    names = pharmacy_names(reader)
    rows, pages = paged(request, sheet.changes, noun=("changement", "changements"))
    context = {
        "sheet": sheet,
        "head": shown.head(sheet.release),
        "facts": shown.facts(sheet.facts),
        "changes": shown.changes(rows, names, pages) if rows else None,
        "may_go_back": duties(reader).runs and not sheet.release.current and not sheet.release.bad,
    }
    return page_response(request, "pages/releases/release.html", context)


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Queue a publication."""
    job = usecase.ask_publication(viewer(request), person(request))
    return redirect("jobs:one", key=job.pk)


@require_POST
def rollback(request: HttpRequest, release: str) -> HttpResponse:
    """Make an earlier release the one everybody reads."""
    done = usecase.go_back(release, viewer(request), services=current())
    messages.success(
        request, f"La publication {done.release} est de nouveau celle que tous lisent."
    )
    return redirect("releases:one", release=done.release)
