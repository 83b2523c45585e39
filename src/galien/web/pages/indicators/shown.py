"""How a year's indicators are printed: head, figures on top, a table by theme, the same as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.accounting.indicators import Indicator
from galien.kernel import french, glossary
from galien.kernel.units import Unit
from galien.usecases.export.cells import Cell
from galien.web.components.models import (
    Action,
    Better,
    Change,
    Definition,
    Empty,
    Headline,
    LawUse,
    Link,
    Notice,
    PageHead,
    Tone,
)
from galien.web.lists import span
from galien.web.pages.indicators.reading import Read

THEMES: dict[str, tuple[str, ...]] = {
    "Paniers": ("pmo", "pmc", "pmvc", "pmv", "pmc_to_pmo"),
    "Poids des ordonnances": (
        "prescription_counter_ratio",
        "prescription_share",
        "prescription_share_strict",
        "prescription_linked_share",
    ),
    "Clients et ventes comptoir": (
        "prescription_bearer_share",
        "other_client_share",
        "other_turnover_share",
        "bearer_invoice_share",
        "tied_counter_share",
        "bare_counter_share",
        "tied_counter_turnover",
    ),
    "Valeur ajoutée": (
        "value_added_per_sale",
        "value_added_per_client",
        "balance_margin_per_client",
    ),
    "Achats à 2,1 %": (
        "vat21_purchase_share",
        "vat21_purchase_share_net_of_stock",
        "vat21_purchase_share_gross",
    ),
    "Équipe et performance": ("staff_ratio", "turnover_per_fte", "pcg", "pcg_with_owners"),
}
ON_TOP = (
    "pmo",
    "pmvc",
    "prescription_counter_ratio",
    "prescription_linked_share",
    "value_added_per_sale",
)
# Neither more nor less of these is good news by itself.
NEUTRAL = frozenset(name for names in list(THEMES.values())[1:3] for name in names) | frozenset(
    {*THEMES["Achats à 2,1 %"], "pmc_to_pmo"}
)
FULL = {
    "pmo": "panier moyen ordonnance",
    "pmc": "panier moyen client",
    "pmvc": "panier moyen comptoir",
    "pmv": "panier moyen d’une vente",
    "prescription_counter_ratio": "ordonnances pour une vente comptoir",
}
WHOLE_EUROS = frozenset({"tied_counter_turnover", "turnover_per_fte", "pcg", "pcg_with_owners"})
ORIGINS = {"summary": "bilan d’activité saisi", "facts": "ventes reçues et publiées"}


@dataclass(frozen=True)
class Line:
    """An indicator as a row: its figures written, and what was divided by what."""

    name: str
    label: str
    full: str
    definition: Definition
    value: str
    before: str
    change: Change | None
    reference: str
    gap: Change | None
    worked: str
    missing: str


def head(found: Read, *, may_enter: bool) -> PageHead:
    """Return the top of the page."""
    enter = Action(
        "Bilan d’activité", f"/gestion/indicateurs/activite?{found.choice.query}", icon="file"
    )
    return PageHead(
        title="Les indicateurs de l’officine",
        when=f"{found.choice.name}, {span(found.period.first, found.period.last)}",
        actions=(enter,) if may_enter else (),
    )


def empty(found: Read, *, may_enter: bool) -> Empty:
    """Return what to do when nothing is known of the year."""
    entry = Link(
        "Saisir un bilan d’activité", f"/gestion/indicateurs/activite?{found.choice.query}"
    )
    return Empty(
        f"Ni activité ni comptes pour {found.choice.name}",
        "Les indicateurs se calculent du bilan d’activité du logiciel ou des ventes reçues, et des "
        "comptes de l’exercice.",
        links=((entry,) if may_enter else ()) + found.choice.empty.links,
        icon="file",
    )


def notices(found: Read) -> tuple[Notice, ...]:
    """Return what to know before reading."""
    return tuple(Notice(note, tone=Tone.WARNING) for note in found.found.notes)


def sources(found: Read) -> tuple[tuple[str, str], ...]:
    """Return where activity and accounts come from."""
    activity = found.found.activity
    said = "inconnue" if activity is None else (
        f"{ORIGINS[activity.origin]}, {span(activity.period.first, activity.period.last)}"
    )  # fmt: skip
    year = found.choice.year
    accounts = "inconnus" if year is None else f"exercice {found.choice.when}"
    return (("Activité", said), ("Comptes", accounts))


def headlines(found: Read) -> tuple[Headline, ...]:
    """Return the figures on top."""
    return tuple(
        Headline(
            label=glossary.label(name).split(" (")[0],
            value=written(name, indicator.value),
            change=_change(name, indicator.value, found.found.before.get(name)),
            against="sur un an" if _known_before(found, name) else "",
            definition=_definition(found, name),
            reference=_reference(found, name),
        )
        for name in ON_TOP
        if (indicator := found.found.values[name]).value is not None
    )


def themes(found: Read) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """Return every indicator, by theme."""
    return tuple(
        (theme, tuple(_line(found, found.found.values[name]) for name in names))
        for theme, names in THEMES.items()
    )


def _line(found: Read, indicator: Indicator) -> Line:
    name, before = indicator.name, found.found.before.get(indicator.name)
    reference = found.found.references.get(name)
    gap = None
    if reference is not None and indicator.value is not None:
        gap = Change(indicator.value / reference.value - 1, better=_better(name))
    return Line(
        name=name,
        label=glossary.label(name),
        full=FULL.get(name, ""),
        definition=_definition(found, name),
        value=written(name, indicator.value),
        before=written(name, before.value if before else None),
        change=_change(name, indicator.value, before),
        reference=_reference(found, name, short=True),
        gap=gap,
        worked=worked(indicator),
        missing=indicator.missing,
    )


def written(name: str, value: Decimal | None) -> str:
    """Write an indicator with its unit; empty when there is none."""
    if value is None:
        return ""
    unit = glossary.unit(name)
    if unit is Unit.RATIO:
        return french.percent(value, 2)
    if unit.is_money:
        return f"{french.number(value, 0 if name in WHOLE_EUROS else 2)}\u00a0€"
    return french.number(value, 2)


def worked(indicator: Indicator) -> str:
    """Write what was divided by what."""
    if indicator.over is None or indicator.under is None:
        return ""
    return f"{_term(indicator.over)} ÷ {_term(indicator.under)}"


def _term(value: Decimal) -> str:
    return french.number(value, 0 if value == value.to_integral_value() else 2)


def _change(name: str, now: Decimal | None, before: Indicator | None) -> Change | None:
    if now is None or before is None or before.value is None:
        return None
    if glossary.unit(name) is Unit.RATIO:
        return Change(now - before.value, points=True, better=_better(name))
    if not before.value:
        return None
    return Change((now - before.value) / abs(before.value), better=_better(name))


def _better(name: str) -> Better:
    if name == "staff_ratio":
        return Better.DOWN
    return Better.NEUTRAL if name in NEUTRAL else Better.UP


def _known_before(found: Read, name: str) -> bool:
    before = found.found.before.get(name)
    return before is not None and before.value is not None


def _reference(found: Read, name: str, *, short: bool = False) -> str:
    reference = found.found.references.get(name)
    if reference is None:
        return ""
    value = written(name, reference.value)
    return (
        f"{value} ({reference.since.year})"
        if short
        else f"National {reference.since.year}\u00a0: {value}"
    )


def _definition(found: Read, name: str) -> Definition:
    term, reference = glossary.term(name), found.found.references.get(name)
    law: tuple[LawUse, ...] = ()
    if reference is not None:
        law = (
            LawUse(
                reference.label,
                written(name, reference.value),
                f"{reference.since.year}",
                reference.source.title,
            ),
        )
    return Definition(
        label=term.label, text=term.definition, unit=term.unit.sign, source=term.source, law=law
    )


def export_rows(found: Read) -> Iterator[list[Cell]]:
    """Yield the table as plain cells, unrounded, with what each figure was made from."""
    yield ["Pharmacie", found.choice.name, "", "", "", "", "", ""]
    yield ["Période", span(found.period.first, found.period.last).replace("\u00a0", " ")]
    for source, said in sources(found):
        yield [source, said.replace("\u00a0", " ")]
    yield []
    yield [
        "Thème", "Indicateur", "Valeur", "Unité", "Année précédente", "Référence nationale",
        "Année de la référence", "Définition", "Remarque",
    ]  # fmt: skip
    for theme, names in THEMES.items():
        for name in names:
            indicator, before = found.found.values[name], found.found.before.get(name)
            reference, term = found.found.references.get(name), glossary.term(name)
            yield [
                theme, term.label, _plain(indicator.value), "ratio" if term.unit is Unit.RATIO
                else term.unit.sign, _plain(before.value if before else None),
                _plain(reference.value if reference else None),
                reference.since.year if reference else None, term.definition, indicator.missing,
            ]  # fmt: skip


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 6)
