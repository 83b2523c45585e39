"""The tables of the panel: members and what decided them, groups, both sets crossed, bands used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup

from galien.calculators.accounting.classification import (
    INDICATORS,
    NEW_SET,
    OLD_SET,
    RATES,
    SETS,
    Classified,
    Value,
    Verdict,
)
from galien.calculators.accounting.panel import WHOLE, Group
from galien.kernel import french, glossary
from galien.kernel.units import Unit
from galien.usecases.classification import SeenPanel
from galien.usecases.export.cells import Cell
from galien.web.components.models import CellKind, Column, Link, Row, TableModel
from galien.web.lists import badge, count, link, plain_table, text
from galien.web.pages.classification.address import Address
from galien.web.pages.classification.shown import (
    MODEL_LABELS,
    SET_LABELS,
    SET_TONES,
    indicators_href,
)

SHORT = {
    "turnover": "CA",
    "ebe_restated_rate": "EBE ÷ CA",
    "ebe_restated": "EBE retraité",
    "global_margin_rate": "taux de marge globale",
    "balance_margin": "marge bilan",
    "global_gross_margin": "marge globale",
    "vat21_purchase_share": "achats à 2,1 %",
    "prescription_counter_ratio": "VO/VHO",
    "pmo": "PMO",
}
ORIGINS = {"summary": "bilan d’activité", "facts": "ventes reçues", "": "inconnue"}
WAYS = {"old_set": "Ancien", "new_set": "Nouveau", "model": "Modèle"}
LISTED = ("turnover", *NEW_SET)


def members(seen: SeenPanel, address: Address) -> TableModel:
    """Return the members by name, their classes, what decided them, their main figures."""
    columns = (
        text("pharmacy", "Pharmacie"),
        text("old_set", "Ancien"),
        text("old_deciding", "Ce qui décide"),
        text("new_set", "Nouveau"),
        text("new_deciding", "Ce qui décide"),
        text("model", "Modèle"),
        *(_column(name) for name in LISTED),
    )
    rows = [_member(each, seen) for each in seen.panel.members]
    made = plain_table(
        "Les pharmacies du panel",
        columns,
        rows,
        noun=("pharmacie", "pharmacies"),
        identity="membres",
    )
    return _with_export(made, "membres", address)


def _with_export(made: TableModel, which: str, address: Address) -> TableModel:
    href = f"/gestion/classification/{which}.csv?{address.query()}"
    return replace(made, exports=(Link("CSV", href, download=True),))


def _member(each: Classified, seen: SeenPanel) -> Row:
    year = seen.years[each.member.id]
    months = f" · {each.member.months} mois" if each.member.annualised else ""
    return Row(
        (
            link(f"{year.name}{months}", indicators_href(seen, each.member.id)),
            badge(SET_LABELS[each.old.outcome], SET_TONES[each.old.outcome]),
            _deciding(each.old),
            badge(SET_LABELS[each.new.outcome], SET_TONES[each.new.outcome]),
            _deciding(each.new),
            MODEL_LABELS[each.model],
            *(each.member.indicator(name) for name in LISTED),
        ),
        key=each.member.id,
    )


def deciding(verdict: Verdict) -> str:
    """Write which indicators are above and below their bands.

    >>> deciding(Verdict("positive", ("turnover", "pmo"), (), ("ebe_restated",), ()))
    '↑ CA, PMO · ↓ EBE retraité'
    """
    parts = [
        f"{sign} {', '.join(SHORT[name] for name in names)}"
        for sign, names in (("↑", verdict.high), ("↓", verdict.low), ("?", verdict.unknown))
        if names
    ]
    return " · ".join(parts) or "tous dans leur fourchette"


def _deciding(verdict: Verdict) -> Markup:
    return Markup('<div class="wrap narrow">{}</div>').format(deciding(verdict))


def groups(seen: SeenPanel, address: Address) -> TableModel:
    """Return means and medians by class; rates of sums stand apart from means of rates."""
    columns = (
        text("group", "Groupe"),
        count("members", "Pharmacies"),
        *(_column(name) for name in INDICATORS),
        *(_column(name, f"{SHORT[name]}, sommes", whole=True) for name in RATES),
    )
    rows = [row for group in seen.panel.groups for row in _group_rows(group)]
    made = plain_table(
        "Moyennes et médianes des groupes",
        columns,
        rows,
        noun=("ligne", "lignes"),
        identity="groupes",
    )
    return _with_export(made, "groupes", address)


def _group_rows(group: Group) -> Iterator[Row]:
    name = group_name(group)
    rates = tuple(group.rates[rate] for rate in RATES)
    yield Row((f"{name}, moyenne", group.members, *(group.means[i] for i in INDICATORS), *rates))
    if group.members > 2:
        medians = tuple(group.medians[i] for i in INDICATORS)
        yield Row((f"{name}, médiane", group.members, *medians, None, None))


def group_name(group: Group) -> str:
    """Return the name of a group: the way of classing and the class."""
    if group.by == WHOLE:
        return "Tout le panel"
    labels = MODEL_LABELS if group.by == "model" else SET_LABELS
    return f"{WAYS[group.by]} · {labels[group.name]}"


def _column(name: str, label: str = "", *, whole: bool = False) -> Column:
    unit = glossary.unit(name)
    ratio = unit is Unit.RATIO
    hint = "Somme des montants du groupe ÷ somme des chiffres d’affaires" if whole else ""
    return Column(
        name,
        capital(label or SHORT[name]),
        kind=CellKind.RATIO if ratio else CellKind.NUMBER,
        unit="%" if ratio else "€" if unit.is_money else "",
        decimals=1 if ratio else 2 if name in NEW_SET else 0,
        hint=hint or glossary.definition(name),
    )


def capital(words: str) -> str:
    """Write words with a capital first letter.

    >>> capital("marge bilan")
    'Marge bilan'
    """
    return words[:1].upper() + words[1:]


def crossed(seen: SeenPanel) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    """Return the two sets crossed: headers, then a line by old class with its total at the end."""
    shown = [
        name
        for name in SETS
        if any(seen.panel.crossed[pair] for pair in seen.panel.crossed if name in pair)
    ]
    lines = []
    for old in shown:
        counts = [seen.panel.crossed[old, new] for new in shown]
        lines.append((SET_LABELS[old], (*counts, sum(counts))))
    totals = [sum(seen.panel.crossed[old, new] for old in shown) for new in shown]
    lines.append(("Total", (*totals, sum(totals))))
    return (*(SET_LABELS[name] for name in shown), "Total"), tuple(lines)


def bands(seen: SeenPanel) -> tuple[tuple[str, str], ...]:
    """Return the bands used, in words."""
    rules = seen.panel.rules
    return tuple(
        (
            f"{'Ancien' if name in OLD_SET else 'Nouveau'} · {SHORT[name]}",
            f"{_bound(name, rules.bands[name].lower)} à {_bound(name, rules.bands[name].upper)}",
        )
        for name in INDICATORS
    )


def _bound(name: str, value: Decimal) -> str:
    unit = glossary.unit(name)
    if unit is Unit.RATIO:
        return french.percent(value, 1)
    if name in NEW_SET:
        return french.number(value, 2) + ("\u00a0€" if unit.is_money else "")
    return f"{french.number(value, 0)}\u00a0€"


def member_cells(seen: SeenPanel, address: Address) -> Iterator[Sequence[Cell]]:
    """Yield the members as plain cells, unrounded."""
    del address
    yield [
        "FINESS", "Pharmacie", "Début", "Fin", "Mois", "Activité", "Ancien classement",
        "Au-dessus (ancien)", "En dessous (ancien)", "Nouveau classement", "Au-dessus (nouveau)",
        "En dessous (nouveau)", "Modèle", *(glossary.label(name) for name in INDICATORS),
    ]  # fmt: skip
    for each in seen.panel.members:
        year = seen.years[each.member.id]
        yield [
            year.pharmacy, year.name, year.first_day.isoformat(), year.last_day.isoformat(),
            each.member.months, ORIGINS[year.origin], SET_LABELS[each.old.outcome],
            _names(each.old.high), _names(each.old.low), SET_LABELS[each.new.outcome],
            _names(each.new.high), _names(each.new.low), MODEL_LABELS[each.model],
            *(_rounded(each.member.indicator(name)) for name in INDICATORS),
        ]  # fmt: skip


def group_cells(seen: SeenPanel, address: Address) -> Iterator[Sequence[Cell]]:
    """Yield the groups as plain cells: means, medians, rates of sums."""
    del address
    yield ["Groupe", "Mesure", "Pharmacies", *(glossary.label(name) for name in INDICATORS)]
    for group in seen.panel.groups:
        name = group_name(group)
        figures = (
            ("moyenne des membres", group.means),
            ("médiane des membres", group.medians),
            ("rapport des sommes", group.rates),
        )
        for measure, values in figures:
            cells = [_rounded(values.get(each)) for each in INDICATORS]
            yield [name, measure, group.members, *cells]


def _names(names: Sequence[str]) -> str:
    return ", ".join(SHORT[name] for name in names)


def _rounded(value: Value) -> Decimal | None:
    return None if value is None else round(value, 6)
