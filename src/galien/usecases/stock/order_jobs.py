"""Proposals of orders as tasks: a large pharmacy's takes seconds, which nobody should wait for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.records.models import Job, JobState, User
from galien.records.scope import visible_to
from galien.usecases.jobs import JobRun, submit
from galien.usecases.services import Services
from galien.usecases.stock import sales_size
from galien.usecases.stock.order_book import check_may_order, propose_orders
from galien.usecases.stock.preparing import check_open

KIND = "stock-orders"
WAITING = (JobState.QUEUED, JobState.RUNNING)


def job_of(viewer: Viewer, pharmacy: str) -> Job | None:
    """Return the viewer's last task on the orders of a pharmacy."""
    jobs = visible_to(viewer).jobs().filter(kind=KIND, arguments__pharmacy=pharmacy)
    return jobs.order_by("-created_at").first()


def light(viewer: Viewer, pharmacy: str, *, services: Services) -> bool:
    """Tell whether orders are proposed in about a second; raises as proposing does."""
    check_may_order(viewer, pharmacy)
    today = services.clock.today()
    check_open(viewer, pharmacy, services=services, on=today)
    days = Period(today - dt.timedelta(days=365), today)
    return sales_size.light(viewer, pharmacy, days, services=services)


def ask_for(viewer: Viewer, pharmacy: str, user: User, *, services: Services) -> Job:
    """Queue the proposal of a pharmacy's orders; the one that waits or runs, when there is one."""
    check_may_order(viewer, pharmacy)
    check_open(viewer, pharmacy, services=services, on=services.clock.today())
    known = job_of(viewer, pharmacy)
    if known is not None and known.state in WAITING:
        return known
    return submit(KIND, {"pharmacy": pharmacy}, user=user)


def run_orders(run: JobRun) -> dict[str, Any]:
    """Propose and keep the orders a task asks for, with the rights of now."""
    found = propose_orders(
        run.viewer, run.arguments["pharmacy"], services=run.services, progress=run.progress
    )
    return {
        "pharmacy": found.pharmacy,
        "lines": len(found.lines),
        "orders": len(found.orders),
        "total": str(found.total),
        "known_until": found.known_until.isoformat(),
        "counted_on": found.counted_on.isoformat(),
    }
