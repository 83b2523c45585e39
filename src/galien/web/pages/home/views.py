"""The first page of a person: their calendar of data and their figures."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.model.viewer import Viewer
from galien.usecases import access_log
from galien.usecases.data_calendar import data_calendar
from galien.usecases.duties import duties
from galien.usecases.home import home as read_home
from galien.usecases.services import Services, current
from galien.usecases.stock.running_out import about_to_run_out
from galien.web.components.models import Action, Link, Notice
from galien.web.lists import FEED_LABELS, choice
from galien.web.pages.home import shown
from galien.web.pages.stock_shortages.listed import alarm
from galien.web.shell.context import page_response, viewer


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the data calendar of a feed, then the figures of the last full month."""
    reader, services = viewer(request), current()
    feed = choice(request, "flux", FEED_LABELS) or "sales"
    days = data_calendar(reader, feed, services=services)
    found = read_home(reader, services=services)
    if found is not None:
        access_log.note(
            access_log.VIEW, "Accueil", reader,
            services=services, pharmacies=found.scope, release=found.release,
        )  # fmt: skip
    watched, rest = shown.calendars(days)
    context = {
        "head": replace(shown.head(reader, found), actions=_acts(reader) if found else ()),
        "feeds": shown.feed_links(feed),
        "calendar": watched,
        "calendar_rest": rest,
        "calendar_note": shown.calendar_note(days, services.clock.today()),
        "headlines": shown.headlines(found),
        "breakdown": shown.breakdown(found),
        "nothing": shown.notice(found),
        "alarm": _alarm(reader, services) if found is not None else None,
    }
    return page_response(request, "pages/home/page.html", context)


def _acts(reader: Viewer) -> tuple[Action, ...]:
    """Lead those who order for a pharmacy to the orders of the day."""
    own = duties(reader).sends_for & {each.pharmacy for each in reader.grants}
    return (Action("Commandes du jour", "/stock/commandes", primary=True),) if own else ()


def _alarm(reader: Viewer, services: Services) -> Notice | None:
    """Say what is about to run out in every pharmacy of the reader and at every supplier."""
    alert = about_to_run_out(reader, on=services.clock.today(), services=services)
    links = (Link("Voir les ruptures", "/stock/ruptures"),)
    return alarm(alert, links)
