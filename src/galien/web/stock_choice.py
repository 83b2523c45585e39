"""The choice of pharmacy, period and day that the pages of Stock share, kept in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.usecases import access_log
from galien.usecases.receipts import pharmacy_names
from galien.usecases.services import Services, current
from galien.web.components.models import Empty, Field, Link
from galien.web.shell.context import viewer
from galien.web.simulators import asked_style, typed_form
from galien.web.typed import TypedForm

SECTION = "Stock"
PHARMACY, PERIOD, DAY = "pharmacie", "periode", "au"
EVERY = "Toutes mes pharmacies"


@dataclass(frozen=True)
class StockChoice:
    """Who asks, the pharmacy chosen (empty: all), the form the answers are in, the file wanted."""

    request: HttpRequest
    viewer: Viewer
    services: Services
    form: TypedForm
    names: Mapping[str, str]
    pharmacy: str
    style: str

    @property
    def name(self) -> str:
        """Return the name of the pharmacy, or of all of them."""
        return self.names.get(self.pharmacy, EVERY)

    @property
    def pharmacies(self) -> tuple[str, ...]:
        """Return the pharmacy as questions filter on it; none for all."""
        return (self.pharmacy,) if self.pharmacy else ()

    def period(self) -> str:
        """Read the period: the last twelve months, or one of the two years before."""
        year = self.services.clock.today().year
        years = {str(each): f"Année {each}" for each in (year - 1, year - 2)}
        return self.form.one_of(PERIOD, "Période", {"last-12-months": "12 derniers mois", **years})

    def day(self) -> dt.date:
        """Read the day of the stock, today when none is given; InvalidInput when it is no date."""
        text, today = self.form.given.get(DAY, "").strip(), self.services.clock.today()
        try:
            found = dt.date.fromisoformat(text) if text else today
        except ValueError as error:
            raise InvalidInput(
                f"« {text[:20]} » n’est pas une date : choisissez un jour, ou reprenez la page par le menu."
            ) from error
        self.form.fields[DAY] = Field(
            DAY, "Stock au", kind="date", value=found.isoformat(), required=True
        )
        return min(found, today)

    def note(self, title: str, pharmacies: tuple[str, ...] = ()) -> None:
        """Write down what was seen, or taken as a file."""
        access_log.note(
            access_log.EXPORT if self.style else access_log.VIEW,
            f"{title} {self.request.GET.urlencode()}".strip(),
            self.viewer,
            services=self.services,
            pharmacies=pharmacies or self.pharmacies or tuple(self.names),
        )


def stock_choice(request: HttpRequest, *, one: bool = False) -> StockChoice:
    """Read the choice of the address; `one` when the page is of a single pharmacy.

    NotAllowed, in the words of an absence, for a pharmacy that is not the viewer's.
    """
    reader, form = viewer(request), typed_form(request)
    names = pharmacy_names(reader)
    asked = form.given.get(PHARMACY, "").strip()
    if asked and asked not in names:
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
    offered = names if one or len(names) == 1 else {"": EVERY, **names}
    pharmacy = form.one_of(PHARMACY, "Pharmacie", offered or {"": EVERY})
    return StockChoice(request, reader, current(), form, names, pharmacy, asked_style(request))


def nothing(text: str) -> Empty:
    """Return what a page shows when there is no stock to look at."""
    return Empty(
        "Aucun stock à montrer",
        text,
        links=(Link("Déposer un fichier de stock", "/donnees/depot"),),
        icon="search",
    )
