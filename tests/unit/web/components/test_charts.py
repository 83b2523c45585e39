"""Charts: what the option holds, what screen readers hear, and the server's drawing."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from defusedxml import ElementTree

from galien.web.components.charts import chart_height, chart_option, chart_text
from galien.web.components.options import MAX_BARS
from galien.web.components.pictures import ChartKind, ChartModel, Series
from galien.web.components.sparkline import sparkline
from galien.web.components.svg import chart_svg
from galien.web.components.tokens import tokens
from galien.web.pages.gallery.pictures import cards

MODELS = {name: card.chart for name, card in cards().items()}
TWO_YEARS = ChartModel(
    ChartKind.BARS,
    "CA par univers",
    unit="€ TTC",
    categories=("Beauté", "Vaccin"),
    series=(
        Series("oct. 2026", (Decimal(12000), None)),
        Series("oct. 2025", (9000, 500), "previous"),
    ),
    hrefs=("/beaute", "/vaccin"),
)


@pytest.mark.parametrize("name", MODELS)
def test_an_option_is_plain_json_with_colours_by_name(name: str) -> None:
    option = chart_option(MODELS[name])
    text = json.dumps(option)
    assert json.loads(text) == option
    assert re.findall(r'"#[0-9a-f]{6}"', text) == []
    named = set(re.findall(r'"(--[\w-]+)"', text))
    assert named <= set(tokens())


def test_bars_put_the_year_before_behind_and_lead_down() -> None:
    behind, front = chart_option(TWO_YEARS)["series"]
    assert (behind["name"], behind["data"]) == ("oct. 2025", [9000.0, 500.0])
    assert front["data"] == [
        {"value": 12000.0, "href": "/beaute"},
        {"value": None, "href": "/vaccin"},
    ]
    assert behind["barWidth"] > front["barWidth"]


def test_long_lists_are_cut_in_the_picture_not_in_its_height() -> None:
    many = ChartModel(
        ChartKind.BARS,
        "Produits",
        categories=tuple(str(n) for n in range(40)),
        series=(Series("oct. 2026", tuple(range(40))),),
    )
    assert len(chart_option(many)["yAxis"][0]["data"]) == MAX_BARS
    assert chart_height(many) == MAX_BARS * 30 + 34


@pytest.mark.parametrize(
    ("unit", "value", "heard"),
    [
        ("€ TTC", 1053725, "1,05\u202fM€\u202fTTC"),
        ("%", Decimal("0.2028"), "20,3\u202f%"),
        ("boîtes", 1200, "1\u202f200\u202fboîtes"),
    ],
)
def test_screen_readers_hear_the_largest_figure(unit: str, value: float, heard: str) -> None:
    model = ChartModel(
        ChartKind.BARS, "Essai", unit, categories=("A", "B"), series=(Series("s", (1, value)),)
    )
    if unit == "%":
        model = ChartModel(
            ChartKind.BARS, "Essai", unit, categories=("B",), series=(Series("s", (value,)),)
        )
    assert f"Valeur la plus élevée : B, {heard}." in chart_text(model)


def test_an_empty_chart_has_its_title_to_say() -> None:
    assert chart_text(ChartModel(ChartKind.LINE, "CA par mois")) == "Graphique : CA par mois."


@pytest.mark.parametrize("name", MODELS)
def test_the_server_draws_what_a_strict_page_accepts(name: str) -> None:
    svg = str(chart_svg(MODELS[name], width=500))
    root = ElementTree.fromstring(svg)
    assert root.attrib["width"] == "500"
    assert "style=" not in svg
    assert "<style" not in svg
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 2
    assert root.find("{http://www.w3.org/2000/svg}title") is not None


def test_a_drawing_inside_a_page_follows_its_theme() -> None:
    svg = str(chart_svg(TWO_YEARS, live=True))
    assert 'fill="var(--prev)"' in svg
    assert re.search(r'fill="#[0-9a-f]{6}"', svg) is None
    assert tokens("dark")["--s1"] in str(chart_svg(TWO_YEARS, theme="dark"))


def test_hostile_names_stay_text() -> None:
    hostile = ChartModel(
        ChartKind.BARS,
        "<script>alert(1)</script>",
        categories=('</svg><script>"',),
        series=(Series("s", (3,)),),
    )
    svg = str(chart_svg(hostile))
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_threads_draw_apart() -> None:
    with ThreadPoolExecutor(3) as pool:
        drawn = list(pool.map(lambda _: str(chart_svg(TWO_YEARS)), range(6)))
    assert len(set(drawn)) == 1


def test_a_trend_needs_two_figures_and_skips_holes() -> None:
    assert sparkline((3, None)) == ""
    for values in ((0, None, 10), (None, 0, None, 10, None)):
        points = re.search(r'polyline points="([^"]+)"', sparkline(values))
        assert points is not None
        assert points[1] == "3.0,27.0 93.0,3.0"
