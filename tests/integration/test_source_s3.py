"""Exports on a real S3 server."""

import logging
import traceback

import pytest

from senacs.codebook.sources import S3Source
from senacs.errors import ConfigurationError, SourceError
from tasks import sources
from tasks.sources import Known
from tests.support.installation import settings_in_environment
from tests.support.servers_s3 import KEY, SECRET, client, serving_s3

NOTHING = Known()
PLACE = "senacs/92/export été.csv"


@pytest.fixture(scope="module")
def endpoint():
    with pytest.MonkeyPatch.context() as env:
        for name in ("http_proxy", "HTTP_PROXY"):
            env.setenv(name, "http://127.0.0.1:9")
        env.delenv("no_proxy", raising=False)
        env.delenv("NO_PROXY", raising=False)
        env.setenv("SENACS_SECRET_S3_KEY", KEY)
        env.setenv("SENACS_SECRET_S3_SECRET", SECRET)
        with (
            serving_s3() as address,
            settings_in_environment(http_attempts=1, export_max_bytes=1000),
        ):
            client(address).mkdir("senacs")
            yield address


@pytest.fixture
def store(endpoint):
    files = client(endpoint)
    files.pipe_file(PLACE, b"a;b\n")
    return files


def declared(endpoint, **fields):
    fields = {"access_key": "s3_key", "secret_key": "s3_secret"} | fields
    bucket, key = PLACE.split("/", 1)
    return S3Source(
        **{"kind": "s3", "bucket": bucket, "key": key, "endpoint_url": endpoint} | fields
    )


def fetched(endpoint, folder, known=NOTHING, **fields):
    return sources.fetch(declared(endpoint, **fields), folder, known)


def test_an_object_comes_with_its_mark(store, endpoint, tmp_path):
    delivery = fetched(endpoint, tmp_path)

    assert delivery.path.read_bytes() == b"a;b\n"
    assert delivery.file_name == "export été.csv"
    assert fetched(endpoint, tmp_path, Known(etag=delivery.etag)).path is None
    store.pipe_file(PLACE, b"c;d\n")
    assert fetched(endpoint, tmp_path, Known(etag=delivery.etag)).path.read_bytes() == b"c;d\n"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"key": "absent.csv"}, "cet objet n'existe pas"),
        ({"bucket": "absent"}, "cet objet n'existe pas"),
        ({"endpoint_url": "http://127.0.0.1:9"}, "le dépôt ne répond pas"),
    ],
)
@pytest.mark.usefixtures("store")
def test_what_is_not_there_is_said(endpoint, tmp_path, caplog, fields, said):
    caplog.set_level(logging.DEBUG)
    source = declared(endpoint, **fields)
    with pytest.raises(SourceError) as error:
        sources.fetch(source, tmp_path, Known())

    assert str(error.value).startswith(f"La source {source.address} n'a pas livré son export : ")
    assert said in str(error.value)
    shown = "".join(traceback.format_exception(error.value)) + caplog.text + repr(source)
    assert SECRET not in shown


def test_too_large(store, endpoint, tmp_path):
    store.pipe_file(PLACE, b"x" * 1001)
    with pytest.raises(SourceError, match="dépasse 1000 octets"):
        fetched(endpoint, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_secret_is_for_the_engineer(endpoint, tmp_path):
    with pytest.raises(ConfigurationError, match="SENACS_SECRET_ABSENT"):
        fetched(endpoint, tmp_path, secret_key="absent")
