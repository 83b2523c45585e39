"""What a person may see: the viewer made from their rights, and every list cut to it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from galien.kernel.errors import NotAllowed
from galien.model.accounts import ACCOUNTS
from galien.model.viewer import ALL_FEEDS, Grant, Span, Viewer, joined
from galien.records.models import (
    AccountingYear,
    ActivitySummary,
    Authorisation,
    Claim,
    Job,
    LiveDay,
    Membership,
    OrganisationKind,
    Pharmacy,
    PhysicalCount,
    PriceDecision,
    PricePolicy,
    ProductList,
    ProposedOrder,
    QuarantineRow,
    Receipt,
    Release,
    Role,
    SavedView,
    Scenario,
    SupplierContract,
    SupplierInvoice,
    User,
)
from galien.records.models.counters import RIGHTS, current_value

STOCK_SETTINGS = "stock_settings"


def viewer_of(user: User, today: dt.date) -> Viewer:
    """Return the viewer a user is today: pharmacies they belong to, and authorisations in force.

    Read anew at each request, so that a withdrawn authorisation closes at once.
    """
    epoch = current_value(RIGHTS)
    memberships = list(
        Membership.objects.filter(user=user).select_related("organisation__pharmacy")
    )
    own = _own_grants(memberships)
    organisations = [
        membership.organisation_id
        for membership in memberships
        if membership.organisation.kind != OrganisationKind.PHARMACY
    ]
    lent = Authorisation.objects.in_force(today).filter(organisation__in=organisations)
    return Viewer(
        user_id=str(user.pk),
        name=user.shown_name,
        role=_main_role(memberships),
        grants=tuple(own + _lent_grants(lent)) if user.is_active else (),
        epoch=epoch,
    )


def viewer_named(username: str, today: dt.date) -> Viewer:
    """Return the viewer with this sign-in; NotAllowed when there is none."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise NotAllowed(
            f"Utilisateur « {username} » : inconnu ou désactivé. Vérifiez l’identifiant.",
            code="UNKNOWN_USER",
        )
    return viewer_of(user, today)


def _main_role(memberships: Iterable[Membership]) -> str:
    roles = {membership.role for membership in memberships}
    return next((role for role in Membership.PRECEDENCE if role in roles), "")


def _own_grants(memberships: Iterable[Membership]) -> list[Grant]:
    """Grants on the pharmacies people belong to; only owners are shown operators (`own`)."""
    return [
        Grant(
            pharmacy=membership.organisation.pharmacy.finess,
            own=membership.role in (Role.OWNER, Role.ADMINISTRATOR),
        )
        for membership in memberships
        if membership.organisation.kind == OrganisationKind.PHARMACY
        and hasattr(membership.organisation, "pharmacy")
    ]


def _lent_grants(authorisations: Iterable[Authorisation]) -> list[Grant]:
    """Join spans that touch, feed by feed, then give back one grant for each span and pharmacy."""
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for each in authorisations:
        for feed in each.feeds:
            span = (each.valid_from or dt.date.min, each.valid_to or dt.date.max)
            spans[each.pharmacy_id, feed].append(span)
    feeds: dict[tuple[str, Span], set[str]] = defaultdict(set)
    for (pharmacy, feed), each_spans in spans.items():
        for span in joined(each_spans):
            feeds[pharmacy, span].add(feed)
    return [
        Grant(
            pharmacy=pharmacy,
            feeds=frozenset(names),
            first_day=None if first == dt.date.min else first,
            last_day=None if last == dt.date.max else last,
        )
        for (pharmacy, (first, last)), names in sorted(feeds.items())
    ]


