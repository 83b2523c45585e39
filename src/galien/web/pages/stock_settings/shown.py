"""How the settings of a stock are printed: products, events, the forms that change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from galien.kernel import french
from galien.usecases.stock.by_hand import FLAGS, KINDS, KnownEvent, ProductSetting, Written
from galien.usecases.stock.by_hand_book import Part
from galien.web.components.models import (
    Action,
    CellKind,
    Column,
    Empty,
    Field,
    Link,
    Option,
    PageHead,
    Row,
    TableModel,
)
from galien.web.lists import badge, code, count, day, plain_table, text, wrapped

PATH = "/stock/reglages"
TEMPLATE = "pages/stock_settings/page.html"
OWN, GROUP = "pharmacie", "groupement"
WHOSE = {OWN: "De cette pharmacie", GROUP: "De tout le groupement"}
PRODUCTS, EVENTS = "produits", "evenements"
TITLE = "Que sait-on que les fichiers ne disent pas ?"
CHOICES = (Option("", "Comme d’habitude"), Option("oui", "Oui"), Option("non", "Non"))


def address(pharmacy: str, *, group: bool) -> str:
    """Return the address of the settings of a pharmacy, or of its group."""
    return f"{PATH}?{urlencode({'pharmacie': pharmacy, 'pour': GROUP if group else OWN})}"


def closed() -> dict[str, Any]:
    """Return what the page prints to who sees no pharmacy."""
    return {
        "head": PageHead(TITLE),
        "nothing": Empty("Aucun stock à régler", "Aucune pharmacie ne vous est ouverte."),
    }


def page(
    part: Part, labels: Mapping[str, str], place: tuple[str, str], product: str
) -> dict[str, Any]:
    """Return what the page prints of a part, for a pharmacy or its group; `product` is being changed."""
    pharmacy, whose = place
    query = urlencode({"pharmacie": pharmacy, "pour": whose})
    links = (
        Link("Produits, CSV", f"{PATH}/{PRODUCTS}.csv?{query}", download=True),
        Link("Évènements, CSV", f"{PATH}/{EVENTS}.csv?{query}", download=True),
    )
    chosen = next((each for each in part.products if each.product_code == product), None)
    return {
        "head": PageHead(
            TITLE, when=part.owner, actions=(Action("Exporter", items=links, icon="download"),)
        ),
        "nothing": None,
        "pharmacy": pharmacy,
        "whose": whose,
        "writable": part.writable,
        "products": _products(part, labels, place),
        "events": _events(part),
        "product_fields": _product_fields(chosen),
        "event_fields": _event_fields(),
        "changing": chosen is not None,
    }


def _products(part: Part, labels: Mapping[str, str], place: tuple[str, str]) -> TableModel:
    columns = (
        text("product", "Produit"), count("minimum", "Minimum"), count("maximum", "Maximum"),
        count("duty", "Garde"), count("multiple", "Multiple"), text("must_hold", "À tenir"),
        text("hospital", "Réserve hospitalière"), text("note", "Note"), text("by", "Saisi"),
    )  # fmt: skip
    return plain_table(
        "Produits réglés", columns, [_product(each, labels, place) for each in part.products],
        noun=("produit", "produits"), identity=PRODUCTS,
    )  # fmt: skip


def _product(each: ProductSetting, labels: Mapping[str, str], place: tuple[str, str]) -> Row:
    query = urlencode({"pharmacie": place[0], "pour": place[1], "produit": each.product_code})
    name = Markup('<a href="{}#regler">{}</a><br>{}').format(
        f"{PATH}?{query}",
        labels.get(each.product_code, "Produit absent du catalogue"),
        code(each.product_code),
    )
    return Row((
        name, each.minimum, each.maximum, each.duty, each.multiple,
        *(_yes(getattr(each, flag)) for flag in FLAGS), wrapped(each.note), _written(each.written),
    ))  # fmt: skip


def _events(part: Part) -> TableModel:
    columns = (
        text("name", "Évènement"), day("first", "Du"), day("last", "Au"),
        Column("effect", "Effet sur la demande", CellKind.CHANGE), text("target", "Touche"),
        text("source", "Source, saisie"), Column("drop", "", CellKind.MARKUP),
    )  # fmt: skip
    rows = [
        Row((
            Markup("{}<br>{}").format(each.name, badge(KINDS[each.kind])), each.first, each.last,
            each.effect, each.target(),
            Markup("{}<br>{}, {}").format(
                each.source or "–", each.written.by, f"{each.written.on:%d/%m/%Y}"
            ),
            _drop(each) if part.writable else "",
        ))
        for each in part.events
    ]  # fmt: skip
    return plain_table(
        "Évènements connus", columns, rows, noun=("évènement", "évènements"), identity=EVENTS
    )


def _drop(each: KnownEvent) -> Markup:
    return Markup(
        '<button class="button small" form="oter-evenement" name="cle" value="{}" '
        'aria-label="Ôter {}">Ôter</button>'
    ).format(each.key, each.name)


def _yes(value: object) -> str:
    return "–" if value is None else "oui" if value else "non"


def _written(by: Written) -> Markup:
    return Markup("{}<br>{}").format(by.by, f"{by.on:%d/%m/%Y}")


def _product_fields(chosen: ProductSetting | None) -> Sequence[Field]:
    def level(name: str, label: str) -> Field:
        value = getattr(chosen, name, None)
        return Field(name, label, value="" if value is None else french.number(value),
                     autocomplete="off")  # fmt: skip

    def flag(name: str, label: str) -> Field:
        value = getattr(chosen, name, None)
        asked = "" if value is None else _yes(value)
        return Field(
            name, label, kind="select", required=True,
            options=tuple(Option(each.value, each.label, chosen=each.value == asked) for each in CHOICES),
        )  # fmt: skip

    return (
        Field("product_code", "Code du produit", value=chosen.product_code if chosen else "",
              required=True, autocomplete="off"),
        level("minimum", "Minimum déclenchant"),
        level("maximum", "Maximum"),
        level("duty", "Stock de garde"),
        level("multiple", "Multiple de commande"),
        flag("must_hold", "À tenir en stock"),
        flag("hospital", "Réserve hospitalière"),
        Field("note", "Note", value=chosen.note if chosen else "", autocomplete="off"),
    )  # fmt: skip


def _event_fields() -> Sequence[Field]:
    kinds = tuple(Option(kind.value, label) for kind, label in KINDS.items())
    return (
        Field("name", "Nom", required=True, autocomplete="off"),
        Field("kind", "Nature", kind="select", required=True, options=kinds),
        Field("first", "Du", kind="date", required=True),
        Field("last", "Au", kind="date", required=True),
        Field("effect", "Effet sur la demande", required=True, suffix="%", autocomplete="off"),
        Field("universe", "Univers", autocomplete="off"),
        Field("family", "Famille", autocomplete="off"),
        Field("product_code", "Produit", autocomplete="off"),
        Field("source", "Source",
              autocomplete="off"),
    )  # fmt: skip
