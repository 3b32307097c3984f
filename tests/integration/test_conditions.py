"""Populations and filters from the export to the base of each figure, for a mixed territory."""

import shutil

import pytest

from senacs.deliveries import Outcome
from senacs.settings import PROJECT_ROOT
from tests.support.exports import answers, table, written
from tests.support.installation import installation

PLACE = "senacs 2024"
YEARS = (2012, 2024)
"""The form of the first is for centres sociaux alone; that of the second for both."""
KEYS = tuple((collection, "92", year) for year in YEARS for collection in ("registre", "senacs"))
CAMPAIGN = """
- data_year: 2024
  campaign_year: 2025
  opens: 2025-04-02
  closes: 2025-10-31
  perimeter: {perimeter}
  territories:
    - code: "92"
      label: Hauts-de-Seine
      departements: ["92"]
      source: {{url: "{{supplier}}/{collection}.csv"}}
"""
INDICATOR = """
- indicator: {name}
  theme: presentation
  label: Essai {name}
  statistic: {statistic}
  variable: {variable}
  unit: €
"""
FIGURES = {
    "moyenne_filtree": ("mean", "pe_enfants"),
    "total_filtre": ("total", "pe_enfants"),
    "moyenne_cs": ("mean", "detail_caf_acf"),
    "moyenne_evs": ("mean", "detail_caf_animation_locale"),
}
CS, EVS = "Centre social", "Espace de vie sociale"
TYPES = {"92-001": CS, "92-002": CS, "92-003": CS, "92-004": CS, "92-005": EVS, "92-006": EVS}
FOR_CS = dict.fromkeys(
    (
        "detail_caf_agc",
        "detail_caf_acf",
        "agrement_acf",
        "etp_fonction_direction",
        "etp_fonction_referent_famille",
        "etp_fonction_accueil",
    ),
    "",
)
GIVEN = {
    "92-001": {"pe_enfants": "10"},
    "92-002": {"pe_enfants": "20"},
    "92-003": {"pe_accueil": "Non", "pe_enfants": "0"},
    "92-004": {"pe_accueil": "Non", "pe_enfants": ""},
    "92-005": FOR_CS | {"type_structure": EVS, "detail_caf_animation_locale": "25 000"},
    "92-006": FOR_CS
    | {"type_structure": EVS, "detail_caf_animation_locale": "15 000", "detail_caf_acf": "9 000"},
}


def small_codebook(folder):
    """The product's, with a campaign about 2024 and figures on what not everybody is asked."""
    codebook = folder / "codebook"
    shutil.copytree(PROJECT_ROOT / "codebook", codebook)
    questions = codebook / "registre" / "questions"
    shutil.copy(questions / "2012.csv", questions / "2024.csv")
    for collection, perimeter in (("registre", "export"), ("senacs", "all")):
        with (codebook / collection / "campaigns.yml").open("a", encoding="utf-8") as file:
            file.write(CAMPAIGN.format(collection=collection, perimeter=perimeter))
    with (codebook / "senacs" / "indicators.yml").open("a", encoding="utf-8") as file:
        for name, (statistic, variable) in FIGURES.items():
            file.write(INDICATOR.format(name=name, statistic=statistic, variable=variable))
    return codebook


@pytest.fixture(scope="module")
def mixed(server, tmp_path_factory):
    home = tmp_path_factory.mktemp("mixed")
    url = server.create()
    with installation(url, home, codebook=small_codebook(home)) as made:
        register = [
            answers("registre", structure_id=code, type=kind, nom=code, fin_agrement="31/12/2024")
            for code, kind in TYPES.items()
        ]
        survey = [
            answers(PLACE, structure_id=code, nom=code, **given) for code, given in GIVEN.items()
        ]
        before = [answers("senacs", structure_id=code, nom=code) for code in ("92-001", "92-005")]
        for path, data in {
            "registre.csv": written(table("registre", *register)),
            "registre/registre_92_2012.csv": written(table("registre", *register)),
            "senacs.csv": written(table(PLACE, *survey)),
            "senacs/senacs_92_2012.csv": written(table("senacs", *before)),
        }.items():
            (made.supplier / path).write_bytes(data)
        assert {run.outcome for run in made.run_all(*KEYS)} == {Outcome.LOADED}
        yield made
    server.drop(url)


