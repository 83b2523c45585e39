"""Pages beyond their query: processor time of an analysis page of a thousand rows, its answer kept."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from typing import TYPE_CHECKING

from bench.options import Options
from bench.report import Budget, Report, Table
from galien.kernel.clock import FixedClock

if TYPE_CHECKING:
    from django.test import Client

    from galien.usecases.services import Services

LOGIN = "acheteur"
SIZES = (10, 100, 1000)
_REQUESTS = 30


def measure(options: Options) -> Report:
    """Request the products page of purchases with more and more rows, warm."""
    from galien.site.build import build

    services = build(options.workspace)
    client = _client(services)
    report, rows = Report("pages"), []
    for size in SIZES:
        path = f"{_products_path()}?top={size}"
        first = _one(client, path)
        taken = [_one(client, path) for _ in range(_REQUESTS)]
        shown = taken[0][1]
        milliseconds = statistics.median(each for each, _, _ in taken)
        rows.append((size, shown, taken[0][2] / 1e3, first[0], milliseconds))
    columns = ("top", "rows in the page", "page kB", "first CPU ms", "warm CPU ms")
    report.tables.append(Table(f"Analysis page {_products_path()}, answer kept", columns, rows))
    report.budgets.append(Budget("page of 1 000 rows beyond its query, CPU", rows[-1][4], 50, "ms"))
    if rows[-1][1] < SIZES[-1]:
        report.data["note"] = f"the group has only {rows[-1][1]} products to show"
    services.reader.close()
    return report


def _client(services: Services) -> Client:
    """Return a signed-in client, on the day after the last month of the data."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from galien.usecases.services import install

    settings.ALLOWED_HOSTS = ["*"]
    with services.reader.hold() as held:
        view = services.reading.view(held)
    last = max(month for _, _, month in view.completeness)
    today = (last.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    install(services.at(FixedClock.on(today)))
    client = Client()
    client.force_login(
        get_user_model().objects.get(username=LOGIN),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def _products_path() -> str:
    from galien.web.analysis.declared import ANALYSES

    return next(a.path for a in ANALYSES if a.subject == "purchases" and a.by == ("product",))


def _one(client: Client, path: str) -> tuple[float, int, int]:
    """Return the processor milliseconds of a request, the rows and the bytes of its page."""
    started = time.process_time()
    response = client.get(path)
    milliseconds = (time.process_time() - started) * 1000
    if response.status_code != 200:
        raise AssertionError(f"{path} answered {response.status_code}: {response.content[:300]!r}")
    return milliseconds, response.content.count(b"<tr") - 2, len(response.content)
