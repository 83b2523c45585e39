"""Choices of labs kept under a name: shared, compared, and told apart from what has changed since.

A scenario shows the figures of who made it: to somebody who may not read all its pharmacies it shows
its settings alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Membership, Organisation, Scenario, User
from galien.records.scope import visible_to
from galien.usecases.contracts.book import contracts_of
from galien.usecases.detail import release_of
from galien.usecases.offers import STANDINGS
from galien.usecases.services import Services
from galien.usecases.simulator.asked import Asked, read_asked
from galien.usecases.simulator.ground import Ground, Source
from galien.usecases.simulator.labs import Chosen, switched
from galien.usecases.simulator.pairs import Ranked

PAIR, LABS = "pair", "labs"
LONGEST_NAME = 120
UNKNOWN = "Ce scénario n’existe pas."


@dataclass(frozen=True)
class Share:
    """What a lab takes in a scenario: products, euros at list price, euros of discount."""

    lab: str
    products: int
    list_amount: Decimal
    discount: Decimal


@dataclass(frozen=True)
class Saved:
    """A scenario as its reader may see it; the figures are None for who may not read them all.

    `since` are sentences on what has changed since it was kept.
    """

    key: int
    name: str
    kind: str
    owner: str
    own: bool
    shared_with: str
    kept_at: dt.datetime
    asked: Asked
    total: Decimal | None = None
    today: Decimal | None = None
    bound: Decimal | None = None
    switched: int | None = None
    shares: tuple[Share, ...] = ()
    since: tuple[str, ...] = field(default=())

    @property
    def gain(self) -> Decimal | None:
        """Return what it brought beside the day's discounts, in euros."""
        return None if self.total is None or self.today is None else self.total - self.today


def answer_of_labs(chosen: Chosen) -> dict[str, Any]:
    """Return what is kept of a choice of labs."""
    best = chosen.optimum.best
    shares = [
        [p.lab, p.products, str(p.list_amount), str(p.discount)] for p in chosen.optimum.parts
    ]
    return {
        **_common(chosen.ground), "kind": LABS, "total": str(best.total), "bound": str(best.bound),
        "switched": switched(chosen), "shares": shares,
    }  # fmt: skip


def answer_of_pair(ranked: Ranked) -> dict[str, Any]:
    """Return what is kept of the best pair; InvalidInput when there is none."""
    if not ranked.pairs:
        raise InvalidInput("Il n’y a pas de couple à garder : il faut deux laboratoires.")
    best = ranked.pairs[0]
    parts = ((best.pair.first_lab, best.pair.first), (best.pair.second_lab, best.pair.second))
    shares = [
        [lab, part.products, str(part.list_amount), str(part.discount + part.extra)]
        for lab, part in parts
    ]
    return {**_common(ranked.ground), "kind": PAIR, "total": str(best.net), "shares": shares}


def _common(ground: Ground) -> dict[str, Any]:
    return {
        "today": str(ground.today),
        "pharmacies": list(ground.pharmacies),
    }


@dataclass(frozen=True)
class Keeping:
    """A choice to keep: its name, what was asked, the answer, the release and the offers of its day."""

    name: str
    asked: Asked
    answer: dict[str, Any]
    release: str
    sources: Sequence[Source]
    shared: bool = False


def keep(order: Keeping, user: User) -> Scenario:
    """Keep a choice under a name; InvalidInput when the name is missing, too long or already taken."""
    named = " ".join(order.name.split())
    if not named or len(named) > LONGEST_NAME:
        raise InvalidInput("Donnez au scénario un nom d’au plus 120 caractères.")
    offers = [[each.lab, each.reference, each.changed_at] for each in order.sources]
    try:
        with transaction.atomic():
            return Scenario.objects.create(
                owner=user,
                organisation=_organisation(user) if order.shared else None,
                name=named,
                settings={"query": order.asked.pairs()},
                answer={**order.answer, "sources": offers},
                release=order.release,
            )
    except IntegrityError as error:
        raise InvalidInput(
            f"Vous avez déjà un scénario « {named} » : donnez un autre nom, ou supprimez-le."
        ) from error


