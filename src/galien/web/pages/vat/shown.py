"""How VAT is printed: the split of a period, and the declaration of method B."""

from __future__ import annotations

from decimal import Decimal

from galien.kernel import french
from galien.model.accounts import total
from galien.usecases.method_b import Declared
from galien.usecases.vat_split import RateLine, VatSplit
from galien.web.components.models import (
    Action,
    Headline,
    PageHead,
    Row,
    TableModel,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.components.svg import chart_svg
from galien.web.lists import badge, count, plain_table, text

PERIODS = {
    "last-month": "Mois dernier",
    "last-12-months": "12 derniers mois",
    "year-to-date": "Année en cours",
}
ZERO = Decimal(0)


def head(name: str, period: str, files: Action) -> PageHead:
    """Return the top of the page."""
    return PageHead(
        title="Quelle TVA, à quel taux ?",
        when=f"{name}, {PERIODS[period].lower()}" if name else PERIODS[period],
        actions=(files,),
    )


def headlines(split: VatSplit | None) -> tuple[Headline, ...]:
    """Return the tax collected, the tax to deduct, and what is left to pay."""
    if split is None:
        return ()
    collected = total(line.collected for line in split.lines)
    deducted = _sum(line.deductible for line in split.lines if line.rate is not None)
    left = None if deducted is None else collected - deducted
    third = total(line.third_party_incl for line in split.lines)
    sales = total(line.sales_incl for line in split.lines)
    return (
        _figure("TVA collectée", collected, "sur les ventes et honoraires"),
        _figure("TVA déductible", deducted, "sur les achats de marchandises"),
        _figure("Écart", left, "avant frais et immobilisations"),
        Headline("Tiers payant", french.percent(third / sales if sales else None, 1),
                 against="des ventes TTC, dues à la délivrance"),
    )  # fmt: skip


def split_table(split: VatSplit) -> TableModel:
    """Return the split, its total on top."""
    columns = (
        text("rate", "Taux"),
        count("sales_incl", "Ventes", unit="€ TTC"),
        count("sales_excl", "Ventes", unit="€ HT"),
        count("collected", "TVA collectée", unit="€"),
        count("purchases_excl", "Achats", unit="€ HT"),
        count("purchases_incl", "Achats", unit="€ TTC"),
        count("deductible", "TVA déductible", unit="€"),
        count("stock", "Stock", unit="€ HT"),
    )
    rows = [Row(cells=(_rate(line.rate), *_cells(line))) for line in split.lines]
    sums = [_sum(row.cells[rank] for row in rows) for rank in range(1, len(columns))]
    made = plain_table("Répartition par taux", columns, rows, noun=("taux", "taux"))
    return TableModel(**{**vars(made), "total": Row(cells=("Total", *sums))})


def chart(split: VatSplit | None) -> ChartCard | None:
    """Draw sales by rate."""
    if split is None or not split.lines:
        return None
    lines = [line for line in split.lines if line.rate is not None]
    model = ChartModel(
        ChartKind.BARS,
        "Ventes HT par taux",
        unit="€ HT",
        categories=tuple(_rate(line.rate) for line in lines),
        series=(Series("Ventes", tuple(line.sales_excl for line in lines)),),
        swap="",
    )
    return ChartCard(model, svg=chart_svg(model, width=360, live=True), id="ventes-par-taux")


def declared_table(declared: Declared) -> TableModel:
    """Return what method B declares."""
    columns = (
        text("rate", "Taux"),
        count("incl", "Recettes", unit="€ TTC", decimals=2),
        count("excl", "À déclarer", unit="€ HT", decimals=2),
        count("vat", "TVA", unit="€", decimals=2),
    )
    split = declared.total
    rows = [
        Row(
            cells=(_rate(part.rate), part.incl, part.excl, part.vat),
            note="par différence" if part is split.remaining else "",
        )
        for part in split.parts
    ]
    sums = [_sum(row.cells[rank] for row in rows) for rank in range(1, len(columns))]
    made = plain_table("Méthode B", columns, rows, noun=("taux", "taux"), identity="methode-b")
    return TableModel(**{**vars(made), "total": Row(cells=("Total", *sums))})


def adjusted_table(declared: Declared) -> TableModel:
    """Return the year end of method B."""
    columns = (
        text("rate", "Taux"),
        count("opening_share", "Part du stock initial", unit="%", decimals=1),
        count("closing_share", "Part du stock final", unit="%", decimals=1),
        count("sold", "Vendu", unit="€ TTC", decimals=2),
        count("declared", "Déclaré", unit="€ TTC", decimals=2),
        count("difference", "Écart à déclarer", unit="€ TTC", decimals=2),
        count("vat", "TVA", unit="€", decimals=2),
        text("state", "Régularisation"),
    )
    rows = (
        Row(
            cells=(
                _rate(each.rate), each.opening_share * 100, each.closing_share * 100, each.sold,
                each.declared, each.difference, each.vat,
                badge("à faire") if each.adjusted else "aucune",
            )
        )
        for each in declared.adjustments
    )  # fmt: skip
    return plain_table(
        "Régularisation de fin d’année", columns, rows, noun=("taux", "taux"), identity="annee"
    )


def tables(split: VatSplit | None, declared: Declared | None) -> list[TableModel]:
    """Return those that a file holds."""
    found = [split_table(split)] if split else []
    if declared:
        found.append(declared_table(declared))
        found += [adjusted_table(declared)] if declared.adjustments else []
    return found


def _cells(line: RateLine) -> tuple[Decimal | None, ...]:
    return (
        line.sales_incl, line.sales_excl, line.collected, line.purchases_excl,
        line.purchases_incl, line.deductible, line.stock,
    )  # fmt: skip


def _rate(rate: Decimal | None) -> str:
    if rate is None:
        return "Non vendu"
    return french.percent(rate, 0 if rate * 100 % 1 == 0 else 1)


def _sum(values: object) -> Decimal | None:
    known = [value for value in values if isinstance(value, Decimal)]  # type: ignore[attr-defined]
    return total(known) if known else None


def _figure(label: str, value: Decimal | None, against: str) -> Headline:
    shown = "–" if value is None else french.compact_amount(value)
    return Headline(label, shown, exact=french.amount(value, 2), against=against)
