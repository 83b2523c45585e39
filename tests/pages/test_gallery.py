"""The gallery in a real browser, under the site's content policy: readable, operable, without errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.builders.gallery import render, served
from tests.builders.machine import chromium

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=str(chromium()), args=list(QUIET))
        yield made
        made.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served({"/": render()}) as found:
        yield found


@contextmanager
def opened(browser: Browser, address: str, **context: Any) -> Iterator[Page]:
    """Give the gallery, open and drawn; what the console said fails the test at the end."""
    said: list[str] = []
    size = context.pop("size", (1440, 900))
    viewport = {"width": size[0], "height": size[1]}
    page = browser.new_context(viewport=viewport, **context).new_page()  # type: ignore[arg-type]
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    if context.get("java_script_enabled", True):
        page.wait_for_selector("#chart-heatmap svg")
    yield page
    page.context.close()
    assert said == []


@pytest.mark.parametrize(
    ("theme", "size"), [("light", (1440, 900)), ("dark", (1440, 900)), ("light", (390, 844))]
)
def test_nothing_stands_in_the_way_of_a_reader(
    browser: Browser, address: str, theme: str, size: tuple[int, int]
) -> None:
    with opened(browser, address, size=size, color_scheme=theme) as page:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        violations = {
            each["id"]: [n["html"] for n in each["nodes"]] for each in found["violations"]
        }
        assert violations == {}
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width == size[0]


def test_without_scripts_the_figures_and_the_drawing_are_there(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, java_script_enabled=False) as page:
        assert page.locator("table.figures tbody tr").count() == 12
        assert page.locator("#chart .chart > svg text").first.is_visible()
        assert not page.locator(".find").is_visible()
        page.locator("th .def summary").first.click()
        assert page.locator("th .def-card").first.is_visible()


def test_the_keyboard_reaches_menu_filters_table_and_help(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.keyboard.press("/")
        page.keyboard.type("generaux")
        assert page.locator(".menu-none").is_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("f")
        assert page.locator(".filters-panel").is_visible()
        page.keyboard.press("Escape")
        page.locator("tbody th a").first.focus()
        page.keyboard.press("ArrowDown")
        focused = page.evaluate("document.activeElement.textContent")
        assert focused == "Santé familiale"
        page.keyboard.press("?")
        assert page.locator("#keys").is_visible()


def test_a_row_has_its_menu_by_button_and_by_right_click(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        row = page.locator("tbody tr", has_text="Beauté")
        row.click(button="right")
        link = page.locator(".row-actions a").first
        assert link.get_attribute("href") == "#Beaut%C3%A9"
        page.keyboard.press("Escape")
        assert page.locator(".row-actions").count() == 0
        row.hover()
        row.locator(".row-menu").click()
        assert page.locator(".row-actions a").count() == 4


def test_the_theme_chosen_is_kept_and_redraws(browser: Browser, address: str) -> None:
    with opened(browser, address, color_scheme="light") as page:
        bar = "#chart .chart path[fill='#4cc495']"
        assert page.locator(bar).count() == 0
        page.locator(".account summary").click()
        page.get_by_text("Sombre").click()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.locator(bar).count() > 0
        assert "galien_theme=dark" in page.evaluate("document.cookie")


def test_a_phone_has_a_drawer_and_a_sheet(browser: Browser, address: str) -> None:
    with opened(browser, address, size=(390, 844), has_touch=True, is_mobile=True) as page:
        page.locator("[data-drawer-open]").click()
        page.wait_for_timeout(300)
        assert page.locator(".side nav").bounding_box() is not None
        page.keyboard.press("Escape")
        page.locator("[data-filters] > summary").click()
        panel = page.locator(".filters-panel").bounding_box()
        assert panel is not None
        assert round(panel["y"] + panel["height"]) == 844


def test_a_figure_hovered_in_the_chart_is_written_in_full(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.locator("#chart .chart").hover(position={"x": 60, "y": 60})
        tip = page.locator("#chart .chart-tip")
        tip.wait_for()
        words = tip.inner_text().replace("\n", " ")
        assert "1\u202f053\u202f725\u202f€ TTC" in words
        assert "\u22124,8\u202f%" in words
