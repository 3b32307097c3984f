"""What goes wrong at a supplier, over real HTTP: said in French, and nothing is lost."""

import hashlib
import socket
from dataclasses import dataclass

import pytest

from senacs.deliveries import Outcome, RunOutcome
from senacs.settings import settings
from tests.support.exports import answers, table, written
from tests.support.installation import SUPPLIER, Installation, installation
from tests.support.postgres import name_of
from tests.support.scripted_server import Answer, Scripts, scripted

KEY = ("senacs", "92", 2012)
PATH = "/senacs/senacs_92_2012.csv"
FILE = "senacs_92_2012.csv"
GOOD = (SUPPLIER / "senacs" / FILE).read_bytes()
HEADER, CELLS = table("senacs")


def small(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    return written(table("senacs", *rows), encoding)


@dataclass(frozen=True)
class Desk:
    """An installation whose supplier is scripted, with the good export loaded."""

    made: Installation
    server: Scripts
    before: dict[str, list[str]]

    def receive(self, *said: Answer) -> RunOutcome:
        self.server.say(PATH, *said)
        self.server.requests.clear()
        return self.made.run(*KEY)

    def data(self) -> dict[str, list[str]]:
        return self.made.state()

    def archive_has(self, body: bytes) -> bool:
        digest = hashlib.sha256(body).hexdigest()
        return self.made.archived().get(digest) == body

    def last_run(self) -> tuple[str, str, str | None]:
        (row,) = self.made.ask(
            "select outcome, message, sha256 from intake.run order by started_at desc limit 1"
        )
        return row


@pytest.fixture(scope="module")
def good_loaded(server, prepared, tmp_path_factory):
    """Name of a database with the register and the good export of 2012, and its state."""
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("good")) as made:
        made.run_all(("registre", "92", 2012), KEY)
        state = made.state()
    return name_of(url), state


@pytest.fixture
def desk(server, good_loaded, tmp_path):
    template, before = good_loaded
    url = server.create(template)
    with (
        scripted() as scripts,
        installation(
            url,
            tmp_path,
            supplier_url=scripts.url,
            http_attempts=3,
            http_timeout=5,
            export_max_bytes=200_000,
        ) as made,
    ):
        yield Desk(made, scripts, before)
    server.drop(url)


