"""The charts of the gallery, one of each kind, with invented figures."""

from __future__ import annotations

from galien.web.components.models import Link
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Node, Point, Series
from galien.web.components.svg import chart_svg

MONTHS = (
    "nov.",
    "déc.",
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
)
NAMES = (
    "Santé familiale",
    "Diététique",
    "Orthopédie",
    "Beauté",
    "Vaccin",
    "Bébé et maman",
    "Hygiène bucco-dentaire",
    "Hygiène",
)
NOW = (1053725, 417024, 384402, 264404, 126561, 102847, 85108, 65720)
BEFORE = (1106273, 427761, 407854, 241973, 139676, 100221, 80427, 58642)
LABS = (
    ("Biogaran", 182000, 0.41, 90),
    ("Viatris", 151000, 0.38, 75),
    ("Sandoz", 98000, 0.44, 44),
    ("Teva", 87000, 0.29, 60),
    ("Arrow", 64000, 0.35, 31),
    ("EG Labo", 41000, 0.22, 28),
    ("Zentiva", 23000, 0.47, 9),
)
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
BANDS = ("8 h", "10 h", "12 h", "14 h", "16 h", "18 h")


def cards() -> dict[str, ChartCard]:
    """Return a card for each kind of chart."""
    tabs = (Link("Barres", "#", current=True), Link("Carte", "#"), Link("Mois", "#"))
    return {
        "bars": ChartCard(
            _bars(),
            tabs,
            note="Prescription médicale obligatoire (4,83 M€) hors échelle.",
            note_link=Link("L’inclure", "#"),
            svg=chart_svg(_bars(), width=360, live=True),
        ),
        "line": ChartCard(_line(), id="chart-line"),
        "stack": ChartCard(_stack(), id="chart-stack"),
        "treemap": ChartCard(_treemap(), id="chart-treemap"),
        "scatter": ChartCard(_scatter(), id="chart-scatter"),
        "heatmap": ChartCard(_heatmap(), id="chart-heatmap"),
    }


def _bars() -> ChartModel:
    return ChartModel(
        ChartKind.BARS,
        "CA TTC par univers",
        unit="€ TTC",
        categories=NAMES,
        series=(Series("oct. 2026", NOW), Series("oct. 2025", BEFORE, "previous")),
        hrefs=tuple("#" for _ in NAMES),
    )


def _stack() -> ChartModel:
    parts = (("Marge réglementée", 22), ("Honoraires", 51), ("Remises génériques", 24))
    return ChartModel(
        ChartKind.STACK,
        "Rémunération sur les médicaments par mois",
        unit="€",
        categories=MONTHS,
        series=tuple(
            Series(label, tuple(1000 * (size + (rank * 7) % 5) for rank in range(len(MONTHS))))
            for label, size in parts
        ),
    )


def _line() -> ChartModel:
    now = (
        7.61e6,
        7.92e6,
        7.73e6,
        8.20e6,
        8.63e6,
        8.11e6,
        7.84e6,
        7.42e6,
        7.90e6,
        8.02e6,
        8.10e6,
        8.22e6,
    )
    before = (
        7.40e6,
        7.85e6,
        7.52e6,
        7.71e6,
        8.10e6,
        7.95e6,
        7.70e6,
        7.20e6,
        7.62e6,
        7.81e6,
        7.99e6,
        7.95e6,
    )
    return ChartModel(
        ChartKind.LINE,
        "CA TTC par mois",
        unit="€ TTC",
        categories=MONTHS,
        series=(Series("12 derniers mois", now), Series("12 mois précédents", before, "previous")),
    )


def _treemap() -> ChartModel:
    nodes = tuple(
        Node(name, now, (now - before) / before, "#")
        for name, now, before in zip(NAMES, NOW, BEFORE, strict=True)
    )
    return ChartModel(ChartKind.TREEMAP, "Poids des univers", unit="€ TTC", nodes=nodes)


def _scatter() -> ChartModel:
    return ChartModel(
        ChartKind.SCATTER,
        "Remise selon le volume acheté",
        unit="€",
        points=tuple(Point(name, x, y, size, "#") for name, x, y, size in LABS),
        x_label="Achats au prix catalogue",
        y_label="Taux de remise",
        y_unit="%",
        y_decimals=1,
    )


def _heatmap() -> ChartModel:
    return ChartModel(
        ChartKind.HEATMAP,
        "CA TTC par jour et par heure",
        unit="€ TTC",
        categories=DAYS,
        bands=BANDS,
        series=tuple(
            Series(day, tuple(9000 + 1700 * ((rank * 5 + band * 3) % 11) for band in range(6)))
            for rank, day in enumerate(DAYS)
        ),
    )
