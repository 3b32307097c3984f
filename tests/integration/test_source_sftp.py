"""Exports on a real SSH server."""

import io
import logging
import os
import time
import traceback

import paramiko
import pytest

from senacs.codebook.sources import SftpSource
from senacs.errors import ConfigurationError, SourceError
from tasks import sources
from tasks.sources import Known, NotSettledError
from tests.support.installation import settings_in_environment
from tests.support.servers_sftp import SftpServer, serving_sftp

NOTHING = Known()
LONG_AGO = 1_367_834_400
PASSWORD = "topsecret é"
CONTENT = bytes(range(256)) * 1000


@pytest.fixture(scope="module")
def key():
    return paramiko.ECDSAKey.generate()


@pytest.fixture
def server(tmp_path, key):
    folder = tmp_path / "server"
    (folder / "depot").mkdir(parents=True)
    with serving_sftp(SftpServer(folder, password=PASSWORD, key=key)) as state:
        put(state, "export.csv")
        yield state


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setenv("SENACS_SECRET_CAF_SSH", PASSWORD)
    with settings_in_environment(
        http_attempts=3, http_backoff=0, http_timeout=5, export_max_bytes=300_000
    ):
        yield


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def put(server, name, content=CONTENT, at=LONG_AGO):
    path = server.folder / "depot" / name
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def declared(server, **fields):
    if "key" not in fields:
        fields = {"password": "caf_ssh"} | fields
    fields = {
        "path": "/depot",
        "user": "caf92",
        "host_keys": [server.fingerprint],
        "file": "*.csv",
    } | fields
    return SftpSource(kind="sftp", host="127.0.0.1", port=server.port, **fields)


def fetched(server, work, known=NOTHING, **fields):
    return sources.fetch(declared(server, **fields), work, known)


def refused(server, work, **fields) -> str:
    with pytest.raises(SourceError) as error:
        fetched(server, work, **fields)
    assert str(error.value).startswith(f"La source sftp://127.0.0.1:{server.port}/")
    return str(error.value)


def test_a_file_comes_byte_for_byte(server, work):
    delivery = fetched(server, work)

    assert delivery.path.read_bytes() == CONTENT
    assert delivery.file_name == "export.csv"
    assert fetched(server, work, Known(etag=delivery.etag)).path is None
    put(server, "export.csv", at=LONG_AGO + 1)
    assert fetched(server, work, Known(etag=delivery.etag)).path is not None


def test_a_key_opens_too(server, work, key, monkeypatch):
    text = io.StringIO()
    key.write_private_key(text, password="topsecret phrase")
    monkeypatch.setenv("SENACS_SECRET_CAF_KEY", text.getvalue())
    monkeypatch.setenv("SENACS_SECRET_CAF_PHRASE", "topsecret phrase")

    assert fetched(server, work, key="caf_key", passphrase="caf_phrase").path
    with pytest.raises(ConfigurationError, match="'caf_key' is no private key"):
        fetched(server, work, key="caf_key")


@pytest.mark.parametrize("text", ["topsecret", "-----BEGIN OPENSSH PRIVATE KEY-----\ntopsecret\n"])
def test_what_is_no_key_is_for_the_engineer(server, work, monkeypatch, text):
    monkeypatch.setenv("SENACS_SECRET_CAF_KEY", text)
    with pytest.raises(ConfigurationError) as wrong:
        fetched(server, work, key="caf_key")
    assert "topsecret" not in "".join(traceback.format_exception(wrong.value))
    assert server.logins == 0


def test_an_unknown_server_is_told_nothing(server, work):
    other = paramiko.ECDSAKey.generate().fingerprint
    message = refused(server, work, host_keys=[other])

    assert f"clé inconnue ({server.fingerprint})" in message
    assert server.logins == 0
    assert fetched(server, work, host_keys=[other, server.fingerprint]).path


def test_a_wrong_password_is_told_by_its_name(server, work, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("SENACS_SECRET_CAF_SSH", "topsecret wrong")
    with pytest.raises(SourceError) as error:
        fetched(server, work)

    assert "refuse l'utilisateur « caf92 »" in str(error.value)
    assert "« caf_ssh »" in str(error.value)
    assert server.logins == 1
    shown = "".join(traceback.format_exception(error.value)) + caplog.text
    assert "topsecret" not in shown + repr(declared(server))


def test_a_server_that_hangs_up_is_asked_again(server, work):
    server.drop = 2
    assert fetched(server, work).path.read_bytes() == CONTENT

    server.drop = 3
    assert "connexion impossible ou interrompue (essais : 3)" in refused(server, work)


def test_nobody_listens(work, tmp_path):
    with serving_sftp(SftpServer(tmp_path)) as gone:
        pass
    assert "connexion impossible" in refused(gone, work)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"path": "/absent"}, "ce dossier n'existe pas"),
        ({"file": "*.xlsx"}, "aucun fichier n'y correspond"),
    ],
)
def test_nothing_is_there(server, work, fields, said):
    assert said in refused(server, work, **fields)
    assert server.logins == 1


def test_several_files_are_named_or_the_last_is_meant(server, work):
    put(server, "export_2.csv", b"2")
    assert "« export.csv », « export_2.csv »" in refused(server, work)
    last = fetched(server, work, several="last_by_name", file="export_*.csv")
    assert last.path.read_bytes() == b"2"


def test_a_link_is_no_export(server, work, tmp_path):
    (server.folder / "depot" / "link.csv").symlink_to(tmp_path)
    assert "aucun fichier" in refused(server, work, file="link*")


def test_a_fresh_file_waits(server, work):
    put(server, "export.csv", at=int(time.time()))
    with pytest.raises(NotSettledError) as waiting:
        fetched(server, work)
    assert fetched(server, work, Known(seen=waiting.value.mark)).path


def test_a_file_that_changes_under_our_eyes_is_not_taken(server, work):
    server.when_opened = [lambda: put(server, "export.csv", at=LONG_AGO + 5)]
    assert "a changé pendant sa copie" in refused(server, work)


def test_too_large(server, work):
    put(server, "export.csv", b"x" * 300_001)
    assert "dépasse 300000 octets" in refused(server, work)
