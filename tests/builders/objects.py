"""Objects that addresses are asked with, each made or found in the small group when it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.builders.workspace import FINESS


def receipt(status: str) -> Callable[[], tuple[Any, ...]]:
    """Return the owner's receipt in a state."""

    def args() -> tuple[Any, ...]:
        from galien.records.models import Receipt

        found = (
            Receipt.objects.filter(pharmacy=FINESS[0], status=status).order_by("sequence").first()
        )
        assert found is not None
        return (found.receipt,)

    return args


def offer() -> tuple[Any, ...]:
    """Return an offer made to the group."""
    from galien.records.models import Organisation, SupplierContract

    group = Organisation.objects.get(kind="group")
    since = {"since": "2026-01-01"}
    made = SupplierContract.objects.create(
        organisation=group, reference="Offre", lab="Alpha", standing="offer", **since,
        body={"reference": "Offre", "lab": "Alpha", "standing": "offer", **since},
    )  # fmt: skip
    return (made.pk,)


def release() -> tuple[Any, ...]:
    """Return the current release."""
    from galien.records.models import Release

    return (Release.objects.get().release,)


def of(make: Callable[[Any], Any]) -> Callable[[], tuple[Any, ...]]:
    """Return the key of an object made for the owner."""

    def args() -> tuple[Any, ...]:
        from galien.records.models import User

        return (make(User.objects.get(username="titulaire")).pk,)

    return args


def job(user: Any) -> Any:
    """Return a job of a user."""
    from galien.records.models import Job

    return Job.objects.create(kind="publish", user=user)


def view(user: Any) -> Any:
    """Return a saved view of a user."""
    from galien.records.models import SavedView

    return SavedView.objects.create(owner=user, page="/ventes/par-mois", name="À moi")


def market(user: Any) -> Any:
    """Return a product list of a user."""
    from galien.records.models import ProductList

    return ProductList.objects.create(owner=user, name="À moi", codes="3400930000014")


def scenario(user: Any) -> Any:
    """Return a scenario of a user."""
    from galien.records.models import Scenario

    return Scenario.objects.create(owner=user, name="À moi")


def token(user: Any) -> Any:
    """Return an API token of a user."""
    import datetime as dt

    from galien.records.models import ApiToken

    at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    return ApiToken.issue(user=user, name="Essai", scope=["ask"], expires_at=at)[0]


def session(user: Any) -> Any:
    """Return a session of a user."""
    from allauth.usersessions.models import UserSession

    return UserSession.objects.create(
        user=user, session_key="x" * 32, ip="127.0.0.1", user_agent=""
    )


def authorisation(_: Any) -> Any:
    """Return the authorisation of the owner to the group."""
    from galien.records.models import Authorisation

    return Authorisation.objects.get(pharmacy=FINESS[0], organisation__kind="group")


def team_member(_: Any) -> Any:
    """Return the membership of a team member."""
    from galien.records.models import Membership

    return Membership.objects.get(user__username="equipe")


def policy(user: Any) -> Any:
    """Return a price policy of a user."""
    from galien.records.models import Membership, PricePolicy

    own = Membership.objects.get(user=user).organisation
    text = "name: Essai\ncategories:\n  - {name: Tout, margin: 30 %}\n"
    return PricePolicy.objects.create(organisation=own, name="Essai", body={"yaml": text})


def price_run() -> tuple[Any, ...]:
    """Return a run that decided a price of the owner's."""
    import datetime as dt

    from galien.records.models import PriceDecision

    made = PriceDecision.objects.create(
        pharmacy_id=FINESS[0], product_code="3400930000038", since=dt.date(2026, 10, 1),
        price_incl="5.90", former_price_incl="5.60", policy="Essai", run="abc123",
    )  # fmt: skip
    return (made.run,)


def invoice(_: Any) -> Any:
    """Return a supplier invoice of the owner."""
    from tests.builders.kept_invoices import kept

    return kept(FINESS[0])


def claim(_: Any) -> Any:
    """Return a claim of the owner."""
    from tests.builders.kept_invoices import claimed

    return claimed(FINESS[0])


def order(_: Any) -> Any:
    """Return an order of the owner."""
    from galien.records.models import ProposedOrder

    line = {
        "product_code": "3400930000014", "label": "Générique A 30", "quantity": 3, "proposed": 3,
        "stock": 1, "raw": "0.5", "corrected": "0.5", "days_out": 0, "lead": "1", "safety": "1",
        "threshold": 4, "unit_price": "4.50", "apart": 0, "reason": "Le besoin.", "free_from": "0",
    }  # fmt: skip
    return ProposedOrder.objects.create(
        pharmacy_id=FINESS[0], supplier="Alpha", day="2026-10-30", lines=[line]
    )
