"""The settings of a simulation as they are typed in its form and kept in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.usecases.stock.year_asked import USUAL_PERIOD, YearAsked
from galien.web.components.models import Field, Option
from galien.web.typed import TypedForm

PATH = "/stock/simulation"
NAMES = {
    "pharmacy": "pharmacie", "period": "periode", "service_a": "a", "service_b": "b", "service_c": "c",
    "review": "revue", "lead": "delai", "minimum": "minimum", "longest": "couverture",
    "cover": "jours", "payment": "paiement",
}  # fmt: skip
GROUPS = (
    ("Taux de service voulu", ("a", "b", "c")),
    ("Commandes", ("revue", "delai", "minimum", "couverture")),
    ("Comparaison", ("jours", "paiement")),
)


@dataclass(frozen=True)
class Settings:
    """What is asked, the form it is typed in; `wrong` says what cannot be tried."""

    asked: YearAsked | None
    form: TypedForm
    wrong: str = ""

    def groups(self) -> tuple[tuple[str, tuple[Field, ...]], ...]:
        """Return the fields of the settings, by group."""
        return tuple((title, self.form.of(*names)) for title, names in GROUPS)

    def words(self) -> str:
        """Say the settings that are not the usual ones."""
        if self.asked is None:
            return ""
        given = dict(self.asked.pairs())
        fields = self.form.fields
        said = [
            f"{fields[NAMES[name]].label.lower()} {fields[NAMES[name]].value}"
            for name in given
            if name not in {"pharmacy", "period"}
        ]
        return ", ".join(said)


def settings(given: Mapping[str, str], pharmacies: Mapping[str, str], year: int) -> Settings:
    """Read what is typed; the first pharmacy when none is."""
    form = TypedForm(given)
    pharmacy = form.one_of("pharmacie", "Pharmacie", pharmacies or {"": "Aucune pharmacie"})
    period = _period(form, year)
    usual = YearAsked(pharmacy)
    rates = [
        form.percent(letter, f"Classe {letter.upper()}", Decimal(str(value)))
        for letter, value in zip(
            "abc", (usual.service_a, usual.service_b, usual.service_c), strict=True
        )
    ]
    review = form.whole("revue", "Jours entre deux commandes", usual.review)
    lead = form.whole("delai", "Délai de livraison", help="Vide : celui de chaque fournisseur.")
    minimum = form.whole("minimum", "Boîtes au moins, A et B", usual.minimum)
    longest = form.whole("couverture", "Jours achetés au plus", usual.longest)
    cover = form.whole("jours", "Remonter à n jours de ventes", usual.cover)
    payment = form.whole("paiement", "Achats payés à n jours", usual.payment)
    a, b, c = (
        default if rate is None else float(rate)
        for rate, default in zip(
            rates, (usual.service_a, usual.service_b, usual.service_c), strict=True
        )
    )
    try:
        asked = YearAsked(
            pharmacy, period, a, b, c,
            usual.review if review is None else review, lead,
            usual.minimum if minimum is None else minimum,
            usual.longest if longest is None else longest,
            usual.cover if cover is None else cover,
            usual.payment if payment is None else payment,
        )  # fmt: skip
    except InvalidInput as error:
        return Settings(None, form, error.message)
    return Settings(asked, form)


def _period(form: TypedForm, year: int) -> str:
    """Read the days: a year offered, or the one the address writes."""
    offered = {USUAL_PERIOD: "12 derniers mois"}
    offered |= {str(each): f"Année {each}" for each in (year - 1, year - 2)}
    written = form.given.get("periode", "").strip()
    if written and written not in offered:
        form.fields["periode"] = Field(
            "periode", "Période", kind="select", required=True,
            options=(Option(written, written, chosen=True),
                     *(Option(key, text) for key, text in offered.items())),
        )  # fmt: skip
        return written
    return form.one_of("periode", "Période", offered)


def address(asked: YearAsked, path: str = PATH, **more: str) -> str:
    """Return the address of a simulation, or of one of its pages."""
    return f"{path}?{urlencode([*kept(asked), *more.items()])}"


def kept(asked: YearAsked) -> list[tuple[str, str]]:
    """Return the settings as the fields of a form."""
    return [(NAMES[name], _typed(name, value)) for name, value in asked.pairs()]


def _typed(name: str, text: str) -> str:
    """Write a setting as one types it."""
    return french.typed(Decimal(text) * 100) if name.startswith("service_") else text