@dataclass(frozen=True)
class Visible:
    """The rows of the lists that are not analyses, cut to a viewer's rights."""

    viewer: Viewer

    def pharmacies(self) -> QuerySet[Pharmacy]:
        """Return the pharmacies some right opens."""
        if self.viewer.everything:
            return Pharmacy.objects.all()
        return Pharmacy.objects.filter(finess__in=self.viewer.all_pharmacies())

    def receipts(self) -> QuerySet[Receipt]:
        """Return receipts whose feed and days are open to the viewer."""
        if self.viewer.everything:
            return Receipt.objects.all()
        return Receipt.objects.filter(self._opened("first_day", "last_day"))

    def quarantine(self) -> QuarantineRowQuerySet:
        """Return the set-aside rows of visible receipts."""
        return QuarantineRow.objects.filter(receipt__in=self.receipts()).select_related("receipt")

    def calendar(self) -> QuerySet[LiveDay]:
        """Return the days received, by pharmacy and feed."""
        days = LiveDay.objects.exclude(receipts=[])
        if self.viewer.everything:
            return days
        return days.filter(self._opened("day", "day"))

    def years(self) -> QuerySet[AccountingYear]:
        """Return the years of accounts whose every day is open to the viewer."""
        if self.viewer.everything:
            return AccountingYear.objects.all()
        return AccountingYear.objects.filter(self._opened("first_day", "last_day", ACCOUNTS))

    def activities(self) -> QuerySet[ActivitySummary]:
        """Return the activity summaries whose every day is open to the viewer, as accounts are."""
        if self.viewer.everything:
            return ActivitySummary.objects.all()
        return ActivitySummary.objects.filter(self._opened("first_day", "last_day", ACCOUNTS))

    def accounted(self) -> QuerySet[Pharmacy]:
        """Return the pharmacies some of whose accounts are open to the viewer."""
        if self.viewer.everything:
            return Pharmacy.objects.all()
        opened = {grant.pharmacy for grant in self.viewer.grants if ACCOUNTS in grant.feeds}
        return Pharmacy.objects.filter(finess__in=opened)

    def releases(self) -> QuerySet[Release]:
        """Return releases: their existence and dates; figures are read by a question."""
        return Release.objects.all()

    def saved_views(self) -> QuerySet[SavedView]:
        """Return the viewer's own views and those shared with their organisations."""
        return SavedView.objects.filter(self._own_or_shared())

    def product_lists(self) -> QuerySet[ProductList]:
        """Return the viewer's own product lists and those shared with their organisations."""
        return ProductList.objects.filter(self._own_or_shared())

    def scenarios(self) -> QuerySet[Scenario]:
        """Return the viewer's own scenarios and those shared with their organisations."""
        return Scenario.objects.filter(self._own_or_shared())

    def contracts(self) -> QuerySet[SupplierContract]:
        """Return the contracts and offers of the viewer's organisations, and what binds them.

        The group of a pharmacy signs for it: it reads those, since they rule what it pays.
        """
        if self.viewer.everything:
            return SupplierContract.objects.all()
        own = [grant.pharmacy for grant in self.viewer.grants if grant.own]
        of_group = Q(standing="signed", organisation__member_pharmacies__in=own)
        return SupplierContract.objects.filter(
            Q(organisation__in=self._organisations()) | of_group
        ).distinct()

    def price_policies(self) -> QuerySet[PricePolicy]:
        """Return the price policies of the viewer's organisations."""
        # The same table keeps an organisation's settings of stock, which are no policy of prices.
        rows = PricePolicy.objects.exclude(body__has_key=STOCK_SETTINGS)
        if self.viewer.everything:
            return rows
        return rows.filter(organisation__in=self._organisations())

    def invoices(self) -> QuerySet[SupplierInvoice]:
        """Return the suppliers' invoices whose day is open to the viewer, as purchases are."""
        if self.viewer.everything:
            return SupplierInvoice.objects.all()
        return SupplierInvoice.objects.filter(self._opened("issued_on", "issued_on", "purchases"))

    def claims(self) -> QuerySet[Claim]:
        """Return the claims whose every day is open to the viewer, as purchases are."""
        if self.viewer.everything:
            return Claim.objects.all()
        return Claim.objects.filter(self._opened("first_day", "last_day", "purchases"))

    def orders(self) -> QuerySet[ProposedOrder]:
        """Return the orders whose day is open to the viewer, as purchases are."""
        if self.viewer.everything:
            return ProposedOrder.objects.all()
        return ProposedOrder.objects.filter(self._opened("day", "day", "purchases"))

    def counts(self) -> QuerySet[PhysicalCount]:
        """Return the physical counts whose day is open to the viewer, as stock is."""
        if self.viewer.everything:
            return PhysicalCount.objects.all()
        return PhysicalCount.objects.filter(self._opened("day", "day", "stock"))

    def price_decisions(self) -> QuerySet[PriceDecision]:
        """Return the prices decided from days open to the viewer on, as sales are."""
        if self.viewer.everything:
            return PriceDecision.objects.all()
        return PriceDecision.objects.filter(self._opened("since", "since", "sales"))

    def jobs(self) -> QuerySet[Job]:
        """Return the viewer's own jobs."""
        if self.viewer.everything:
            return Job.objects.all()
        return Job.objects.filter(user=self._user_key())

    def authorisations(self) -> QuerySet[Authorisation]:
        """Return authorisations given by the viewer's own pharmacies or to their organisations."""
        if self.viewer.everything:
            return Authorisation.objects.all()
        own = [grant.pharmacy for grant in self.viewer.grants if grant.own]
        return Authorisation.objects.filter(
            Q(pharmacy__in=own) | Q(organisation__in=self._organisations())
        )

    def _own_or_shared(self) -> Q:
        if self.viewer.everything:
            return Q()
        return Q(owner=self._user_key()) | Q(organisation__in=self._organisations())

    def _organisations(self) -> QuerySet[Membership, Any]:
        """Return the organisations the viewer belongs to, to look rows up by."""
        return Membership.objects.filter(user=self._user_key()).values("organisation")

    def _user_key(self) -> int:
        """A viewer that is no account owns nothing: key 0 matches no row."""
        return int(self.viewer.user_id) if self.viewer.user_id.isdigit() else 0

    def _opened(self, first: str, last: str, feed: str = "") -> Q:
        """Rows lying wholly in the days of a grant; rows without days need an unbounded one.

        Rows that carry no feed are all of the one given.
        """
        opened = Q(pk__in=[])
        for (feeds, since, until), pharmacies in self._grants_by_reach().items():
            if feed and feed not in feeds:
                continue
            reach = Q(pharmacy__in=pharmacies)
            if not feed and feeds != ALL_FEEDS:
                reach &= Q(feed__in=feeds)
            if since is not None:
                reach &= Q(**{f"{first}__gte": since})
            if until is not None:
                reach &= Q(**{f"{last}__lte": until})
            opened |= reach
        return opened

    def _grants_by_reach(
        self,
    ) -> dict[tuple[frozenset[str], dt.date | None, dt.date | None], list[str]]:
        reaches = defaultdict(list)
        for grant in self.viewer.grants:
            reaches[grant.feeds, grant.first_day, grant.last_day].append(grant.pharmacy)
        return reaches


QuarantineRowQuerySet = QuerySet[QuarantineRow]


def visible_to(viewer: Viewer) -> Visible:
    """Return the lists of everything this viewer may see that is not an analysis."""
    return Visible(viewer)
