"""Price policies: read, written as YAML, tried on pharmacies, then applied to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from ninja import Field, Query, Router, Schema

from galien.api.access import check_pharmacy, viewer
from galien.api.answers import answered, done
from galien.api.bodies import sent_text, takes
from galien.api.paging import FigurePage, Page, paged
from galien.api.params import FINESS
from galien.api.registry import Subject
from galien.api.v1.shapes.common import gives
from galien.api.v1.shapes.prices import (
    AppliedAnswer,
    PoliciesAnswer,
    PolicyAnswer,
    PolicyShape,
    ProposalsAnswer,
    TrialAnswer,
)
from galien.calculators.pricing.effect import Response
from galien.model.viewer import Viewer
from galien.usecases.export import Download
from galien.usecases.prices import book
from galien.usecases.prices.applying import Tried, try_in_workspace
from galien.usecases.prices.policy_file import WrittenPolicy, policy_of
from galien.usecases.prices.told.kept import policy_told, whole_policy_told
from galien.usecases.prices.told.policy import proposals_told, trial_told
from galien.usecases.prices.trial import decide
from galien.usecases.services import current

router = Router()
READ, WRITE = "prices", "prices:write"
NAMESPACE = "api-v1"
YAML = takes("application/yaml", "La politique, comme un fichier YAML (docs/methods/prix.md).")


class TrialParameters(FigurePage):
    """On which pharmacy to try a policy."""

    pharmacy: str = Field(description=FINESS)
    elasticity: Decimal | None = Field(
        None, ge=-10, le=10, description="Élasticité supposée, à la place de celle de la politique."
    )


class Owner(Schema):
    """Whose policy it is."""

    organisation: int | None = Field(
        None, description="Numéro de l’organisation, quand vous écrivez pour plusieurs."
    )


class Applied(Schema):
    """Where to apply a policy, and the text that was tried."""

    pharmacy: str = Field(description=FINESS)
    digest: str = Field(description="`digest` de la politique quand elle a été essayée.")


@router.get("", summary="Politiques de prix", response=gives(PoliciesAnswer))
def policies(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """Donne les politiques de vos organisations, par nom."""
    asker = viewer(request, READ)

    def made() -> dict[str, Any]:
        return paged({"rows": [policy_told(each) for each in book.policies_of(asker)]}, page)

    return answered(request, asker, made)


@router.post(
    "",
    summary="Enregistrer une politique",
    response=gives(PolicyAnswer, 201),
    openapi_extra=YAML,
)
def add_policy(request: HttpRequest, owner: Query[Owner]) -> HttpResponse:
    """Garde une politique nouvelle et la rend, 201 ; son nom ne doit pas être pris."""
    asker = viewer(request, WRITE)
    kept = book.save(sent_text(request), asker, services=current(), organisation=owner.organisation)
    location = reverse(f"{NAMESPACE}:one_policy", kwargs={"key": kept.key})
    return done(whole_policy_told(kept), status=201, location=location)


@router.get("/{int:key}", summary="Une politique", response=gives(PolicyAnswer))
def one_policy(request: HttpRequest, key: int) -> HttpResponse:
    """Donne une politique : ses clés (`policy`), son texte tel qu’il est écrit, et son `digest`."""
    asker = viewer(request, READ)
    kept = book.found(key, asker)
    return answered(request, asker, lambda: whole_policy_told(kept))


@router.put(
    "/{int:key}",
    summary="Changer une politique",
    response=gives(PolicyAnswer),
    openapi_extra=YAML,
)
def change_policy(request: HttpRequest, key: int) -> HttpResponse:
    """Remplace le texte d’une politique, et la rend."""
    asker = viewer(request, WRITE)
    return done(
        whole_policy_told(book.save(sent_text(request), asker, services=current(), key=key))
    )


@router.delete("/{int:key}", summary="Supprimer une politique", response=gives(PolicyShape))
def delete_policy(request: HttpRequest, key: int) -> HttpResponse:
    """Retire une politique de la liste ; les prix qu’elle a décidés restent dans l’historique."""
    asker = viewer(request, WRITE)
    return done(policy_told(book.delete(key, asker, services=current())))


@router.get("/{int:key}/policy.yaml", summary="Une politique en YAML")
def policy_yaml(request: HttpRequest, key: int) -> HttpResponse:
    """Donne une politique comme le fichier que relit `galien prices policy apply`."""
    asker = viewer(request, READ)
    kept = book.found(key, asker)
    name = f"{slugify(kept.name) or 'politique-de-prix'}.yaml"
    return answered(request, asker, lambda: Download(kept.text.encode(), "application/yaml", name))


@router.get("/{int:key}/trial", summary="Essayer une politique", response=gives(TrialAnswer))
def try_policy(request: HttpRequest, key: int, asked: Query[TrialParameters]) -> HttpResponse:
    """Donne ce qu’une politique changerait (`rows`), les euros gagnés ou perdus, les exceptions.

    Rien n’est enregistré.
    """
    asker = viewer(request, READ)
    kept = book.found(key, asker)
    about = f"prices/policies/{key}/trial"
    return _tried(request, asker, kept.written, asked, (trial, about))


@router.get(
    "/{int:key}/proposals",
    summary="Prix proposés par une politique",
    response=gives(ProposalsAnswer),
)
def propose_prices(request: HttpRequest, key: int, asked: Query[TrialParameters]) -> HttpResponse:
    """Donne le prix proposé de chaque produit, changé ou non, avec sa raison : rien n’est enregistré."""
    asker = viewer(request, READ)
    kept = book.found(key, asker)
    about = f"prices/policies/{key}/proposals"
    return _tried(request, asker, kept.written, asked, (proposals_told, about))


@router.post(
    "/trial",
    summary="Essayer une politique envoyée",
    response=gives(TrialAnswer),
    openapi_extra=YAML,
)
def try_sent(request: HttpRequest, asked: Query[TrialParameters]) -> HttpResponse:
    """Essaie une politique envoyée, sans la garder : les mêmes clés que l’essai d’une politique gardée."""
    asker = viewer(request, READ)
    written = policy_of(sent_text(request), name="politique envoyée")
    return _tried(request, asker, written, asked, (trial, "prices/policies/trial"))


@router.post(
    "/proposals",
    summary="Prix proposés par une politique envoyée",
    response=gives(ProposalsAnswer),
    openapi_extra=YAML,
)
def propose_sent(request: HttpRequest, asked: Query[TrialParameters]) -> HttpResponse:
    """Donne les prix proposés par une politique envoyée, sans la garder."""
    asker = viewer(request, READ)
    written = policy_of(sent_text(request), name="politique envoyée")
    about = "prices/policies/proposals"
    return _tried(request, asker, written, asked, (proposals_told, about))


@router.post(
    "/{int:key}/apply",
    summary="Appliquer une politique",
    response=gives(AppliedAnswer, 200, 201),
)
def apply_policy(request: HttpRequest, key: int, asked: Applied) -> HttpResponse:
    """Décide les prix d’une pharmacie par une politique, si elle est encore celle qui a été essayée.

    Répond 201 et le passage (`run`, `Location`) ; 200 et `run` null quand aucun prix ne changerait.
    """
    asker = viewer(request, WRITE)
    kept = book.found(key, asker)
    found, run = decide(kept, asked.pharmacy, asked.digest, asker, services=current())
    content = trial_told(kept.name, [found.tried], run or None)
    if not run:
        return done(content)
    location = reverse(f"{NAMESPACE}:one_run", kwargs={"run": run})
    return done(content, status=201, location=location)


def trial(policy: str, tried: Sequence[Tried]) -> dict[str, Any]:
    """Return a trial as it is told when nothing was applied."""
    return trial_told(policy, tried, None)


def _tried(
    request: HttpRequest,
    asker: Viewer,
    written: WrittenPolicy,
    asked: TrialParameters,
    told: tuple[Callable[[str, Sequence[Tried]], dict[str, Any]], str],
) -> HttpResponse:
    """Try a policy on the pharmacy asked and tell it, with what its user should know (`notes`)."""
    check_pharmacy(asker, asked.pharmacy)
    pharmacies = (asked.pharmacy,)
    if asked.elasticity is not None:
        written = replace(written, response=Response(asked.elasticity))
    tell, about = told

    def made() -> dict[str, Any]:
        tried = try_in_workspace(written, asker, pharmacies=pharmacies, services=current())
        notes = dict.fromkeys(note for each in tried for note in each.notes)
        return paged(tell(written.policy.name, tried), asked) | {"notes": list(notes)}

    return answered(request, asker, made, about=about, pharmacies=pharmacies)


SUBJECT = Subject("/prices/policies", "Prix", router, order=100)
