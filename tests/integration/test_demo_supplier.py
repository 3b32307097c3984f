"""The demo's supplier over real HTTP."""

import hashlib
import http.client
import subprocess
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from senacs.demo_supplier import serving
from senacs.settings import PROJECT_ROOT

CONTENT = "Identifiant;Nom\n92-001;Centre social inventé\n".encode("cp1252")


@pytest.fixture
def folder(tmp_path) -> Path:
    served = tmp_path / "served"
    (served / "senacs").mkdir(parents=True)
    (served / "senacs" / "a file.csv").write_bytes(CONTENT)
    (served / "empty.bin").write_bytes(b"")
    (tmp_path / "secret.txt").write_text("secret")
    (served / "outward").symlink_to(tmp_path / "secret.txt")
    return served


@pytest.fixture
def base(folder):
    with serving(folder) as url:
        yield url


def raw_get(base: str, path: str) -> http.client.HTTPResponse:
    """Without the tidying of `..` that ordinary clients do."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.endheaders()
    return connection.getresponse()


def test_a_file_comes_byte_for_byte_with_its_validators(base, folder):
    reply = requests.get(f"{base}/senacs/a%20file.csv", timeout=5)

    assert reply.status_code == 200
    assert reply.content == CONTENT
    assert reply.headers["Content-Length"] == str(len(CONTENT))
    assert reply.headers["Content-Type"] == "text/csv"
    assert reply.headers["ETag"] == f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    modified = parsedate_to_datetime(reply.headers["Last-Modified"]).timestamp()
    assert modified == int((folder / "senacs" / "a file.csv").stat().st_mtime)


def test_what_the_client_has_is_not_sent_again(base):
    url = f"{base}/senacs/a%20file.csv"
    etag = requests.get(url, timeout=5).headers["ETag"]

    reply = requests.get(url, headers={"If-None-Match": f'"other", W/{etag}'}, timeout=5)

    assert (reply.status_code, reply.content) == (304, b"")
    assert reply.headers["ETag"] == etag


def test_a_changed_file_is_sent_again(base, folder):
    url = f"{base}/senacs/a%20file.csv"
    etag = requests.get(url, timeout=5).headers["ETag"]
    (folder / "senacs" / "a file.csv").write_bytes(CONTENT + b"92-002;Autre\n")

    reply = requests.get(url, headers={"If-None-Match": etag}, timeout=5)

    assert reply.status_code == 200
    assert reply.content.endswith(b"Autre\n")


def test_a_session_can_go_on_after_each_kind_of_answer(base):
    url = f"{base}/senacs/a%20file.csv"
    with requests.Session() as session:
        etag = session.get(url, timeout=5).headers["ETag"]
        statuses = [
            session.get(url, headers={"If-None-Match": etag}, timeout=5).status_code,
            session.get(f"{base}/absent.csv", timeout=5).status_code,
            session.head(url, timeout=5).status_code,
            session.get(f"{base}/empty.bin?whatever=1", timeout=5).status_code,
        ]
    assert statuses == [304, 404, 200, 200]


def test_head_says_the_length_and_sends_nothing(base):
    reply = requests.head(f"{base}/senacs/a%20file.csv", timeout=5)
    assert reply.headers["Content-Length"] == str(len(CONTENT))
    assert reply.content == b""


@pytest.mark.parametrize(
    "path", ["/", "/senacs", "/senacs/", "/absent.csv", "/%00", "/" + "a" * 999]
)
def test_neither_folders_nor_absent_files_are_shown(base, path):
    reply = requests.get(base + path, timeout=5)
    assert reply.status_code == 404
    assert "a file" not in reply.text


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/senacs/../../secret.txt",
        "//../secret.txt",
        "/outward",
    ],
)
def test_nothing_outside_the_folder_is_served(base, path):
    reply = raw_get(base, path)
    assert reply.status == 404
    assert b"secret\n" not in reply.read()


def test_an_absolute_path_stays_inside(base, folder):
    reply = raw_get(base, "/" + str(folder.parent / "secret.txt"))
    assert reply.status == 404


def test_it_is_read_only(base):
    assert requests.put(f"{base}/new.csv", data=b"x", timeout=5).status_code == 501


def test_it_is_silent_and_gone_afterwards(folder, capfd):
    with serving(folder) as url:
        requests.get(f"{url}/absent.csv", timeout=5)

    assert capfd.readouterr() == ("", "")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/empty.bin", timeout=5)


def test_a_missing_folder_is_refused_before_serving(tmp_path):
    with pytest.raises(NotADirectoryError), serving(tmp_path / "absent"):
        pass


def test_it_runs_in_the_foreground(folder):
    command = [sys.executable, "-m", "senacs.demo_supplier", "--port", "0", str(folder)]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            base = process.stdout.readline().strip()
            assert requests.get(f"{base}/senacs/a%20file.csv", timeout=5).content == CONTENT
        finally:
            process.terminate()
