"""How a standing is printed: warnings first, then each figure with its band as a picture."""

from __future__ import annotations

from decimal import Decimal

from galien.calculators.accounting.benchmarks import LEAST_PEERS, Position
from galien.calculators.accounting.references import Reference
from galien.calculators.accounting.warnings import EarlyWarning, State
from galien.kernel import french
from galien.kernel.glossary import label
from galien.kernel.units import Unit
from galien.usecases.benchmarks import Standing
from galien.web.components.models import (
    Action,
    Headline,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.gestion import Choice
from galien.web.lists import badge, counted, plain_table, text, wrapped
from galien.web.pages.references.strip import strip

STATES = {
    State.ALERT: ("Alerte", Tone.WARNING),
    State.CLEAR: ("Rien à signaler", Tone.GOOD),
    State.UNKNOWN: ("Ne peut être dit", Tone.NEUTRAL),
}
TWELVE = 12
ORDER = (State.ALERT, State.CLEAR, State.UNKNOWN)


def head(chosen: Choice, files: Action | None = None) -> PageHead:
    """Return the top of the page."""
    return PageHead(
        title="Où se situe cette pharmacie ?",
        when=f"{chosen.name}, {chosen.when}" if chosen.year else chosen.name,
        actions=(files,) if files else (),
    )


def headlines(found: Standing) -> tuple[Headline, ...]:
    """Return how many warnings there are, and the figures one looks at first."""
    alerts = sum(each.state is State.ALERT for each in found.warnings)
    known = sum(each.state is not State.UNKNOWN for each in found.warnings)
    by_figure = {each.benchmark.figure: each for each in found.positions}
    first = Headline("Alertes", str(alerts), against=f"sur {known} qui peuvent être dites")
    shown = ("gross_margin_rate", "staff_rate", "ebe_rate", "stock_days")
    return (first, *(_headline(by_figure[name]) for name in shown))


def warnings_table(found: Standing) -> TableModel:
    """Return the warnings, alerts first."""
    columns = (
        text("label", "Alerte"), text("state", "État"), text("value", "Chiffre"),
        text("sentence", "Constat"), text("threshold", "Seuil"),
    )  # fmt: skip
    ordered = sorted(found.warnings, key=lambda each: ORDER.index(each.state))
    rows = (
        Row(
            cells=(
                each.label,
                badge(*STATES[each.state]),
                _print(each.value, each.unit),
                wrapped(each.sentence or (f"Il manque {each.missing}." if each.missing else "–")),
                _threshold(each),
            )
        )
        for each in ordered
    )
    return plain_table("Alertes", columns, rows, noun=("alerte", "alertes"), identity="warnings")


def positions_table(found: Standing) -> TableModel:
    """Return the figures against references and peers, each with its picture."""
    columns = [
        text("figure", "Indicateur"), text("value", "Cette pharmacie"),
        text("picture", "Position"), text("reference", "Référence"), text("others", "Autres sources"),
    ]  # fmt: skip
    if found.told:
        columns.append(text("peers", "Pharmacies comparables"))
    rows = (
        Row(
            cells=(
                label(each.benchmark.figure),
                _print(each.value, each.benchmark.unit)
                if each.value is not None
                else wrapped(f"Il manque {each.missing}."),
                strip(each),
                _reference(each.references[0], each.benchmark.unit) if each.references else "–",
                wrapped(
                    " ; ".join(_reference(one, each.benchmark.unit) for one in each.references[1:])
                    or "–"
                ),
                *((_peers(each),) if found.told else ()),
            )
        )
        for each in found.positions
    )
    return plain_table(
        "Positions", columns, rows, noun=("indicateur", "indicateurs"), identity="positions"
    )


def peers_sentence(found: Standing) -> str:
    """Say how large the comparison set is, and why it is not shown when it is too small."""
    size = counted(found.peers, "autre pharmacie", "autres pharmacies")
    if found.told:
        return (
            f"Comparée à {size} dont vous voyez les comptes : premier quartile, médiane, troisième."
        )
    return (
        f"{size} dans cette sélection : il en faut au moins {LEAST_PEERS} pour ne montrer les "
        "chiffres de "
        "personne. Élargissez la sélection."
    )


def notes(found: Standing) -> tuple[str, ...]:
    """Return what to know of the references."""
    sizes = [one for each in found.positions for one in each.references if one.upper is not None]
    band = next(iter(sizes), None)
    told = []
    if band is not None:
        low = french.compact_amount(band.lower) if band.lower else "0"
        told.append(
            f"Tranche de 2006 : de {low} à {french.compact_amount(band.upper)} de chiffre "
            "d’affaires HT."
        )
        if band.beyond:
            told.append(
                "Le chiffre d’affaires dépasse la dernière tranche publiée : elle sert quand même."
            )
    if found.months != TWELVE:
        told.append(
            f"L’exercice a {found.months} mois : sa tranche et son chiffre d’affaires par "
            "personne sont ceux de "
            "ces mois, non d’une année."
        )
    told += [
        "La bande verte va de la plus basse à la plus haute des références, le trait marque la "
        "première, le point "
        "la pharmacie.",
        "Les jours se comptent sur leur propre flux : stock en jours d’achats HT, fournisseurs "
        "en jours d’achats "
        "TTC, clients en jours de chiffre d’affaires TTC, besoin en fonds de roulement en jours "
        "de chiffre "
        "d’affaires HT.",
        "Le nombre de titulaires n’est pas au fichier des pharmacies : il ne peut servir à "
        "comparer. La forme "
        "juridique et le régime sont lus dans les comptes (compte 108, compte 695).",
    ]
    return tuple(told)


def tables(found: Standing) -> list[TableModel]:
    """Return those that a file holds."""
    return [warnings_table(found), positions_table(found)]


def _headline(position: Position) -> Headline:
    unit = position.benchmark.unit
    first = position.references[0] if position.references else None
    return Headline(
        label(position.benchmark.figure),
        _print(position.value, unit),
        reference=f"Référence {_reference(first, unit)}" if first else "",
    )


def _threshold(warning: EarlyWarning) -> object:
    known = warning.threshold
    if known is None:
        return "–"
    value = _print(known.value, _unit_of(warning))
    value += " mois" if warning.code == "receivables" else ""
    return wrapped(f"{value} ({known.year}, {known.source})")


def _unit_of(warning: EarlyWarning) -> Unit:
    if warning.code == "receivables":
        return Unit.COUNT
    return Unit.RATIO if warning.code == "goodwill" else warning.unit


def _reference(reference: Reference, unit: Unit) -> str:
    return f"{_print(reference.value, unit)} ({reference.year})"


def _peers(position: Position) -> str:
    known, unit = position.peers, position.benchmark.unit
    if known is None:
        return "–"
    return " · ".join(_print(value, unit) for value in (known.low, known.median, known.high))


def _print(value: Decimal | None, unit: Unit) -> str:
    if value is None:
        return "–"
    if unit is Unit.RATIO:
        return french.percent(value, 1)
    if unit is Unit.DAYS:
        return f"{french.number(value, 0)} j"
    if unit.is_money:
        return french.amount(value, 0)
    return french.number(value, 0 if value % 1 == 0 else 1)
