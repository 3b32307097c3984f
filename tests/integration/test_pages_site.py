"""Reports and site of a real warehouse, against the tables they come from."""

import html
import re
from datetime import date
from pathlib import Path

import pytest

from senacs.codebook import collection_names
from senacs.deliveries import Outcome
from senacs.french import number, typography
from senacs.pages.contacts import masked
from senacs.settings import PROJECT_ROOT
from senacs.vintages.model import Kind
from tasks.edition_folder import write_edition
from tasks.manifest import verify
from tasks.publish import publish, published_collections
from tasks.vintages import propose_vintage, release_vintage
from tests.support.installation import CAMPAIGNS


def published(named=None) -> dict[str, str]:
    index = Path(publish.fn(published_collections.fn(named)))
    return {path.name: path.read_text("utf-8") for path in index.parent.glob("*.html")}


def text_of(page: str) -> str:
    """What a page says, in plain spaces and apostrophes."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", page.split("</style>")[1]))
    return re.sub(r"\s+", " ", plain.replace("’", "'"))


def plainly(text: str) -> str:
    return re.sub(r"\s+", " ", typography(text).replace("’", "'"))


@pytest.fixture(scope="module")
def site(loaded) -> dict[str, str]:
    made = published()
    assert (loaded.home / "site" / "index.html").is_file()
    return made


class TestSite:
    def test_it_has_an_index_and_a_page_for_each_collection(self, site):
        declared = collection_names(PROJECT_ROOT / "codebook")
        pages = {f"{name.replace('_', '-')}.html" for name in declared}
        assert set(site) == {"index.html"} | pages

    def test_same_data_same_bytes(self, loaded, site):
        for name in site:
            (loaded.home / "site" / name).unlink()

        assert published() == site

    def test_one_collection_leaves_the_others_and_the_index(self, loaded, site):
        untouched = loaded.home / "site" / "senacs.html"
        untouched.write_text("as it was", "utf-8")

        again = published(["adulte_relais"])

        assert again["senacs.html"] == "as it was"
        assert again["index.html"] == site["index.html"]
        assert published() == site

    def test_growth_of_the_perimeter_shows_with_its_base(self, site):
        for name in ("index.html", "senacs.html"):
            said = text_of(site[name])

            assert "24 / 24 (100 %)" in said
            assert "33 / 40 (82 %)" in said
            assert "n'ont pas le même périmètre" in said

    def test_simulated_is_said_of_what_is_and_of_nothing_else(self, site):
        assert "Données simulées" in site["senacs.html"]
        assert "Données simulées" in site["registre.html"]
        assert "Données simulées" not in site["adulte-relais.html"]

    def test_there_is_no_contact_and_no_structure(self, loaded, site):
        everything = "".join(site.values()).split("</style>", 1)[1]
        names = loaded.ask("select distinct name from reference.structure")

        assert "exemple.invalid" not in everything
        assert not [name for (name,) in names if html.escape(name) in everything]


@pytest.fixture(scope="module")
def released(loaded) -> Path:
    """A vintage of the posts of 2022, and its pages."""
    if propose_vintage.fn("adulte_relais", 2022).released is None:
        release_vintage.fn(
            "adulte_relais", 2022, kind=Kind.FINAL, reason="Essai.", decided_by="essai",
            day=date(2023, 9, 1),
        )  # fmt: skip
    assert write_edition.fn("adulte_relais", 2022) > 100
    return loaded.home / "site" / "editions" / "adulte_relais-2022-v1"


class TestEditions:
    def test_the_map_and_the_ranking_say_what_the_warehouse_holds(self, loaded, released):
        posts = dict(
            loaded.ask(
                "select area, value::int from indicator.cell where collection = 'adulte_relais' "
                "and data_year = 2022 and indicator = 'postes' and level = 'departement' "
                "and breakdown = 'all' and area <> 'ZZ'"
            )
        )
        page = (released / "indicateur-postes.html").read_text("utf-8")

        shown = dict(re.findall(r"<title>[^<]*\((\w+)\) : ([^<]*)</title>", page))

        assert shown == {code: number(value) for code, value in posts.items()}

    def test_the_front_leads_to_it(self, released):
        text = published(["adulte_relais"])["index.html"]

        assert f'href="editions/{released.name}/index.html"' in text

    def test_real_data_are_not_called_simulated(self, released):
        for page in released.glob("*.html"):
            assert "simulées" not in page.read_text("utf-8")

    def test_writing_again_touches_nothing(self, released):
        files = [path for path in released.rglob("*") if path.is_file()]
        before = {path: path.stat().st_mtime_ns for path in files}

        assert write_edition.fn("adulte_relais", 2022) == 0
        assert write_edition.fn("adulte_relais", 2022, again=True) == len(files)

        assert {path: path.stat().st_mtime_ns for path in files} == before

    def test_the_folder_is_what_its_manifest_says(self, released):
        assert verify(released) == []
        assert (released / "donnees" / "datapackage.json").is_file()


class TestReports:
    def test_every_run_has_one(self, loaded):
        for collection, territory, year in CAMPAIGNS:
            assert (loaded.home / "reports" / collection / territory / f"{year}.html").is_file()

    def test_it_lists_every_finding_and_every_silent_structure(self, loaded):
        folder = loaded.home / "reports" / "senacs" / "92"
        said = text_of((folder / "2012.html").read_text("utf-8"))
        found = loaded.ask(
            "select f.rule, f.message, f.advice from intake.finding f "
            "join intake.run r using (run_id) where r.collection = 'senacs' and r.data_year = 2012"
        )
        silent = loaded.ask(
            "select s.name from national.unit u join reference.structure s on s.data_year = "
            "u.data_year and s.structure_id = u.unit_id where u.collection = 'senacs' and "
            "u.data_year = 2012 and u.in_scope and not u.responded"
        )

        assert found
        for rule, message, advice in found:
            assert rule in said
            assert plainly(masked(message)) in said
            assert plainly(advice) in said
        assert len(silent) == 7
        assert all(plainly(name) in said.split("qui n'ont pas répondu")[1] for (name,) in silent)
        assert "exemple.invalid" not in said
        assert "exemple.invalid" not in (folder / "2012-constats.csv").read_text("utf-8-sig")


class TestTrouble:
    def test_a_refused_export_is_reported_and_named_on_the_site(self, desk):
        (desk.supplier / "senacs" / "senacs_92_2011.csv").write_bytes(b"<!DOCTYPE html><html>")
        desk.run("registre", "92", 2011)

        ended = desk.run("senacs", "92", 2011)

        assert ended.outcome is Outcome.REFUSED, ended.message
        report = text_of(Path(ended.report).read_text("utf-8"))
        assert "Le fichier est refusé" in report
        assert "senacs_92_2011.csv est une page web" in report
        assert "senacs_92_2011.csv est une page web" in text_of(published()["senacs.html"])

    def test_a_source_that_does_not_deliver_is_named(self, desk):
        (desk.supplier / "senacs" / "senacs_92_2011.csv").unlink()

        ended = desk.run("senacs", "92", 2011)

        assert ended.outcome is Outcome.FAILED
        assert "Aucun fichier n'a été reçu" in text_of(Path(ended.report).read_text("utf-8"))
        assert "Hauts-de-Seine : n'a pas livré" in text_of(published()["index.html"])

    def test_an_unchanged_export_keeps_its_findings_in_the_report(self, desk):
        desk.run("registre", "92", 2011)
        first = desk.run("senacs", "92", 2011)
        before = text_of(Path(first.report).read_text("utf-8"))

        ended = desk.run("senacs", "92", 2011)

        after = text_of(Path(ended.report).read_text("utf-8"))
        assert ended.outcome is Outcome.UNCHANGED
        assert "Constats du dernier chargement" in after
        assert after.split("Ce qui est écarté")[1] == before.split("Ce qui est écarté")[1]
