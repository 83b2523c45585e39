"""Every page of lists and forms in a real browser: nothing stands in the way of a reader, on any screen."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.builders.machine import chromium
from tests.pages.test_gallery import AXE, QUIET, RULES

pytestmark = pytest.mark.browser

PAGES = {
    "admin": (
        "/", "/?flux=purchases", "/donnees/fichiers", "/donnees/depot", "/donnees/quarantaine",
        "/donnees/correspondances", "/donnees/correspondances/nouvelle",
        "/donnees/correspondances/demo-officine", "/donnees/catalogue", "/donnees/catalogue?q=conseil",
        "/donnees/catalogue/inconnus", "/donnees/catalogue/3400930000014", "/donnees/publications",
        "/produit?q=rien", "/taches", "/vues/", "/compte", "/administration/membres",
        "/administration/pharmacies", "/administration/autorisations", "/administration/acces",
        "/administration/cles", "/etat", "/gestion/indicateurs", "/gestion/indicateurs/activite",
        "/gestion/classification", "/ventes/paniers-par-pharmacie",
    ),
    "titulaire": (
        "/", "/autorisations", "/compte", "/donnees/quarantaine", "/donnees/depot",
        "/gestion/remuneration", "/gestion/loi/essai", "/gestion/rapprochement",
        "/gestion/sig", "/gestion/exercices", "/gestion/exercices/saisie",
        "/gestion/loi/essai?parametre=mdl_scale&de=0&taux=20&de=10&taux=5",
        "/achats/factures", "/achats/reclamations", "/stock/ruptures", "/stock/ruptures?vue=nationale",
        "/prix/politiques", "/prix/politiques/nouvelle",
        "/prix/calcul?cout=28&donne=price_excl&valeur=40&tva=20",
        "/prix/marges", "/prix/marges?par=lab", "/prix/coherence", "/prix/references",
        "/prix/elasticites",
    ),
}  # fmt: skip
SCREENS = {"light": (1440, 900), "dark": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def address(small_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site of the small group, served by a process of its own."""
    place = tmp_path_factory.mktemp("served") / "workspace"
    shutil.copytree(small_workspace, place)
    (place / "records.version").unlink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "galien.site.main", "serve", "--no-worker"]
    served = subprocess.Popen(
        [*command, "--workspace", str(place), "--port", str(port)],
        env=os.environ
        | {"GALIEN_BASE_URL": f"http://localhost:{port}", "GALIEN_WORKSPACE": str(place)},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _answering(f"http://localhost:{port}", served)
    finally:
        served.terminate()
        served.wait(timeout=30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=str(chromium()), args=list(QUIET))
        yield made
        made.close()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("person", PAGES)
def test_nothing_stands_in_the_way_of_a_reader(
    browser: Browser, address: str, person: str, screen: str
) -> None:
    context = _signed_in(browser, address, person, screen)
    found = {}
    page = context.new_page()
    for path in PAGES[person]:
        page.goto(address + path)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        seen = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        wide = page.evaluate("document.documentElement.scrollWidth") > SCREENS[screen][0]
        problems = {
            each["id"]: [n["html"][:90] for n in each["nodes"]] for each in seen["violations"]
        }
        if problems or wide or page.locator("h1").count() != 1:
            found[path] = (problems, wide, page.locator("h1").count())
    context.close()
    assert found == {}


def _signed_in(browser: Browser, address: str, person: str, screen: str) -> BrowserContext:
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if screen == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("[name=login]", person)
    page.fill("[name=password]", "galien")
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
    page.close()
    return context


def _answering(address: str, served: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        assert served.poll() is None
        try:
            urllib.request.urlopen(f"{address}/health", timeout=1).close()  # noqa: S310
        except OSError:
            time.sleep(0.2)
        else:
            return address
    raise AssertionError("the site did not start")
