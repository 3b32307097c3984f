"""Exports from a real web server: conditional, tried again, resumed, capped, and let in."""

import base64
import logging
import traceback

import pytest

from senacs.codebook.sources import HttpSource
from senacs.errors import ConfigurationError, SourceError
from tasks import sources
from tasks.sources import Known
from tests.support.installation import settings_in_environment
from tests.support.servers_http import MODIFIED, PATH, ExportServer, serving_export, strong
from tests.support.servers_tls import self_signed

NOTHING = Known()
CONTENT = b"".join(b"92-%06d;Centre;%d\r\n" % (n, n * 7) for n in range(10_000))
TOKEN = "topsecret-token"


@pytest.fixture
def server():
    with serving_export(ExportServer(CONTENT)) as state:
        yield state


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    # A proxy that nothing answers at: whoever goes through it on the way to loopback fails.
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SENACS_SECRET_CAF_TOKEN", TOKEN)
    monkeypatch.setenv("SENACS_SECRET_CAF_PASSWORD", "topsecret:é")
    with settings_in_environment(http_attempts=3, http_backoff=0, http_longest_wait=0):
        yield


def fetched(server, folder, known=NOTHING, **declared):
    return sources.fetch(HttpSource(url=server.url, **declared), folder, known)


def refused(server, folder, **declared) -> str:
    with pytest.raises(SourceError) as error:
        fetched(server, folder, **declared)
    message = str(error.value)
    assert message.startswith(f"La source {server.url} n'a pas livré son export : ")
    assert "Rien n'a été modifié ; " in message
    return message


def test_a_file_comes_with_its_marks_under_its_own_name(server, tmp_path):
    delivery = fetched(server, tmp_path)

    assert delivery.path.read_bytes() == CONTENT
    assert delivery.file_name == "centres sociaux.csv"
    assert (delivery.etag, delivery.last_modified) == ('"v1"', MODIFIED)
    assert server.sent("Accept-Encoding") == ["identity"]


class TestConditional:
    @pytest.mark.parametrize(
        "known", [Known(etag='"v1"'), Known(last_modified=MODIFIED), Known('"v1"', MODIFIED)]
    )
    def test_what_is_known_is_not_sent_again(self, server, tmp_path, known):
        delivery = fetched(server, tmp_path, known)

        assert delivery.path is None
        assert list(tmp_path.iterdir()) == []

    def test_what_has_changed_is(self, server, tmp_path):
        server.content, server.etag = b"new", '"v2"'
        delivery = fetched(server, tmp_path, Known('"v1"', MODIFIED))
        assert (delivery.path.read_bytes(), delivery.etag) == (b"new", '"v2"')

    def test_unchanged_means_nothing_if_nothing_is_known(self, server, tmp_path):
        server.busy = [(304, {})]
        assert "304" in refused(server, tmp_path)


class TestPatience:
    @pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
    def test_a_busy_server_is_asked_again(self, server, tmp_path, status):
        server.busy = [(status, {"Retry-After": "86400"}), (status, {})]
        assert fetched(server, tmp_path).path.read_bytes() == CONTENT
        assert len(server.requests) == 3

    def test_but_not_for_ever(self, server, tmp_path):
        server.busy = [(503, {"Retry-After": "Mon, 06 May 2999 10:00:00 GMT"})] * 9
        assert "« 503 Service Unavailable » (essais : 3)" in refused(server, tmp_path)
        assert len(server.requests) == 3

    @pytest.mark.parametrize("status", [400, 404, 410, 501])
    def test_what_a_further_try_cannot_mend_is_said_at_once(self, server, tmp_path, status):
        server.busy = [(status, {})]
        assert f"« {status} " in refused(server, tmp_path)
        assert len(server.requests) == 1


