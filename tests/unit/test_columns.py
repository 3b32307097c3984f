"""Which question each column of an export answers, and which have none."""

import pytest

from tests.support.exports import answers, evidence, table, written

HEADER, CELLS = table("senacs")


def statuses(header: list[str], cells: list[str] = CELLS) -> dict[str, tuple[str | None, str]]:
    columns = evidence("senacs", written([header, cells])).columns
    return {
        header: (question, status)
        for header, question, status in columns.select("header", "question", "status").iter_rows()
    }


def renamed(old: str, new: str) -> list[str]:
    assert old in HEADER
    return [new if header == old else header for header in HEADER]


def test_the_codebooks_own_headers_are_all_mapped():
    assert {status for _, status in statuses(HEADER).values()} == {"mapped"}


@pytest.mark.parametrize(
    ("old", "new", "question"),
    [
        # The territory's own spelling, then the codebook's without case, accents or punctuation.
        ("Nombre de vacataires", "Nb vacataires", "nb_vacataires"),
        ("Nombre de vacataires", "nombre de VACATAIRES", "nb_vacataires"),
        ("Nombre de vacataires", "  Nombre de vacataires ", "nb_vacataires"),
        ("ETP total", "Etp  (total)", "etp_total"),
        ("Actions culture", "actions-culture", "action_culture"),
        ("Nombre de bénévoles d'activité", "Nombre de benevoles d’activite", "benevoles_activite"),
    ],
)
def test_a_spelling_of_a_header_is_recognised(old, new, question):
    assert statuses(renamed(old, new))[new.strip()] == (question, "mapped")


@pytest.mark.parametrize("new", ["Vacataires", "Nombre de vacataire", "Nombre total de vacataires"])
def test_a_header_is_never_guessed(new):
    found = statuses(renamed("Nombre de vacataires", new))
    assert found[new] == (None, "unknown")
    assert found["Nombre de vacataires"] == ("nb_vacataires", "absent")


def test_a_required_question_without_a_column_is_told_apart():
    at = HEADER.index("Budget total (k€)")
    found = statuses(HEADER[:at] + HEADER[at + 1 :], CELLS[:at] + CELLS[at + 1 :])
    assert found["Budget total (k€)"] == ("budget_total", "absent_required")


def test_columns_declared_ignored_are_neither_read_nor_told():
    found = statuses([*HEADER, "Horodateur"], [*CELLS, "06/05/2013 16:19"])
    assert found["Horodateur"] == (None, "ignored")


def test_two_columns_for_one_question_answer_nothing():
    read = evidence("senacs", written([[*HEADER, "Nb vacataires"], [*CELLS, "16"]]))
    repeated = read.columns.filter(question="nb_vacataires")
    assert repeated["status"].to_list() == ["repeated", "repeated"]
    assert read.answers.filter(question="nb_vacataires")["raw"].to_list() == [None]


def test_another_territorys_spelling_is_not_ours():
    """`N° de structure` is how the 92 wrote it for 2011, not for 2012."""
    found = statuses(renamed("Identifiant de la structure", "N° de structure"))
    assert found["N° de structure"] == (None, "unknown")


def test_each_column_says_how_many_answers_it_holds():
    read = evidence(
        "senacs", written(table("senacs", answers("senacs"), answers("senacs", nb_cdi=" ")))
    )
    filled = dict(read.columns.select("question", "filled").iter_rows())
    assert (filled["nb_cdi"], filled["nb_salaries"]) == (1, 2)
