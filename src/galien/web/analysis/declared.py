"""The analysis pages: each a subject, a breakdown and the picture that suits it; nothing else to edit.

To add a page, add a line to ANALYSES: its address, menu entry, table, chart, exports and tests follow.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from galien.kernel.errors import NotAvailable

LAST_MONTH = "last-month"
IN_TIME = frozenset({"month", "week", "weekday", "hour_band"})


@dataclass(frozen=True)
class Analysis:
    """One analysis page.

    `charts` are the pictures it offers, the first one shown; `measures` the columns shown at first
    (all those of the subject when empty); `headlines` the figures on top; `top` the longest table;
    `order` how rows come at first (None: by the first measure); `period` the one it opens on.
    """

    slug: str
    section: str
    subject: str
    by: tuple[str, ...]
    title: str
    menu: str
    charts: tuple[str, ...] = ("bars",)
    measures: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()
    top: int = 1000
    order: str | None = None
    period: str = LAST_MONTH

    @property
    def path(self) -> str:
        """Return the page's address."""
        return f"/{self.section}/{self.slug}"


def _period(dimension: str) -> str:
    """Return the period a breakdown opens on: one month alone says nothing of its months or weeks."""
    return "last-12-months" if dimension in {"month", "week"} else LAST_MONTH


def _purchases(
    slug: str, dimension: str, title: str, menu: str, charts: tuple[str, ...] = ("bars",)
) -> Analysis:
    return Analysis(
        slug=slug,
        section="achats",
        subject="purchases",
        by=(dimension,),
        title=f"Achats {title}",
        menu=menu,
        charts=charts,
        headlines=("net_amount", "discount_amount", "discount_rate", "delivered_quantity"),
        order=dimension if dimension in IN_TIME else "-net_amount",
        period=_period(dimension),
    )


def _sales(
    slug: str, by: tuple[str, ...], title: str, menu: str, charts: tuple[str, ...] = ("bars",)
) -> Analysis:
    return Analysis(
        slug=slug,
        section="ventes",
        subject="sales",
        by=by,
        title=f"Ventes {title}",
        menu=menu,
        charts=charts,
        headlines=("sales_incl", "sales_excl", "adjusted_margin", "margin_rate"),
        order=by[0] if by[0] in IN_TIME else "-sales_incl",
        period=_period(by[0]),
    )


def _baskets(slug: str, dimension: str, title: str, menu: str, chart: str) -> Analysis:
    return Analysis(
        slug=slug,
        section="ventes",
        subject="traffic",
        by=(dimension,),
        title=f"Paniers et ordonnances {title}",
        menu=menu,
        charts=(chart,),
        measures=(
            "pmo",
            "pmc",
            "pmvc",
            "pmv",
            "prescription_counter_ratio",
            "prescription_linked_share",
            "tied_counter_share",
            "prescription_bearer_share",
            "clients",
        ),
        headlines=("pmo", "pmc", "pmvc", "prescription_counter_ratio", "prescription_linked_share"),
        order=dimension if dimension in IN_TIME else "-pmo",
        period=_period(dimension),
    )


TREE = ("treemap", "bars")
TIME = ("line",)
CLOUD = ("bars", "scatter")

