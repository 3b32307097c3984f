"""The correspondents' way through the portal in a real browser, with a real worker behind it."""

import csv
import io
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from flows.indicators import indicators
from flows.territory import territory
from portal.app import create_app
from senacs.accounts import Role
from senacs.deliveries import TerritoryYear
from senacs.demo_supplier import serving
from senacs.services import prefect_client, prefect_env, stack
from senacs.services.layout import Layout
from senacs.settings import Settings, settings
from senacs.warehouse import engine
from tasks import accounts
from tasks.prepare import prepare
from tests.support.browsing import Keyboard, chromium, served, shot
from tests.support.installation import SUPPLIER, plain, settings_in_environment
from tests.support.watching import unwatched

KEY = TerritoryYear("senacs", "92", 2012)
PLACE = "/territoires/92/senacs/2012"
EXPORT = SUPPLIER / "senacs" / "senacs_92_2012.csv"
PASSWORD = "une phrase assez longue"
PEOPLE = {
    "correspondante@exemple.fr": ("Mme Essai", Role.CORRESPONDENT),
    "national@exemple.fr": ("M. Exemple", Role.NATIONAL),
    "admin@exemple.fr": ("Mme Modèle", Role.ADMIN),
}
WORK = 120_000
"""Milliseconds that the worker may take: it starts a process for each run."""


