"""Records whose identifier is not the register's: through the flow, and after a person's reply."""

import csv
import io

import pytest

from senacs.deliveries import Outcome
from tests.support.installation import installation
from tests.support.postgres import name_of

KEY = ("senacs", "92", 2012)
HEAD = 'collection: senacs\nterritory: "92"\ndata_year: 2012\n'
CORRECTION = """
corrections:
  - {{unit: "{unit}", question: structure_id, received: "{unit}", value: "{value}",
     reason: vu avec la structure, author: Mme Essai, on: 2013-07-20}}
"""
CONFIRMATION = """
confirmations:
  - {rule: REG-13, unit: 92-O07, question: structure_id, received: 92-O07,
     reason: c'est bien elle, author: Mme Essai, on: 2013-07-20}
"""


@pytest.fixture(scope="module")
def registered(server, prepared, tmp_path_factory):
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("registered")) as made:
        made.run("registre", "92", 2012)
    return name_of(url)


@pytest.fixture
def desk(server, registered, tmp_path):
    url = server.create(registered)
    with installation(url, tmp_path, replies=tmp_path / "replies") as made:
        yield made
    server.drop(url)


def deliver(desk, changed: dict[str, dict[str, str]]) -> None:
    """Let the supplier write these cells otherwise, by structure and column."""
    path = desk.supplier / "senacs" / "senacs_92_2012.csv"
    rows = list(
        csv.reader(io.StringIO(path.read_bytes().decode("cp1252"), newline=""), delimiter=";")
    )
    for row in rows[1:]:
        for header, text in changed.get(row[1], {}).items():
            row[rows[0].index(header)] = text
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    path.write_bytes(out.getvalue().encode("cp1252"))


def reply(desk, text: str) -> None:
    path = desk.home / "replies" / "senacs" / "92" / "2012.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + text, encoding="utf-8")


def loaded(desk):
    ended = desk.run(*KEY)
    assert ended.outcome is Outcome.LOADED, ended.message
    return ended


def identity(desk, ended) -> dict[str, list[tuple]]:
    """The findings about who a record is of: by rule, unit as delivered and raw text."""
    found: dict[str, list[tuple]] = {}
    for f in desk.findings(ended):
        if str(f["rule"]) in {"REG-01", "REG-12", "REG-13", "REG-14", "REG-15", "LIG-01"}:
            found.setdefault(str(f["rule"]), []).append((f["unit_id"], f["raw"]))
    return found


def answers(desk) -> list[tuple]:
    return desk.ask(
        "select unit_id, question, number, code, case question when 'structure_id' then text end, "
        "status from department.answer where collection = 'senacs' order by 1, 2"
    )


def raw_key(desk, unit: str) -> list[tuple]:
    return desk.ask(
        "select raw, text, status from department.answer where collection = 'senacs' "
        "and unit_id = %s and question = 'structure_id'",
        unit,
    )


MANGLED = {"92-001": {"Code structure": "92 - 1"}, "92-007": {"Code structure": "92-O07"}}


def test_mangled_identifiers_load_what_the_right_ones_load(desk):
    """Only the raw text of the key is another, and three findings say so."""
    before = identity(desk, loaded(desk))
    expected = answers(desk)
    deliver(desk, MANGLED)

    ended = loaded(desk)

    assert answers(desk) == expected
    assert raw_key(desk, "92-001") == [("92 - 1", "92-001", "reported")]
    assert raw_key(desk, "92-007") == [("92-O07", "92-007", "reported")]
    found = identity(desk, ended)
    assert found.pop("REG-12") == [("92 - 1", "92 - 1")]
    assert found.pop("REG-13") == [("92-O07", "92-O07")]
    assert found == before
    assert desk.run(*KEY).outcome is Outcome.UNCHANGED


def test_a_confirmed_match_is_not_asked_again(desk):
    deliver(desk, MANGLED)
    reply(desk, CONFIRMATION)
    loaded(desk)
    state = "select state, kind from query.state where rule = 'REG-13'"
    assert desk.ask(state) == [("answered", "confirmed")]


def test_a_corrected_identifier_decides_until_the_source_says_another(desk):
    deliver(desk, MANGLED)
    loaded(desk)
    assert desk.ask("select state from query.state where rule = 'REG-13'") == [("open",)]
    reply(desk, CORRECTION.format(unit="92-O07", value="92-009"))

    loaded(desk)

    assert raw_key(desk, "92-009") == [("92-O07", "92-009", "corrected")]
    assert raw_key(desk, "92-007") == []
    assert desk.ask("select state from query.state where rule = 'REG-13'") == [("accepted",)]
    assert desk.run(*KEY).outcome is Outcome.UNCHANGED
    deliver(desk, {"92-O07": {"Code structure": "92-007"}})
    ended = loaded(desk)
    assert raw_key(desk, "92-007") == [("92-007", "92-007", "reported")]
    assert "COR-03" in {f["rule"] for f in desk.findings(ended)}


def test_what_is_in_doubt_is_kept_aside_until_a_person_says(desk):
    """The row of an unknown identifier bears the name of a structure that has its own row."""
    (name,) = desk.ask("select name from reference.structure where structure_id = '92-002'")[0]
    commune = desk.ask(
        "select c.name from reference.structure s join reference.commune c on "
        "c.code = s.commune and c.valid_to is null where structure_id = '92-002'"
    )
    deliver(desk, {"92-099": {"Centre": name, "Commune": commune[0][0]}})
    ended = loaded(desk)
    assert identity(desk, ended)["REG-14"] == [("92-099", "92-099")]
    assert "REG-01" not in identity(desk, ended)
    (said,) = [f["message"] for f in desk.findings(ended) if f["rule"] == "REG-14"]
    assert f"« {name} » (92-002, à " in said
    assert desk.ask("select accepted from department.record where unit_id = '92-099'") == [(False,)]
    reply(desk, CORRECTION.format(unit="92-099", value="92-009"))
    loaded(desk)
    assert desk.ask(
        "select accepted from department.record where collection = 'senacs' "
        "and unit_id = '92-009'"
    ) == [(True,)]  # fmt: skip
    assert desk.ask("select state from query.state where rule = 'REG-14'") == [("accepted",)]


def test_a_row_without_identifier_cannot_be_corrected_by_one(desk):
    deliver(desk, {"92-007": {"Code structure": ""}})
    ended = loaded(desk)
    found = identity(desk, ended)
    assert len(found["REG-13"]) == 1
    assert "LIG-01" not in found
    assert raw_key(desk, "92-007") == [(None, None, "missing")]
    reply(desk, CORRECTION.format(unit="ligne 9", value="92-009").replace('"ligne 9", v', '"", v'))
    ended = desk.run(*KEY)
    assert ended.outcome is Outcome.FAILED
    assert "n'a pas d'identifiant" in ended.message