ANALYSES = (
    _purchases("par-canal", "channel", "par canal", "Par canal"),
    _purchases("par-fournisseur", "supplier", "par fournisseur", "Par fournisseur", CLOUD),
    _purchases("par-laboratoire", "lab", "par laboratoire", "Par laboratoire", CLOUD),
    _purchases("par-marque", "brand", "par marque", "Par marque", CLOUD),
    _purchases("par-produit", "product", "par produit", "Par produit", CLOUD),
    _purchases("par-type", "product_type", "par type de produit", "Par type de produit"),
    _purchases("par-famille", "family_1", "par famille", "Par famille", ("bars", "treemap")),
    _purchases("par-sous-famille", "family_2", "par sous-famille", "Par sous-famille", TREE),
    _purchases("par-segment", "segment_1", "par segment", "Par segment", ("bars", "treemap")),
    _purchases("par-indication", "indication", "par indication", "Par indication", TREE),
    _purchases("princeps-generiques", "generic_status", "princeps et génériques", "Génériques"),
    _purchases(
        "par-groupe-generique", "generic_group", "par groupe générique", "Groupes génériques"
    ),
    _purchases("remboursables", "reimbursed", "remboursables ou non", "Remboursables"),
    _purchases("par-tva", "vat_rate", "par taux de TVA", "Par taux de TVA"),
    _purchases("par-mois", "month", "par mois", "Par mois", TIME),
    _purchases("par-pharmacie", "pharmacy", "par pharmacie", "Par pharmacie", CLOUD),
    _sales("par-univers", ("universe_1",), "par univers", "Par univers", ("bars", "treemap")),
    _sales("par-sous-univers", ("universe_2",), "par sous-univers", "Par sous-univers", TREE),
    _sales("par-famille", ("family_1",), "par famille", "Par famille", ("bars", "treemap")),
    _sales("par-sous-famille", ("family_2",), "par sous-famille", "Par sous-famille", TREE),
    _sales("par-segment", ("segment_1",), "par segment", "Par segment"),
    _sales("par-laboratoire", ("lab",), "par laboratoire", "Par laboratoire", CLOUD),
    _sales("par-marque", ("brand",), "par marque", "Par marque", CLOUD),
    _sales("par-gamme", ("range",), "par gamme", "Par gamme", CLOUD),
    _sales("par-produit", ("product",), "par produit", "Par produit", CLOUD),
    _sales("princeps-generiques", ("generic_status",), "princeps et génériques", "Génériques"),
    _sales("remboursement", ("reimbursed",), "remboursées ou non", "Remboursement"),
    _sales("prescription", ("prescription_status",), "par statut de prescription", "Listes"),
    _sales(
        "ordonnance-comptoir",
        ("prescription_or_counter",),
        "sur ordonnance et au comptoir",
        "Ordonnance et comptoir",
    ),
    _sales("par-type-de-vente", ("sale_type",), "par type de vente", "Par type de vente"),
    _sales("par-tva", ("vat_rate",), "par taux de TVA", "Par taux de TVA"),
    replace(
        _sales(
            "par-tranche-de-prix", ("price_band",), "par tranche de prix", "Par tranche de prix"
        ),
        order="price_band",
    ),
    _sales("par-mois", ("month",), "par mois", "Par mois", TIME),
    _sales("par-semaine", ("week",), "par semaine", "Par semaine", TIME),
    _sales("par-jour", ("weekday",), "par jour de la semaine", "Par jour de la semaine"),
    Analysis(
        slug="par-heure",
        section="ventes",
        subject="sales",
        by=("weekday", "hour_band"),
        title="Ventes par jour et par heure",
        menu="Par heure",
        charts=("heatmap",),
        measures=("sales_incl", "sales_excl"),
        headlines=("sales_incl", "sales_excl"),
    ),
    _sales("par-departement", ("department",), "par département", "Par département"),
    _sales("par-pharmacie", ("pharmacy",), "par pharmacie", "Par pharmacie", CLOUD),
    Analysis(
        slug="frequentation",
        section="ventes",
        subject="traffic",
        by=("month",),
        title="Fréquentation par mois",
        menu="Fréquentation",
        charts=("line",),
        headlines=("visits", "invoices", "sales_incl"),
        order="month",
        period=_period("month"),
    ),
    _baskets("paniers", "month", "par mois", "Paniers par mois", "line"),
    _baskets("paniers-par-pharmacie", "pharmacy", "par pharmacie", "Paniers par pharmacie", "bars"),
    _baskets(
        "paniers-par-departement",
        "department",
        "par département",
        "Paniers par département",
        "bars",
    ),
)

BY_PATH = {analysis.path: analysis for analysis in ANALYSES}

NEXT_DIMENSION = {
    "universe_1": "universe_2",
    "universe_2": "family_1",
    "family_1": "family_2",
    "family_2": "product",
    "segment_1": "product",
    "indication": "product",
    "generic_status": "generic_group",
    "generic_group": "lab",
    "lab": "product",
    "brand": "product",
    "range": "product",
    "product_type": "family_1",
    "price_band": "product",
    "supplier": "lab",
    "channel": "supplier",
    "vat_rate": "family_1",
    "reimbursed": "family_1",
    "prescription_status": "family_1",
    "prescription_or_counter": "universe_1",
    "sale_type": "universe_1",
    "pharmacy": "universe_1",
    "department": "pharmacy",
    "month": "pharmacy",
    "week": "pharmacy",
    "weekday": "pharmacy",
    "product": "pharmacy",
}
"""Where a click on a row leads: the row becomes a filter, and the page goes down one step."""


def analysis_at(section: str, slug: str) -> Analysis:
    """Return the page at an address; NotAvailable when there is none."""
    try:
        return BY_PATH[f"/{section}/{slug}"]
    except KeyError:
        raise NotAvailable("Cette analyse n’existe pas : choisissez-la dans le menu.") from None


def page_of(subject: str, dimension: str) -> Analysis | None:
    """Return the page that breaks `subject` down by `dimension`, if there is one."""
    return next((a for a in ANALYSES if a.subject == subject and a.by == (dimension,)), None)


def next_page(analysis: Analysis, taken: Collection[str] = ()) -> Analysis | None:
    """Return where a click on a row of `analysis` leads, None at the bottom.

    Dimensions already `taken` by a filter are stepped over, so that going down always ends.
    """
    if len(analysis.by) != 1 or analysis.subject == "traffic":
        return None
    closed = {analysis.by[0], *taken}
    passed: set[str] = set()
    step = NEXT_DIMENSION.get(analysis.by[0])
    while step is not None and step not in passed:
        page = page_of(analysis.subject, step)
        if step not in closed and page is not None:
            return page
        passed.add(step)
        step = NEXT_DIMENSION.get(step)
    return None