def listed(
    viewer: Viewer, *, services: Services, sources: Sequence[Source] = ()
) -> tuple[Saved, ...]:
    """Return the viewer's own scenarios and those shared with them, by name."""
    rows = visible_to(viewer).scenarios().select_related("owner", "organisation")
    release = release_of(services)
    return tuple(_saved(row, viewer, release, sources) for row in rows)


def sources_now(viewer: Viewer, *, services: Services) -> tuple[Source, ...]:
    """Return the contracts and offers of labs in force today, as the viewer may read them."""
    kept = contracts_of(viewer, on=services.clock.today(), standings=STANDINGS)
    return tuple(
        Source(
            each.contract.lab, each.contract.reference, each.key, str(each.contract.standing),
            each.changed_at.isoformat() if each.changed_at else "",
        )
        for each in kept
        if each.contract.lab
    )  # fmt: skip


def delete(key: int, user: User) -> None:
    """Delete a scenario of one's own; NotAllowed for another's."""
    _own(key, user).delete()


def share(key: int, user: User, *, shared: bool) -> Scenario:
    """Share a scenario of one's own with one's organisation, or take it back."""
    row = _own(key, user)
    row.organisation = _organisation(user) if shared else None
    row.save(update_fields=["organisation"])
    return row


def _saved(row: Scenario, viewer: Viewer, release: str, sources: Sequence[Source]) -> Saved:
    answer = row.answer
    asked = read_asked((name, value) for name, value in row.settings.get("query", ()))
    own = str(row.owner_id) == viewer.user_id
    pharmacies = set(answer.get("pharmacies", ()))
    known = Saved(
        key=row.pk, name=row.name, kind=answer.get("kind", LABS), owner=row.owner.shown_name,
        own=own, shared_with=str(row.organisation) if row.organisation else "",
        kept_at=row.created_at, asked=asked,
    )  # fmt: skip
    open_ = viewer.everything or pharmacies <= set(viewer.all_pharmacies())
    if not open_:
        return known
    bound, moved = answer.get("bound"), answer.get("switched")
    return Saved(
        **{name: getattr(known, name) for name in (
            "key", "name", "kind", "owner", "own", "shared_with", "kept_at", "asked")},
        total=Decimal(answer["total"]),
        today=Decimal(answer["today"]),
        bound=None if bound is None else Decimal(bound),
        switched=moved,
        shares=tuple(
            Share(lab, products, Decimal(amount), Decimal(discount))
            for lab, products, amount, discount in answer.get("shares", ())
        ),
        since=tuple(_since(row, answer, release, sources)),
    )  # fmt: skip


def _since(
    row: Scenario, answer: dict[str, Any], release: str, sources: Sequence[Source]
) -> list[str]:
    """Say what has changed since a scenario was kept: the figures published, the offers."""
    said = []
    if release and row.release and release != row.release:
        said.append("des chiffres ont été publiés depuis")
    if sources:
        then = {(lab, reference): changed for lab, reference, changed in answer.get("sources", ())}
        now = {(each.lab, each.reference): each.changed_at for each in sources}
        changed = sorted({lab for lab, reference in then.keys() & now.keys()
                          if then[lab, reference] != now[lab, reference]})  # fmt: skip
        new = sorted({lab for lab, _ in now.keys() - then.keys()})
        gone = sorted({lab for lab, _ in then.keys() - now.keys()})
        for names, word in (
            (changed, "offre changée"),
            (new, "nouvelle offre"),
            (gone, "offre finie"),
        ):
            if names:
                said.append(f"{word}\u00a0: {', '.join(names)}")
    return said


def _own(key: int, user: User) -> Scenario:
    row = Scenario.objects.filter(pk=key, owner=user).first()
    if row is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_SCENARIO")
    return row


def _organisation(user: User) -> Organisation:
    membership = Membership.objects.filter(user=user).select_related("organisation").first()
    if membership is None:
        raise InvalidInput("Vous n’appartenez à aucune organisation avec qui partager ce scénario.")
    return membership.organisation
