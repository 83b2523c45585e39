"""Trying a price policy on a pharmacy's products, then applying it: prices decided, by whom and why."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from galien.calculators.pricing.effect import Effect, Response, effect
from galien.calculators.pricing.elasticity import Elasticity
from galien.calculators.pricing.legality import Regulated, is_free
from galien.calculators.pricing.policy import (
    Outcome,
    Priced,
    Proposal,
    below_break_even,
    propose,
)
from galien.calculators.pricing.rebates import Given, RebateRule, given
from galien.kernel import french
from galien.kernel.errors import InvalidInput, refusal
from galien.model.viewer import Viewer
from galien.usecases.prices.network import Measured, network_elasticities
from galien.usecases.prices.policy_file import Volumes, WrittenPolicy
from galien.usecases.prices.price_file import PriceLine, price_file
from galien.usecases.prices.reading import Sold, pharmacies_open, sold
from galien.usecases.prices.references import InForce, in_force
from galien.usecases.services import Services


@dataclass(frozen=True)
class Tried:
    """A policy tried on a pharmacy (empty: on a file): its effect, and what its user should know."""

    pharmacy: str
    effect: Effect
    volumes: Mapping[str, Decimal]
    notes: tuple[str, ...] = ()
    before: Given | None = None
    after: Given | None = None
    proposals: tuple[Proposal, ...] = ()


def try_on(
    written: WrittenPolicy,
    products: Iterable[Priced],
    volumes: Mapping[str, Decimal],
    *,
    pharmacy: str = "",
    even: Decimal | None = None,
) -> Tried:
    """Try a policy on products, without changing anything.

    `even` is the break-even margin of the pharmacy's accounts, when the policy's file gives none.
    `before` and `after` are gross margins at today's prices and at the policy's, with its rebates;
    `proposals` are those of every product, in the order given.
    """
    bounded = [_bounded(written, each) for each in products]
    proposals = propose(written.policy, bounded)
    found = effect(proposals, volumes, written.response)
    return Tried(
        pharmacy,
        found,
        volumes,
        tuple(_notes(written, written.break_even or even)),
        _given(proposals, volumes, (), proposed=False),
        _given(proposals, volumes, written.rebates, proposed=True),
        proposals,
    )


def _given(
    proposals: Sequence[Proposal],
    volumes: Mapping[str, Decimal],
    rules: tuple[RebateRule, ...],
    *,
    proposed: bool,
) -> Given:
    """Return margins and rebates of free prices, at those proposed or at today's."""
    lines = []
    for each in proposals:
        product = each.product
        if product.free:
            if proposed and each.price_incl is not None:
                product = replace(product, price_incl=each.price_incl)
            lines.append((product, volumes.get(product.product_code, Decimal(0)), each.category))
    return given(lines, rules)


def try_in_workspace(
    written: WrittenPolicy, viewer: Viewer, *, pharmacies: Sequence[str] = (), services: Services
) -> tuple[Tried, ...]:
    """Try a policy on what each pharmacy open to the viewer sells; raises what `ask` raises."""
    today = services.clock.today()
    written = replace(written, response=response_of(written, viewer, services=services)[0])
    opened = pharmacies_open(viewer, pharmacies, on=today, services=services)
    known = in_force(today, services=services)
    by_pharmacy: dict[str, list[Sold]] = {each: [] for each in opened}
    for each in sold(opened, viewer, on=today, services=services):
        by_pharmacy[each.pharmacy].append(each)
    return tuple(
        try_on(
            written,
            (as_priced(each, known.get(each.product_code)) for each in rows),
            {each.product_code: each.units for each in rows},
            pharmacy=pharmacy,
            even=even_of(viewer, pharmacy),
        )
        for pharmacy, rows in by_pharmacy.items()
    )


def response_of(
    written: WrittenPolicy,
    viewer: Viewer,
    assumed: Decimal | None = None,
    *,
    services: Services,
) -> tuple[Response | None, str]:
    """Return how volumes answer prices, and where that comes from, in French.

    By the elasticity `assumed`, else the policy's own, else what was measured on the network: of the
    product's universe when its interval leaves the sign no doubt, else of all free prices when theirs
    does, else not at all.
    """
    if assumed is not None:
        return Response(assumed), "votre hypothèse"
    if written.response is not None:
        return written.response, "celle que donne la politique"
    if written.volumes is Volumes.CONSTANT:
        return None, "La politique tient les volumes pour constants."
    return _measured(network_elasticities(viewer=viewer, services=services))


def _measured(network: Measured) -> tuple[Response | None, str]:
    whole, usable = network.whole, network.usable
    if not whole.usable and not usable:
        return None, whole.refusal or (
            "Les changements de prix du réseau ne disent pas le sens de l’effet : donnez votre hypothèse."
        )
    parts = []
    if usable:
        names = ", ".join(f"{name} {_interval(each)}" for name, each in usable.items())
        parts.append(f"mesurée sur le réseau univers par univers ({names})")
    if whole.usable:
        parts.append(
            f"{'ailleurs' if usable else 'mesurée'} sur tous les prix libres {_interval(whole)}, lue dans "
            f"{french.number(whole.events)} changements de prix de {whole.pharmacies} pharmacies"
        )
    else:
        parts.append("ailleurs, volumes constants")
    universes = {name: _response(each) for name, each in usable.items()}
    return replace(_response(whole), universes=universes), " ; ".join(parts)


