"""The plan of an acquisition: the form, seven years, stress, what to look at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.calculators.accounting.acquisition import Outcome, project
from galien.calculators.accounting.acquisition_flags import Flag, flags
from galien.calculators.accounting.acquisition_stress import Stress, stress
from galien.calculators.accounting.quota import quota
from galien.kernel.errors import InvalidInput, NotAvailable
from galien.usecases.acquisition import Starting, starting_from
from galien.usecases.services import Services, current
from galien.web.gestion import Choice
from galien.web.pages.acquisition import shown
from galien.web.pages.acquisition.typing_in import Asked, asked, groups
from galien.web.shell.context import page_response, viewer
from galien.web.simulators import (
    asked_style,
    choice_or_none,
    exports,
    file_response,
    fixed,
    typed_form,
)


@require_safe
def acquisition(request: HttpRequest) -> HttpResponse:
    """Project what the accounts and the form say over seven years."""
    services, form, style = current(), typed_form(request), asked_style(request)
    choice = choice_or_none(request)
    wanted = asked(form, _start(request, choice, services), year=services.clock.today().year + 1)
    outcome, strained, mistake = _worked_out(wanted, services)
    warned = _flags(wanted, services)
    if style:
        return file_response("acquisition", shown.tables(outcome, strained), style)
    context = {
        "head": shown.head(choice, exports(form, request.path)),
        "choice": choice,
        "groups": groups(form),
        "wrong": form.wrong,
        "kept": fixed(choice),
        "path": request.path,
        "mistake": mistake,
        "headlines": shown.headlines(outcome, strained),
        "years": shown.years_table(outcome) if outcome else None,
        "cover": shown.cover_table(outcome) if outcome else None,
        "charts": shown.charts(outcome),
        "stress": shown.stress_table(strained) if strained else None,
        "flags": shown.flag_rows(warned),
    }
    return page_response(request, "pages/acquisition/page.html", context)


def _start(request: HttpRequest, choice: Choice | None, services: Services) -> Starting | None:
    if choice is None or choice.year is None:
        return None
    return starting_from(viewer(request), choice.pharmacy, choice.last_day, law=services.law)


def _worked_out(wanted: Asked, services: Services) -> tuple[Outcome | None, Stress | None, str]:
    """Return the plan and its stress, or why there is none."""
    if wanted.plan is None:
        return None, None, ""
    try:
        return project(wanted.plan, services.law), stress(wanted.plan, services.law), ""
    except (InvalidInput, NotAvailable) as error:
        return None, None, error.message


def _flags(wanted: Asked, services: Services) -> tuple[Flag, ...]:
    if wanted.plan is None:
        return ()
    today = services.clock.today()
    place = None
    if wanted.population is not None:
        place = quota(
            wanted.population,
            services.law,
            on=today,
            department=wanted.department,
            pharmacies=wanted.pharmacies,
        )
    return flags(
        wanted.plan, wanted.seller, services.law, on=today, shares=wanted.shares, place=place
    )
