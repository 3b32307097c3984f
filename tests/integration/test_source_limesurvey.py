"""Responses from a LimeSurvey that speaks the protocol of RemoteControl 2."""

import base64
import logging
import traceback

import pytest

from senacs.codebook.sources import LimeSurveySource
from senacs.errors import SourceError
from tasks import sources
from tasks.sources import Known
from tests.support.installation import settings_in_environment
from tests.support.servers_limesurvey import LimeSurvey, serving_limesurvey

NOTHING = Known()
CONTENT = '"id";"Q1[SQ001]"\r\n"1";"Amélie ; Zoé"\r\n'.encode()
PASSWORD = "topsecret é"


@pytest.fixture
def server():
    surveys = {896543: CONTENT, 2: None, 3: CONTENT}
    with serving_limesurvey(LimeSurvey(surveys, password=PASSWORD, forbidden={3})) as state:
        yield state


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setenv("SENACS_SECRET_LIME", PASSWORD)
    with settings_in_environment(http_attempts=2, http_backoff=0):
        yield


def fetched(server, folder, known=NOTHING, **fields):
    fields = {"survey": 896543, "user": "caf92", "password": "lime"} | fields
    source = LimeSurveySource(kind="limesurvey", url=server.url, **fields)
    return sources.fetch(source, folder, known)


def test_responses_come_by_codes_and_the_session_is_released(server, tmp_path):
    delivery = fetched(server, tmp_path, language="fr")

    assert delivery.path.read_bytes() == CONTENT
    assert delivery.file_name == "limesurvey_896543.csv"
    assert [method for method, _ in server.calls] == [
        "get_session_key",
        "export_responses",
        "release_session_key",
    ]
    assert server.sessions == set()


def test_the_same_responses_are_unchanged(server, tmp_path):
    mark = fetched(server, tmp_path).etag

    assert fetched(server, tmp_path, Known(etag=mark)).path is None
    server.surveys[896543] += b'"2";""\r\n'
    assert fetched(server, tmp_path, Known(etag=mark)).path is not None


@pytest.mark.parametrize(
    "case",
    [
        ({}, {"user": "other"}, "identifiants refusés"),
        ({}, {"survey": 2}, "l'enquête n'a pas encore de réponse"),
        ({}, {"survey": 3}, "n'a pas le droit d'exporter"),
        ({}, {"survey": 4}, "cette enquête n'existe pas"),
        ({}, {"language": "de"}, "n'existe pas dans la langue déclarée"),
        ({"result": {"status": "Maintenance"}}, {}, "LimeSurvey répond « Maintenance »"),
        ({"result": {"surprise": 1}}, {}, "illisible"),
        ({"result": "a"}, {}, "illisible"),
        ({"result": "é"}, {}, "illisible"),
        ({"result": []}, {}, "illisible"),
        ({"raw": [(200, b"<html>")] * 9}, {}, "n'est pas celle de l'interface"),
        ({"raw": [(200, b"")] * 9}, {}, "n'est pas celle de l'interface"),
        ({"raw": [(200, b"[]")] * 9}, {}, "illisible"),
        ({"raw": [(200, b'{"id": 0, "result": "", "error": null}')]}, {}, "n'est pas celle"),
        ({"raw": [(404, b"")]}, {}, "« 404 »"),
        ({"raw": [(302, b"")]}, {}, "renvoie vers une autre adresse"),
        ({"raw": [(500, b"")] * 9}, {}, "« 500 » (essais : 2)"),
        ({"fail_on": {"export_responses"}}, {}, "« 500 » (essais : 2)"),
    ],
    ids=str,
)
def test_what_goes_wrong_is_said_in_french(server, tmp_path, caplog, case):
    trouble, fields, said = case
    caplog.set_level(logging.DEBUG)
    for name, value in trouble.items():
        setattr(server, name, value)

    with pytest.raises(SourceError) as error:
        fetched(server, tmp_path, **fields)

    survey = fields.get("survey", 896543)
    begins = f"La source {server.url}#survey={survey} n'a pas livré son export : "
    assert str(error.value).startswith(begins)
    assert said in str(error.value)
    assert server.sessions == set()
    assert list(tmp_path.iterdir()) == []
    assert "topsecret" not in "".join(traceback.format_exception(error.value)) + caplog.text


def test_a_server_that_recovers_is_asked_again(server, tmp_path):
    server.raw = [(503, b"")]
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT


def test_a_session_that_cannot_be_released_spoils_nothing(server, tmp_path, caplog):
    server.fail_on = {"release_session_key"}
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT
    assert "session not released" in caplog.text


@pytest.mark.parametrize("factor", [1, 1000])
def test_too_large(server, tmp_path, factor):
    """Whether the export itself is, or an answer that has no end."""
    server.result = base64.b64encode(b"x" * 1001 * factor).decode()
    with (
        settings_in_environment(export_max_bytes=1000),
        pytest.raises(SourceError, match="dépasse 1000 octets"),
    ):
        fetched(server, tmp_path)


def test_nobody_listens(tmp_path):
    with serving_limesurvey(LimeSurvey({})) as gone:
        pass
    with pytest.raises(SourceError, match="connexion impossible"):
        fetched(gone, tmp_path)