class TestResume:
    def test_a_cut_download_goes_on_where_it_was_cut(self, server, tmp_path):
        server.cuts = [70_000, 100_000]
        delivery = fetched(server, tmp_path)

        assert delivery.path.read_bytes() == CONTENT
        asked = [int(r.removeprefix("bytes=").rstrip("-")) for r in server.sent("Range") if r]
        assert len(asked) == 2
        assert 0 < asked[0] <= 70_000 < asked[1] <= 170_000
        assert server.sent("If-Range") == [None, '"v1"', '"v1"']
        assert server.sent("If-None-Match") == [None] * 3

    def test_a_date_will_do_if_it_is_certain(self, server, tmp_path):
        server.etag, server.cuts = None, [70_000]
        assert fetched(server, tmp_path).path.read_bytes() == CONTENT
        assert server.sent("If-Range") == [None, MODIFIED]

    @pytest.mark.parametrize(
        "marks",
        [
            {"etag": 'W/"v1"'},
            {"etag": None, "modified": None},
            {"etag": None, "modified": "Mon, 06 May 2999 10:00:00 GMT"},
            {"etag": None, "modified": "yesterday"},
            {"lengthless": True},
        ],
        ids=str,
    )
    def test_without_certainty_it_begins_again(self, server, tmp_path, marks):
        for name, value in marks.items():
            setattr(server, name, value)
        server.cuts = [70_000]

        assert fetched(server, tmp_path).path.read_bytes() == CONTENT
        assert server.sent("Range") == [None, None]

    def test_a_file_that_changed_meanwhile_is_taken_whole(self, server, tmp_path):
        new = CONTENT[::-1]
        server.cuts, server.then = [70_000], [(new, strong(new))]

        delivery = fetched(server, tmp_path)

        assert delivery.path.read_bytes() == new
        assert delivery.etag == strong(new)

    def test_a_server_that_knows_no_ranges_sends_it_whole(self, server, tmp_path):
        server.ranges, server.cuts = False, [70_000]
        assert fetched(server, tmp_path).path.read_bytes() == CONTENT

    def test_the_wrong_part_is_never_put_together(self, server, tmp_path):
        server.cuts, server.shifted = [70_000], 10
        assert fetched(server, tmp_path).path.read_bytes() == CONTENT
        assert [bool(r) for r in server.sent("Range")] == [False, True, False]

    def test_less_than_asked_is_not_the_whole(self, server, tmp_path):
        server.cuts, server.parts = [70_000], [50_000]
        assert fetched(server, tmp_path).path.read_bytes() == CONTENT
        assert [bool(r) for r in server.sent("Range")] == [False, True, True]

    def test_what_is_always_cut_is_refused(self, server, tmp_path):
        server.cuts = [10] * 9
        assert "interrompu avant la fin (essais : 3)" in refused(server, tmp_path)


class TestSize:
    def test_what_says_that_it_is_too_large_is_not_read(self, server, tmp_path):
        with settings_in_environment(export_max_bytes=1000):
            assert "dépasse 1000 octets" in refused(server, tmp_path)
        assert (tmp_path / "delivered").exists() is False

    def test_what_does_not_say_it_is_stopped(self, server, tmp_path):
        server.lengthless = True
        with settings_in_environment(export_max_bytes=1000):
            assert "dépasse 1000 octets" in refused(server, tmp_path)
        assert len(server.requests) == 1


class TestRedirection:
    def test_on_the_same_server_it_is_followed(self, server, tmp_path):
        server.moved = {PATH: "/new/place.csv"}
        delivery = fetched(server, tmp_path, token="caf_token")
        assert delivery.path.read_bytes() == CONTENT
        assert server.sent("Authorization") == [f"Bearer {TOKEN}"] * 2

    @pytest.mark.parametrize(
        "target",
        [
            "http://localhost:{port}/elsewhere.csv",
            "http://127.0.0.1:9/elsewhere.csv",
            "https://127.0.0.1:{port}/",
            "//169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "http://caf:x@127.0.0.1:{port}/",
        ],
    )
    def test_elsewhere_it_is_not(self, server, tmp_path, target):
        server.moved = {PATH: target.format(port=server.port)}
        message = refused(server, tmp_path, token="caf_token")
        assert "renvoie vers une autre adresse" in message
        assert len(server.requests) == 1

    def test_nor_in_circles(self, server, tmp_path):
        server.moved = {PATH: PATH}
        assert "sans fin" in refused(server, tmp_path)


