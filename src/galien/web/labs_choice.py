"""What the pages that choose labs share: the settings in the address, their form, the words on offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from galien.calculators.discounts.pairs import Assign, Remainder
from galien.kernel import french
from galien.kernel.errors import NotAllowed
from galien.usecases import access_log
from galien.usecases.services import current
from galien.usecases.simulator import asked as words
from galien.usecases.simulator.asked import HUNDRED, Asked, read_asked
from galien.usecases.simulator.gather import ground_of
from galien.usecases.simulator.ground import Ground
from galien.usecases.simulator.words import euros
from galien.usecases.values import values
from galien.web.analysis.filters import PERIODS
from galien.web.components.models import (
    Empty,
    Field,
    FilterBar,
    Link,
    Notice,
    Option,
    PeriodForm,
    Tone,
)
from galien.web.shell.context import viewer

SECTION = "Achats"
MOST = 2000
COSTS = (
    ("order", "Coût d’une commande"), ("invoice", "Coût d’une facture"),
    ("dispute", "Coût d’un litige"), ("yearly", "Cotisation par an"), ("joining", "Adhésion"),
)  # fmt: skip


@dataclass(frozen=True)
class Choosing:
    """What the address asks, the purchases and offers it stands on, the pharmacies to choose among."""

    path: str
    asked: Asked
    ground: Ground
    pharmacies: Mapping[str, str]

    def href(self, path: str = "", *more: tuple[str, str], **changes: Any) -> str:
        """Return an address with the same settings, some changed, and words of its own."""
        pairs = [*replace(self.asked, **changes).pairs(), *more]
        return f"{path or self.path}?{urlencode(pairs)}" if pairs else path or self.path

    def kept(self, *left_out: str) -> list[tuple[str, str]]:
        """Return the settings as hidden fields of a form, some left out."""
        return [pair for pair in self.asked.pairs() if pair[0] not in left_out]

    def bar(self) -> FilterBar:
        """Return the choice of the period."""
        days = self.ground.period
        return FilterBar(
            periods=tuple(
                Link(label, self.href(period=key), current=self.asked.period == key)
                for key, label in PERIODS
            ),
            period_form=PeriodForm(
                self.path, days.first, days.last, tuple(self.kept(words.PERIOD))
            ),
            swap="",
        )

    @property
    def when(self) -> str:
        """Return the period and the pharmacies in words."""
        count = len(self.ground.pharmacies)
        if count == 1:
            who = self.pharmacies.get(self.ground.pharmacies[0], self.ground.pharmacies[0])
        else:
            who = f"{count} pharmacies"
        label = self.ground.period.label()
        return f"{label[:1].upper()}{label[1:]} · {who}"


def choosing(request: HttpRequest) -> Choosing:
    """Read the settings of the address and gather what they are about.

    Raises InvalidInput for a wrong setting, and what `ask` raises.
    """
    asked = read_asked(
        (str(name), str(value)) for name in request.GET for value in request.GET.getlist(name)
    )
    every = {
        each.key: each.label
        for each in values(
            "purchases", "pharmacy", "", viewer(request), services=current(), limit=MOST
        )
    }
    if not set(asked.pharmacies) <= set(every):
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
    ground = ground_of(asked, viewer(request), services=current())
    return Choosing(request.path, asked, ground, every)


def empty(ground: Ground) -> Empty | None:
    """Return why nothing can be chosen, None when labs can."""
    if not ground.bought:
        return Empty(
            "Aucun générique acheté sur cette période",
            "Choisissez une autre période, ou d’autres pharmacies dans les réglages.",
        )
    if not ground.offers:
        return Empty(
            "Aucune offre sur ce qui est acheté",
            "Enregistrez les offres des laboratoires, en YAML, en CSV ou à la main : elles seront "
            "comparées sur vos achats.",
            links=(Link("Contrats et offres", "/achats/contrats"),),
        )
    return None


def common_fields(it: Choosing) -> tuple[Field, ...]:
    """Return the settings that pairs and any number of labs share."""
    asked = it.asked
    typed = isinstance(asked.remainder, Decimal)
    left = "taux" if typed else "zero" if asked.remainder is Remainder.ZERO else "actuel"
    return (
        _select(words.BOX, "Produits équivalents", words.SAME_BOX if asked.same_box
                else words.SAME_TREATMENT,
                {words.SAME_BOX: "Même boîte", words.SAME_TREATMENT: "Même traitement"}),
        _select(words.REMAINDER, "Le reliquat garde", left,
                {"actuel": "sa remise actuelle", "zero": "aucune remise", "taux": "un taux à saisir"}),
        Field(words.REMAINDER_RATE, "Taux du reliquat", suffix="%",
              value=_percent(asked.remainder) if isinstance(asked.remainder, Decimal) else ""),
        _yes_no(words.EXTRAS, "Ristournes et coopération", on=asked.extras),
        _yes_no(words.CLAUSES, "Seuils, paliers, minimums", on=asked.clauses,
                labels=("appliqués", "supposés atteints")),
        _yes_no(words.EXCESS, "Au-delà des plafonds légaux", on=asked.excess),
        _select(words.EXCLUSIVITY, "Exclusivités appliquées", asked.exclusivity,
                {words.OF_OFFERS: "des offres", words.OF_ALL: "des offres et contrats signés",
                 words.OF_NONE: "aucune"}),
        Field(words.COVERAGE, "Couverture minimale d’un laboratoire", value=_percent(asked.coverage),
              suffix="%"),
    )  # fmt: skip


def assign_field(it: Choosing) -> Field:
    """Return who takes what both labs of a pair cover."""
    chosen = "mieux" if it.asked.assign is Assign.BEST else "premier"
    labels = {"premier": "au premier", "mieux": "au mieux-disant"}
    return _select(words.ASSIGN, "Couvert par les deux", chosen, labels)


def cost_fields(it: Choosing) -> tuple[Field, ...]:
    """Return what dealing with a lab costs, beside what its contract says."""
    costs = it.asked.costs
    amounts = tuple(
        Field(words.COSTS[key], label, value=_number(getattr(costs, key)), suffix="€")
        for key, label in COSTS
    )
    return (
        *amounts,
        Field(
            words.COSTS["orders"], "Commandes par mois et pharmacie", value=_number(costs.orders)
        ),
        Field(words.COSTS["disputes"], "Litiges pour cent factures", value=_number(costs.disputes)),
    )


def choice_fields(it: Choosing) -> tuple[Field, ...]:
    """Return what is asked of any number of labs."""
    asked = it.asked
    served = "\n".join(f"{lab}={_number(rate * HUNDRED)}" for lab, rate in asked.served)
    return (
        Field(words.MAXIMUM, "Laboratoires au plus",
              value="" if asked.maximum is None else str(asked.maximum)),
        Field(words.SWITCHING, "Coût d’un produit qui change de boîte", suffix="€",
              value=_number(asked.switching)),
        Field(words.SERVICE, "Taux de service minimal", value=_percent(asked.service), suffix="%"),
        Field(words.SERVED, "Taux de service connus", kind="area", value=served,
              help="Un par ligne : Arrow=97. Sans taux connu, un laboratoire est retenu."),
    )  # fmt: skip


def lab_options(it: Choosing, chosen: Sequence[str]) -> tuple[Option, ...]:
    """Return the labs to tick, with the share of the purchases each covers."""
    return tuple(
        Option(lab, lab, chosen=lab in chosen, note=french.percent(it.ground.coverage[lab], 0))
        for lab in it.ground.names
    )


def pharmacy_options(it: Choosing) -> tuple[Option, ...]:
    """Return the pharmacies to tick; none ticked is all of them."""
    return tuple(
        Option(finess, name, chosen=finess in it.asked.pharmacies)
        for finess, name in it.pharmacies.items()
    )


def notices(it: Choosing) -> tuple[Notice, ...]:
    """Return what must be known of the offers before reading figures."""
    over = {lab: each for lab, each in it.ground.excess.items() if each >= 1}
    if not over:
        return ()
    largest = sorted(over, key=lambda lab: -over[lab])[:3]
    told = ", ".join(f"{lab} {euros(over[lab])}" for lab in largest)
    left = len(over) - len(largest)
    more = f" et {left} autre{'s' if left > 1 else ''}" if left else ""
    counted = "comptés ici, à votre demande" if it.asked.excess else "non comptés"
    return (
        Notice(
            f"Des offres dépassent les plafonds légaux ({counted})",
            f"Sur vos achats de la période\u00a0: {told}{more}.",
            tone=Tone.WARNING,
        ),
    )


def settings_in_words(it: Choosing) -> str:
    """Return the settings that are not the default ones, in a few words."""
    asked, left = it.asked, it.asked.remainder
    told = (
        (asked.pharmacies, f"{len(asked.pharmacies)} pharmacies choisies"),
        (not asked.same_box, "même traitement"),
        (asked.assign is Assign.BEST, "au mieux-disant"),
        (left is Remainder.ZERO, "reliquat sans remise"),
        (
            isinstance(left, Decimal),
            f"reliquat à {_percent(left)} %" if isinstance(left, Decimal) else "",
        ),
        (not asked.extras, "sans ristournes ni coopération"),
        (not asked.clauses, "clauses supposées atteintes"),
        (asked.excess, "au-delà des plafonds compté"),
        (asked.exclusivity == words.OF_ALL, "exclusivités des contrats signés"),
        (asked.exclusivity == words.OF_NONE, "exclusivités ignorées"),
        (asked.coverage, f"couverture d’au moins {_percent(asked.coverage)} %"),
        (asked.maximum is not None, f"{asked.maximum} laboratoires au plus"),
        (asked.excluded, f"sans {', '.join(asked.excluded)}"),
        (asked.imposed, f"avec {', '.join(asked.imposed)}"),
        (asked.switching, f"{_number(asked.switching)} € par produit qui change"),
        (asked.service, f"taux de service d’au moins {_percent(asked.service)} %"),
        (asked.costs != words.Costs(), "coûts réglés"),
    )
    return ", ".join(sentence for holds, sentence in told if holds)


def _select(name: str, label: str, value: str, labels: Mapping[str, str]) -> Field:
    options = tuple(Option(key, text, chosen=key == value) for key, text in labels.items())
    return Field(name, label, kind="select", required=True, options=options)


def _yes_no(
    name: str, label: str, *, on: bool, labels: tuple[str, str] = ("comptés", "non comptés")
) -> Field:
    choices = {words.COUNTED: labels[0], words.NOT_COUNTED: labels[1]}
    return _select(name, label, words.COUNTED if on else words.NOT_COUNTED, choices)


def _number(value: Decimal) -> str:
    return french.typed(value) if value else ""


def _percent(value: Decimal) -> str:
    return _number(value * HUNDRED)


def log(request: HttpRequest, it: Choosing, action: str, subject: str) -> None:
    """Note in the access log what was shown or taken of a choice of labs."""
    access_log.note(
        action, subject, viewer(request), services=current(),
        pharmacies=it.ground.pharmacies, release=it.ground.release,
    )  # fmt: skip
