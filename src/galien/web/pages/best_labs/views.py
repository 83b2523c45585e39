"""The labs to sign with, the study of a choice, what each member gains, what to bring to a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel.errors import InvalidInput, NotAvailable
from galien.records.models import Job
from galien.usecases import access_log
from galien.usecases.services import current
from galien.usecases.simulator import studies
from galien.usecases.simulator.asked import read_asked
from galien.usecases.simulator.document import pdf
from galien.usecases.simulator.labs import Chosen, choose, light
from galien.usecases.simulator.members import members
from galien.usecases.simulator.negotiation import choice_file
from galien.usecases.simulator.pairs import rank
from galien.web.components.models import Notice, Tone
from galien.web.labs_choice import Choosing, choosing, empty, log
from galien.web.pages.best_labs import shown
from galien.web.pages.simulator.shown import style as style_of
from galien.web.shell.context import page_response, person, viewer
from galien.web.shell.downloads import attached

TITLE = "Meilleurs laboratoires"
LAB = "labo"


@require_safe
def choice(request: HttpRequest) -> HttpResponse:
    """Show whom to sign with; a choice too heavy to answer at once shows its task instead."""
    it = choosing(request)
    nothing = empty(it.ground)
    context = shown.frame(it, nothing)
    if nothing is None:
        try:
            chosen, job = _chosen(request, it)
            context |= shown.task(job)
            if chosen is not None:
                context |= shown.answer(it, chosen, rank(it.ground, it.asked))
        except InvalidInput as refused:
            context["error"] = Notice("Règles à corriger", refused.message, tone=Tone.ERROR)
        log(request, it, access_log.VIEW, TITLE)
    return page_response(request, "pages/best_labs/page.html", context)


@require_POST
def study(request: HttpRequest) -> HttpResponse:
    """Ask for the long work on a choice, then go back to it: its progress shows there."""
    asked = read_asked(
        (str(name), str(value)) for name in request.POST for value in request.POST.getlist(name)
    )
    studies.ask_for(asked, viewer(request), person(request), services=current())
    return redirect(shown.address(asked))


@require_safe
def pharmacies(request: HttpRequest) -> HttpResponse:
    """Show what each member gains under the choice, those who lose first."""
    it = choosing(request)
    chosen = _needed(request, it)
    found = members(chosen, viewer(request), services=current())
    log(request, it, access_log.VIEW, f"{TITLE} : par pharmacie")
    return page_response(
        request, "pages/best_labs/members.html", shown.members_page(it, chosen, found)
    )


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """Give the negotiation as a PDF, or the page of one lab (`labo`)."""
    it = choosing(request)
    lab = request.GET.get(LAB, "")
    if lab and lab not in it.ground.names:
        raise InvalidInput(f"« {lab[:60]} » n’offre rien sur ces achats.")
    content = pdf(_needed(request, it), (lab,) if lab else ())
    log(request, it, access_log.EXPORT, f"{TITLE} : négociation {lab}".strip())
    return attached(content, "application/pdf", "negociation.pdf")


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Give the labs and the place of each product as a file."""
    it = choosing(request)
    made = choice_file(_needed(request, it), style_of(request.GET.get("format", "xlsx")))
    log(request, it, access_log.EXPORT, f"{TITLE} ({made.filename})")
    return attached(made.content, made.media_type, made.filename)


def _chosen(request: HttpRequest, it: Choosing) -> tuple[Chosen | None, Job | None]:
    """Return the choice, from its study when it is made, and the task that makes it."""
    job = studies.job_of(it.ground, it.asked, viewer(request))
    done = studies.finished(job)
    if done is None and not light(it.ground):
        return None, job
    return choose(it.ground, it.asked, done), job


def _needed(request: HttpRequest, it: Choosing) -> Chosen:
    if empty(it.ground) is not None:
        raise NotAvailable(
            "Il n’y a pas de laboratoire à choisir : il faut des achats et des offres."
        )
    chosen, _ = _chosen(request, it)
    if chosen is None:
        raise NotAvailable("Ce choix n’est pas encore calculé : lancez l’étude depuis la page.")
    return chosen