class TestSecrets:
    def test_a_token(self, server, tmp_path):
        server.asks = f"Bearer {TOKEN}"
        assert fetched(server, tmp_path, token="caf_token").path

    def test_a_user_and_a_password(self, server, tmp_path):
        server.asks = "Basic " + base64.b64encode("caf:topsecret:é".encode()).decode()
        assert fetched(server, tmp_path, user="caf", password="caf_password").path

    def test_without_any_nothing_is_said(self, server, tmp_path, monkeypatch):
        """Not even what the user's own .netrc holds."""
        netrc = tmp_path / "netrc"
        netrc.write_text("default login caf password topsecret\n")
        monkeypatch.setenv("NETRC", str(netrc))
        fetched(server, tmp_path)
        assert server.sent("Authorization") == [None]

    def test_a_wrong_one_is_told_by_its_name(self, server, tmp_path):
        server.asks = "Bearer another"
        message = refused(server, tmp_path, token="caf_token")
        assert "« 401 Unauthorized »" in message
        assert "« caf_token »" in message

    def test_a_missing_one_is_for_the_engineer(self, server, tmp_path):
        with pytest.raises(ConfigurationError, match="SENACS_SECRET_ABSENT"):
            fetched(server, tmp_path, token="absent")
        assert server.requests == []

    @pytest.mark.parametrize("token", ["topsecret é", "topsecret €", " topsecret"])
    def test_odd_characters_are_shown_to_nobody(self, server, tmp_path, monkeypatch, token):
        monkeypatch.setenv("SENACS_SECRET_CAF_TOKEN", token)
        server.asks = "Bearer another"
        assert "topsecret" not in refused(server, tmp_path, token="caf_token")

    @pytest.mark.parametrize(
        "trouble",
        [
            {"asks": "Bearer another"},
            {"busy": [(503, {})] * 9},
            {"cuts": [10] * 9},
            {"moved": {PATH: "http://localhost/"}},
            {},
        ],
        ids=str,
    )
    def test_none_is_ever_shown(self, server, tmp_path, caplog, capfd, trouble):
        caplog.set_level(logging.DEBUG)
        for name, value in trouble.items():
            setattr(server, name, value)
        for declared in ({"token": "caf_token"}, {"user": "caf", "password": "caf_password"}):
            shown = [repr(HttpSource(url=server.url, **declared))]
            try:
                shown.append(repr(fetched(server, tmp_path, **declared)))
            except SourceError as error:
                shown += [repr(error), *traceback.format_exception(error)]
            shown += [caplog.text, *capfd.readouterr()]
            encoded = base64.b64encode("caf:topsecret:é".encode()).decode()
            assert not any("topsecret" in text or encoded in text for text in shown)


class TestNobody:
    def test_listens(self, tmp_path):
        with serving_export(ExportServer(b"")) as gone:
            pass
        assert "connexion impossible" in refused(gone, tmp_path)

    def test_is_known_to_us(self, tmp_path):
        """Its certificate is signed by nobody we trust, until we say so."""
        certificate = self_signed(tmp_path / "server.pem")
        with serving_export(ExportServer(CONTENT), certificate) as secured:
            assert "certificat refusé" in refused(secured, tmp_path)
            assert fetched(secured, tmp_path, ca_file=str(certificate)).path

    def test_has_put_the_certificates_there(self, server, tmp_path):
        with pytest.raises(ConfigurationError, match=r"absent\.pem"):
            fetched(server, tmp_path, ca_file="absent.pem")
