"""Publishing: the rows loaded so far become the release everybody reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from galien.model.country import country_of_all
from galien.usecases.holidays import public_holidays
from galien.usecases.net_net import terms
from galien.usecases.net_net.seen import seen_on_invoices
from galien.usecases.net_net.signed import signed_contracts
from galien.usecases.pharmacies import pharmacy_table
from galien.usecases.progress import Progress, silent
from galien.usecases.services import Services
from galien.warehouse.bought import Purchases
from galien.warehouse.catalogue import read_catalogue
from galien.warehouse.derive.file import Made
from galien.warehouse.ledger import ReleaseRecord
from galien.warehouse.manifest import MonthFile
from galien.warehouse.publish import Publisher, Resolver
from galien.warehouse.reference import Reference

FIRST_YEAR = 2010
YEARS_AHEAD = 2
# Where each stage of a publication starts and ends in the time of the whole.
STAGES = {"publication": (0.0, 0.6), "analyse": (0.6, 1.0)}


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
    known = reference(services)
    publisher = Publisher(
        ledger=services.ledger,
        store=services.store,
        engines=services.engines,
        clock=services.clock,
        progress=_in_stages(progress),
        resolve=resolver(known, services),
    )
    release = publisher.publish(known)
    services.reader.look_again()
    progress(1.0, f"Publication {release.release}")
    return Published(release, _previous(before, release))


def _in_stages(progress: Progress) -> Callable[[str, int, int], None]:
    """Place each stage in the whole; a publication that starts again never goes back."""
    reached = 0.0

    def tell(label: str, done: int, total: int) -> None:
        nonlocal reached
        start, end = STAGES[label]
        reached = max(reached, start + (end - start) * done / max(total, 1))
        progress(reached, label)

    return tell


def resolver(known: Reference, services: Services) -> Resolver:
    """Return what resolves the signed contracts of the records on a release's purchases."""

    def resolve(files: Sequence[MonthFile], parent: Made | None) -> Mapping[str, pa.Table]:
        purchases = Purchases(files, services.store, services.engines, parent)
        seen = seen_on_invoices()
        return terms.resolve(signed_contracts(), known.products, purchases, seen)

    return resolve


def _previous(before: ReleaseRecord | None, now: ReleaseRecord) -> str | None:
    if before is None:
        return None
    return now.parent if before.release == now.release else before.release


def reference(services: Services) -> Reference:
    """Return what is known today of products, prices, pharmacies and closed days."""
    catalogue = read_catalogue(services.workspace.catalogue)
    last_year = services.clock.today().year + YEARS_AHEAD
    pharmacies = pharmacy_table()
    country = country_of_all(str(each) for each in pharmacies.column("pharmacy").to_pylist())
    return Reference(
        products=catalogue.product(),
        prices=catalogue.product_price,
        pharmacies=pharmacies,
        holidays=tuple(public_holidays(FIRST_YEAR, last_year, country=country, law=services.law)),
    )
