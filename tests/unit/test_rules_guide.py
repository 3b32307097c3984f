"""The guide of the rules, and the commands that show and check them."""

import csv
import io

import pytest
from typer.testing import CliRunner

from expectations.catalogue import rules_for
from expectations.guide import guide_of, page
from expectations.rule import Layer
from senacs.cli.main import app
from senacs.codebook import collection_names, load_collection
from senacs.settings import PROJECT_ROOT
from tests.support.exports import CODEBOOK

SURVEY = load_collection(CODEBOOK, "senacs")
KEPT = PROJECT_ROOT / "docs" / "rules" / "senacs.html"


@pytest.fixture(scope="module")
def guide():
    return guide_of(SURVEY)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["rules", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_page_that_is_kept_is_the_one_that_the_rules_make(guide):
    """`senacs rules page --out docs/rules` writes it again."""
    assert KEPT.read_text(encoding="utf-8") == page(guide)


def test_there_are_rules_of_every_layer(guide):
    assert guide.count() > 300
    assert all(guide.count(layer) for layer in Layer)
    assert sum(guide.count(layer) for layer in Layer) == guide.count()


def test_every_rule_is_in_the_guide_of_some_collection():
    told = {
        entry.code
        for name in collection_names(CODEBOOK)
        for entry in guide_of(load_collection(CODEBOOK, name)).entries
    }
    assert told == {rule.rule for name in collection_names(CODEBOOK) for rule in rules_for(name)}


def test_an_entry_says_what_a_correspondent_needs(guide):
    by_code = {entry.code: entry for entry in guide.entries}
    entry = by_code["AGT-01"]
    assert entry.example == "Agrément de 5 ans."
    assert entry.thresholds == ("ans : 4",)
    assert entry.years == "2013–2024"
    assert entry.source == "durée maximale de quatre ans\N{NO-BREAK SPACE}: HDS13"
    assert by_code["FIN-11"].populations == "Espaces de vie sociale"
    evolution = {line.code: line for line in by_code["EVO"].lines}
    assert evolution["EVO-nb_salaries"].thresholds == "50 % et 15 personnes"
    assert evolution["EVO-nb_salaries"].years == "2011–2024"


def test_no_sentence_of_the_page_shows_how_it_is_made(guide):
    text = page(guide)
    assert "{" not in text.split("</style>")[1]
    assert "None" not in text


def test_the_list_has_a_line_for_each_rule_and_counts_them(guide):
    said = run("list")
    assert f"{guide.count()} rules: " in said
    assert "EVO-nb_salaries" in said
    assert "DOM-01" in run("list", "--collection", "registre")


def test_the_list_can_be_of_one_year_or_layer_and_read_by_programs():
    rows = list(csv.reader(io.StringIO(run("list", "--year", "2012", "--csv")), delimiter=";"))
    codes = {row[0] for row in rows[1:]}
    assert {"EMP-01", "TAB-contrats-personnes"} <= codes
    assert "AGT-01" not in codes
    assert {row[1] for row in csv.reader(
        io.StringIO(run("list", "--layer", "distribution", "--csv")), delimiter=";"
    )} == {"layer", "distribution"}  # fmt: skip
    assert "no rule" in run("list", "--year", "1999")


def test_the_check_reads_every_collection():
    said = run("check")
    assert all(f"{name}: " in said for name in collection_names(CODEBOOK))


def test_the_page_is_written(tmp_path, guide):
    run("page", "--out", str(tmp_path))
    assert (tmp_path / "senacs.html").read_text(encoding="utf-8") == page(guide)