class TestSource:
    """The source does not deliver: the run has failed, with a sentence, and nothing is changed."""

    def test_a_server_that_recovers_is_asked_again(self, desk):
        ended = desk.receive(Answer(500), Answer(503), Answer(200, GOOD))

        assert ended.outcome is Outcome.UNCHANGED
        assert len(desk.server.requests) == 3

    @pytest.mark.parametrize(
        ("said", "times", "sentence"),
        [
            (Answer(500), 3, "« 500 Internal Server Error » (essais : 3)"),
            (Answer(429, headers={"Retry-After": "86400"}), 3, "429"),
            (Answer(404), 1, "« 404 Not Found »"),
            (Answer(403, b"<html>"), 1, "« 403 Forbidden »"),
            (Answer(200, GOOD, length=len(GOOD) + 100), 3, "interrompu avant la fin (essais : 3)"),
            (Answer(hang_up=True), 3, "connexion impossible ou interrompue (essais : 3)"),
            (Answer(200, GOOD + b" " * 200_000), 1, "dépasse 200000 octets"),
            (Answer(200, b"", length=10**12), 1, "dépasse 200000 octets"),
            (Answer(304), 1, "304"),
        ],
        ids=lambda value: None if isinstance(value, int) else str(value)[:40],
    )
    def test_what_it_answers_is_said_and_nothing_is_changed(self, desk, said, times, sentence):
        ended = desk.receive(said)

        assert ended.outcome is Outcome.FAILED
        assert sentence in ended.message
        assert f"{desk.server.url}{PATH}" in ended.message
        assert len(desk.server.requests) == times
        assert desk.last_run() == ("failed", ended.message, None)
        assert desk.data() == desk.before
        assert desk.made.archived() == {}

    def test_a_cut_download_is_begun_again(self, desk):
        ended = desk.receive(Answer(200, GOOD[:100], length=len(GOOD)), Answer(200, GOOD))
        assert ended.outcome is Outcome.UNCHANGED
        assert desk.archive_has(GOOD)

    def test_nobody_listens(self, desk, monkeypatch):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        monkeypatch.setenv("SENACS_SUPPLIER_URL", f"http://127.0.0.1:{port}")
        settings.cache_clear()

        ended = desk.made.run(*KEY)

        assert ended.outcome is Outcome.FAILED
        assert "connexion impossible" in ended.message
        assert desk.data() == desk.before

    def test_nobody_answers(self, desk, monkeypatch):
        """The server takes the connection and says nothing."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}"
            monkeypatch.setenv("SENACS_SUPPLIER_URL", address)
            monkeypatch.setenv("SENACS_HTTP_TIMEOUT", "0.05")
            settings.cache_clear()
            ended = desk.made.run(*KEY)

        assert ended.outcome is Outcome.FAILED
        assert "aucune réponse dans le délai (essais : 3)" in ended.message

    def test_passwords_in_an_address_are_shown_to_nobody(self, desk, monkeypatch):
        monkeypatch.setenv(
            "SENACS_SUPPLIER_URL", desk.server.url.replace("http://", "http://caf:topsecret@")
        )
        settings.cache_clear()

        desk.receive(Answer(500))
        failed = desk.last_run()
        desk.receive(Answer(200, GOOD))

        assert "topsecret" not in str(failed)
        assert "topsecret" not in str(desk.made.ask("select source from intake.receipt"))


class TestUnchanged:
    def test_what_the_server_says_has_not_changed_is_not_sent_again(self, desk):
        marks = {"ETag": '"v1"', "Last-Modified": "Mon, 06 May 2013 10:00:00 GMT"}
        assert desk.receive(Answer(200, GOOD, marks)).outcome is Outcome.UNCHANGED

        ended = desk.receive(Answer(304))

        assert ended.outcome is Outcome.UNCHANGED
        ((_, sent),) = desk.server.requests
        assert sent["If-None-Match"] == '"v1"'
        assert sent["If-Modified-Since"] == marks["Last-Modified"]
        assert desk.last_run()[2] == hashlib.sha256(GOOD).hexdigest()
        assert desk.data() == desk.before

    def test_an_export_that_the_archive_has_lost_is_asked_for_whole(self, desk):
        desk.receive(Answer(200, GOOD, {"ETag": '"v1"'}))
        for path in (desk.made.home / "archive").rglob("*"):
            if path.is_file():
                path.unlink()

        desk.receive(Answer(200, GOOD, {"ETag": '"v1"'}))

        ((_, sent),) = desk.server.requests
        assert "If-None-Match" not in sent
        assert desk.archive_has(GOOD)

    def test_a_damaged_archive_is_mended_by_the_next_delivery(self, desk):
        """A machine that lost power may have left half of a file."""
        desk.receive(Answer(200, GOOD, {"ETag": '"v1"'}))
        (path,) = (p for p in (desk.made.home / "archive").rglob("*") if p.is_file())
        path.write_bytes(GOOD[:100])

        ended = desk.receive(Answer(200, GOOD, {"ETag": '"v1"'}))

        assert ended.outcome is Outcome.UNCHANGED
        assert desk.archive_has(GOOD)

    def test_another_servers_file_is_not_taken_for_the_one_we_have(self, desk, monkeypatch):
        """What one address said of its file means nothing at another address."""
        desk.receive(Answer(200, GOOD, {"Last-Modified": "Mon, 06 May 2013 10:00:00 GMT"}))
        with scripted() as other:
            other.say(PATH, Answer(200, GOOD))
            monkeypatch.setenv("SENACS_SUPPLIER_URL", other.url)
            settings.cache_clear()
            desk.made.run(*KEY)
            ((_, sent),) = other.requests

        assert "If-Modified-Since" not in sent

    def test_a_refused_export_is_refused_again_when_it_has_not_changed(self, desk):
        first = desk.receive(Answer(200, b"", {"ETag": '"v1"'}))
        again = desk.receive(Answer(304))

        assert first.outcome is again.outcome is Outcome.REFUSED
        assert desk.made.findings(again) == desk.made.findings(first) != []
        assert desk.data() == desk.before


PAGE = b"<!DOCTYPE html><html><head><title>Session expir\xc3\xa9e</title></head></html>"


class TestRefused:
    """The file cannot be used at all."""

    @pytest.mark.parametrize(
        ("body", "rule", "said"),
        [
            (b"", "FIC-01", f"Le fichier {FILE} est vide."),
            (PAGE, "FIC-02", f"{FILE} est une page web (Session expirée), pas un export."),
            (GOOD[:50] + b"\0" + GOOD[50:], "FIC-03", FILE),
            ("a;b\n1;\N{REPLACEMENT CHARACTER}\n".encode(), "FIC-04", "ligne 2"),
            (b"a;b\n1;\x81\n", "FIC-05", "octet 7"),
            (small()[:-4] + b';"cut', "FIC-06", "s'interrompt au milieu d'une cellule"),
            (b"Bonjour ! Voici notre export.\n", "FIC-07", FILE),
            (b"\n".join(GOOD.splitlines()[1:]), "COL-02", "La colonne obligatoire"),
            (written([HEADER]), "FIC-08", FILE),
            (written([HEADER[1:], CELLS[1:]]), "COL-02", "« Identifiant de la structure » manque"),
            (written([[*HEADER, "Nb CDI"], [*CELLS, "1"]]), "COL-03", "nb_cdi"),
        ],
        ids=["empty", "page", "nul", "destroyed", "encoding", "cut", "text", "no header",
             "header only", "no required column", "two columns"],
    )  # fmt: skip
    def test_it_is_refused_with_the_reason_and_what_was_loaded_stays(self, desk, body, rule, said):
        ended = desk.receive(Answer(200, body))

        assert ended.outcome is Outcome.REFUSED
        assert said in ended.message
        assert ended.file_name == FILE
        found = [f for f in desk.made.findings(ended) if f["severity"] == "blocking"]
        assert {f["rule"] for f in found} == {rule}
        assert all(f["advice"] and f["file_name"] == FILE for f in found)
        assert desk.last_run() == ("refused", ended.message, hashlib.sha256(body).hexdigest())
        assert desk.archive_has(body)
        assert desk.data() == desk.before

    def test_a_corrected_export_is_loaded_after_a_refused_one(self, desk):
        assert desk.receive(Answer(200, GOOD[:5000])).outcome is not Outcome.UNCHANGED
        assert desk.receive(Answer(200, PAGE)).outcome is Outcome.REFUSED

        ended = desk.receive(Answer(200, GOOD))
        desk.made.refresh("senacs", 2012)

        assert ended.outcome in {Outcome.LOADED, Outcome.UNCHANGED}
        assert desk.data() == desk.before


class TestKeptOut:
    """The file is loaded, what is wrong in it is kept out or noted."""

    @staticmethod
    def found(desk, ended, rule):
        return [f for f in desk.made.findings(ended) if f["rule"] == rule]

    def test_each_place_is_named(self, desk):
        ended = desk.receive(
            Answer(200, small(answers("senacs"),
                              answers("senacs", structure_id="92-002", nb_cdi="une dizaine")))
        )  # fmt: skip

        assert (ended.outcome, ended.records, ended.rejected) == (Outcome.LOADED, 2, 1)
        (found,) = self.found(desk, ended, "DOM-01")
        assert found == {
            "rule": "DOM-01",
            "severity": "error",
            "row_number": 3,
            "header": "Nombre de salariés en CDI",
            "unit_id": "92-002",
            "question": "nb_cdi",
            "raw": "une dizaine",
            "message": "« une dizaine » n'est pas un nombre (Nombre de salariés en CDI).",
            "advice": "Saisissez le nombre seul, par exemple 1234,5 ; laissez vide si vous ne "
            "savez pas.",
            "file_name": FILE,
        }

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_each_encoding_gives_the_same_answers(self, desk, encoding):
        names = answers("senacs", nom="L'Été à Cœur, 10 €")
        ended = desk.receive(Answer(200, small(names, encoding=encoding)))

        assert ended.outcome is Outcome.LOADED
        assert desk.made.ask(
            "select text from department.answer where collection = 'senacs' and question = 'nom'"
        ) == [("L'Été à Cœur, 10 €",)]
        assert len(self.found(desk, ended, "FIC-09")) == (encoding == "cp1252")

    def test_an_unknown_column_is_told_with_what_it_held(self, desk):
        body = written([[*HEADER, "Nombre de micro-ondes"], [*CELLS, "2"]])
        ended = desk.receive(Answer(200, body))

        (found,) = self.found(desk, ended, "COL-01")
        assert ended.outcome is Outcome.LOADED
        assert found["header"] == "Nombre de micro-ondes"
        assert "ses 1 réponses ne sont pas reprises" in found["message"]

    def test_a_missing_optional_column_is_told_and_missing(self, desk):
        at = HEADER.index("Actions jeunes")
        body = written([HEADER[:at] + HEADER[at + 1 :], CELLS[:at] + CELLS[at + 1 :]])
        ended = desk.receive(Answer(200, body))

        (found,) = self.found(desk, ended, "COL-04")
        assert (found["header"], found["severity"]) == ("Actions jeunes", "query")
        assert desk.made.ask(
            "select status from department.answer where question = 'action_jeunes'"
        ) == [("missing",)]

    def test_one_structure_twice(self, desk):
        same = desk.receive(Answer(200, small(answers("senacs"), answers("senacs"))))
        assert (same.records, same.rejected) == (1, 0)
        assert len(self.found(desk, same, "LIG-03")) == 2

        other = desk.receive(Answer(200, small(answers("senacs"), answers("senacs", nb_cdi="11"))))
        assert (other.records, other.rejected) == (1, 1)
        conflicting = self.found(desk, other, "DOM-11")
        assert [(f["row_number"], f["raw"]) for f in conflicting] == [(2, "10"), (3, "11")]

    def test_a_structure_that_the_register_does_not_know(self, desk):
        ended = desk.receive(
            Answer(200, small(answers("senacs"), answers("senacs", structure_id="92-999")))
        )
        (found,) = self.found(desk, ended, "REG-01")
        assert (found["row_number"], found["unit_id"]) == (3, "92-999")
        assert "92-999" in found["raw"]
        assert desk.made.ask(
            "select count(*) from national.unit where collection = 'senacs' and responded"
        ) == [(1,)]
        assert desk.made.ask(
            "select count(*), count(raw), count(number), min(status), max(status) "
            "from department.answer where unit_id = '92-999'"
        ) == [(len(HEADER), len(HEADER), 0, "rejected", "rejected")]

    @pytest.mark.parametrize("cells", [CELLS[:-3], [*CELLS, "x", "y"]])
    def test_a_row_with_too_few_or_too_many_cells(self, desk, cells):
        second = ["92-002", *cells[1:]]
        ended = desk.receive(Answer(200, written([HEADER, CELLS, second])))

        (found,) = self.found(desk, ended, "LIG-02")
        assert (found["row_number"], found["unit_id"]) == (3, "92-002")
        assert str(abs(len(cells) - len(HEADER))) in found["message"]
        assert desk.made.ask(
            "select unit_id, accepted from department.record where collection = 'senacs' order by 1"
        ) == [("92-001", True), ("92-002", False)]

    def test_empty_cells_beyond_the_header_are_none(self, desk):
        ended = desk.receive(Answer(200, written([HEADER, [*CELLS, "", " "]])))
        assert self.found(desk, ended, "LIG-02") == []

    @pytest.mark.parametrize(
        "text",
        ['say "yes"', "two\nlines", "cr\rinside", "a\r\nb", "\\.", "x\n\\.\ny", "\\N", "a,b;c\td",
         "null", '""', "é\u2028è", "\ufeffmark", "{raw} %s %(a)s",
         "'; drop schema x --", "x" * 3000],
        ids=lambda text: repr(text)[:20],
    )  # fmt: skip
    def test_any_text_arrives_as_it_was_written(self, desk, text):
        """Through CSV, parquet and COPY, in an answer and in a finding."""
        ended = desk.receive(
            Answer(200, small(answers("senacs", nom=f"A{text}Z", mode_gestion=f"B{text}Z")))
        )
        assert ended.outcome is Outcome.LOADED
        assert desk.made.ask(
            "select question, raw from department.answer where collection = 'senacs' "
            "and question in ('nom', 'mode_gestion') order by 1"
        ) == [("mode_gestion", f"B{text}Z"), ("nom", f"A{text}Z")]
        (found,) = self.found(desk, ended, "DOM-03")
        assert found["raw"] == f"B{text}Z"

    def test_the_run_counts_its_findings(self, desk):
        ended = desk.receive(Answer(200, GOOD + b"\n"))
        counted: dict[str, int] = {}
        for found in desk.made.findings(ended):
            counted[found["severity"]] = counted.get(found["severity"], 0) + 1
        assert {str(severity): n for severity, n in ended.findings.items()} == counted
        assert set(counted) == {"error", "query", "info"}
