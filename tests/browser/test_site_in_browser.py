"""The pages of an edition in a real browser: for everybody, on a phone, without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from senacs.site.pages import site_of
from tests.support.browsing import chromium, shot
from tests.support.editions import edition
from tests.support.outlines import outline

DEPARTEMENTS = ("2A", "2B", "34", "92", "973")
PAGES = (
    "index.html",
    "territoires-enquetes.html",
    "departement-92.html",
    "departement-973.html",
    "indicateurs.html",
    "donnees.html",
    "indicateur-budget-moyen.html",
    "methode.html",
    "nouveautes.html",
)
NARROW = {"width": 320, "height": 640}


@dataclass(frozen=True)
class Site:
    """The pages in a folder, and a browser that opens them from there."""

    folder: Path
    browser: Browser

    def open(self, name: str, **context: object) -> Page:
        page = self.browser.new_context(locale="fr-FR", **context).new_page()
        page.goto((self.folder / name).as_uri())
        return page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    made = site_of(edition(departements=DEPARTEMENTS), outline())
    for page in made.all():
        if page.name in PAGES or not page.name.endswith(".html"):
            (folder / page.name).write_text(page.text, encoding="utf-8")
    with chromium() as browser:
        yield Site(folder, browser)


@pytest.mark.parametrize("name", PAGES)
def test_no_one_is_kept_out(site: Site, name: str):
    page = site.open(name)

    found = Axe().run(page)

    shot(page, f"site-{name.removesuffix('.html')}")
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_on_a_phone(site: Site, name: str):
    page = site.open(name, viewport=NARROW)

    shot(page, f"site-{name.removesuffix('.html')}-320")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_nothing_is_asked_of_another_host(site: Site):
    asked: list[str] = []
    page = site.browser.new_context().new_page()
    page.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        page.goto((site.folder / name).as_uri())

    assert {url.rpartition("/")[0] for url in asked} == {site.folder.as_uri()}


def test_the_list_is_whole_without_a_script_and_has_no_search(site: Site):
    page = site.open("index.html", java_script_enabled=False)

    assert page.locator("#liste li").count() == len(DEPARTEMENTS) + 4
    expect(page.locator("#recherche")).to_be_hidden()


def test_the_search_finds_by_name_without_accents_and_by_number(site: Site):
    page = site.open("index.html")
    shown = page.locator("#liste li:visible > a")
    field = page.get_by_label("Nom ou numéro")

    field.fill("herault")
    expect(shown).to_have_text(["Occitanie", "Hérault (34)"])

    field.fill("2a")
    expect(shown).to_have_text(["Corse", "Corse-du-Sud (2A)"])
    expect(page.get_by_role("status")).to_have_text("1 territoire")

    field.fill("")
    assert shown.count() == len(DEPARTEMENTS) + 4
