"""Publishing: the rows loaded so far become the release everybody reads."""

from __future__ import annotations

from dataclasses import dataclass

from galien.usecases.holidays import public_holidays
from galien.usecases.pharmacies import pharmacy_table
from galien.usecases.progress import Progress, silent
from galien.usecases.services import Services
from galien.warehouse.catalogue import read_catalogue
from galien.warehouse.ledger import ReleaseRecord
from galien.warehouse.publish import Publisher
from galien.warehouse.reference import Reference

FIRST_YEAR = 2010
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Published:
    """A publication: the release that serves, and the one that served before it."""

    release: ReleaseRecord
    previous: str | None


def publish(*, services: Services, progress: Progress = silent) -> Published:
    """Make what is live into the current release; the same one when nothing changed.

    Raises InternalError when the disk refuses; the current release then still serves.
    """
    before = services.ledger.current_release()
    publisher = Publisher(
        ledger=services.ledger,
        store=services.store,
        engines=services.engines,
        clock=services.clock,
        progress=lambda label, done, total: progress(done / max(total, 1), label),
    )
    release = publisher.publish(reference(services))
    progress(1.0, f"Publication {release.release}")
    return Published(release, _previous(before, release))


def _previous(before: ReleaseRecord | None, now: ReleaseRecord) -> str | None:
    if before is None:
        return None
    return now.parent if before.release == now.release else before.release


def reference(services: Services) -> Reference:
    """Return what is known today of products, prices, pharmacies and closed days."""
    catalogue = read_catalogue(services.workspace.catalogue)
    last_year = services.clock.today().year + YEARS_AHEAD
    return Reference(
        products=catalogue.product(),
        prices=catalogue.product_price,
        pharmacies=pharmacy_table(),
        holidays=tuple(public_holidays(FIRST_YEAR, last_year)),
    )
