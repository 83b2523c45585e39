"""Saved views: an analysis kept under a name, its reader's own or shared, read with one's own rights."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Membership, Organisation, SavedView, User
from galien.records.scope import visible_to

LONGEST_NAME, LONGEST_QUERY = 120, 4000
UNKNOWN = "Cette vue n’existe pas."


@dataclass(frozen=True)
class ViewOrder:
    """A view to save: the path of its page, its query string, a name, shared or not."""

    page: str
    query: str
    name: str
    shared: bool = False


def listed(viewer: Viewer) -> QuerySet[SavedView]:
    """Return the viewer's own views and those shared with their organisations."""
    return visible_to(viewer).saved_views().select_related("owner", "organisation")


def save(order: ViewOrder, user: User) -> SavedView:
    """Save a view; InvalidInput when its name is missing, too long or already taken on that page."""
    name = " ".join(order.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput("Donnez à la vue un nom d’au plus 120 caractères.")
    if len(order.query) > LONGEST_QUERY or len(order.page) > 80:
        raise InvalidInput("Cette vue porte trop de filtres pour être gardée : retirez-en.")
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                owner=user,
                organisation=_organisation(user) if order.shared else None,
                page=order.page,
                name=name,
                query=order.query.lstrip("?"),
            )
    except IntegrityError as error:
        raise InvalidInput(f"Vous avez déjà une vue « {name} » sur cette page.") from error


def found(key: int, viewer: Viewer) -> SavedView:
    """Return a view the viewer may open; NotAllowed, in the words of an absence, otherwise."""
    view = listed(viewer).filter(pk=key).first()
    if view is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_VIEW")
    return view


def delete(key: int, user: User) -> None:
    """Delete a view of one's own; NotAllowed for another's."""
    _own(key, user).delete()


def share(key: int, user: User, *, shared: bool) -> SavedView:
    """Share a view of one's own with one's organisation, or take it back."""
    view = _own(key, user)
    view.organisation = _organisation(user) if shared else None
    view.save(update_fields=["organisation"])
    return view


def _own(key: int, user: User) -> SavedView:
    view = SavedView.objects.filter(pk=key, owner=user).first()
    if view is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_VIEW")
    return view


def _organisation(user: User) -> Organisation:
    membership = Membership.objects.filter(user=user).select_related("organisation").first()
    if membership is None:
        raise InvalidInput("Vous n’appartenez à aucune organisation avec qui partager cette vue.")
    return membership.organisation
