"""From each kind of source into the archive and the warehouse, and no secret on the way out."""

import hashlib
import logging
import os
import shutil
import time

import paramiko
import pytest
import yaml

from senacs.codebook import load_collection
from senacs.deliveries import Outcome, Receipt, TerritoryYear
from senacs.errors import SourceError
from senacs.settings import PROJECT_ROOT, settings
from tasks.collect import collect
from tasks.prepare import prepare
from tasks.runs import open_run
from tasks.workspace import workspace
from tests.support.servers_http import ExportServer, serving_export
from tests.support.servers_limesurvey import LimeSurvey, serving_limesurvey
from tests.support.servers_s3 import KEY, SECRET, client, serving_s3
from tests.support.servers_sftp import SftpServer, serving_sftp

KEY_2011 = ("registre", "92", 2011)
EXPORT = (PROJECT_ROOT / "demo/supplier/registre/registre_92_2011.csv").read_bytes()
PASSWORD = "topsecret-of-the-caf"


@pytest.fixture
def declare(desk, tmp_path, monkeypatch):
    """Declare where the register of 2011 comes from."""
    codebook = tmp_path / "codebook"
    shutil.copytree(PROJECT_ROOT / "codebook", codebook)
    path = codebook / "registre" / "campaigns.yml"
    campaigns = yaml.safe_load(path.read_text(encoding="utf-8"))
    monkeypatch.setenv("SENACS_CODEBOOK", str(codebook))
    monkeypatch.setenv("SENACS_HTTP_ATTEMPTS", "2")
    monkeypatch.setenv("SENACS_SECRET_CAF", PASSWORD)
    settings.cache_clear()

    def to(**source):
        (campaign,) = (c for c in campaigns if c["data_year"] == 2011)
        campaign["territories"][0]["source"] = source
        path.write_text(yaml.safe_dump(campaigns), encoding="utf-8")
        load_collection.cache_clear()
        return desk

    return to


def receipts(made):
    return made.ask("select source, file_name, sha256 from intake.receipt order by received_at")


def shown(made, caplog) -> str:
    """All that came out: tables, pages, logs."""
    tables = ("intake.run", "intake.receipt", "intake.finding", "codebook.collection")
    rows = [row for table in tables for (row,) in made.ask(f"select t::text from {table} t")]  # noqa: S608
    reports = (made.home / "reports").rglob("*")
    pages = [p.read_bytes().decode(errors="replace") for p in reports if p.is_file()]
    return "\n".join([*rows, *pages, caplog.text])


def collected() -> Receipt:
    """The step alone, in a run of its own."""
    prepare.fn("registre")
    run = open_run(TerritoryYear(*KEY_2011), "a test")
    with workspace(run) as folder:
        return collect.fn(run, folder)


def arrived(made, source, caplog):
    """Collected from that source, then unchanged without another receipt."""
    caplog.set_level(logging.DEBUG)
    assert not collected().unchanged
    assert collected().unchanged
    ((address, _, sha256),) = receipts(made)
    assert (address, sha256) == (source, hashlib.sha256(EXPORT).hexdigest())
    assert list(made.archived().values()) == [EXPORT]
    assert "topsecret" not in shown(made, caplog)


def test_http(declare, caplog):
    """The whole road, with its pages."""
    caplog.set_level(logging.DEBUG)
    state = ExportServer(EXPORT, asks=f"Bearer {PASSWORD}", cuts=[1000])
    with serving_export(state):
        made = declare(url=state.url, token="caf")
        loaded = made.run(*KEY_2011)
        unchanged = made.run(*KEY_2011)
        state.asks = "Bearer another"
        failed = made.run(*KEY_2011)

    outcomes = [loaded.outcome, unchanged.outcome, failed.outcome]
    assert outcomes == [Outcome.LOADED, Outcome.UNCHANGED, Outcome.FAILED]
    assert "« caf »" in failed.message
    assert [row[0] for row in receipts(made)] == [state.url]
    assert list(made.archived().values()) == [EXPORT]
    assert "topsecret" not in shown(made, caplog)


def test_folder(declare, caplog):
    made = declare(kind="folder", path="92", file="registre*.csv")
    drop = made.home / "drop" / "92"
    drop.mkdir(parents=True)
    (drop / "registre 2011.csv").write_bytes(EXPORT)
    os.utime(drop / "registre 2011.csv", (1_367_834_400, 1_367_834_400))
    arrived(made, "92/registre*.csv", caplog)
    assert (drop / "registre 2011.csv").read_bytes() == EXPORT


def test_a_file_that_is_still_arriving_is_taken_by_the_next_visit(declare):
    made = declare(kind="folder", path="92")
    drop = made.home / "drop" / "92"
    drop.mkdir(parents=True)
    path = drop / "registre.csv"
    later = time.time() + 86_400  # its clock goes ahead: by its age it would never be whole
    for content in (EXPORT[:1000], EXPORT):
        path.write_bytes(content)
        os.utime(path, (later, later))
        with pytest.raises(SourceError, match="vient d'être modifié"):
            collected()
        assert made.archived() == {}

    assert not collected().unchanged
    assert list(made.archived().values()) == [EXPORT]


def test_sftp(declare, caplog, tmp_path):
    (tmp_path / "remote").mkdir()
    path = tmp_path / "remote" / "registre.csv"
    path.write_bytes(EXPORT)
    os.utime(path, (1_367_834_400, 1_367_834_400))
    host_key = paramiko.ECDSAKey.generate()
    with serving_sftp(SftpServer(tmp_path / "remote", password=PASSWORD, host_key=host_key)) as it:
        made = declare(
            kind="sftp",
            host="127.0.0.1",
            port=it.port,
            path="/",
            user=it.user,
            password="caf",
            host_keys=[it.fingerprint],
        )
        arrived(made, f"sftp://127.0.0.1:{it.port}/*", caplog)


def test_s3(declare, caplog, monkeypatch):
    monkeypatch.setenv("SENACS_SECRET_S3_KEY", KEY)
    monkeypatch.setenv("SENACS_SECRET_S3_SECRET", SECRET)
    with serving_s3() as endpoint:
        store = client(endpoint)
        store.mkdir("senacs")
        store.pipe_file("senacs/registre.csv", EXPORT)
        made = declare(
            kind="s3",
            bucket="senacs",
            key="registre.csv",
            endpoint_url=endpoint,
            access_key="s3_key",
            secret_key="s3_secret",
        )
        arrived(made, f"{endpoint}/senacs/registre.csv", caplog)


def test_limesurvey(declare, caplog):
    with serving_limesurvey(LimeSurvey({12: EXPORT}, password=PASSWORD)) as it:
        made = declare(kind="limesurvey", url=it.url, survey=12, user=it.user, password="caf")
        arrived(made, f"{it.url}#survey=12", caplog)


def test_what_another_source_said_means_nothing(declare):
    """A territory that moves keeps neither ETag nor date of its old server."""
    for _ in range(2):
        with serving_export(ExportServer(EXPORT)) as state:
            made = declare(url=state.url)
            collected()
            assert state.sent("If-None-Match") == [None]
    assert len(receipts(made)) == 2
