"""Who sees what: the pharmacies people belong to, and the authorisations in force."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from galien.kernel.clock import PARIS
from galien.model.viewer import WORKSPACE_VIEWER
from galien.records.models import (
    Authorisation,
    Membership,
    Organisation,
    OrganisationKind,
    Pharmacy,
    Receipt,
    Role,
    User,
)
from galien.records.scope import viewer_of, visible_to

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)
JANUARY, JUNE = dt.date(2026, 1, 1), dt.date(2026, 6, 30)


class Group:
    """A group, two pharmacies, a buyer and an owner."""

    def __init__(self) -> None:
        self.organisation = Organisation.objects.create(name="G", kind=OrganisationKind.GROUP)
        self.mine, self.other = (
            Pharmacy.objects.create(
                finess=finess,
                name=finess,
                organisation=Organisation.objects.create(name=finess, kind="pharmacy"),
            )
            for finess in ("750100042", "690000005")
        )
        self.buyer = self.person("buyer", self.organisation, Role.BUYER)
        assert self.mine.organisation is not None
        self.owner = self.person("owner", self.mine.organisation, Role.OWNER)

    def person(self, name: str, organisation: Organisation, role: str) -> User:
        """Return a member of an organisation."""
        user = User.objects.create(username=name)
        Membership.objects.create(user=user, organisation=organisation, role=role)
        return user

    def authorise(self, pharmacy: Pharmacy, **terms: Any) -> Authorisation:
        """Open a pharmacy to the group."""
        known: dict[str, Any] = {"signed_by": "T", "signed_on": JANUARY, **terms}
        return Authorisation.objects.create(
            pharmacy=pharmacy, organisation=self.organisation, **known
        )


@pytest.fixture
def group() -> Group:
    return Group()


def test_a_group_sees_nothing_without_an_authorisation(group: Group) -> None:
    assert viewer_of(group.buyer, TODAY).grants == ()


def test_an_owner_sees_their_own_pharmacy_and_its_operators(group: Group) -> None:
    viewer = viewer_of(group.owner, TODAY)
    assert viewer.role == "owner"
    assert [(grant.pharmacy, grant.own) for grant in viewer.grants] == [("750100042", True)]


def test_a_team_member_sees_the_pharmacy_without_its_operators(group: Group) -> None:
    assert group.mine.organisation is not None
    member = group.person("member", group.mine.organisation, Role.TEAM_MEMBER)
    assert [grant.own for grant in viewer_of(member, TODAY).grants] == [False]


def test_an_authorisation_opens_its_feeds_and_days_alone(group: Group) -> None:
    group.authorise(group.mine, feeds=["purchases"], valid_from=JANUARY, valid_to=JUNE)
    viewer = viewer_of(group.buyer, TODAY)
    assert viewer.pharmacies("purchases", JANUARY, JUNE) == {"750100042"}
    assert viewer.pharmacies("sales", JANUARY, JUNE) == frozenset()
    assert viewer.pharmacies("purchases", JANUARY, TODAY) == frozenset()


def test_two_authorisations_that_touch_open_the_whole_span(group: Group) -> None:
    group.authorise(group.mine, valid_to=JUNE)
    group.authorise(group.mine, valid_from=JUNE + dt.timedelta(days=1))
    viewer = viewer_of(group.buyer, TODAY)
    assert viewer.pharmacies("sales", JANUARY, TODAY) == {"750100042"}


def test_a_withdrawal_closes_at_once_and_moves_the_epoch(group: Group) -> None:
    authorisation = group.authorise(group.mine)
    before = viewer_of(group.buyer, TODAY)
    authorisation.withdraw(at=dt.datetime(2026, 11, 21, 9, tzinfo=PARIS), by="T")
    after = viewer_of(group.buyer, TODAY)
    assert before.all_pharmacies() == {"750100042"}
    assert after.all_pharmacies() == frozenset()
    assert after.epoch > before.epoch


def test_an_authorisation_signed_tomorrow_opens_nothing_today(group: Group) -> None:
    group.authorise(group.mine, signed_on=TODAY + dt.timedelta(days=1))
    assert viewer_of(group.buyer, TODAY).grants == ()


def test_a_disabled_account_sees_nothing(group: Group) -> None:
    group.owner.is_active = False
    assert viewer_of(group.owner, TODAY).grants == ()


def a_receipt(number: int, pharmacy: str, feed: str, day: dt.date | None) -> None:
    Receipt.objects.create(
        receipt=f"r{number}",
        sequence=number,
        sha256=f"{number}",
        feed=feed,
        pharmacy=pharmacy,
        mapping="galien",
        status="accepted" if day else "refused",
        received_at=dt.datetime(2026, 7, 1, tzinfo=PARIS),
        first_day=day,
        last_day=day,
    )


def test_lists_are_cut_like_figures(group: Group) -> None:
    a_receipt(1, "750100042", "sales", JUNE)
    a_receipt(2, "750100042", "purchases", JUNE)
    a_receipt(3, "750100042", "sales", TODAY)
    a_receipt(4, "750100042", "sales", None)
    a_receipt(5, "690000005", "sales", JUNE)
    group.authorise(group.mine, feeds=["sales"], valid_to=JUNE)

    def seen(viewer_user: User) -> set[str]:
        receipts = visible_to(viewer_of(viewer_user, TODAY)).receipts()
        return set(receipts.values_list("receipt", flat=True))

    assert seen(group.buyer) == {"r1"}
    assert seen(group.owner) == {"r1", "r2", "r3", "r4"}
    assert visible_to(WORKSPACE_VIEWER).receipts().count() == 5
