"""One equivalence taken apart: what is bought of it, and each part of what each lab would give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from galien.calculators.discounts.comparator import Cell, Mark
from galien.calculators.discounts.comparator import Row as Compared_
from galien.calculators.discounts.offered import PAYMENT_TERM, Offered, Part, Why
from galien.kernel import french
from galien.law import Cited, LawValue
from galien.model.contracts import ClauseKind, Measured, Span
from galien.usecases import comparator as use
from galien.usecases.comparable import shelf
from galien.usecases.discount_base import Bought
from galien.usecases.services import Services
from galien.web.components.models import (
    CellKind,
    Column,
    Headline,
    Link,
    Notice,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.law_text import citations
from galien.web.lists import link, plain_table, text, wrapped
from galien.web.pages.comparator.asked import Choice
from galien.web.pages.comparator.shown import when
from galien.web.pages.comparator.table import OVER, TICK

PARTS = {
    ClauseKind.INVOICE_DISCOUNT.value: "Remise sur facture",
    ClauseKind.FREE_UNITS.value: "Unités gratuites",
    ClauseKind.CASH_DISCOUNT.value: "Escompte",
    ClauseKind.REBATE.value: "Ristourne de fin d’année",
    ClauseKind.COOPERATION.value: "Coopération",
    PAYMENT_TERM: "Délai de paiement",
}
MEASURED = {Measured.QUANTITY: "u", Measured.LIST_AMOUNT: "€", Measured.NET_AMOUNT: "€"}
SPANS = {
    Span.LINE: "par ligne", Span.ORDER: "par commande", Span.MONTH: "par mois",
    Span.QUARTER: "par trimestre", Span.YEAR: "par an",
}  # fmt: skip
WHY = {
    Why.COUNTED: "Compté", Why.TIER_MISSED: "Palier non atteint",
    Why.COMMITMENT_MISSED: "Engagement non atteint", Why.OVER_CEILING: "Au-delà du plafond légal",
}  # fmt: skip
STANDINGS = {"offer": "offre", "signed": "contrat signé"}


def page(
    choice: Choice, found: use.Compared, bought: Bought, row: Compared_, services: Services
) -> Mapping[str, Any]:
    """Return everything the page of an equivalence prints."""
    key = bought.equivalence.key
    offers = [
        (cell, offered)
        for cell in row.cells
        if cell is not None and (offered := found.offers.of(cell.lab, key)) is not None
    ]
    offers.sort(key=lambda each: (-each[0].rate, each[0].lab))
    return {
        "head": _head(choice, found, bought),
        "headlines": _headlines(bought, row),
        "notices": _notices(found, bought, offers),
        "bought": _bought(bought, services, same_box=found.base.same_box),
        "offers": _offers(found, bought, offers) if offers else None,
        "steps": _steps(offers) if offers else None,
        "missing": [
            lab for lab, cell in zip(found.comparison.labs, row.cells, strict=True) if cell is None
        ],
        "law": _law(found, offers, bought.ceiling_class),
    }


def _head(choice: Choice, found: use.Compared, bought: Bought) -> PageHead:
    return PageHead(
        title=bought.equivalence.label,
        when=when(choice, found),
        note=f"groupe générique {bought.equivalence.generic_group}",
        crumbs=(
            Link("Achats", ""),
            Link("Comparateur de remises", choice.href()),
            Link(bought.equivalence.label, "", current=True),
        ),
    )


def _headlines(bought: Bought, row: Compared_) -> tuple[Headline, ...]:
    best = row.best_rate
    return (
        Headline("Remise actuelle", french.percent(bought.discount_rate, 2),
                 against=f"surtout chez {bought.current_lab}"),
        Headline("Meilleure remise", "–" if best is None else french.percent(best, 2),
                 against=", ".join(cell.lab for cell in row.best) or "non comparable"),
        Headline("Gain possible", french.amount(row.gain),
                 against="déjà au mieux" if row.mark is Mark.BEST else ""),
        Headline("Achats au prix fabricant", french.amount(bought.list_amount),
                 against=f"{french.number(bought.quantity)} boîtes à {french.amount(bought.unit_price)}"),
    )  # fmt: skip


def _notices(
    found: use.Compared, bought: Bought, offers: Iterable[tuple[Cell, Offered]]
) -> tuple[Notice, ...]:
    said = []
    if not bought.equivalence.read:
        said.append(
            Notice(
                "Équivalence non lue",
                "La base publique n’écrit pas le dosage ou la boîte de ce produit : il reste seul.",
            )
        )
    over = [(cell, each) for cell, each in offers if each.excess and each.ceiling is not None]
    if over:
        told = " ; ".join(
            f"{cell.lab} : {french.percent(each.excess, 2)} au-delà de {french.percent(each.ceiling or 0, 1)}"
            for cell, each in over
        )
        counted = "compté, à votre demande" if found.asked.count_excess else "non compté"
        said.append(Notice(f"Plafond légal dépassé ({counted})", told, Tone.WARNING))
    return tuple(said)


def _bought(bought: Bought, services: Services, *, same_box: bool) -> TableModel:
    known = shelf(services, same_box=same_box).products
    columns = (
        text("product", "Produit acheté"), text("lab", "Laboratoire"),
        Column("quantity", "Quantité livrée", unit="u"),
        Column("amount", "Achats PFHT", unit="€", decimals=2),
        Column("discount", "Remise", unit="€", decimals=2),
        Column("rate", "Taux de remise", CellKind.RATIO, "%", 2),
    )  # fmt: skip
    rows = [
        Row(
            cells=(known[each.name].label, known[each.name].lab, each.quantity,
                   each.list_amount, each.discount_amount, each.discount_rate),
            href=f"/donnees/catalogue/{each.name}",
        )
        for each in bought.products
    ]  # fmt: skip
    return plain_table(
        "Ce qui est acheté", columns, rows, noun=("produit", "produits"), identity="achete"
    )


def _offers(found: use.Compared, bought: Bought, offers: list[tuple[Cell, Offered]]) -> TableModel:
    shown = [kind for kind in PARTS if any(_part(each, kind) for _, each in offers)]
    columns = (
        text("lab", "Laboratoire"),
        Column("total", "Remise totale", CellKind.MARKUP, unit="%"),
        Column("gap", "Écart", unit="€", decimals=2, hint="Par rapport à la remise actuelle"),
        *(Column(kind, PARTS[kind], CellKind.RATIO, "%", 2) for kind in shown),
        Column("excess", "Au-delà du plafond", CellKind.RATIO, "%", 2),
        text("product", "Produit proposé"), text("source", "D’après"),
    )  # fmt: skip
    rows = []
    for cell, each in offers:
        rate = french.number(cell.rate * 100, 2)
        total = Markup("<b>{}</b> {}{}").format(
            rate, TICK if cell.best else "", OVER if each.excess else ""
        )
        gap = bought.list_amount * (cell.rate - bought.discount_rate)
        rows.append(
            Row(
                cells=(
                    cell.lab, total, gap,
                    *(_part(each, kind) for kind in shown),
                    each.excess or None, wrapped(each.label), _source(found, each),
                )
            )
        )  # fmt: skip
    return plain_table(
        "Ce que donnerait chaque laboratoire",
        columns,
        rows,
        noun=("laboratoire", "laboratoires"),
        identity="offres",
    )


def _part(offered: Offered, kind: str) -> Decimal | None:
    found = [part.counted for part in offered.parts if part.kind == kind]
    return offered.price_ratio * sum(found, Decimal(0)) if found else None


def _source(found: use.Compared, offered: Offered) -> Markup:
    source = found.offers.sources[offered.contract]
    standing = STANDINGS.get(source.contract.standing.value, "")
    return link(f"{source.contract.reference} ({standing})", f"/achats/contrats/{source.key}")


def _steps(offers: list[tuple[Cell, Offered]]) -> TableModel:
    columns = (
        text("lab", "Laboratoire"), text("kind", "Étape"), text("clause", "Clause"),
        Column("rate", "Taux", CellKind.RATIO, "%", 2),
        Column("counted", "Compté", CellKind.RATIO, "%", 2), text("why", "Pourquoi"),
    )  # fmt: skip
    rows = [
        Row(cells=(cell.lab, PARTS[part.kind], part.reference or "conditions de paiement",
                   part.rate, part.counted, wrapped(_why(part))))
        for cell, each in offers
        for part in each.parts
    ]  # fmt: skip
    return plain_table(
        "Étape par étape", columns, rows, noun=("étape", "étapes"), identity="etapes"
    )


def _why(part: Part) -> str:
    """Say whether a part counts, and what was reached of a tier or a commitment."""
    said = WHY[part.why]
    if part.reached is None or part.needed is None:
        return said
    unit = MEASURED.get(Measured(part.measured), "")
    span = SPANS.get(Span(part.span), "")
    return f"{said} : {french.number(part.reached)} {unit} {span} pour {french.number(part.needed)} {unit}"


def _law(
    found: use.Compared, offers: Iterable[tuple[Cell, Offered]], ceiling_class: str
) -> TableModel | None:
    keys = dict.fromkeys((each.contract, ceiling_class) for _, each in offers)
    cited: dict[tuple[str, object], Cited[LawValue]] = {}
    for key in keys:
        if key in found.offers.ceilings:
            one = found.offers.ceilings[key]
            cited[one.name, one.since] = one
    return citations(cited.values()) if cited else None
