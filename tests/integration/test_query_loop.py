"""The query loop: what is replied changes answers at the next run, and what is asked."""

import csv
import io
import signal
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from senacs.deliveries import Outcome
from senacs.errors import ReplyError
from tasks.replies import accept, reopen
from tasks.returned import take_file
from tests.support.crashing import exit_code_of_a_run
from tests.support.installation import installation
from tests.support.postgres import name_of

KEY = ("senacs", "92", 2012)
HEAD = 'collection: senacs\nterritory: "92"\ndata_year: 2012\n'
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
CONFIRMATION = """
confirmations:
  - rule: FIN-01
    unit: 92-039
    question: budget_total
    received: "640,5"
    reason: une subvention n'est pas ventilée
    author: Mme Essai
    on: 2013-07-21
"""
VOLUNTEERS = ("92-037", "benevoles_activite")
BUDGET = ("92-039", "budget_total")


@pytest.fixture(scope="module")
def asked(server, prepared, tmp_path_factory):
    """Name of a database with the survey of 2012 loaded and nobody's reply."""
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("asked")) as made:
        made.run_all(("registre", "92", 2012), KEY)
    return name_of(url)


@pytest.fixture
def desk(server, asked, tmp_path):
    url = server.create(asked)
    with installation(url, tmp_path, replies=tmp_path / "replies") as made:
        yield made
    server.drop(url)


def declare(desk, text: str) -> Path:
    path = desk.home / "replies" / "senacs" / "92" / "2012.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def declare_known(desk, text: str) -> None:
    path = desk.home / "replies" / "senacs" / "known_errors.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def deliver(desk, unit: str, header: str, value: str) -> None:
    """Let the supplier send the export with another answer of that structure, on all its rows."""
    path = desk.supplier / "senacs" / "senacs_92_2012.csv"
    text = path.read_bytes().decode("cp1252")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    at = rows[0].index(header)
    for row in rows:
        if row[1] == unit:
            row[at] = value
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    path.write_bytes(out.getvalue().encode("cp1252"))


def run(desk, outcome=Outcome.LOADED):
    ended = desk.run(*KEY)
    assert ended.outcome is outcome, ended.message
    return ended


def answer(desk, unit: str, question: str) -> tuple:
    (row,) = desk.ask(
        "select raw, number::text, status from department.answer "
        "where (data_year, unit_id, question) = (2012, %s, %s)",
        unit,
        question,
    )
    return row


def state(desk, rule: str, unit: str) -> tuple[str, str | None]:
    (row,) = desk.ask(
        "select state, kind from query.state where data_year = 2012 and (rule, unit_id) = (%s, %s)",
        rule,
        unit,
    )
    return row


def life(desk, rule: str, unit: str) -> list[str]:
    return [s for (s,) in desk.ask(
        "select e.state from query.event e join query.item i using (item_key) "
        "where data_year = 2012 and (rule, unit_id) = (%s, %s) order by event_no", rule, unit
    )]  # fmt: skip


def item_of(desk, rule: str, unit: str) -> str:
    return desk.ask(
        "select item_key from query.item where data_year = 2012 and (rule, unit_id) = (%s, %s)",
        rule, unit,
    )[0][0]  # fmt: skip


def found(desk, ended, rule: str) -> list[tuple]:
    return [
        (f["severity"], f["unit_id"], f["message"])
        for f in desk.findings(ended)
        if f["rule"] == rule
    ]


