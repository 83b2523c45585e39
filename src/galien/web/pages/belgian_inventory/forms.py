"""The form of the inventory: a file or a table pasted, and the method the pharmacy was on."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

from galien.calculators.stock.belgian_inventory import change_of_method
from galien.kernel.errors import InvalidInput
from galien.model.viewer import Viewer
from galien.usecases.services import Services
from galien.usecases.stock.belgian_inventory import keep
from galien.usecases.stock.change_of_method import counted_in
from galien.web.components.models import Field
from galien.web.lists import options

PHARMACY, BEFORE, TABLE, FILE = "pharmacie", "methode", "tableau", "fichier"
METHODS = {
    "fiscal": "Méthode fiscale : deux récapitulatifs",
    "weighted": "Coût moyen pondéré : un seul",
}
EXAMPLE = "0012344;12;10,60;6 %;31 %;6,50;Produit d’exemple"


def choices(names: Mapping[str, str], pharmacy: str) -> tuple[Field, ...]:
    """Return the choice of pharmacy; none when there is only one."""
    if len(names) < 2:
        return ()
    offered = options(names, pharmacy)
    return (Field(PHARMACY, "Pharmacie", kind="select", required=True, options=offered),)


def fields(request: HttpRequest) -> tuple[Field, ...]:
    """Return the fields of the form, as they were typed."""
    given = request.POST
    return (
        Field(BEFORE, "Méthode jusqu’ici", kind="select", required=True,
              options=options(METHODS, given.get(BEFORE, "fiscal"))),
        Field(FILE, "Inventaire compté", kind="file", accept=".csv,.txt",
              help="CSV : code CNK, quantité, prix public TVAC, taux de TVA, marge théorique, coût moyen."),
        Field(TABLE, "Ou tableau collé", kind="area", value=given.get(TABLE, ""),
              help="Les mêmes colonnes que le modèle, la ligne d’en-tête comprise."),
    )  # fmt: skip


def send(request: HttpRequest, pharmacy: str, reader: Viewer, *, services: Services) -> None:
    """Keep the inventory sent; InvalidInput says what to correct."""
    file = request.FILES.get(FILE)
    pasted = request.POST.get(TABLE, "").strip()
    if file is not None:
        counted = counted_in(file.read(), file.name or "inventaire.csv")
    elif pasted:
        counted = counted_in(pasted.encode(), "tableau collé")
    else:
        raise InvalidInput("Choisissez le fichier de l’inventaire, ou collez son tableau.")
    found = change_of_method(counted, fiscal_before=request.POST.get(BEFORE) != "weighted")
    keep(found, pharmacy, reader, services=services)
