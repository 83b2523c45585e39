"""How the plan of an acquisition is printed: its years, its pictures, its stress, its flags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from galien.calculators.accounting.acquisition import Outcome, PlanYear
from galien.calculators.accounting.acquisition_flags import Flag
from galien.calculators.accounting.acquisition_stress import Stress
from galien.kernel import french
from galien.web.components.models import (
    Action,
    CellKind,
    Column,
    Headline,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.components.svg import chart_svg
from galien.web.gestion import Choice
from galien.web.lists import badge, plain_table, text, wrapped

Read = Callable[[PlanYear], Decimal]
LINES: tuple[tuple[str, Read], ...] = (
    ("Chiffre d’affaires HT", lambda year: year.turnover),
    ("Marge", lambda year: year.margin),
    ("Charges externes", lambda year: -year.external),
    ("Personnel", lambda year: -year.staff),
    ("Impôts et taxes", lambda year: -year.taxes),
    ("Excédent brut avant titulaire", lambda year: year.ebe),
    ("Rémunération du titulaire", lambda year: -year.owner_pay),
    ("Impôt sur le bénéfice", lambda year: -year.tax),
    ("Disponible pour les prêts", lambda year: year.available),
    ("Intérêts", lambda year: -year.interest),
    ("Capital remboursé", lambda year: -year.principal),
    ("Variation du besoin en fonds de roulement", lambda year: -year.working_capital_change),
    ("Investissements", lambda year: -year.investment),
    ("Flux de l’année", lambda year: year.cash_flow),
    ("Trésorerie en fin d’année", lambda year: year.cash),
    ("Capital restant dû", lambda year: year.owed),
)
STRONG = {
    "Excédent brut avant titulaire",
    "Disponible pour les prêts",
    "Flux de l’année",
    "Trésorerie en fin d’année",
}


def head(choice: Choice | None, files: Action) -> PageHead:
    """Return the top of the page."""
    name = f"À partir de {choice.name}, {choice.when}" if choice and choice.year else ""
    return PageHead(
        title="Peut-on acheter cette pharmacie ?",
        when=name or "D’après les chiffres saisis",
        note="plan sur sept ans, en euros courants",
        actions=(files,),
    )


def headlines(outcome: Outcome | None, strained: Stress | None) -> tuple[Headline, ...]:
    """Return what decides: cover, cash, and the loss of turnover the plan bears."""
    if outcome is None or strained is None:
        return ()
    lowest = min(outcome.years, key=lambda year: year.cash)
    loss = strained.break_even
    return (
        Headline("Couverture la plus faible", _ratio(outcome.least_cover),
                 against="disponible ÷ annuité ; 1 suffit tout juste"),
        Headline("Trésorerie de départ", french.compact_amount(outcome.opening_cash),
                 exact=french.amount(outcome.opening_cash, 0), against="après paiement du prix"),
        Headline("Trésorerie la plus basse", french.compact_amount(outcome.least_cash),
                 exact=french.amount(outcome.least_cash, 0),
                 against=f"fin {lowest.year}" if lowest.cash == outcome.least_cash else "au départ"),
        Headline("Perte de CA supportée", "aucune" if loss is None else french.percent(loss, 1),
                 against="prêts payés, trésorerie positive"),
    )  # fmt: skip


def years_table(outcome: Outcome) -> TableModel:
    """Return the seven years, a line for each figure."""
    columns = (
        text("line", "Ligne"),
        *(
            Column(str(year.year), str(year.year), kind=CellKind.NUMBER, unit="€")
            for year in outcome.years
        ),
    )
    rows = [
        Row(
            cells=(label, *(read(year) for year in outcome.years)),
            tone="strong" if label in STRONG else "",
        )
        for label, read in LINES
    ]
    return plain_table("Plan sur sept ans", columns, rows, identity="plan")


def cover_table(outcome: Outcome) -> TableModel:
    """Return the cover of loans, year by year."""
    columns = (
        text("line", "Ligne"),
        *(
            Column(str(year.year), str(year.year), kind=CellKind.NUMBER, decimals=2)
            for year in outcome.years
        ),
    )
    row = Row(cells=("Disponible ÷ annuité", *(year.cover for year in outcome.years)))
    return plain_table("Couverture des prêts", columns, [row], identity="cover")


def charts(outcome: Outcome | None) -> tuple[ChartCard, ...]:
    """Draw cash, and the cover of loans."""
    if outcome is None:
        return ()
    years = tuple(str(year.year) for year in outcome.years)
    cash = ChartModel(
        ChartKind.LINE, "Trésorerie et dette en fin d’année", unit="€", categories=years,
        series=(
            Series("Trésorerie", tuple(year.cash for year in outcome.years)),
            Series("Capital restant dû", tuple(year.owed for year in outcome.years), "previous"),
        ),
        swap="",
    )  # fmt: skip
    cover = ChartModel(
        ChartKind.LINE, "Couverture des prêts", unit="", decimals=2, categories=years,
        series=(
            Series("Couverture", tuple(_round(year.cover) for year in outcome.years)),
            Series("Seuil", tuple(Decimal(1) for _ in years), "target"),
        ),
        swap="",
    )  # fmt: skip
    return tuple(
        ChartCard(model, svg=chart_svg(model, width=560, live=True), id=name)
        for name, model in (("tresorerie", cash), ("couverture", cover))
    )


def stress_table(strained: Stress) -> TableModel:
    """Return the worst cover and the lowest cash under losses."""
    columns = (
        text("margin", "Marge perdue"),
        *(
            Column(str(loss), f"CA {french.evolution(-loss, 0)}" if loss else "CA du plan",
                   kind=CellKind.TEXT)
            for loss in strained.losses
        ),
    )  # fmt: skip
    rows = [
        Row(
            cells=(
                f"{french.number(points * 100, 0)} point{'s' if points > Decimal('0.01') else ''}"
                if points
                else "Aucune",
                *(_case(case.outcome) for case in strained.cases if case.margin_loss == points),
            )
        )
        for points in strained.points
    ]
    return plain_table(
        "Pire couverture et trésorerie la plus basse", columns, rows, identity="stress"
    )


def flag_rows(found: Sequence[Flag]) -> TableModel | None:
    """Return what to look at."""
    if not found:
        return None
    rows = (Row(cells=(wrapped(each.sentence), _state(each))) for each in found)
    columns = (text("sentence", "Constat"), text("state", "État"))
    return plain_table("À regarder", columns, rows, noun=("point", "points"), identity="flags")


def tables(outcome: Outcome | None, strained: Stress | None) -> list[TableModel]:
    """Return those that a file holds."""
    found = [years_table(outcome), cover_table(outcome)] if outcome else []
    return [*found, *([stress_table(strained)] if strained else [])]


def _case(outcome: Outcome) -> object:
    told = f"{_ratio(outcome.least_cover)} · {french.compact_amount(outcome.least_cash)}"
    return badge(told, Tone.GOOD if outcome.holds else Tone.ERROR)


def _state(flag: Flag) -> object:
    if not flag.known:
        return badge("À demander", Tone.NEUTRAL)
    return badge("Bon", Tone.GOOD) if flag.sound else badge("À regarder", Tone.WARNING)


def _ratio(value: Decimal | None) -> str:
    return "–" if value is None else french.number(value, 2)


def _round(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 3)