@dataclass(frozen=True)
class Site:
    """The portal, and the browsers that look at it."""

    address: str
    browser: Browser

    def page(self, email: str = "", **context: object) -> Page:
        """A page of a browser of its own, signed in where an account is named."""
        context = self.browser.new_context(base_url=self.address, locale="fr-FR", **context)
        if email:
            value = accounts.sign_in(email, PASSWORD, "127.0.0.1", datetime.now(UTC))
            context.add_cookies([{"name": "senacs_session", "value": value, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What `senacs up` starts, the survey of 2012 loaded, an account of each kind, a browser."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    home = tmp_path_factory.mktemp("portal") / "home"
    expect.set_options(timeout=20_000)
    with (
        chromium() as browser,
        serving(SUPPLIER) as supplier,
        settings_in_environment(home=home, supplier_url=supplier),
    ):
        own = Settings(home=home, supplier_url=supplier, database_url=None, prefect_port=port)
        try:
            stack.up(own)
            unwatched(port)
            with prefect_client.directed(prefect_env.client(Layout.of(home), port)):
                load()
                open_accounts()
                with served(create_app(settings())) as address:
                    yield Site(address, browser)
        finally:
            for one in (engine.warehouse, engine.warehouse_as_owner, engine.warehouse_of_portal):
                one().dispose()
            engine._engine.cache_clear()
            stack.down(own)


def load() -> None:
    for collection in ("registre", "senacs"):
        prepare.fn(collection)
        plain(territory)(collection, "92", 2012)
    plain(indicators)("senacs", 2012)


def open_accounts() -> None:
    for email, (name, role) in PEOPLE.items():
        accounts.make_account(email, name, role, "tests", datetime.now(UTC))
        accounts.set_password(email, PASSWORD, "tests")
    accounts.give_territory("correspondante@exemple.fr", "92", "tests", date(2012, 1, 1))


def corrected(folder: Path, number: str) -> Path:
    """The source's export with another number in place of « environ 40 »."""
    rows = list(csv.reader(io.StringIO(EXPORT.read_bytes().decode("cp1252"), newline=""),
                           delimiter=";"))  # fmt: skip
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(
        [number if cell == "environ 40" else cell for cell in row] for row in rows
    )
    file = folder / f"corrige-{number}.csv"
    file.write_bytes(out.getvalue().encode("cp1252"))
    return file


def test_the_whole_way_with_the_keyboard_alone(site: Site, tmp_path: Path) -> None:
    page = site.page(viewport={"width": 1280, "height": 900})
    hands = Keyboard(page)
    page.goto("/")
    hands.type("Adresse électronique", "correspondante@exemple.fr")
    hands.type("Mot de passe", PASSWORD)
    hands.enter("Se connecter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos territoires")
    hands.enter("Hauts-de-Seine")
    hands.enter("2012")
    expect(page.get_by_text("données simulées")).to_be_visible()
    hands.enter("à traiter, à vérifier")
    hands.enter("Répondre")
    hands.reach("Corriger")
    page.keyboard.press("ArrowDown")
    hands.type("Motif", "Vérifié <b>avec</b> la structure.")
    hands.enter("Enregistrer la réponse")
    expect(page.get_by_role("status").first).to_contain_text("enregistrée")
    hands.enter("Envois")
    with page.expect_file_chooser() as chooser:
        hands.reach("Un export corrigé")
        page.keyboard.press("Enter")
    chooser.value.set_files(corrected(tmp_path, "41"))
    hands.enter("Envoyer et essayer")
    shot(page, "essai-en-cours")
    # htmx puts the end in place by itself.
    expect(page.get_by_role("heading", name="Ce qui changerait")).to_be_visible(timeout=WORK)
    # The number, and the answer that is confirmed.
    expect(page.locator("dl.facts")).to_contain_text("Changées2")
    looked_at(page, "essai")
    hands.enter("Relancer")
    expect(page.locator("ol.steps")).to_be_visible()
    shot(page, "relance-en-cours")
    expect(page.get_by_text("Terminée")).to_be_visible(timeout=WORK)
    looked_at(page, "relance")
    hands.enter("Voir les constats")
    page.goto(f"{PLACE}/constats?etat=repondus")
    expect(page.get_by_text("Vérifié <b>avec</b> la structure.").first).to_be_visible()
    page.goto(f"{PLACE}/envois")
    expect(page.get_by_text("En place")).to_be_visible()
    page.context.close()


def test_the_whole_way_without_javascript(site: Site, tmp_path: Path) -> None:
    page = site.page("correspondante@exemple.fr", java_script_enabled=False)
    page.goto(f"{PLACE}/envois")
    page.get_by_label("Un export corrigé").set_input_files(corrected(tmp_path, "42"))
    page.get_by_role("button", name="Envoyer et essayer").click()
    expect(page.get_by_role("heading", name="Ce qui changerait")).to_be_visible(timeout=WORK)
    page.get_by_role("button", name="Relancer").click()
    expect(page.get_by_text("Terminée")).to_be_visible(timeout=WORK)
    page.goto(f"{PLACE}/historique")
    expect(page.get_by_text("a demandé une relance", exact=False).first).to_be_attached()
    page.context.close()


def looked_at(page: Page, name: str) -> None:
    """Nothing that axe finds, at any width, and nothing to be scrolled sideways at 320 px."""
    shot(page, f"{name}-1280")
    found = Axe().run(page)
    assert not found.violations_count, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 640})
    shot(page, f"{name}-320")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320, f"{name} is {wide} px wide"
    found = Axe().run(page)
    assert not found.violations_count, found.generate_report()
    page.set_viewport_size({"width": 1280, "height": 900})


PAGES = {
    "": ("/connexion", "/nulle-part"),
    "correspondante@exemple.fr": (
        "/",
        "/mot-de-passe",
        "/jetons",
        "/double-authentification",
        "/api/v1",
        "/territoires/92",
        PLACE,
        f"{PLACE}/constats",
        f"{PLACE}/constats?etat=tous&gravite=info",
        f"{PLACE}/constats?structure=personne",
        f"{PLACE}/envois",
        f"{PLACE}/historique",
        "/territoires/nulle-part",
    ),
    "national@exemple.fr": ("/", "/national", "/territoires/92", PLACE),
    "admin@exemple.fr": (
        "/admin/comptes",
        "/admin/calendrier",
        "/admin/jetons",
        "/admin/journal",
        "/national",
    ),
}


@pytest.mark.parametrize("email", PAGES)
def test_every_kind_of_page_is_for_everybody(site: Site, email: str) -> None:
    page = site.page(email, viewport={"width": 1280, "height": 900})
    for number, address in enumerate(PAGES[email]):
        page.goto(address)
        looked_at(page, f"{email.partition('@')[0] or 'personne'}-{number}")
    page.context.close()


def test_a_finding_and_its_form_are_for_everybody(site: Site) -> None:
    page = site.page("correspondante@exemple.fr", viewport={"width": 1280, "height": 900})
    page.goto(f"{PLACE}/constats")
    page.get_by_role("link", name="Répondre").first.click()
    looked_at(page, "constat")
    page.get_by_label("Nouvelle valeur").fill("beaucoup")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Nouvelle valeur")).to_have_value("beaucoup")
    looked_at(page, "constat-refuse")
    page.context.close()
