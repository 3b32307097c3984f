"""The query loop: what is replied changes answers at the next run, and what is asked."""

# ruff: noqa: S608 - the statements are our own

from pathlib import Path

import pytest

from senacs.deliveries import Outcome
from tests.support.installation import installation
from tests.support.postgres import name_of

KEY = ("senacs", "92", 2012)
HEAD = 'collection: senacs\nterritory: "92"\ndata_year: 2012\n'


@pytest.fixture(scope="module")
def asked(server, prepared, tmp_path_factory):
    """Name of a database with the survey of 2012 loaded and nobody's reply; and its home."""
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("asked")) as made:
        made.run_all(("registre", "92", 2012), KEY)
    return name_of(url)


@pytest.fixture
def desk(server, asked, tmp_path):
    url = server.create(asked)
    (tmp_path / "replies").mkdir()
    with installation(url, tmp_path, replies=tmp_path / "replies") as made:
        yield made
    server.drop(url)


def declare(desk, text: str, key=KEY) -> Path:
    collection, territory, data_year = key
    path = desk.home / "replies" / collection / territory / f"{data_year}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + text, encoding="utf-8")
    return path


CORRECTION = """
corrections:
  - unit: 92-037
    question: benevoles_activite
    received: environ 40
    value: "40"
    reason: compté sur la liste
    author: M. Essai
    on: 2013-07-20
"""


def answer(desk, unit="92-037", question="benevoles_activite"):
    return desk.ask(
        "select raw, number::text, status from department.answer "
        "where (data_year, unit_id, question) = (2012, %s, %s)",
        unit,
        question,
    )


def states(desk, where="true"):
    return desk.ask(
        "select rule, unit_id, question, state, kind from query.state where data_year = 2012 "
        f"and {where} order by 1, 2, 3"
    )


def test_a_correction_is_applied_on_rerun_and_closes_its_finding(desk):
    assert answer(desk) == [("environ 40", None, "rejected")]
    mine = "unit_id = '92-037' and question = 'benevoles_activite'"
    assert states(desk, mine) == [("DOM-01", "92-037", "benevoles_activite", "open", None)]
    declare(desk, CORRECTION)

    ended = desk.run(*KEY)

    assert ended.outcome is Outcome.LOADED, ended.message
    assert answer(desk) == [("environ 40", "40", "corrected")]
    assert states(desk, mine) == [
        ("DOM-01", "92-037", "benevoles_activite", "accepted", "corrected")
    ]
    assert [f for f in desk.findings(ended) if f["unit_id"] == "92-037"
            and f["question"] == "benevoles_activite"] == []  # fmt: skip
    assert desk.run(*KEY).outcome is Outcome.UNCHANGED