def _response(found: Elasticity) -> Response:
    if not found.usable or found.value is None or found.standard_error is None:
        return Response(Decimal(0))
    return Response(found.value, found.standard_error, found.reach)


def _interval(found: Elasticity) -> str:
    low, high = found.interval or (Decimal(0), Decimal(0))
    value = french.number(found.value or Decimal(0), 1)
    return f"{value} [{french.number(low, 1)} ; {french.number(high, 1)}]"


def even_of(viewer: Viewer, pharmacy: str) -> Decimal | None:
    """Return the break-even margin of a pharmacy's accounts; None without accounts to see."""
    from galien.usecases.prices.margins import break_even

    found = break_even(viewer, pharmacy)
    return None if found is None else found.rate


def as_priced(found: Sold, known: InForce | None = None) -> Priced:
    """Return what is sold as a product to price, under its LPP limit; its regulated price is left alone."""
    limit = known.lpp_incl if known else None
    looked = Regulated(found.nature, reimbursable=found.reimbursable, lpp_incl=limit)
    return Priced(
        found.product_code,
        found.cost,
        found.vat_rate,
        found.price_incl,
        attributes=found.attributes,
        most_incl=limit,
        free=is_free(looked),
        label=found.label,
    )


def apply(
    tried: Iterable[Tried], written: WrittenPolicy, viewer: Viewer, *, services: Services
) -> str:
    """Write down the prices a policy decides from today on, and return the name of the run.

    Nothing is written for what did not change. The same run on the same day replaces nothing: each
    run is kept, the last one holds.
    """
    # The records need Django, which a file tried on its own does without.
    from django.db import transaction

    from galien.records.models import Pharmacy, PriceDecision
    from galien.usecases import access_log

    run, today = uuid.uuid4().hex[:12], services.clock.today()
    told = list(tried)
    names = [each.pharmacy for each in told]
    known = {each.finess: each for each in Pharmacy.objects.filter(finess__in=names)}
    with transaction.atomic():
        for each in told:
            rows = [
                PriceDecision(
                    pharmacy=known[each.pharmacy],
                    product_code=done.proposal.product.product_code,
                    since=today,
                    price_incl=done.proposal.price_incl or Decimal(0),
                    former_price_incl=done.proposal.product.price_incl,
                    cost_excl=done.proposal.product.cost,
                    policy=written.policy.name[:120],
                    reason=done.proposal.reason[:300],
                    run=run,
                    decided_by=viewer.name[:150],
                )
                for done in each.effect.products
            ]
            PriceDecision.objects.bulk_create(rows, batch_size=1000)
        access_log.note(
            access_log.CHANGE,
            f"politique de prix « {written.policy.name} » appliquée ({run})",
            viewer,
            services=services,
            pharmacies=tuple(names),
        )
    return run


def write_prices(tried: Iterable[Tried], path: Path) -> None:
    """Write the new prices as French software reads them; InvalidInput when the file cannot be."""
    rows = (
        PriceLine(
            each.pharmacy,
            proposal.product.product_code,
            proposal.product.price_incl,
            proposal.price_incl,
            proposal.reason,
        )
        for each in tried
        for proposal in changed(each)
    )
    try:
        path.write_text(price_file(rows), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InvalidInput(
            f"« {path} » ne peut pas être écrit ({refusal(error)}). Vérifiez le dossier."
        ) from error


def _bounded(written: WrittenPolicy, product: Priced) -> Priced:
    """Add the bounds of the policy's file to those of the product, the tighter ones winning."""
    code = product.product_code
    most = [p for p in (product.most_incl, written.ceilings.get(code)) if p is not None]
    least = [p for p in (product.least_incl, written.floors.get(code)) if p is not None]
    return replace(
        product,
        most_incl=min(most, default=None),
        least_incl=max(least, default=None),
        image=product.image or code in written.image,
    )


def _notes(written: WrittenPolicy, even: Decimal | None) -> Iterable[str]:
    if even is not None:
        for name in dict.fromkeys(name for name, _ in below_break_even(written.policy, even)):
            yield (
                f"« {name} » vise moins que la marge d’équilibre ({french.percent(even)}) : "
                "ces ventes ne couvrent pas les charges fixes."
            )


def changed(tried: Tried) -> list[Proposal]:
    """Return the proposals that change a price."""
    return [each.proposal for each in tried.effect.products]


def exceptions(tried: Tried) -> list[tuple[str, int]]:
    """Return why products were left out, and how many for each reason, most first."""
    counts: dict[str, int] = {}
    for each in tried.effect.exceptions:
        if each.outcome is Outcome.EXCEPTION:
            counts[each.reason] = counts.get(each.reason, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
