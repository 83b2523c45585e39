"""How a price taken apart is printed: key figures, slices, price built up, curve, law used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from galien.calculators.margin import RegulatedPrice
from galien.kernel import french
from galien.law import Law
from galien.usecases import margin as use
from galien.web.components.models import (
    CellKind,
    Column,
    Field,
    Headline,
    Link,
    Notice,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.law_text import between, citations
from galien.web.lists import counted, options, plain_table, text
from galien.web.pages.margin.asked import KINDS, Asked

CURVE = 460
EXACT = "Calculé exactement, arrondi une seule fois"
Part = tuple[str, Callable[[RegulatedPrice], Decimal | None]]


def _tax(price: RegulatedPrice) -> Decimal | None:
    if price.public_price_incl is None or price.public_price_excl is None:
        return None
    return price.public_price_incl - price.public_price_excl


BUILT: tuple[Part, ...] = (
    ("Prix fabricant HT", lambda price: price.ex_factory_price),
    ("+ marge du grossiste-répartiteur", lambda price: price.wholesaler_margin),
    ("+ marge du pharmacien", lambda price: price.margin),
    ("= prix public HT", lambda price: price.public_price_excl),
    ("+ TVA", _tax),
    ("= prix public TTC, sans honoraire", lambda price: price.public_price_incl),
    ("Honoraire ou forfait par boîte HT, à part", lambda price: price.box_fee),
)


def head(asked: Asked) -> PageHead:
    """Return the top of the page."""
    against = f", comparé au {french.day(asked.against)}" if asked.against else ""
    return PageHead(
        title="Que rapporte un médicament remboursable ?",
        when=f"Droit en vigueur au {french.day(asked.on)}{against}",
        crumbs=(Link("Gestion", ""), Link("Marge réglementée", "", current=True)),
    )


def fields(asked: Asked) -> tuple[Field, ...]:
    """Return the form, with what was typed."""
    against = asked.against.isoformat() if asked.against else ""
    return (
        Field("prix", "Prix", value=asked.price, required=True, suffix="€"),
        Field("sorte", "Sorte de prix", kind="select", required=True, options=options(KINDS, asked.kind)),
        Field("jour", "Au", kind="date", value=asked.on.isoformat(), required=True),
        Field("avant", "Comparé au", kind="date", value=against),
        Field("princeps", "Prix fabricant du princeps", suffix="€", value=asked.generic_of),
        Field("tva", "Autre taux de TVA", value=asked.vat, suffix="%"),
    )  # fmt: skip


def refused(sentence: str) -> Notice:
    """Return why the price could not be taken apart."""
    return Notice("Ce prix ne peut être décomposé", sentence, Tone.WARNING)


def page(answer: use.MarginAnswer, asked: Asked, *, law: Law) -> dict[str, Any]:
    """Return everything the answer prints."""
    price, before = answer.price, answer.before
    unknown = dict.fromkeys((*price.unknown, *(before.unknown if before else ())))
    cited = dict.fromkeys((*price.cited, *(before.cited if before else ())))
    return {
        "figures": figures(price, before),
        "unknown": [Notice("Droit inconnu ce jour-là", each, Tone.WARNING) for each in unknown],
        "slices": slices(price) if price.slices else None,
        "generic": asked.generic_of != "",
        "built": built(price, before),
        "curve": curve(price, asked, law),
        "round": round_prices(asked, law),
        "law": citations(cited),
    }


def figures(price: RegulatedPrice, before: RegulatedPrice | None) -> tuple[Headline, ...]:
    """Return the margin, its two rates, and the prices at both ends."""
    against = (lambda text: f"{text} au {before.on:%d/%m/%Y}") if before else None

    def old(value: Decimal | None, write: Callable[[Decimal], str]) -> str:
        return against(write(value)) if against and value is not None else ""

    rows = (
        ("Marge du pharmacien", "margin", french.amount),
        ("Taux de marge", "markup_rate", french.percent),
        ("Taux de marque", "margin_rate", french.percent),
        ("Prix fabricant HT", "ex_factory_price", french.amount),
        ("Prix public TTC", "public_price_incl", french.amount),
    )
    return tuple(
        Headline(
            label,
            "–" if getattr(price, name) is None else write(getattr(price, name)),
            against=old(getattr(before, name, None), write),
        )
        for label, name, write in rows
    )


def slices(price: RegulatedPrice) -> TableModel:
    """Return the slices of the ex-factory price and what each earns; the total is the margin."""
    columns = (
        text("slice", "Tranche de prix fabricant HT"), Column("rate", "Taux", CellKind.RATIO, "%", 2),
        Column("base", "Part du prix dans la tranche", unit="€ HT", decimals=2),
        Column("margin", "Marge", unit="€ HT", decimals=4),
    )  # fmt: skip
    rows = tuple(
        Row(cells=(between(each.start, each.end), each.rate, each.base, each.margin))
        for each in price.slices
    )
    base = sum((each.base for each in price.slices), Decimal(0))
    return TableModel(
        caption="Marge par tranche",
        columns=columns,
        rows=rows,
        total=Row(cells=("Total", None, base, price.margin)),
        count=counted(len(rows), "tranche", "tranches"),
        swap="",
        id="slices",
    )


def built(price: RegulatedPrice, before: RegulatedPrice | None) -> TableModel:
    """Return the price built from the ex-factory price up, on one day or on two."""
    columns = [text("part", "Élément du prix"), _euros("now", _on(price.on))]
    if before:
        columns += [_euros("before", _on(before.on)), _euros("gap", "Écart")]
    rows = []
    for label, read in BUILT:
        now, then = read(price), read(before) if before else None
        gap = None if now is None or then is None else now - then
        rows.append(Row(cells=(label, now, then, gap) if before else (label, now)))
    return TableModel(
        "Construction du prix", tuple(columns), tuple(rows), count=EXACT, swap="", id="built"
    )


def curve(price: RegulatedPrice, asked: Asked, law: Law) -> ChartCard:
    """Return the margin over ex-factory prices, the other day's beneath it."""
    points = use.curve(law, on=asked.on, against=asked.against, up_to=price.ex_factory_price)
    series = [Series(_on(asked.on), tuple(each.margin for each in points))]
    if asked.against:
        earlier = tuple(each.before for each in points)
        series.append(Series(_on(asked.against), earlier, role="previous"))
    model = ChartModel(
        kind=ChartKind.LINE,
        title="Marge du pharmacien selon le prix fabricant",
        unit="€",
        decimals=2,
        categories=tuple(_price(each.price) for each in points),
        series=tuple(series),
        swap="",
    )
    return ChartCard(model, id="curve", height=CURVE, image_href=asked.drawing)


def round_prices(asked: Asked, law: Law) -> TableModel:
    """Return the margin on round prices: the figures of the curve."""
    columns = [
        Column("price", "Prix fabricant", unit="€ HT"),
        _euros("now", _on(asked.on)),
    ]
    if asked.against is None:
        columns.append(Column("rate", "Taux de marge", CellKind.RATIO, "%", 2))
    else:
        columns += [_euros("before", _on(asked.against)), _euros("gap", "Écart")]
    rows = []
    for each in use.round_prices(law, on=asked.on, against=asked.against):
        rate = None if each.margin is None else each.margin / each.price
        known = each.margin is not None and each.before is not None
        gap = each.margin - each.before if known else None  # type: ignore[operator]
        beside = (each.before, gap) if asked.against else (rate,)
        rows.append(Row(cells=(each.price, each.margin, *beside)))
    return plain_table(
        "Marge sur des prix ronds", columns, rows, noun=("prix", "prix"), identity="round"
    )


def _price(price: Decimal) -> str:
    return french.amount(price, 0 if price == price.to_integral_value() else 2)


def _euros(name: str, label: str) -> Column:
    return Column(name, label, unit="€", decimals=2)


def _on(day: dt.date) -> str:
    return f"Au {day:%d/%m/%Y}"
