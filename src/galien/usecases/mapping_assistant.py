"""Making a mapping in the browser: a sample is proposed a reading, corrected, previewed, then saved."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from galien.intake import assistant, mapping, mapping_names
from galien.intake.assistant import Preview, Proposal
from galien.intake.mapping import COMPUTED, Mapping
from galien.intake.people import FORBIDDEN_HEADER, PERSON_HEADER, header_words, looks_like_name
from galien.intake.privacy import sure_find
from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.model.feeds import FEEDS
from galien.model.viewer import Viewer
from galien.usecases.duties import sendable
from galien.usecases.sealed import forget, opened, seal
from galien.usecases.services import Services
from galien.usecases.terms import terms_of

__all__ = [
    "Draft", "Mapping", "Preview", "begin", "computations", "draft", "every", "made_here", "one",
    "previewed", "save",
]  # fmt: skip

PERSONAL = "PERSONAL_DATA"
REFUSED = (
    "Cet échantillon contient des données de patients ({why}). Rien n’en a été gardé : refaites l’export "
    "sans ces colonnes."
)


@dataclass(frozen=True)
class Draft:
    """A mapping being made: the sample waits sealed under `key`, `proposal` is what it looks like."""

    key: str
    feed: str
    filename: str
    sample: bytes
    proposal: Proposal


def every(services: Services) -> list[Mapping]:
    """Return the mappings at hand, shipped and made here, by name."""
    place = services.workspace.path
    return [mapping(name, place) for name in mapping_names(place)]


def made_here(services: Services) -> frozenset[str]:
    """Return the names of the mappings made in this workspace."""
    return frozenset(path.stem for path in services.workspace.mappings.glob("*.yaml"))


def one(name: str, *, services: Services) -> Mapping:
    """Return a mapping by its name; NotAvailable when there is none."""
    return mapping(name, services.workspace.path)


def begin(sample: bytes, filename: str, feed: str, viewer: Viewer, *, services: Services) -> str:
    """Look at a sample, seal it, and return the key of its draft.

    Raises InvalidInput when the sample is no table of text or holds personal data, NotAllowed to
    who sends no files.
    """
    _may_map(viewer)
    if feed not in FEEDS:
        raise InvalidInput("Choisissez le flux dans la liste : ventes, achats ou stock.")
    sample = sample[: assistant.SAMPLE_BYTES]
    proposal = assistant.propose(sample, filename, feed)
    _refuse_people(proposal, sample, feed, viewer, services)
    note = json.dumps({"user": viewer.user_id, "feed": feed, "filename": filename}).encode()
    return seal([note + b"\n", sample], services=services)


def draft(key: str, viewer: Viewer, *, services: Services) -> Draft:
    """Return a draft of the viewer's own; NotAllowed, in the words of an absence, for another's."""
    try:
        content = b"".join(opened(key, services=services))
    except NotAvailable:
        content = b"{}\n"
    note, _, sample = content.partition(b"\n")
    about = json.loads(note)
    if about.get("user") != viewer.user_id:
        raise NotAllowed(
            "Cette correspondance en préparation n’existe plus : envoyez de nouveau l’échantillon.",
            code="UNKNOWN_DRAFT",
        )
    proposal = assistant.propose(sample, about["filename"], about["feed"])
    return Draft(key, about["feed"], about["filename"], sample, proposal)


def previewed(
    made: Draft, content: dict[str, Any], viewer: Viewer, *, services: Services
) -> Preview:
    """Show what a mapping makes of the sample; InvalidInput says what is wrong in it."""
    terms = terms_of(_some_pharmacy(viewer), services)
    return assistant.preview(
        assistant.mapping_of(content), made.sample, feed=made.feed, terms=terms
    )


def save(made: Draft, content: dict[str, Any], viewer: Viewer, *, services: Services) -> Mapping:
    """Save a mapping under its name and forget the sample; InvalidInput when the name is taken."""
    _may_map(viewer)
    checked = assistant.mapping_of(content)
    if checked.name in mapping_names(services.workspace.path):
        raise InvalidInput(
            f"Une correspondance s’appelle déjà « {checked.name} » : choisissez un autre nom."
        )
    saved = assistant.save(content, services.workspace.path)
    forget(made.key, services=services)
    return saved


def computations(column: str) -> tuple[str, ...]:
    """Return the computations that can give a canonical column."""
    return tuple(name for name, (target, _) in COMPUTED.items() if target == column)


def _may_map(viewer: Viewer) -> None:
    _some_pharmacy(viewer)


def _some_pharmacy(viewer: Viewer) -> str:
    mine = sendable(viewer)
    if not mine:
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    return mine[0].finess


def _refuse_people(
    proposal: Proposal, sample: bytes, feed: str, viewer: Viewer, services: Services
) -> None:
    """Refuse a sample that names patients before a single row of it is shown."""
    why = _person_in(proposal)
    if why:
        raise InvalidInput(REFUSED.format(why=why), code=PERSONAL)
    try:
        checked = assistant.mapping_of(proposal.content)
    except InvalidInput:
        return
    terms = terms_of(_some_pharmacy(viewer), services)
    found = assistant.preview(checked, sample, feed=feed, terms=terms).delivery
    if found.code == PERSONAL:
        raise InvalidInput(REFUSED.format(why=found.message), code=PERSONAL)


def _person_in(proposal: Proposal) -> str:
    for at, name in enumerate(proposal.header):
        words = header_words(name)
        if FORBIDDEN_HEADER.search(words):
            return f"colonne « {name} »"
        about_people = PERSON_HEADER.search(words) is not None
        for row in proposal.rows:
            if sure_find(row[at]) or (about_people and looks_like_name(row[at])):
                return f"colonne « {name} »"
    return ""
