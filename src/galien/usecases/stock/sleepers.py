"""What sleeps on a pharmacy's shelves, what is beyond need or near expiry, and where it may go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.stock.clearing import Proposal, Sister, clear
from galien.calculators.stock.depreciation import Depreciation, depreciate
from galien.calculators.stock.expiry import nearest_units
from galien.calculators.stock.sleeping import (
    USUAL,
    BandTotal,
    Finding,
    OnShelf,
    Settings,
    by_band,
    find,
)
from galien.kernel.errors import NotAllowed
from galien.model.contracts import Returns
from galien.model.viewer import Viewer
from galien.usecases.services import Services
from galien.usecases.stock.flows import kept_apart
from galien.usecases.stock.reading import LastReceipt, Level, last_received, levels, opened

NO_PURCHASES = (
    "Achats non ouverts à vos droits : la dernière réception et le fournisseur ne sont pas connus, ni les "
    "reprises qu’il accorde."
)
ZERO = Decimal(0)
YEAR_OF_MONTHS = Decimal(12)
MOST_MOVED = 500  # products, the dearest, for which other pharmacies are looked at


@dataclass(frozen=True)
class Sleeper:
    """A product in question: its shelf, what was found, what to do, what to write down."""

    level: Level
    found: Finding
    proposals: tuple[Proposal, ...]
    depreciation: Depreciation | None


@dataclass(frozen=True)
class Sleepers:
    """The shelves of a pharmacy looked at on a day; euros at cost, excl. tax, unrounded.

    `rows` are the products with boxes that should go or will expire, most euros first; `notes` say in
    French what rights leave out.
    """

    pharmacy: str
    counted_on: dt.date | None
    settings: Settings
    products: int
    stock_value: Decimal
    rows: tuple[Sleeper, ...]
    bands: tuple[BandTotal, ...]
    notes: tuple[str, ...] = ()

    @property
    def sleeping_value(self) -> Decimal:
        """Return the idle value of what no longer sells."""
        return sum((row.found.idle_value for row in self.rows if row.found.asleep), ZERO)

    @property
    def excess_value(self) -> Decimal:
        """Return the value beyond the cover wanted of what still sells."""
        return sum((row.found.idle_value for row in self.rows if not row.found.asleep), ZERO)

    @property
    def monthly_cost(self) -> Decimal:
        """Return what idle stock costs a month."""
        return sum((row.found.monthly_cost for row in self.rows), ZERO)

    @property
    def expiring_value(self) -> Decimal:
        """Return the value of boxes that have expired, or will before they are sold."""
        found = (row.found for row in self.rows)
        return sum((f.expiring_value for f in found if f.near_expiry or f.expired), ZERO)

    @property
    def depreciation(self) -> Decimal:
        """Return what is proposed to be written down."""
        return sum((row.depreciation.amount for row in self.rows if row.depreciation), ZERO)


def sleepers(
    viewer: Viewer,
    pharmacy: str,
    *,
    settings: Settings = USUAL,
    on: dt.date | None = None,
    services: Services,
) -> Sleepers:
    """Look at the shelves of a pharmacy. Sisters are the other pharmacies open to the viewer.

    Raises NotAllowed when stock or sales of the pharmacy are not open.
    """
    day = on or services.clock.today()
    opened(viewer, (pharmacy,), on=day, services=services)
    own = levels((pharmacy,), viewer, on=day, services=services)
    received, notes = _received(viewer, pharmacy, day, services)
    returns = _returns(viewer, day)
    apart = kept_apart([level.product_code for level in own], services=services)
    rows = [
        _looked(
            level,
            received.get(level.product_code),
            returns,
            apart=level.product_code in apart,
            settings=settings,
            on=day,
        )
        for level in own
    ]
    told = [
        (level, found)
        for level, found in rows
        if found.idle_value > 0 or found.near_expiry or found.expired
    ]
    told.sort(key=lambda row: (-row[1].idle_value, row[0].product_code))
    sisters = _sisters(viewer, pharmacy, told[:MOST_MOVED], on=day, services=services)
    return Sleepers(
        pharmacy=pharmacy,
        counted_on=max((level.counted_on for level in own), default=None),
        settings=settings,
        products=sum(level.quantity > 0 for level in own),
        stock_value=sum((level.stock_value for level in own), ZERO),
        rows=tuple(
            Sleeper(
                level,
                found,
                clear(
                    found,
                    sisters.get(level.product_code),
                    on=day,
                    settings=settings,
                    transferable=not (level.narcotic or level.product_code in apart),
                ),
                depreciate(found),
            )
            for level, found in told
        ),
        bands=by_band((found for _, found in rows), settings.bounds),
        notes=notes,
    )


def _sisters(
    viewer: Viewer,
    pharmacy: str,
    told: Sequence[tuple[Level, Finding]],
    *,
    on: dt.date,
    services: Services,
) -> dict[str, list[Sister]]:
    """Return by product the other pharmacies open to the viewer who sell it; an empty list for none."""
    found: dict[str, list[Sister]] = {level.product_code: [] for level, _ in told}
    others = [each for each in opened(viewer, (), on=on, services=services) if each != pharmacy]
    if not others or not found:
        return {}
    for level in levels(others, viewer, on=on, services=services, codes=tuple(found)):
        if level.yearly_units > 0:
            monthly = level.yearly_units / YEAR_OF_MONTHS
            found[level.product_code].append(Sister(level.pharmacy, monthly, level.quantity))
    return found


def _received(
    viewer: Viewer, pharmacy: str, day: dt.date, services: Services
) -> tuple[dict[str, LastReceipt], tuple[str, ...]]:
    """Return the last receipt of each product, and a note where purchases are not open."""
    try:
        return last_received(pharmacy, viewer, on=day, services=services), ()
    except NotAllowed:
        return {}, (NO_PURCHASES,)


def _looked(
    level: Level,
    received: LastReceipt | None,
    returns: Mapping[str, Returns],
    *,
    apart: bool,
    settings: Settings,
    on: dt.date,
) -> tuple[Level, Finding]:
    supplier = received.supplier if received else ""
    came = map(Decimal, received.units if received else ())
    shelf = OnShelf(
        level.product_code,
        level.quantity,
        level.unit_cost,
        monthly_sales=max(ZERO, level.yearly_units) / YEAR_OF_MONTHS,
        last_sold=level.last_sold,
        last_received=received.day if received else None,
        nearest_expiry=level.nearest_expiry,
        nearest_units=nearest_units(level.quantity, came),
        minimum=level.minimum,
        must_hold=level.narcotic,
        returnless=apart,
        returns=returns.get(supplier) or returns.get(level.lab),
    )
    return level, find(shelf, on=on, settings=settings)


def _returns(viewer: Viewer, day: dt.date) -> dict[str, Returns]:
    """Return the conditions of return of the contracts in force, by supplier and by lab."""
    # Contracts are in the records: shelves are looked at without any of them too.
    from galien.usecases.contracts.book import contracts_of

    found: dict[str, Returns] = {}
    for kept in contracts_of(viewer, on=day):
        contract = kept.contract
        for name in (contract.supplier, contract.lab):
            if name and contract.conditions.returns.allowed:
                found.setdefault(name, contract.conditions.returns)
    return found
