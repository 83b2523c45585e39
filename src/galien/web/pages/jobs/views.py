"""A person's jobs, the progress of one, and stopping it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from galien.records.scope import visible_to
from galien.usecases import jobs as usecase
from galien.web.lists import paged
from galien.web.pages.jobs import shown
from galien.web.shell.context import page_response, viewer


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """List the viewer's jobs, newest first."""
    rows, pages = paged(request, visible_to(viewer(request)).jobs(), noun=("tâche", "tâches"))
    context = {"table": shown.table(rows, pages) if rows else None}
    return page_response(request, "pages/jobs/page.html", context)


@require_safe
def job(request: HttpRequest, key: str) -> HttpResponse:
    """Show one job: its progress until it ends, then its outcome."""
    found = usecase.found(key, viewer(request))
    return page_response(request, "pages/jobs/job.html", shown.whole(found))


@require_safe
def progress(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the progress alone, asked again every second until the job ends."""
    found = usecase.found(key, viewer(request))
    return render(request, "pages/jobs/progress.html", shown.whole(found), using="jinja2")


@require_POST
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Ask a job to stop."""
    stopped = usecase.cancel(key, viewer(request))
    return redirect("jobs:one", key=stopped.pk)