def cells(made, indicator: str) -> list[tuple]:
    return made.ask(
        "select population, n_scope, n_responded, n_base, n_item, value::float "
        "from indicator.cell where indicator = %s and level = 'departement' "
        "and breakdown = 'all' and population in ('CS', 'EVS') and data_year = 2024 order by 1",
        indicator,
    )


def test_statuses_reach_the_department_layer(mixed):
    assert mixed.ask(
        "select unit_id, raw, status, number::float from department.answer "
        "where question = 'pe_enfants' and unit_id < '92-005' order by 1"
    ) == [
        ("92-001", "10", "reported", 10.0),
        ("92-002", "20", "reported", 20.0),
        ("92-003", "0", "not_concerned", None),
        ("92-004", None, "not_concerned", None),
    ]
    assert mixed.ask(
        "select unit_id, raw, status from department.answer "
        "where question = 'detail_caf_acf' and unit_id > '92-004' order by 1"
    ) == [("92-005", None, "not_asked"), ("92-006", "9 000", "rejected")]


def test_what_was_kept_out_because_nobody_asked_is_no_refusal(mixed):
    assert mixed.ask(
        "select unit_id, status from national.observation "
        "where variable = 'detail_caf_acf' and unit_id > '92-004' order by 1"
    ) == [("92-005", "not_asked"), ("92-006", "not_asked")]


def test_the_base_of_a_filtered_question_is_those_it_concerns(mixed):
    assert cells(mixed, "moyenne_filtree") == [("CS", 4, 4, 2, 2, 15.0), ("EVS", 2, 2, 2, 2, 1.0)]
    assert cells(mixed, "total_filtre") == [("CS", 4, 4, 2, 2, 30.0), ("EVS", 2, 2, 2, 2, 2.0)]


def test_a_population_that_is_not_asked_has_no_figure(mixed):
    assert cells(mixed, "moyenne_cs") == [("CS", 4, 4, 4, 4, 10_000.0)]
    assert cells(mixed, "moyenne_evs") == [("EVS", 2, 2, 2, 2, 20_000.0)]


def test_only_the_answer_that_nobody_asked_for_is_a_finding(mixed):
    assert mixed.ask(
        "select f.rule, f.unit_id, f.question, f.raw from intake.finding f "
        "join intake.run r using (run_id) where r.collection = 'senacs' and r.data_year = 2024"
    ) == [("DOM-20", "92-006", "detail_caf_acf", "9 000")]


def test_a_population_that_the_form_asks_nothing_is_out_of_scope(mixed):
    """Its answers are not counted, which is said once; its silence is no omission."""
    assert mixed.ask(
        "select f.rule, f.unit_id from intake.finding f join intake.run r using (run_id) "
        "where r.collection = 'senacs' and r.data_year = 2012 order by 1, 2"
    ) == [("REG-02", "92-005"), *(("REG-03", f"92-00{n}") for n in (2, 3, 4))]
    assert mixed.ask(
        "select population, in_scope, count(*), count(*) filter (where delivered), "
        "count(*) filter (where responded) "
        "from national.unit where collection = 'senacs' and data_year = 2012 group by 1, 2 "
        "order by 1"
    ) == [("CS", True, 4, 1, 1), ("EVS", False, 2, 1, 0)]


def test_item_response_leaves_out_whom_the_question_is_not_for(mixed):
    """One of them answered all the same: kept out, and no refusal to answer."""
    assert mixed.ask(
        "select population, sum(n_asked)::int, sum(n_answered)::int, sum(n_rejected)::int "
        "from quality.item_response where data_year = 2024 and question = 'detail_caf_acf' "
        "group by 1 order by 1"
    ) == [("CS", 4, 4, 0), ("EVS", 0, 0, 0)]