class TestCorrection:
    def test_it_is_applied_on_rerun_and_closes_its_finding(self, desk):
        assert answer(desk, *VOLUNTEERS) == ("environ 40", None, "rejected")
        assert state(desk, "DOM-01", "92-037") == ("open", None)
        declare(desk, CORRECTION)

        ended = run(desk)

        assert answer(desk, *VOLUNTEERS) == ("environ 40", "40", "corrected")
        assert state(desk, "DOM-01", "92-037") == ("accepted", "corrected")
        assert life(desk, "DOM-01", "92-037") == ["open", "answered", "accepted"]
        assert found(desk, ended, "DOM-01") == []
        run(desk, Outcome.UNCHANGED)

    def test_it_counts_in_the_national_layer_in_the_variables_unit(self, desk):
        declare(desk, CORRECTION.replace("benevoles_activite", "budget_total")
                .replace("92-037", "92-039").replace("environ 40", "640,5")
                .replace('"40"', '"441,4 k€"'))  # fmt: skip

        run(desk)

        assert desk.ask(
            "select number::float, status from national.observation where data_year = 2012 "
            "and (unit_id, variable) = ('92-039', 'budget_total')"
        ) == [(441_400.0, "corrected")]
        assert state(desk, "FIN-01", "92-039") == ("accepted", "corrected")

    def test_an_absent_answer_can_be_given(self, desk):
        (unit, question), = desk.ask(
            "select unit_id, question from department.answer where data_year = 2012 "
            "and status = 'missing' and starts_with(question, 'nb_') limit 1"
        )  # fmt: skip
        declare(desk, f"corrections:\n  - {{unit: {unit}, question: {question}, value: 7, "
                "author: X, on: 2013-07-20}\n")  # fmt: skip

        run(desk)

        raw, number, status = answer(desk, unit, question)
        assert (raw or "", number, status) == (raw or "", "7", "corrected")

    def test_that_nobody_knows_is_an_answer(self, desk):
        declare(desk, CORRECTION.replace('"40"', "NC"))
        run(desk)
        assert answer(desk, *VOLUNTEERS) == ("environ 40", None, "missing")

    def test_one_that_another_rule_doubts_is_asked_again(self, desk):
        declare(desk, CORRECTION.replace("benevoles_activite", "etp_total")
                .replace("92-037", "92-007").replace("environ 40", "115")
                .replace('"40"', '"112"'))  # fmt: skip

        ended = run(desk)

        assert answer(desk, "92-007", "etp_total") == ("115", None, "rejected")
        assert state(desk, "EMP-01", "92-007") == ("reopened", None)
        ((_, _, message),) = found(desk, ended, "EMP-01")
        assert message.startswith("112 équivalents temps plein")
        run(desk, Outcome.UNCHANGED)

    def test_it_expires_with_a_finding_when_the_source_says_something_else(self, desk):
        declare(desk, CORRECTION)
        run(desk)
        deliver(desk, "92-037", "Bénévoles d'activité", "35")

        ended = run(desk)

        assert answer(desk, *VOLUNTEERS) == ("35", "35", "reported")
        assert found(desk, ended, "COR-01") == [(
            "query", "92-037", "La correction de « environ 40 » en « 40 » n'est plus appliquée : "
            "l'export donne maintenant « 35 ».",
        )]  # fmt: skip
        assert state(desk, "COR-01", "92-037") == ("open", None)
        assert state(desk, "DOM-01", "92-037")[0] == "resolved"
        declare(desk, CORRECTION + CONFIRMATION.replace("FIN-01", "COR-01")
                .replace("92-039", "92-037").replace("budget_total", "benevoles_activite")
                .replace("640,5", "35"))  # fmt: skip
        run(desk)
        assert answer(desk, *VOLUNTEERS) == ("35", "35", "confirmed")
        assert state(desk, "COR-01", "92-037") == ("answered", "confirmed")

    def test_it_is_needless_when_the_source_says_the_same(self, desk):
        declare(desk, CORRECTION)
        run(desk)
        deliver(desk, "92-037", "Bénévoles d'activité", "40,0")

        ended = run(desk)

        assert answer(desk, *VOLUNTEERS) == ("40,0", "40.0", "reported")
        ((severity, _, message),) = found(desk, ended, "COR-02")
        assert severity == "info"
        assert "elle ne sert plus" in message
        assert found(desk, ended, "COR-01") == []

    def test_it_comes_back_with_what_it_was_made_against(self, desk):
        declare(desk, CORRECTION)
        run(desk)
        deliver(desk, "92-037", "Bénévoles d'activité", "35")
        run(desk)
        deliver(desk, "92-037", "Bénévoles d'activité", "environ 40")
        run(desk)
        assert answer(desk, *VOLUNTEERS) == ("environ 40", "40", "corrected")

    def test_of_a_structure_that_is_no_more_in_the_export_it_says_so(self, desk):
        declare(desk, CORRECTION.replace("92-037", "92-777"))
        ended = run(desk)
        ((severity, unit, message),) = found(desk, ended, "COR-03")
        assert (severity, unit) == ("info", "92-777")
        assert "n'a plus d'objet" in message

    def test_a_later_one_replaces_it_and_both_are_kept(self, desk):
        declare(desk, CORRECTION)
        run(desk)
        declare(desk, CORRECTION.replace('"40"', '"42"').replace("07-20", "07-25"))
        run(desk)
        assert answer(desk, *VOLUNTEERS) == ("environ 40", "42", "corrected")
        assert desk.ask("select value from query.reply order by reply_no") == [("40",), ("42",)]

    def test_replies_before_the_first_run_give_what_replies_after_it_give(
        self, server, prepared, desk, tmp_path
    ):
        declare(desk, CORRECTION + CONFIRMATION)
        run(desk)
        expected = desk.state()["department.answer"]
        url = server.create(prepared)
        with installation(url, tmp_path / "new", replies=desk.home / "replies") as fresh:
            fresh.run_all(("registre", "92", 2012))
            assert run(fresh)
            assert fresh.state()["department.answer"] == expected
            assert state(fresh, "FIN-01", "92-039") == ("answered", "confirmed")
            run(fresh, Outcome.UNCHANGED)
        server.drop(url)


