"""How sleeping stock is printed: its euros, its ages, and products with what to do about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from markupsafe import Markup

from galien.calculators.stock.clearing import Action as Clearing
from galien.calculators.stock.clearing import Proposal
from galien.calculators.stock.sleeping import Band
from galien.kernel import french
from galien.usecases.stock.sleepers import Sleeper, Sleepers
from galien.web.components.models import (
    Action,
    CellKind,
    Column,
    Headline,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.components.svg import chart_svg
from galien.web.lists import badge, code, count, day, plain_table, text, wrapped

VIEWS = {
    "dormants": "Stock dormant",
    "excedents": "Excédents de ce qui se vend",
    "peremptions": "Péremptions proches",
    "transferts": "Transferts proposés",
    "retours": "Retours possibles",
}
DONE = {
    Clearing.TAKE_AWAY: ("À retirer", Tone.ERROR),
    Clearing.RETURN: ("À retourner", Tone.GOOD),
    Clearing.TRANSFER: ("À transférer", Tone.INFO),
    Clearing.CLEAR: ("À écouler", Tone.NEUTRAL),
}


def head(name: str, found: Sleepers | None, files: Action | None = None) -> PageHead:
    """Return the top of the page."""
    counted = f", compté le {french.day(found.counted_on)}" if found else ""
    return PageHead(
        title="Qu’est-ce qui dort dans les rayons ?",
        when=f"{name}{counted}",
        actions=(files,) if files else (),
    )


def headlines(found: Sleepers) -> tuple[Headline, ...]:
    """Return the euros asleep, in excess, near expiry, what they cost and what to write down."""
    share = found.sleeping_value / found.stock_value if found.stock_value else None
    return (
        _euros("Stock dormant", found.sleeping_value,
               f"{french.percent(share, 1)} du stock, sans vente depuis {found.settings.months} mois"),
        _euros("Excédents", found.excess_value,
               f"au-delà de {french.number(found.settings.target_days)} jours de ventes"),
        _euros("Coût par mois", found.monthly_cost, "1 % de la valeur, plus l’argent immobilisé"),
        _euros("Péremptions", found.expiring_value,
               f"périmé, ou le sera d’ici {found.settings.expiry_months} mois sans être vendu"),
        _euros("Dépréciation proposée", found.depreciation, "à valider avec l’expert-comptable"),
    )  # fmt: skip


def kept(found: Sleepers, view: str) -> list[Sleeper]:
    """Return the products of a view, most euros first."""
    rows = [row for row in found.rows if _in_view(row, view)]
    if view == "peremptions":
        rows.sort(key=lambda row: (-row.found.expiring_value, row.level.product_code))
    return rows


def _in_view(row: Sleeper, view: str) -> bool:
    it = row.found
    match view:
        case "dormants":
            return it.asleep and it.idle_value > 0
        case "excedents":
            return not it.asleep and it.idle_value > 0
        case "peremptions":
            return it.near_expiry or it.expired
        case "transferts":
            return moved(row)
    return any(each.action is Clearing.RETURN for each in row.proposals)


def moved(row: Sleeper) -> bool:
    """Tell whether boxes of a product are proposed to another pharmacy."""
    return any(each.action is Clearing.TRANSFER for each in row.proposals)


def band_table(found: Sleepers) -> TableModel:
    """Return the stock by months without a sale; bands follow each other without a hole."""
    columns = (
        text("band", "Dernière vente"),
        count("products", "Produits"),
        count("value", "Stock", unit="€ HT"),
        Column("share", "Part du stock", CellKind.RATIO, unit="%", decimals=1),
    )
    rows = (
        Row(
            cells=(
                band_label(each.band),
                each.products,
                each.value,
                each.value / found.stock_value if found.stock_value else None,
            )
        )
        for each in found.bands
    )
    return plain_table(
        "Stock par ancienneté de la dernière vente",
        columns,
        rows,
        noun=("tranche", "tranches"),
        identity="anciennete",
    )


def chart(found: Sleepers) -> ChartCard:
    """Draw the stock by age."""
    model = ChartModel(
        ChartKind.BARS,
        "Stock par ancienneté de la dernière vente",
        unit="€ HT",
        categories=tuple(band_label(each.band) for each in found.bands),
        series=(Series("Stock", tuple(each.value for each in found.bands)),),
        swap="",
    )
    return ChartCard(model, svg=chart_svg(model, width=360, live=True), id="par-anciennete")


def band_label(band: Band) -> str:
    """Write a band of months."""
    if band.lower is None:
        return "Aucune vente connue"
    if band.upper is None:
        return f"{band.lower} mois et plus"
    if not band.lower:
        return f"Moins de {band.upper} mois"
    return f"{band.lower} à moins de {band.upper} mois"


def table(
    view: str, rows: Sequence[Sleeper], names: Mapping[str, str], *, pages: Pages | None = None
) -> TableModel:
    """Return the products of a view, each with what to do."""
    columns = (
        text("label", "Produit"),
        text("product_code", "Code"),
        count("quantity", "Stock", unit="u"),
        day("last_sold", "Dernière vente"),
        count("cover", "Couverture", unit="j"),
        count("idle_units", "En trop", unit="u"),
        count("idle_value", "En trop", unit="€ HT"),
        day("expiry", "Péremption"),
        count("expiring", "Périmera", unit="u"),
        text("done", "Que faire"),
    )
    return plain_table(
        VIEWS[view],
        columns,
        (_row(row, names) for row in rows),
        pages=pages,
        noun=("produit", "produits"),
        identity="produits",
    )


def _row(row: Sleeper, names: Mapping[str, str]) -> Row:
    level, found = row.level, row.found
    return Row(
        cells=(
            level.label,
            code(level.product_code),
            level.quantity,
            level.last_sold,
            found.cover_days,
            found.idle_units,
            found.idle_value,
            level.nearest_expiry,
            found.expiring_units if found.near_expiry or found.expired else None,
            wrapped(Markup("<br>").join(_done(each, names) for each in row.proposals)),
        )
    )


def _done(proposal: Proposal, names: Mapping[str, str]) -> Markup:
    label, tone = DONE[proposal.action]
    to = f" à {names.get(proposal.to, proposal.to)}" if proposal.to else ""
    units = french.number(proposal.units)
    said = Markup('<span title="{}">{}{}</span>').format(proposal.reason, units, to)
    return badge(label, tone) + Markup(" ") + said


def _euros(label: str, value: Decimal, against: str) -> Headline:
    return Headline(
        label, french.compact_amount(value), exact=french.amount(value, 2), against=against
    )
