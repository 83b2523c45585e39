"""What narrows the list of invoices, and the form that sends them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import SupplierInvoice
from galien.usecases.invoices.reading import listed
from galien.usecases.invoices.receive import Outcome, Received, receivable, receive
from galien.usecases.services import Services
from galien.web.components.models import Field
from galien.web.lists import options

ACCEPTED = ".pdf,.xml,.zip"
PHARMACY, SUPPLIER, PERIOD = "pharmacie", "fournisseur", "periode"
PERIODS = {"3": "3 derniers mois", "12": "12 derniers mois", "tout": "Toutes"}


@dataclass(frozen=True)
class Narrowed:
    """The invoices asked, and the fields that ask for them; `chosen` when a filter is in force."""

    rows: QuerySet[SupplierInvoice]
    fields: tuple[Field, ...]
    chosen: bool


@dataclass(frozen=True)
class Sending:
    """What was sent: for whom, what became of each, a sentence for each file refused."""

    pharmacy: str = ""
    received: tuple[Received, ...] = ()
    errors: tuple[str, ...] = ()


def narrowed(request: HttpRequest, reader: Viewer, today: dt.date) -> Narrowed:
    """Read the filters of the address; strangers are left aside."""
    every = listed(reader)
    pharmacies = dict(every.order_by("pharmacy__name").values_list("pharmacy", "pharmacy__name"))
    suppliers = dict.fromkeys(every.order_by("supplier").values_list("supplier", flat=True))
    pharmacy = _known(request.GET.get(PHARMACY, ""), pharmacies)
    supplier = _known(request.GET.get(SUPPLIER, ""), suppliers)
    period = _known(request.GET.get(PERIOD, ""), PERIODS) or "3"
    since = None if period == "tout" else today - dt.timedelta(days=31 * int(period))
    return Narrowed(
        rows=listed(reader, pharmacy=pharmacy, supplier=supplier, since=since),
        fields=(
            Field(PHARMACY, "Pharmacie", kind="select", required=True,
                  options=options(pharmacies, pharmacy, first="Toutes")),
            Field(SUPPLIER, "Fournisseur", kind="select", required=True,
                  options=options({each: each for each in suppliers}, supplier, first="Tous")),
            Field(PERIOD, "Période", kind="select", required=True, options=options(PERIODS, period)),
        ),
        chosen=bool(pharmacy or supplier or period != "3"),
    )  # fmt: skip


def send(request: HttpRequest, reader: Viewer, services: Services) -> Sending:
    """Receive each file sent; those refused are said, the others are kept."""
    pharmacy = request.POST.get(PHARMACY, "")
    files = request.FILES.getlist("files")
    if not files:
        return Sending(pharmacy, errors=("Choisissez au moins un fichier.",))
    found: list[Received] = []
    errors: list[str] = []
    for file in files:
        name = file.name or "facture"
        try:
            done = receive(file, name, pharmacy, reader, services=services)  # type: ignore[arg-type]
        except (InvalidInput, NotAllowed) as wrong:
            return Sending(pharmacy, tuple(found), (wrong.message,))
        found += [each for each in done if each.outcome is not Outcome.REFUSED]
        errors += [
            f"{each.filename or 'Un fichier'}\u00a0: {each.message}"
            for each in done
            if each.outcome is Outcome.REFUSED
        ]
    return Sending(pharmacy, tuple(found), tuple(errors))


def fields(sending: Sending, reader: Viewer) -> tuple[Field, ...]:
    """Return the fields of the sending form; none when the viewer brings nobody's invoices."""
    names = {each.finess: each.name for each in receivable(reader)}
    if not names:
        return ()
    return (
        Field(PHARMACY, "Pharmacie", kind="select", required=True,
              options=options(names, sending.pharmacy)),
        Field("files", "Factures", kind="file", required=True, accept=ACCEPTED,
              help="PDF Factur-X, XML (UBL ou CII), ou zip de plusieurs."),
    )  # fmt: skip


def _known(asked: str, offered: object) -> str:
    return asked if isinstance(offered, dict) and asked in offered else ""
