"""`senacs codebook diff` and `show`: what changed, in a table or as values."""

import csv
import io

import pytest
from typer.testing import CliRunner

from senacs.cli.main import app
from senacs.codebook import load_collection
from senacs.codebook.comparison import Change, differences
from senacs.errors import CodebookError
from senacs.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def senacs():
    return load_collection(PROJECT_ROOT / "codebook", "senacs")


def run(*arguments: str):
    return CliRunner().invoke(app, ["codebook", *arguments], catch_exceptions=False)


def of(found, change: Change) -> set[str]:
    return {d.question for d in found if d.change is change}


def test_the_second_year_of_the_demonstration(senacs):
    found = differences(senacs, 2011, 2012)

    assert of(found, Change.APPEARED) == {"benevoles_jeunes", "action_developpement_durable"}
    assert of(found, Change.DISAPPEARED) == {"action_logement"}
    budgets = {q.question for q in senacs.questions_of(2011) if q.question.startswith("budget_")}
    assert of(found, Change.UNIT) == budgets
    assert of(found, Change.RESPELT) == budgets | {"nb_salaries"}
    assert {(d.before, d.after, d.note) for d in found if d.change is Change.UNIT} == {
        ("€", "k€", "En k€ pour 2012, en € avant")
    }


def test_the_cut_of_the_form_and_its_breaks(senacs):
    found = differences(senacs, 2015, 2023)

    assert len(of(found, Change.DISAPPEARED)) > 150
    assert of(found, Change.BREAK) == {"publics_enfants", "publics_jeunes"}
    assert "budget_total" in of(found, Change.POPULATION)


def test_a_break_between_two_years_that_look_alike_is_told(senacs):
    assert "geographie_prioritaire" in of(differences(senacs, 2022, 2024), Change.BREAK)
    assert of(differences(senacs, 2022, 2023), Change.BREAK).isdisjoint({"geographie_prioritaire"})


@pytest.mark.parametrize("data_year", [2010, 2017, 2024])
def test_a_year_does_not_differ_from_itself(senacs, data_year):
    assert differences(senacs, data_year, data_year) == []


def test_what_appeared_one_way_disappeared_the_other(senacs):
    there, back = differences(senacs, 2012, 2020), differences(senacs, 2020, 2012)

    assert of(there, Change.APPEARED) == of(back, Change.DISAPPEARED)
    assert of(there, Change.BREAK) == of(back, Change.BREAK)
    assert {(d.question, d.change) for d in there if d.before and d.after} == {
        (d.question, d.change) for d in back if d.before and d.after
    }


def test_values_can_be_read_back(senacs):
    shown = run("diff", "2011", "2012", "--csv")

    rows = list(csv.DictReader(io.StringIO(shown.output), delimiter=";"))
    assert [tuple(row.values()) for row in rows] == [
        (d.question, d.change, d.before, d.after, d.note) for d in differences(senacs, 2011, 2012)
    ]


def test_the_table_counts_its_lines():
    shown = run("diff", "2011", "2012")
    assert shown.output.splitlines()[-1] == "2 appeared, 1 disappeared, 10 respelt, 9 unit"
    assert run("diff", "2020", "2021", "--collection", "fonjep").output.splitlines()[-1] == (
        "nothing changed"
    )


def test_a_year_that_no_questionnaire_has_is_refused():
    with pytest.raises(CodebookError, match="has no data year 1999; declared: 2010"):
        run("diff", "1999", "2012")


def test_a_question_is_shown_with_its_years():
    shown = run("show", "action_logement").output

    assert "label: Actions logement" in shown
    assert "theme: Actions" in shown
    assert "table: actions: logement × menee" in shown
    assert [years in shown for years in ("2010–2011", "2013–2016", "2017–2022")] == [True] * 3


def test_codes_are_shown():
    shown = run("show", "type_structure").output
    assert "codes: CS = Centre social, EVS = Espace de vie sociale" in shown


def test_a_misspelt_question_is_refused_with_what_is_close():
    with pytest.raises(CodebookError, match=r"asks no question 'nb_salarie'; closest: nb_salaries"):
        run("show", "nb_salarie")
