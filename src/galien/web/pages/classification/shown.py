"""How the panel is printed: head, choices, figures on top, the picture of PMO by VO/VHO."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from galien.calculators.accounting.classification import (
    COMMERCIAL,
    INTERMEDIATE,
    LIBERAL,
    MAJORITY,
    MIXED,
    NEGATIVE,
    PLURALITY,
    POSITIVE,
    UNKNOWN,
    Classified,
)
from galien.calculators.accounting.panel import Group
from galien.kernel import french, glossary
from galien.usecases.classification import SeenPanel
from galien.web.components.models import Definition, Empty, Headline, Link, PageHead, Tone
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Point
from galien.web.lists import counted
from galien.web.pages.classification.address import COLOURS, Address

HEIGHT = 420
SET_LABELS = {
    POSITIVE: "Positive",
    INTERMEDIATE: "Intermédiaire",
    NEGATIVE: "Négative",
    UNKNOWN: "Inconnue",
}
SET_TONES = {
    POSITIVE: Tone.GOOD,
    INTERMEDIATE: Tone.NEUTRAL,
    NEGATIVE: Tone.ERROR,
    UNKNOWN: Tone.WARNING,
}
MODEL_LABELS = {LIBERAL: "Libéral", MIXED: "Mixte", COMMERCIAL: "Commercial", UNKNOWN: "Inconnu"}
RULE_LABELS = {MAJORITY: "Majorité de quatre", PLURALITY: "Pluralité"}
EMPTY = Empty(
    "Aucun exercice pour les pharmacies que vous voyez",
    "La classification lit les comptes (FEC) et l’activité de chaque pharmacie. Déposez un FEC pour "
    "commencer.",
    links=(Link("Déposer un FEC", "/gestion/exercices"),),
    icon="file",
)


def head(seen: SeenPanel) -> PageHead:
    """Return the top of the page."""
    when = counted(len(seen.years), "pharmacie", "pharmacies")
    if seen.civil_year:
        when += f", exercices clos en {seen.civil_year}"
    bands = min((each.since.year for each in seen.panel.rules.cited), default=0)
    return PageHead(
        title="Où se place chaque officine",
        when=when,
        note=f"fourchettes de l’étude de {bands}" if bands else "",
    )


def segments(seen: SeenPanel, address: Address) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """Return the choices of the page, each as links."""
    years = tuple(
        Link(str(year), address.href(civil_year=year), current=year == seen.civil_year)
        for year in seen.civil_years
    )
    rules = tuple(
        Link(label, address.href(rule=rule), current=rule == address.rule)
        for rule, label in RULE_LABELS.items()
    )
    colours = tuple(
        Link(label, address.href(colour=colour), current=colour == address.colour)
        for colour, label in COLOURS.items()
    )
    return (
        ("Exercices clos en", years),
        ("Règle de l’ancien classement", rules),
        ("Couleurs", colours),
    )


def headlines(seen: SeenPanel) -> tuple[Headline, ...]:
    """Return how many members each class has, and how often both sets agree."""
    members = seen.panel.members
    if not members:
        return ()
    new, models = Counter(m.new.outcome for m in members), Counter(m.model for m in members)
    agreeing = sum(m.old.outcome == m.new.outcome for m in members)
    found = [
        Headline(
            label=f"{SET_LABELS[name]}s, nouveau classement",
            value=french.number(new[name]),
            against=f"sur {counted(len(members), 'pharmacie', 'pharmacies')}",
            definition=_definition(name),
        )
        for name in (POSITIVE, INTERMEDIATE, NEGATIVE)
    ]
    found.append(
        Headline(
            label="Modèle libéral",
            value=french.number(models[LIBERAL]),
            against=f"{models[COMMERCIAL]} commercial, {models[MIXED]} mixte",
            definition=_definition("model"),
        )
    )
    found.append(
        Headline(
            label="Classements d’accord",
            value=french.number(agreeing),
            against=f"sur {counted(len(members), 'pharmacie', 'pharmacies')}",
        )
    )
    return tuple(found)


def _definition(name: str) -> Definition:
    term = glossary.term(name)
    return Definition(label=term.label, text=term.definition, source=term.source)


def class_of(member: Classified, colour: str) -> str:
    """Return the French class that colours a member."""
    if colour == "modele":
        return MODEL_LABELS[member.model]
    return SET_LABELS[(member.old if colour == "ancien" else member.new).outcome]


def model(seen: SeenPanel, address: Address) -> ChartModel:
    """Return the picture: each pharmacy by its basket and its ratio, the mean of each group."""
    labels = MODEL_LABELS if address.colour == "modele" else SET_LABELS
    order = {label: rank for rank, label in enumerate(labels.values())}
    names = short_names({key: year.name for key, year in seen.years.items()})
    dots = [
        Point(
            label=names[each.member.id],
            x=each.member.indicator("pmo"),
            y=each.member.indicator("prescription_counter_ratio"),
            href=indicators_href(seen, each.member.id),
            group=class_of(each, address.colour),
        )
        for each in seen.panel.members
    ]
    return ChartModel(
        kind=ChartKind.SCATTER,
        title="Panier moyen ordonnance et VO/VHO",
        unit="€ TTC",
        decimals=2,
        points=tuple(sorted(dots, key=lambda dot: order[dot.group])),
        x_label="PMO",
        y_label="VO/VHO",
        y_decimals=2,
        swap="",
    )


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return names without the first words they all share.

    >>> short_names({"1": "Pharmacie du Parc", "2": "Pharmacie de la Mairie"})
    {'1': 'du Parc', '2': 'de la Mairie'}
    """
    words = {key: name.split() for key, name in names.items()}
    shared = 0
    if len(words) > 1:
        for column in zip(*words.values(), strict=False):
            if len(set(column)) > 1:
                break
            shared += 1
    return {key: " ".join(each[shared:]) or names[key] for key, each in words.items()}


def picture(seen: SeenPanel, address: Address) -> ChartCard | None:
    """Return the picture in its card, with the mean of each group in words."""
    chart = model(seen, address)
    if not any(dot.x is not None and dot.y is not None for dot in chart.points):
        return None
    by = {"nouveau": "new_set", "ancien": "old_set", "modele": "model"}[address.colour]
    means = "\u00a0; ".join(
        _means(group) for group in seen.panel.groups if group.by == by and group.means["pmo"]
    )
    return ChartCard(
        chart,
        note=f"Moyennes (médianes) du PMO et du VO/VHO. {means}.",
        image_href=f"/gestion/classification/nuage?{address.query()}",
        height=HEIGHT,
        id="nuage",
    )


def _means(group: Group) -> str:
    labels = MODEL_LABELS if group.by == "model" else SET_LABELS
    pmo, ratio = (
        f"{french.number(group.means[name], 2)}{unit} ({french.number(group.medians[name], 2)})"
        if group.means[name] is not None
        else "–"
        for name, unit in (("pmo", "\u00a0€"), ("prescription_counter_ratio", ""))
    )
    return f"{labels[group.name]}\u00a0: {pmo} et {ratio}"


def indicators_href(seen: SeenPanel, pharmacy: str) -> str:
    """Return the address of a member's indicators, for the same year of accounts."""
    last = seen.years[pharmacy].last_day.isoformat()
    return f"/gestion/indicateurs?pharmacie={pharmacy}&exercice={last}"


def notes(seen: SeenPanel) -> tuple[str, ...]:
    """Return what to know of some members, by name instead of number."""
    return tuple(
        note.replace(pharmacy, each.name, 1)
        for note in seen.panel.notes
        for pharmacy, each in seen.years.items()
        if note.startswith(pharmacy)
    )
