"""Reports and site of a real warehouse, against the tables they come from."""

import html
import json
import re
from pathlib import Path

import pytest

from senacs.codebook import collection_names
from senacs.deliveries import Outcome
from senacs.french import counted, typography
from senacs.pages.contacts import masked
from senacs.settings import PROJECT_ROOT
from tasks.publish import publish, published_collections
from tests.support.installation import CAMPAIGNS


def published(named=None) -> dict[str, str]:
    index = Path(publish.fn(published_collections.fn(named)))
    return {path.name: path.read_text("utf-8") for path in index.parent.iterdir()}


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

    def test_every_departement_is_on_the_map_with_its_number(self, loaded, site):
        posts = dict(
            loaded.ask(
                "select area, value::int from indicator.cell where collection = 'adulte_relais' "
                "and data_year = 2022 and indicator = 'postes' and level = 'departement'"
            )
        )
        codes = json.loads((PROJECT_ROOT / "reference" / "cartes_svg_paths.json").read_text())
        first = site["adulte-relais.html"].split('<svg class="map"')[1]

        titles = dict(re.findall(r"<title>[^<]*\((\w+)\) : ([^<]*)</title>", first))

        assert titles == {
            code: counted(posts[code], "poste", "postes")
            if code in posts
            else "aucune ligne livrée"
            for code in codes["departements"]
        }

    def test_the_table_of_departements_adds_up_to_france(self, loaded, site):
        table = site["adulte-relais.html"].split('id="departement-1"')[1].split("</table>")[0]
        rows = [re.findall(r'class="value">([^<]*)<', row) for row in table.split("<tr")[2:]]
        posts = [int(re.sub(r"\D", "", row[0])) for row in rows]

        assert sum(posts[:-1]) == posts[-1]
        ((total,),) = loaded.ask(
            "select value::int from indicator.figure where collection = 'adulte_relais' "
            "and data_year = 2022 and indicator = 'postes' and level = 'france'"
        )
        assert posts[-1] == total

    def test_growth_of_the_perimeter_shows_with_its_base(self, site):
        for name in ("index.html", "senacs.html"):
            said = text_of(site[name])

            assert "24 / 24 (100 %)" in said
            assert "33 / 40 (82 %)" in said
            assert "n'ont pas le même périmètre" in said
            assert "Territoires enquêtés" in said

    def test_the_survey_is_never_called_france(self, site):
        assert ">France<" not in site["senacs.html"] + site["registre.html"]

    def test_simulated_is_said_of_what_is_and_of_nothing_else(self, site):
        assert "Données simulées" in site["senacs.html"]
        assert "Données simulées" in site["registre.html"]
        assert "Données simulées" not in site["adulte-relais.html"]

    def test_there_is_no_contact_and_no_structure(self, loaded, site):
        everything = "".join(site.values()).split("</style>", 1)[1]
        names = loaded.ask("select distinct name from reference.structure")

        assert "exemple.invalid" not in everything
        assert not [name for (name,) in names if html.escape(name) in everything]


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
