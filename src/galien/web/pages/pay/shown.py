"""How the structure of pay is printed: figures on top, picture, tables, references, law used."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from galien.calculators.pay.fees import CANNOT_BE_COMPUTED
from galien.kernel import french
from galien.kernel.errors import GalienError
from galien.usecases.pay.structure import PayReport
from galien.web.analysis.columns import definition_of
from galien.web.chosen import Chosen, figures_table, law_used
from galien.web.components.models import (
    Action,
    Empty,
    Headline,
    Link,
    Notice,
    PageHead,
    Tone,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series

BREAKDOWNS = {"month": "Par mois", "pharmacy": "Par pharmacie"}
STRUCTURE = (
    "medicines_pay", "regulated_margin", "fees_billed", "generic_discounts",
    "margin_share", "fees_share", "discounts_share", "margin_share_without_discounts",
)  # fmt: skip
FEES = (
    "regulated_boxes", "fees_due_by_box", "fees_due_by_prescription", "fees_billed_incl",
    "fees_beyond",
)  # fmt: skip
PARTS = (
    ("regulated_margin", "Marge réglementée"),
    ("fees_billed", "Honoraires facturés"),
    ("generic_discounts", "Remises génériques"),
)
MOST_DRAWN = 24
SHORT_MONTHS = {
    "janvier": "janv.", "février": "févr.", "avril": "avr.", "juillet": "juil.",
    "septembre": "sept.", "octobre": "oct.", "novembre": "nov.", "décembre": "déc.",
}  # fmt: skip


def frame(asked: Chosen) -> Mapping[str, Any]:
    """Return the head and the choices, whatever there is to show."""
    return {
        "head": PageHead(
            title="De quoi se compose la rémunération sur les médicaments ?",
            when=asked.days.label()[:1].upper() + asked.days.label()[1:],
            note=asked.pharmacies.get(asked.pharmacy, ""),
            crumbs=(Link("Gestion", ""), Link("Rémunération", "", current=True)),
            actions=(Action("Exporter", primary=True, icon="download", items=asked.exports()),),
        ),
        "bar": asked.bar(),
        "breakdowns": asked.segments(BREAKDOWNS),
        "pharmacy": asked.pharmacy_field() if len(asked.pharmacies) > 1 else None,
        "kept": [pair for pair in asked.pairs() if pair[0] != "pharmacie"],
        "path": asked.path,
        "nothing": None,
    }


def nothing(error: GalienError) -> Empty:
    """Return what the page says when there is nothing to compute on."""
    links = (Link("Voir le catalogue", "/donnees/catalogue"),) if error.code == "NO_PRICES" else ()
    return Empty("Rémunération non calculable", error.message, links=links, icon="empty")


def page(report: PayReport, asked: Chosen) -> Mapping[str, Any]:
    """Return what the page prints of a report."""
    answer = report.answer
    return {
        "headlines": headlines(report),
        "chart": chart(report, asked) if answer.meta.rows else None,
        "structure": figures_table(
            answer, STRUCTURE, caption="Structure de la rémunération", exports=asked.exports()
        ),
        "fees": figures_table(answer, FEES, caption="Honoraires dus et facturés"),
        "cannot": CANNOT_BE_COMPUTED,
        "references": references(report),
        "law": law_used(report.cited),
        "notices": tuple(Notice(note, tone=Tone.WARNING) for note in answer.state.notes),
    }


def headlines(report: PayReport) -> tuple[Headline, ...]:
    """Return the parts of pay, each in euros and in share."""
    pay = report.total.pay
    shares = (
        ("regulated_margin", pay.margin, pay.margin_share),
        ("fees_billed", pay.fees, pay.fees_share),
        ("generic_discounts", pay.discounts, pay.discounts_share),
    )
    year, last = report.references[-1] if report.references else (0, None)
    without = pay.margin_share_without_discounts
    return (
        _headline("medicines_pay", pay.total, ""),
        *(_headline(name, amount, _share(share)) for name, amount, share in shares),
        Headline(
            label="Part de la marge, hors remises",
            value="–" if without is None else french.percent(without, 1),
            definition=definition_of("margin_share_without_discounts"),
            reference="" if last is None else f"Référence {year} : {french.percent(last, 0)}",
        ),
    )


def _headline(name: str, amount: Decimal | None, against: str) -> Headline:
    definition = definition_of(name)
    return Headline(
        label=definition.label,
        value="–" if amount is None else french.compact_amount(amount),
        exact="" if amount is None else french.amount(amount),
        against=against,
        definition=definition,
    )


def _share(share: Decimal | None) -> str:
    return "" if share is None else f"{french.percent(share, 1)} de la rémunération"


def chart(report: PayReport, asked: Chosen) -> ChartCard:
    """Return the parts of pay, one upon the other."""
    answer = report.answer
    rows = answer.table.to_pylist()
    if answer.columns[0].name == "pharmacy":
        rows.sort(key=lambda row: -row["medicines_pay"])
    drawn = rows[:MOST_DRAWN]
    key = answer.columns[0].name
    model = ChartModel(
        ChartKind.STACK,
        f"Rémunération sur les médicaments, {BREAKDOWNS[asked.by].lower()}",
        unit="€",
        categories=tuple(_short(row[f"{key}_label"], key) for row in drawn),
        series=tuple(
            Series(label, tuple(row[name] for row in drawn))
            for name, label in PARTS
            if answer.totals[name] is not None
        ),
        swap="",
    )
    note = "" if len(rows) <= MOST_DRAWN else f"Les {MOST_DRAWN} premières pharmacies."
    return ChartCard(model, note=note, image_href=asked.href(format="svg"), id="structure")


def _short(label: str, key: str) -> str:
    """Shorten the name of a month so that twelve stand side by side.

    >>> _short("novembre 2025", "month"), _short("mai 2026", "month")
    ('nov. 2025', 'mai 2026')
    """
    if key != "month":
        return label
    month, _, year = label.partition(" ")
    return f"{SHORT_MONTHS.get(month, month)} {year}"


def references(report: PayReport) -> tuple[tuple[str, str], ...]:
    """Return the margin's share beside its references, year by year."""
    own = report.total.pay.margin_share_without_discounts
    return (
        ("Cette période", "–" if own is None else french.percent(own, 1)),
        *((f"Référence {year}", french.percent(share, 0)) for year, share in report.references),
    )
