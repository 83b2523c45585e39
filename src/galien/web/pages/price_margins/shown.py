"""How margins by category, and the free prices of one, are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from galien.kernel import french
from galien.usecases.prices.margins import BreakEven, CategoryMargin, FreePrice
from galien.web.components.models import (
    Action,
    CellKind,
    Column,
    Headline,
    Link,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import badge, code, count, plain_table, text

TITLE = "Marges par catégorie"
DIMENSIONS = {
    "universe_1": "Univers",
    "universe_2": "Sous-univers",
    "family_1": "Famille",
    "lab": "Laboratoire",
    "vat_rate": "Taux de TVA",
}


def head(name: str, files: Action | None = None) -> PageHead:
    """Return the top of the page."""
    return PageHead(
        title="Que laisse chaque catégorie ?",
        when=f"{name}, ventes des douze derniers mois",
        actions=(files,) if files else (),
    )


def category_head(name: str, category: str, back: str, files: Mapping[str, str]) -> PageHead:
    """Return the top of the free prices of a category."""
    links = tuple(
        Link({"csv": "CSV", "xlsx": "Excel"}[style], href, download=True)
        for style, href in files.items()
    )
    return PageHead(
        title=f"Quels prix libres dans « {category} » ?",
        when=f"{name}, ventes des douze derniers mois",
        crumbs=(Link(TITLE, back), Link(category, "", current=True)),
        actions=(Action("Exporter", items=links, icon="download"),),
    )


def headlines(
    whole: CategoryMargin, rows: Sequence[CategoryMargin], even: BreakEven | None
) -> tuple[Headline, ...]:
    """Return the margin, that of free prices, their share, and the break-even margin."""
    found = [
        Headline("Taux de marge", french.percent(whole.rate, 1),
                 against=f"{french.compact_amount(whole.margin)} sur {french.compact_amount(whole.sales)}"),
        Headline("Taux de marge, prix libres", french.percent(whole.free_rate, 1),
                 against=f"{french.compact_amount(whole.free_margin)} de marge"),
        *([] if whole.net is None else [
            Headline("Marge nette", french.percent(whole.net.net_rate, 1),
                     against=f"{french.compact_amount(whole.net.net)}, toutes remises comptées")]),
        Headline("Ventes à prix libres", french.percent(whole.free_share, 1),
                 against=f"{french.compact_amount(whole.free_sales)} HT",
                 reference="Usage : moins d’un tiers"),
    ]  # fmt: skip
    if even is not None:
        under = sum(_under(each, even) for each in rows)
        said = f"{french.number(under)} catégorie{'s' if under > 1 else ''} dessous"
        found.append(
            Headline(
                "Marge d’équilibre",
                french.percent(even.rate, 1),
                against=said,
                reference=f"Charges fixes ÷ chiffre d’affaires, exercice clos le {even.last_day:%d/%m/%Y}",
            )
        )
    return tuple(found)


def table(
    whole: CategoryMargin,
    rows: Sequence[CategoryMargin],
    by: str,
    even: BreakEven | None,
    *,
    pages: Pages | None = None,
    href: Callable[[str], str] | None = None,
) -> TableModel:
    """Return the categories, the whole on top; each one opens its free prices."""
    net = whole.net is not None
    columns = (
        text("label", DIMENSIONS[by]), count("sales", "Ventes", unit="€ HT"),
        count("margin", "Marge", unit="€ HT"),
        Column("rate", "Taux de marge", CellKind.RATIO, unit="%", decimals=1),
        count("clients", "Remises clients", unit="€ HT"),
        *((count("suppliers", "Remises fournisseurs", unit="€ HT"),
           count("net", "Marge nette", unit="€ HT"),
           Column("net_rate", "Taux net", CellKind.RATIO, unit="%", decimals=1)) if net else ()),
        Column("share", "Part à prix libres", CellKind.WEIGHT, unit="%", decimals=1),
        Column("free_rate", "Taux, prix libres", CellKind.RATIO, unit="%", decimals=1),
        *((text("even", "Équilibre"),) if even else ()),
    )  # fmt: skip

    def row(each: CategoryMargin) -> Row:
        state = badge("En dessous", Tone.WARNING) if even and _under(each, even) else ""
        cells = (
            each.label, each.sales, each.margin, each.rate, each.client_rebates,
            *((each.supplier_rebates, each.net.net, each.net.net_rate) if each.net else ()),
            each.free_share, each.free_rate, *((state,) if even else ()),
        )  # fmt: skip
        opened = href(each.key) if href and each.key and each.free_sales else ""
        return Row(cells=cells, href=opened, tone="unknown" if each.key is None else "")

    made = plain_table(
        TITLE, columns, map(row, rows), pages=pages, noun=("ligne", "lignes"), identity="marges"
    )
    return replace(made, total=row(whole))


def products(
    found: Sequence[FreePrice], compared: Mapping[str, str], *, pages: Pages | None = None
) -> TableModel:
    """Return the free-price products of a category, the most sold first, compared ones marked."""
    columns = (
        text("label", "Produit"), text("product_code", "Code"), count("units", "Vendus", unit="u"),
        count("price", "Prix du mois", unit="€ TTC", decimals=2),
        count("cost", "Coût", unit="€ HT", decimals=2), count("sales", "Ventes", unit="€ HT"),
        count("margin", "Marge", unit="€ HT"),
        Column("rate", "Taux de marge", CellKind.RATIO, unit="%", decimals=1),
        text("compared", "Clients"),
    )  # fmt: skip
    rows = (
        Row(
            cells=(
                each.label, code(each.product_code), each.units, each.price_incl, each.cost,
                each.sales, each.margin, each.rate,
                badge("Comparé", Tone.INFO) if each.product_code in compared else "",
            )
        )
        for each in found
    )  # fmt: skip
    return plain_table(
        "Prix libres", columns, rows, pages=pages, noun=("produit", "produits"), identity="produits"
    )


def _under(each: CategoryMargin, even: BreakEven) -> bool:
    return each.rate is not None and each.rate < even.rate