class TestConfirmation:
    def test_what_is_confirmed_is_kept_and_not_asked(self, desk):
        declare(desk, CONFIRMATION)
        run(desk)
        assert answer(desk, *BUDGET) == ("640,5", "640.5", "confirmed")
        assert state(desk, "FIN-01", "92-039") == ("answered", "confirmed")
        run(desk, Outcome.UNCHANGED)

    def test_another_value_is_asked_again(self, desk):
        declare(desk, CONFIRMATION)
        run(desk)
        deliver(desk, "92-039", "Budget total (k€)", "700")
        run(desk)
        assert answer(desk, *BUDGET) == ("700", "700", "reported")
        assert state(desk, "FIN-01", "92-039") == ("reopened", None)

    def test_so_is_the_same_value_beside_other_ones(self, desk):
        """The total was confirmed beside its parts: with other parts it is another doubt."""
        declare(desk, CONFIRMATION)
        run(desk)
        deliver(desk, "92-039", "Financement commune (k€)", "1")
        run(desk)
        assert answer(desk, *BUDGET) == ("640,5", "640.5", "reported")
        assert state(desk, "FIN-01", "92-039") == ("reopened", None)

    def test_what_is_kept_out_is_not_let_in_by_a_confirmation(self, desk):
        declare(desk, CONFIRMATION.replace("FIN-01", "EMP-01").replace("92-039", "92-007")
                .replace("budget_total", "etp_total").replace("640,5", "115"))  # fmt: skip
        ended = run(desk)
        assert answer(desk, "92-007", "etp_total") == ("115", None, "rejected")
        assert state(desk, "EMP-01", "92-007") == ("open", None)
        assert "est sans effet" in found(desk, ended, "COR-05")[0][2]

    def test_who_confirms_what_was_delivered_takes_the_correction_back(self, desk):
        declare(desk, CORRECTION.replace("benevoles_activite", "budget_total")
                .replace("92-037", "92-039").replace("environ 40", "640,5")
                .replace('"40"', '"441,4"'))  # fmt: skip
        run(desk)
        assert answer(desk, *BUDGET)[1] == "441.4"
        path = desk.home / "late.yml"
        path.write_text(HEAD + CONFIRMATION, encoding="utf-8")
        take_file.fn(path.read_bytes(), path.name, "X")
        run(desk)
        assert answer(desk, *BUDGET) == ("640,5", "640.5", "confirmed")


