"""A policy tried on a pharmacy with what one looks at before applying it: the doubtful prices first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from galien.calculators.pricing.coherence import Doubt, Kind, Seen, doubts
from galien.calculators.pricing.effect import ProductEffect
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Membership, OrganisationKind, Pharmacy, Role
from galien.usecases.prices.applying import Tried, apply, as_priced, even_of, response_of, try_on
from galien.usecases.prices.book import KeptPolicy
from galien.usecases.prices.changes import LastChange, last_changes
from galien.usecases.prices.margins import FREE
from galien.usecases.prices.net import supplier_rebates_of
from galien.usecases.prices.network import compared_products
from galien.usecases.prices.policy_file import WrittenPolicy
from galien.usecases.prices.reading import Sold, pharmacies_open, sold
from galien.usecases.prices.references import in_force
from galien.usecases.services import Services

# What a new price may be doubted for; the rest is about prices that stay.
LOOKED_AT = frozenset({Kind.UNDER_COST, Kind.OUTLIER})


@dataclass(frozen=True)
class Line:
    """A product whose price would change: the effect, what is sold, why it is in doubt, its last change.

    `compared` says why shoppers compare it, if they do.
    """

    effect: ProductEffect
    units: Decimal
    doubt: Doubt | None
    change: LastChange | None = None
    compared: str = ""


@dataclass(frozen=True)
class Net:
    """From gross to net margin over a year of free prices, euros excl. tax.

    `suppliers` are rebates that come after invoices (None: purchases not open), `passed` the part of
    them that clients get.
    """

    sales: Decimal
    gross: Decimal
    clients: Decimal
    suppliers: Decimal | None
    passed: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        """Return gross margin + suppliers' rebates − clients' rebates."""
        return self.gross + (self.suppliers or Decimal(0)) - self.clients - self.passed

    @property
    def rate(self) -> Decimal | None:
        """Return the net margin over sales before rebates."""
        return self.net / self.sales if self.sales else None


@dataclass(frozen=True)
class Trial:
    """A policy tried on a pharmacy. `source` says in French where the elasticity comes from.

    `net` goes from gross to net margin today and with the policy, over the year's free prices.
    """

    tried: Tried
    lines: tuple[Line, ...]
    source: str
    net: tuple[Net, Net] | None = None

    @property
    def doubted(self) -> int:
        """Return how many new prices are in doubt."""
        return sum(line.doubt is not None for line in self.lines)


def trial(
    written: WrittenPolicy,
    viewer: Viewer,
    pharmacy: str,
    *,
    assumed: Decimal | None = None,
    services: Services,
) -> Trial:
    """Try a policy on what a pharmacy sold in the year, doubtful prices first, the most sold first.

    Volumes answer as `response_of` says. Raises what `ask` raises without the right.
    """
    today = services.clock.today()
    opened = pharmacies_open(viewer, (pharmacy,), on=today, services=services)
    rows = {each.product_code: each for each in sold(opened, viewer, on=today, services=services)}
    response, source = response_of(written, viewer, assumed, services=services)
    known = in_force(today, services=services)
    tried = try_on(
        replace(written, response=response),
        [as_priced(each, known.get(each.product_code)) for each in rows.values()],
        {code: each.units for code, each in rows.items()},
        pharmacy=pharmacy,
        even=even_of(viewer, pharmacy),
    )
    seen = [_seen(each, rows[each.proposal.product.product_code]) for each in tried.effect.products]
    doubted = {
        each.seen.product_code: each for each in doubts(seen, on=today) if each.kind in LOOKED_AT
    }
    watched = compared_products(viewer=viewer, services=services)
    changes = last_changes(opened, viewer, on=today, services=services)
    lines = [
        Line(
            each,
            looked.units,
            doubted.get(looked.product_code),
            changes.get((pharmacy, looked.product_code)),
            watched.get(looked.product_code, ""),
        )
        for each, looked in zip(tried.effect.products, seen, strict=True)
    ]
    lines.sort(key=lambda line: (line.doubt is None, -line.units))
    net = _net(
        written, tried, [each for each in rows.values() if as_priced(each).free], viewer, services
    )
    return Trial(tried, tuple(lines), source, net)


def decide(
    kept: KeptPolicy, pharmacy: str, digest: str, viewer: Viewer, *, services: Services
) -> tuple[Trial, str]:
    """Write down the prices of a policy for a pharmacy; return the trial and the name of the run.

    `digest` is that of the policy when it was tried; the name is empty when no price would change.
    Raises NotAllowed when the viewer does not decide there, InvalidInput when the policy has changed.
    """
    deciding(viewer, pharmacy)
    if digest != kept.digest:
        raise InvalidInput(
            "La politique a changé depuis cet essai : relisez-le, puis appliquez.",
            code="POLICY_CHANGED",
        )
    found = trial(kept.written, viewer, pharmacy, services=services)
    if not found.lines:
        return found, ""
    return found, apply([found.tried], kept.written, viewer, services=services)


def may_decide(viewer: Viewer, pharmacy: str) -> bool:
    """Tell whether a viewer decides the prices of a pharmacy.

    Its owner and administrators do, and the administrators of its group to whom it opened its sales.
    """
    if viewer.everything:
        return True
    grants = [each for each in viewer.grants if each.pharmacy == pharmacy and "sales" in each.feeds]
    if any(each.own for each in grants):
        return True
    return bool(grants) and viewer.user_id.isdigit() and _administers(int(viewer.user_id), pharmacy)


def deciding(viewer: Viewer, pharmacy: str) -> None:
    """Refuse, in the words of an absence, who does not decide the prices of a pharmacy."""
    if not may_decide(viewer, pharmacy):
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")


def _administers(user: int, pharmacy: str) -> bool:
    groups = Pharmacy.objects.filter(finess=pharmacy).values("group")
    return Membership.objects.filter(
        user=user,
        role=Role.ADMINISTRATOR,
        organisation__kind=OrganisationKind.GROUP,
        organisation__in=groups,
    ).exists()


def _net(
    written: WrittenPolicy, tried: Tried, free: list[Sold], viewer: Viewer, services: Services
) -> tuple[Net, Net] | None:
    before, after = tried.before, tried.after
    if before is None or after is None:
        return None
    had = supplier_rebates_of(viewer, (tried.pharmacy,), (FREE,), services=services)
    today = sum((each.rebates for each in free), Decimal(0))
    clients = after.amount if written.rebates else today
    passed = written.passed_on * (had or Decimal(0))
    return (
        Net(before.sales, before.gross, today, had),
        Net(after.sales, after.gross, clients, had, passed),
    )


def _seen(each: ProductEffect, row: Sold) -> Seen:
    return Seen(
        row.product_code,
        each.proposal.price_incl or Decimal(0),
        units=row.units,
        vat_rate=row.vat_rate,
        cost=row.cost,
        others=row.others,
        label=row.label,
    )
