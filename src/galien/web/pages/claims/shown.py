"""How claims are printed: the list, what is left to claim, one claim line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest

from galien.calculators.discounts.audit.found import Difference
from galien.kernel import french
from galien.model.invoices import ZERO
from galien.records.models import Claim
from galien.usecases.claims.documents import figure_of, label_of
from galien.usecases.invoices.audits import Examined
from galien.web.components.models import Action, Headline, Link, PageHead, Row, TableModel, Tone
from galien.web.lists import (
    badge,
    count,
    counted,
    day,
    link,
    paged,
    plain_table,
    span,
    text,
    wrapped,
)

State = Claim.State
TONES = {
    State.OPEN: Tone.WARNING,
    State.SENT: Tone.INFO,
    State.PARTIAL: Tone.WARNING,
    State.RECOVERED: Tone.GOOD,
    State.DROPPED: Tone.NEUTRAL,
}
HOME = "/achats/reclamations"


@dataclass(frozen=True)
class Waiting:
    """What a supplier owes a pharmacy and no claim asks yet."""

    pharmacy: str
    name: str
    supplier: str
    invoices: str
    amount: str
    may_write: bool


def state_of(claim: Claim) -> str:
    """Return the state of a claim in words."""
    return str(State(claim.state).label)


def headlines(
    claims: Sequence[Claim], free: Sequence[tuple[Examined, Difference]]
) -> tuple[Headline, ...]:
    """Return the figures of the list: to claim, waiting for an answer, recovered."""
    live = [each for each in claims if each.state != State.DROPPED]
    asked = sum((each.claimed for each in live), ZERO)
    back = sum((each.recovered for each in live), ZERO)
    waiting = [each for each in live if each.state != State.RECOVERED]
    owed = sum((each.claimed - each.recovered for each in waiting), ZERO)
    left = sum((one.amount for _, one in free), ZERO)
    share = french.percent(back / asked, 0) if asked else "0"
    return (
        Headline.euros("Reste à réclamer", left, counted(len(free), "écart", "écarts")),
        Headline.euros(
            "En attente d’avoir", owed, counted(len(waiting), "réclamation", "réclamations")
        ),
        Headline.euros("Recouvré", back, f"{share} de {french.amount(asked)} demandés"),
    )


def table(request: HttpRequest, claims: Sequence[Claim]) -> TableModel:
    """Return the list of claims, a page of it."""
    columns = (
        text("reference", "Référence"), text("supplier", "Fournisseur"), text("pharmacy", "Pharmacie"),
        text("days", "Factures"), text("state", "État"), day("sent_on", "Envoyée"),
        count("claimed", "Demandé", unit="€", decimals=2),
        count("recovered", "Recouvré", unit="€", decimals=2),
        count("left", "Reste", unit="€", decimals=2),
    )  # fmt: skip
    kept, pages = paged(request, claims, noun=("réclamation", "réclamations"))
    rows = (
        Row((
            link(each.reference, f"{HOME}/{each.pk}"), each.supplier, each.pharmacy.name,
            span(each.first_day, each.last_day), badge(state_of(each), TONES[State(each.state)]),
            each.sent_on, each.claimed, each.recovered, _left(each),
        ))
        for each in kept
    )  # fmt: skip
    return plain_table(
        "Réclamations", columns, rows, pages=pages, noun=("réclamation", "réclamations"),
        identity="reclamations",
    )  # fmt: skip


def _left(claim: Claim) -> Decimal:
    return ZERO if claim.state == State.DROPPED else claim.claimed - claim.recovered


def to_prepare(
    free: Sequence[tuple[Examined, Difference]], may_write: Callable[[str], bool]
) -> list[Waiting]:
    """Return what is left to claim by pharmacy and supplier, the most first."""
    groups: dict[tuple[str, str], list[tuple[Examined, Difference]]] = {}
    for each, one in free:
        groups.setdefault((each.row.pharmacy_id, each.row.supplier), []).append((each, one))
    ordered = sorted(
        groups.items(), key=lambda pair: (-sum(one.amount for _, one in pair[1]), pair[0])
    )
    return [
        Waiting(
            pharmacy=pharmacy,
            name=found[0][0].row.pharmacy.name,
            supplier=supplier,
            invoices=counted(len({each.row.pk for each, _ in found}), "facture", "factures"),
            amount=french.amount(sum((one.amount for _, one in found), ZERO)),
            may_write=may_write(pharmacy),
        )
        for (pharmacy, supplier), found in ordered
    ]


def head(claim: Claim) -> PageHead:
    """Return the top of a claim's page."""
    title = f"Réclamation {claim.reference}"
    base = f"{HOME}/{claim.pk}/reclamation"
    return PageHead(
        title,
        when=f"{claim.supplier} · {claim.pharmacy.name}",
        note=span(claim.first_day, claim.last_day),
        crumbs=(Link("Réclamations", HOME), Link(title, "")),
        actions=(
            Action("Tableau XLSX", href=f"{base}.xlsx", icon="download"),
            Action("Lettre PDF", href=f"{base}.pdf", icon="download", primary=True),
        ),
    )


def own_headlines(claim: Claim) -> tuple[Headline, ...]:
    """Return the figures of a claim."""
    number = counted(len(claim.findings), "écart", "écarts")
    credits_ = counted(len(claim.credits), "avoir", "avoirs")
    return (
        Headline.euros("Demandé", claim.claimed, f"Hors taxe, {number}"),
        Headline.euros("Recouvré", claim.recovered, credits_),
        Headline.euros("Reste à recevoir", _left(claim), state_of(claim)),
    )


def facts(claim: Claim) -> list[tuple[str, object]]:
    """Return the state of a claim and its days."""
    pairs = [
        ("État", badge(state_of(claim), TONES[State(claim.state)])),
        ("Préparée par", claim.created_by),
        ("Envoyée le", french.day(claim.sent_on) if claim.sent_on else ""),
        ("Close le", french.day(claim.closed_on) if claim.closed_on else ""),
    ]
    return [(name, value) for name, value in pairs if value]


def findings(claim: Claim) -> TableModel:
    """Return what a claim asks, line by line."""
    columns = (
        text("invoice", "Facture"), text("kind", "Écart"), text("name", "Produit"),
        text("sentence", "Ce qui était convenu"), text("expected", "Convenu"), text("found", "Facturé"),
        count("amount", "À récupérer", unit="€", decimals=2),
    )  # fmt: skip
    rows = (
        Row((
            each["invoice"], label_of(each["kind"]), wrapped(each["name"]), wrapped(each["sentence"]),
            figure_of(each, "expected"), figure_of(each, "found"), Decimal(each["amount"]),
        ))
        for each in claim.findings
    )  # fmt: skip
    return plain_table(
        "Écarts réclamés", columns, rows, noun=("écart", "écarts"), identity="ecarts"
    )
