"""How product lists are printed: the table of them, the form of one, its products."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from galien.kernel import french
from galien.records.models import ProductList, User
from galien.usecases.markets import Saved, organisations
from galien.web.components.models import Action, Field, Link, Option, PageHead

PATH = "/donnees/marches"


@dataclass(frozen=True)
class Entry:
    """A list of the table: where it leads, how many products, whose it is, whether one may change it."""

    key: int
    name: str
    href: str
    products: int
    owner: str
    shared_with: str
    changed: str
    mine: bool
    sales_href: str


def entry(market: ProductList, me: User) -> Entry:
    """Return a list as the table prints it."""
    return Entry(
        key=market.pk,
        name=market.name,
        href=f"{PATH}/{market.pk}",
        products=len(market.products),
        owner="Vous" if market.owner_id == me.pk else str(market.owner),
        shared_with=str(market.organisation) if market.organisation else "",
        changed=french.day(market.updated_at.date()),
        mine=market.owner_id == me.pk,
        sales_href=_analysis("/ventes/par-produit", market),
    )


def head(market: ProductList | None) -> PageHead:
    """Return the top of the page of a list, or of a new one."""
    if market is None:
        return PageHead(
            title="Nouveau marché",
            when="Des produits suivis ensemble, puis choisis comme filtre de toute analyse",
            crumbs=(Link("Marchés", PATH), Link("Nouveau marché", "", current=True)),
        )
    count = len(market.products)
    return PageHead(
        title=market.name,
        when=f"{french.number(count)} produit{'s' if count > 1 else ''}",
        note=f"partagé avec {market.organisation}" if market.organisation else "personnel",
        crumbs=(Link("Marchés", PATH), Link(market.name, "", current=True)),
        actions=(
            Action("Ses ventes", _analysis("/ventes/par-produit", market), icon="chart"),
            Action("Ses achats", _analysis("/achats/par-produit", market), icon="cart"),
        ),
    )


def fields(user: User, *, name: str, text: str, organisation: str) -> tuple[Field, ...]:
    """Return the fields of a list's form."""
    own = [Option(str(each.pk), each.name, chosen=str(each.pk) == organisation)
           for each in organisations(user)]  # fmt: skip
    return (
        Field("name", "Nom du marché", value=name, required=True, autocomplete="off"),
        Field(
            "organisation",
            "Partagé avec",
            kind="select",
            value=organisation,
            options=(Option("", "Personne"), *own),
            required=True,
            help="Qui le lit ne peut pas le changer, et voit les chiffres de ses propres droits.",
        ),
        Field(
            "codes",
            "Produits",
            kind="area",
            value=text,
            required=True,
            help="Un code par ligne : CIP13, CIP7, ACL ou EAN. Une colonne collée d’un tableur "
            "convient ; ce qui suit le code est ignoré.",
        ),
    )


def loss(market: ProductList) -> str:
    """Return the sentence on what deleting a list takes away, and from whom."""
    read = f" {market.organisation} ne le lira plus." if market.organisation else ""
    return (
        f"Le marché «\u00a0{market.name}\u00a0» et ses {french.number(len(market.products))} codes seront "
        f"supprimés.{read} Les vues enregistrées qui s’en servent diront qu’il n’existe plus. Les ventes et "
        "les achats ne changent pas."
    )


def lines(codes: tuple[str, ...], labels: dict[str, str]) -> str:
    """Return codes as the form holds them, each with its name after a tab."""
    return "\n".join(f"{code}\t{labels[code]}" if code in labels else code for code in codes)


def saved(done: Saved) -> str:
    """Return the sentence said when a list was kept."""
    count = len(done.market.products)
    said = (
        f"Marché «\u00a0{done.market.name}\u00a0» enregistré\u00a0: {french.number(count)} produit"
    )
    said += "s." if count > 1 else "."
    if done.unknown:
        said += (
            f" Absents du catalogue\u00a0: {french.number(done.unknown)}, comptés sous leur code "
            "s’ils ont été vendus ou achetés."
        )
    return said


def _analysis(path: str, market: ProductList) -> str:
    return f"{path}?{urlencode({'where': f'market={market.pk}'})}"