class TestDecisions:
    def test_a_reply_is_accepted_by_somebody(self, desk):
        declare(desk, CONFIRMATION)
        run(desk)
        item = accept(item_of(desk, "FIN-01", "92-039")[:10], "Équipe nationale", "vu avec la Caf")
        assert item["state"] == "accepted"
        assert life(desk, "FIN-01", "92-039") == ["open", "answered", "accepted"]
        run(desk, Outcome.UNCHANGED)

    def test_a_reopened_reply_counts_no_more(self, desk):
        declare(desk, CORRECTION)
        run(desk)
        reopen(item_of(desk, "DOM-01", "92-037"), "Équipe nationale", "la liste est de 2011")

        run(desk)

        assert answer(desk, *VOLUNTEERS) == ("environ 40", None, "rejected")
        assert life(desk, "DOM-01", "92-037") == ["open", "answered", "accepted", "reopened"]
        run(desk, Outcome.UNCHANGED)
        declare(desk, CORRECTION.replace("07-20", "08-01"))
        run(desk)
        assert answer(desk, *VOLUNTEERS) == ("environ 40", "40", "corrected")

    @pytest.mark.parametrize("decide", [accept, reopen])
    def test_what_nobody_answered_cannot_be_decided_on(self, desk, decide):
        with pytest.raises(ReplyError, match="« à traiter »"):
            decide(item_of(desk, "FIN-01", "92-039"), "X", "pour voir")
        with pytest.raises(ReplyError, match="Aucun constat"):
            decide("ffffffffffffffff", "X", "pour voir")

    def test_events_and_replies_are_never_changed(self, desk):
        declare(desk, CORRECTION)
        run(desk)
        for statement in (
            "update query.event set author = 'x'",
            "delete from query.event",
            "delete from query.reply",
            "update query.reply set value = '1'",
        ):
            with pytest.raises(DBAPIError, match="never changed"), desk.engine.begin() as c:
                c.exec_driver_sql(statement)


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            (CORRECTION.replace('"40"', "quarante"), "corrections, entrée 1 : la nouvelle valeur"),
            (CORRECTION.replace("benevoles_activite", "inconnue"), "n'est pas posée pour 2012"),
            (CORRECTION.replace("benevoles_activite", "structure_id").replace("environ 40", '""'),
             "n'a pas d'identifiant"),
            (CORRECTION.replace("value:", "valeur:"), "corrections, entrée 1 : value"),
            (CONFIRMATION.replace("une subvention n'est pas ventilée", '""'),
             "confirmations, entrée 1 : reason"),
            (CORRECTION.replace("2013-07-20", "hier"), "corrections, entrée 1 : on"),
        ],
    )  # fmt: skip
    def test_a_fault_in_the_file_fails_the_run_and_names_the_entry(self, desk, text, sentence):
        before = desk.state()
        path = declare(desk, text)

        ended = run(desk, Outcome.FAILED)

        assert sentence in ended.message
        assert path.name in ended.message
        assert desk.state() == before
        assert desk.ask("select count(*) from query.reply") == [(0,)]

    def test_a_file_in_anothers_place_is_refused(self, desk):
        path = declare(desk, CORRECTION)
        path.write_text(path.read_text("utf-8").replace('"92"', '"93"'), encoding="utf-8")
        assert "et non pour senacs/92/2012" in run(desk, Outcome.FAILED).message


