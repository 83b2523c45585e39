"""How rotation is printed: days and turns by key beside references, and shares by VAT rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from galien.calculators.stock.vat_table import VatLine
from galien.kernel import french
from galien.usecases.stock.rotations import RotationLine, Rotations
from galien.web.components.models import (
    Action,
    CellKind,
    Column,
    Headline,
    PageHead,
    Row,
    TableModel,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.components.svg import chart_svg
from galien.web.lists import count, plain_table, text

DIMENSIONS = {
    "pharmacy": "Pharmacie",
    "typology": "Typologie",
    "vat_rate": "Taux de TVA",
    "universe_1": "Univers",
    "family_1": "Famille",
    "family_2": "Sous-famille",
    "lab": "Laboratoire",
}
DRAWN = 12


def head(name: str, found: Rotations | None, files: Action | None = None) -> PageHead:
    """Return the top of the page."""
    return PageHead(
        title="Combien de jours le stock tient-il ?",
        when=f"{name}, {found.period.label()}" if found else name,
        actions=(files,) if files else (),
    )


def headlines(found: Rotations) -> tuple[Headline, ...]:
    """Return days, turns, the mean stock and the cost of goods, and what a day is worth."""
    whole = found.total.found
    day = whole.cost_of_goods / 360
    references = {line.reference for line in found.lines if line.reference is not None}
    told = f"Référence : {french.number(references.pop())} jours" if len(references) == 1 else ""
    return (
        Headline("Jours de stock", _number(whole.days, 1), against="360 × stock ÷ coût des ventes",
                 reference=told),
        Headline("Tours par an", _number(whole.turns, 1)),
        Headline("Stock moyen", french.compact_amount(whole.average_stock),
                 exact=french.amount(whole.average_stock, 2),
                 against=f"moyenne de {found.counts} fins de mois"),
        Headline("Coût des ventes", french.compact_amount(whole.cost_of_goods),
                 exact=french.amount(whole.cost_of_goods, 2), against="sur un an"),
        Headline("Un jour de stock", french.compact_amount(day), exact=french.amount(day, 2),
                 against="libéré par jour gagné"),
    )  # fmt: skip


def table(found: Rotations) -> TableModel:
    """Return the rotation by key, the whole on top."""
    columns = [
        text("label", found.label),
        count("average_stock", "Stock moyen", unit="€ HT"),
        count("cost_of_goods", "Coût des ventes", unit="€ HT"),
        count("days", "Jours", unit="j", decimals=1),
        count("turns", "Tours", decimals=1),
    ]
    told = any(line.reference is not None for line in found.lines)
    if told:
        columns += [
            count("reference", "Référence", unit="j"),
            count("gap", "Écart", unit="j", decimals=1),
        ]

    def row(line: RotationLine) -> Row:
        it = line.found
        gap = None if it.days is None or line.reference is None else it.days - line.reference
        more = (line.reference, gap) if told else ()
        tone = "unknown" if line.key is None else ""
        cells = (line.label, it.average_stock, it.cost_of_goods, it.days, it.turns, *more)
        return Row(cells=cells, tone=tone)

    made = plain_table(
        f"Rotation par {found.label[:1].lower()}{found.label[1:]}",
        columns,
        map(row, found.lines),
        noun=("ligne", "lignes"),
        identity="rotation",
    )
    return replace(made, total=row(found.total)._replace(tone=""))


def chart(found: Rotations) -> ChartCard:
    """Draw the days of the keys that hold most stock."""
    lines = [line for line in found.lines if line.found.days is not None][:DRAWN]
    series = [Series("Jours de stock", tuple(line.found.days for line in lines))]
    if any(line.reference is not None for line in lines):
        series.append(Series("Référence", tuple(line.reference for line in lines), role="previous"))
    model = ChartModel(
        ChartKind.BARS,
        "Jours de stock, les plus gros stocks d’abord",
        unit="j",
        categories=tuple(line.label for line in lines),
        series=tuple(series),
        swap="",
    )
    return ChartCard(model, svg=chart_svg(model, width=720, live=True), id="jours-de-stock")


def vat_table(lines: Sequence[VatLine]) -> TableModel:
    """Return shares of stock and turnover by rate, beside the usual ones."""
    share = CellKind.RATIO
    columns = (
        text("rates", "Taux de TVA"),
        count("stock_value", "Stock", unit="€ HT"),
        Column("stock_share", "Part du stock", share, unit="%", decimals=1),
        Column("stock_reference", "Usage", share, unit="%"),
        count("turnover", "Ventes", unit="€ HT"),
        Column("turnover_share", "Part des ventes", share, unit="%", decimals=1),
        Column("turnover_reference", "Usage", share, unit="%"),
    )
    rows = (
        Row(
            cells=(
                _rates(line.rates), line.stock_value, line.stock_share, line.stock_reference,
                line.turnover, line.turnover_share, line.turnover_reference,
            ),
            tone="" if line.rates else "unknown",
        )
        for line in lines
    )  # fmt: skip
    return plain_table("Stock et ventes par taux de TVA", columns, rows, identity="tva")


def note(found: Rotations) -> str:
    """Say how the figures are made."""
    return (
        f"Stock moyen : moyenne des {found.counts} derniers comptages de mois de la période, au coût moyen "
        "pondéré. Coût des ventes : coût d’achat hors taxes de ce qui est sorti, rétrocessions comprises, "
        "ramené à un an. Un produit prend le taux de TVA de ses ventes ; ce qui ne s’est pas vendu est non "
        "renseigné."
    )


def _rates(rates: Sequence[Decimal]) -> str:
    if not rates:
        return "Non renseigné"
    return " et ".join(french.percent(rate, 0 if rate * 100 % 1 == 0 else 1) for rate in rates)


def _number(value: Decimal | None, decimals: int) -> str:
    return "–" if value is None else french.number(value, decimals)
