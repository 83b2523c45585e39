"""How the ledger is printed: head, filters, figures, steps, the picture of the steps, clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from galien.analytics.measures.purchases import NET_NET, PARTS
from galien.kernel import french, glossary
from galien.kernel.errors import GalienError
from galien.kernel.money import round_amount
from galien.model.contracts import ClauseKind
from galien.model.net_net import CONFIDENCE_LABELS, SOURCE_LABELS, Confidence, Source
from galien.usecases.net_net.detail import Given, LedgerOf, LedgerStep
from galien.web.analysis.address import State
from galien.web.analysis.build import when
from galien.web.analysis.declared import Analysis
from galien.web.analysis.filters import filter_bar
from galien.web.analysis.headlines import headline
from galien.web.analysis.names import Names
from galien.web.components.models import (
    Action,
    CellKind,
    Column,
    Empty,
    Link,
    Notice,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.lists import badge, count, link, plain_table, text

TITLE = "Du prix catalogue au prix net-net"
LEDGER = Analysis(
    slug="net-net",
    section="achats",
    subject="purchases",
    by=("supplier",),
    title=TITLE,
    menu="Prix net-net",
    charts=(),
    headlines=(),
)
TONES = {
    Confidence.SEEN: Tone.GOOD,
    Confidence.AGREED: Tone.INFO,
    Confidence.GUESSED: Tone.WARNING,
}
NAMES = {kind: glossary.label(part.name) for part, kind in zip(PARTS, ClauseKind, strict=True)}
TAKEN_BACK = "Remise reprise"
SHORT = {
    ClauseKind.INVOICE_DISCOUNT: "Facture",
    ClauseKind.FREE_UNITS: "Gratuits",
    ClauseKind.CASH_DISCOUNT: "Escompte",
    ClauseKind.REBATE: "Fin d’année",
    ClauseKind.COOPERATION: "Coopération",
}


def page(found: LedgerOf, state: State, names: Names, keys: Mapping[str, int]) -> dict[str, Any]:
    """Return everything the page prints. `keys` are the numbers of contracts by reference."""
    answer = found.answer
    return {
        "head": _head(found, state),
        "bar": _bar(found, state, names),
        "headlines": _headlines(found),
        "steps": steps_table(found),
        "chart": ChartCard(_waterfall(found), id="marches", note=_spread(found)),
        "clauses": clauses_table(found, keys),
        "notices": [
            Notice("Données partielles", each, Tone.WARNING) for each in answer.state.notes
        ],
        "empty": None,
    }


def nothing(state: State, names: Names, error: GalienError) -> dict[str, Any]:
    """Return the page of someone to whom no purchase is open for these filters."""
    return {
        "head": PageHead(title=TITLE, crumbs=_crumbs()),
        "bar": filter_bar(None, LEDGER, state, names),
        "empty": Empty(
            "Rien à montrer ici",
            error.message,
            links=(Link("Revenir à la page sans filtre", LEDGER.path),),
        ),
    }


def tables(found: LedgerOf, keys: Mapping[str, int]) -> list[TableModel]:
    """Return the tables of the file."""
    clauses = clauses_table(found, keys)
    return [steps_table(found), *([clauses] if clauses else [])]


def steps_table(found: LedgerOf) -> TableModel:
    """Return the steps, from every unit at list price to the net-net amount."""
    columns = (
        text("step", "Étape"),
        count("amount", "Montant", unit="€ HT"),
        Column("share", "Part du catalogue", kind=CellKind.RATIO, unit="%", decimals=2),
        count("unit", "Par unité livrée", unit="€ HT", decimals=2),
        text("source", "Source"),
        text("confidence", "Confiance"),
    )
    rows = [_row("Prix catalogue, gratuits compris", found.gross, found, "Ligne d’achat")]
    rows += [
        _row(f"− {NAMES[step.kind]}", -step.amount, found, _sources(step), step.confidence)
        for step in found.steps
    ]
    rows.append(_row("= Prix net-net", found.net, found))
    return plain_table("Les étapes", columns, rows, identity="etapes")


def clauses_table(found: LedgerOf, keys: Mapping[str, int]) -> TableModel | None:
    """Return what each clause gives, the largest first; None when no clause gives anything."""
    given = [each for step in found.steps for each in step.given]
    if not given:
        return None
    columns = (
        text("contract", "Contrat"),
        text("clause", "Clause"),
        text("kind", "Étape"),
        count("amount", "Montant", unit="€ HT"),
        text("source", "Source"),
        text("confidence", "Confiance"),
    )
    rows = [
        _given(each, keys)
        for each in sorted(given, key=lambda each: (-abs(each.amount), each.clause, each.kind))
    ]
    return plain_table(
        "Ce que donne chaque clause", columns, rows, identity="clauses", noun=("clause", "clauses")
    )


def _given(given: Given, keys: Mapping[str, int]) -> Row:
    return Row(
        (
            _contract(given, keys),
            given.clause.partition(" · ")[2],
            NAMES[given.kind] if given.amount > 0 else TAKEN_BACK,
            _whole(given.amount),
            SOURCE_LABELS[given.source],
            _confidence(given.confidence),
        )
    )


def _row(
    label: str, amount: Decimal, found: LedgerOf, source: str = "",
    confidence: Confidence | None = None,
) -> Row:  # fmt: skip
    share = amount / found.gross if found.gross else None
    unit = round_amount(amount / found.units) if found.units else None
    return Row((label, _whole(amount), share, unit, source, _confidence(confidence)))


def _whole(amount: Decimal) -> Decimal:
    return amount if abs(amount) < 100 else round_amount(amount)


def _sources(step: LedgerStep) -> str:
    if not step.sources:
        return "–"
    parts = {source: Decimal(0) for source in step.sources}
    for each in step.given:
        parts[each.source] += each.amount
    if len(parts) < 2:
        return " et ".join(SOURCE_LABELS[source] for source in parts)
    return ", ".join(
        f"{SOURCE_LABELS[source]} {french.amount(amount, 0)}" for source, amount in parts.items()
    )


def _confidence(confidence: Confidence | None) -> Markup | str:
    return "" if confidence is None else badge(CONFIDENCE_LABELS[confidence], TONES[confidence])


def _contract(given: Given, keys: Mapping[str, int]) -> Markup | str:
    name = given.clause.partition(" · ")[0]
    key = keys.get(name)
    return name if key is None else link(name, f"/achats/contrats/{key}")


def _headlines(found: LedgerOf) -> tuple[Any, ...]:
    totals = found.answer.totals
    rate = found.discount / found.gross if found.gross else None
    unit = round_amount(found.net / found.units) if found.units else None
    figures = dict(totals) | {
        "discount_amount": found.discount,
        "discount_rate": rate,
        "unit_net_price": unit,
    }
    names = ("list_amount", "discount_amount", "discount_rate", "net_amount", "unit_net_price")
    return tuple(headline(name, figures, level=NET_NET) for name in names)


def _waterfall(found: LedgerOf) -> ChartModel:
    """Return the steps as hanging bars: each begins where the one before ends."""
    names, under, shown, left = ["Catalogue"], [Decimal(0)], [found.gross], found.gross
    for step in found.steps:
        after = left - step.amount
        names.append(SHORT[step.kind])
        under.append(min(left, after))
        shown.append(abs(step.amount))
        left = after
    names.append("Net-net")
    under.append(Decimal(0))
    shown.append(found.net)
    return ChartModel(
        kind=ChartKind.WATERFALL,
        title="Les étapes",
        unit="€",
        categories=tuple(names),
        series=(
            Series("Déjà retranché", tuple(under), role="hidden"),
            Series("Montant", tuple(shown)),
        ),
        swap="",
    )


def _spread(found: LedgerOf) -> str:
    guessed = sum(
        (
            each.amount
            for step in found.steps
            for each in step.given
            if each.source is Source.ESTIMATE
        ),
        Decimal(0),
    )
    if not guessed:
        return ""
    return (
        f"Dont {french.amount(guessed, 0)} estimés : ces remises dépendent de paliers ou d’engagements "
        "que les achats n’ont pas encore atteints."
    )


def _bar(found: LedgerOf, state: State, names: Names) -> Any:
    bar = filter_bar(found.answer, LEDGER, state, names)
    return replace(bar, comparisons=(), toggles=(), levels=(), links=())


def _head(found: LedgerOf, state: State) -> PageHead:
    meta = found.answer.meta
    number = len(meta.scope)
    query = state.query()
    joint = "&" if query else "?"
    exports = tuple(
        Link(label, f"{LEDGER.path}{query}{joint}format={style}", download=True)
        for style, label in (("csv", "CSV"), ("xlsx", "Excel"))
    )
    back = Link("Achats par produit", f"/achats/par-produit{replace(state, level=NET_NET).query()}")
    return PageHead(
        title=TITLE,
        when=when(meta.period, None),
        note=f"{number} pharmacie{'s' if number > 1 else ''}",
        crumbs=_crumbs(),
        actions=(
            Action(back.label, href=back.href),
            Action("Exporter", primary=True, icon="download", items=exports),
        ),
    )


def _crumbs() -> tuple[Link, ...]:
    return (Link("Achats", ""), Link(LEDGER.menu, "", current=True))