class TestKnownErrors:
    UNTIL = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011
    PAST = (date.today() - timedelta(days=3)).isoformat()  # noqa: DTZ011
    KNOWN = """
- {territory: "92", data_years: [2012], rule: FIN-01, unit: 92-039, reason: logiciel en panne,
   author: Équipe nationale, until: %s}
"""

    def test_it_is_not_asked_and_still_shown(self, desk):
        declare_known(desk, self.KNOWN % self.UNTIL)
        ended = run(desk)
        assert state(desk, "FIN-01", "92-039") == ("known", None)
        assert found(desk, ended, "FIN-01")
        assert found(desk, ended, "EXC-01") == []
        page = Path(ended.report).read_text("utf-8")
        assert "Erreur connue" in page
        run(desk, Outcome.UNCHANGED)

    def test_it_expires_on_its_day(self, desk):
        declare_known(desk, self.KNOWN % self.UNTIL)
        run(desk)
        declare_known(desk, self.KNOWN % self.PAST)
        ended = run(desk)
        assert state(desk, "FIN-01", "92-039") == ("reopened", None)
        ((severity, unit, message),) = found(desk, ended, "EXC-02")
        assert (severity, unit) == ("info", "92-039")
        assert "a pris fin" in message

    def test_it_expires_when_the_source_is_mended(self, desk):
        declare_known(desk, self.KNOWN % self.UNTIL)
        run(desk)
        deliver(desk, "92-039", "Budget total (k€)", "441,4")
        ended = run(desk)
        assert state(desk, "FIN-01", "92-039") == ("resolved", None)
        assert "n'est plus constatée" in found(desk, ended, "EXC-01")[0][2]
        deliver(desk, "92-039", "Budget total (k€)", "640,5")
        run(desk)
        assert state(desk, "FIN-01", "92-039") == ("reopened", None)

    def test_it_lets_nothing_in(self, desk):
        declare_known(desk, (self.KNOWN % self.UNTIL).replace("FIN-01", "EMP-01")
                      .replace("92-039", "92-007"))  # fmt: skip
        run(desk)
        assert state(desk, "EMP-01", "92-007") == ("known", None)
        assert answer(desk, "92-007", "etp_total") == ("115", None, "rejected")

    @pytest.mark.parametrize("missing", ["reason", "author", "until", "data_years"])
    def test_one_without_reason_author_or_end_is_refused(self, desk, missing):
        declare_known(desk, (self.KNOWN % self.UNTIL).replace(missing, f"{missing}_"))
        assert f"entrée 1 : {missing}" in run(desk, Outcome.FAILED).message


class TestTheRun:
    def test_a_refused_export_closes_nothing(self, desk):
        path = desk.supplier / "senacs" / "senacs_92_2012.csv"
        good = path.read_bytes()
        before = desk.ask("select item_key, state from query.state order by 1")
        path.write_bytes(b"<!DOCTYPE html><html></html>")
        run(desk, Outcome.REFUSED)
        after = desk.ask(
            "select item_key, state from query.state where rule <> 'FIC-02' order by 1"
        )
        assert after == before
        assert desk.ask("select state from query.state where rule = 'FIC-02'") == [("open",)]
        path.write_bytes(good)
        declare(desk, CORRECTION)
        run(desk)
        assert desk.ask("select state from query.state where rule = 'FIC-02'") == [("resolved",)]

    @pytest.mark.parametrize(
        "place", ["after take_replies", "after validate", "inside _follow", "inside write_outcome"]
    )
    def test_a_crash_and_a_rerun_give_what_a_run_gives(self, desk, server, asked, tmp_path, place):
        declare(desk, CORRECTION + CONFIRMATION)
        url = server.create(asked)
        with installation(url, tmp_path / "other", replies=desk.home / "replies") as other:
            run(other)
            expected = everything(other)
        server.drop(url)

        with installation(desk.engine.url.render_as_string(hide_password=False), desk.home,
                          replies=desk.home / "replies") as made:  # fmt: skip
            assert exit_code_of_a_run(place, KEY) == -signal.SIGKILL
            run(made)
            assert everything(made) == expected
            run(made, Outcome.UNCHANGED)


def everything(desk) -> dict[str, list]:
    """The layers, and the query loop without its clock and run identifiers."""
    return desk.state() | {
        "items": desk.ask("select t::text from query.item t order by 1"),
        "replies": desk.ask("select reply_id, about from query.reply order by reply_no"),
        "events": desk.ask(
            "select item_key, state, kind, reply_id, raw, author, reason from query.event "
            "order by item_key, event_no"
        ),
    }
