"""How sources are declared, and what is refused before anything is fetched."""

import re
import subprocess
import sys

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from senacs.codebook import Territory, load_collection
from senacs.codebook.sources import HttpSource, Source
from senacs.errors import CodebookError, ConfigurationError
from senacs.settings import PROJECT_ROOT
from tasks import sources
from tasks.sources import Known, file_name

ANY = TypeAdapter(Source)
KEY = "SHA256:" + "A" * 43
SFTP = {"kind": "sftp", "host": "h.fr", "path": "/d", "user": "u", "host_keys": [KEY]}
LIMESURVEY = {"kind": "limesurvey", "url": "https://l.fr/rc", "survey": 1, "user": "u"}


@pytest.mark.parametrize(
    ("declared", "kind", "address"),
    [
        ({"url": "{supplier}/a.csv"}, "http", "{supplier}/a.csv"),
        ({"kind": "http", "url": "https://h.fr/a?year=2012"}, "http", "https://h.fr/a?year=2012"),
        ({"url": "https://h.fr/a", "token": "caf_92"}, "http", "https://h.fr/a"),
        ({"url": "http://127.0.0.1:1/a", "token": "t"}, "http", "http://127.0.0.1:1/a"),
        ({"kind": "folder", "path": "92", "file": "*.csv"}, "folder", "92/*.csv"),
        ({**SFTP, "password": "p"}, "sftp", "sftp://h.fr:22/d/*"),
        ({**SFTP, "path": "/", "key": "k"}, "sftp", "sftp://h.fr:22/*"),
        ({"kind": "s3", "bucket": "senacs", "key": "92/a.csv"}, "s3", "s3://senacs/92/a.csv"),
        (
            {"kind": "s3", "bucket": "senacs", "key": "a", "endpoint_url": "https://s3.fr/"},
            "s3",
            "https://s3.fr/senacs/a",
        ),
        ({**LIMESURVEY, "password": "p"}, "limesurvey", "https://l.fr/rc#survey=1"),
    ],
)
def test_each_kind_has_its_fields_and_an_address_to_show(declared, kind, address):
    source = ANY.validate_python(declared)

    assert (source.kind, source.address) == (kind, address)
    assert ANY.validate_python(source.model_dump()) == source


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({"kind": "ftp", "url": "ftp://h/a"}, "no such kind of source; known: http, folder"),
        ({"kind": ["http"]}, "no such kind"),
        ({"url": "ftp://h.fr/a"}, "http:// or https://"),
        ({"url": "file:///etc/passwd"}, "http:// or https://"),
        ({"url": "/etc/passwd"}, "http:// or https://"),
        ({"url": "https://u:topsecret@h.fr/a"}, "no user or password in a URL"),
        ({"url": "https://topsecret@h.fr/a"}, "no user or password in a URL"),
        ({"url": "https://h.fr/a?token=topsecret"}, "looks like a secret"),
        ({"url": "https://h.fr/a?year=1&X-Amz-Signature=topsecret"}, "looks like a secret"),
        ({"url": "https://h.fr/a#b"}, "fragment"),
        ({"url": "https://h.fr:99999/a"}, "Port"),
        ({"url": "https://h.fr/a", "surprise": 1}, "Extra inputs"),
        ({"url": "https://h.fr/{supplier}"}, "beginning"),
        ({"url": "http://h.fr/a", "token": "t"}, "over https only"),
        ({"url": "https://h.fr/a", "token": "topsecret!"}, "match pattern"),
        ({"url": "https://h.fr/a", "user": "u"}, "go together"),
        ({"url": "https://h.fr/a", "token": "t", "user": "u", "password": "p"}, "either a token"),
        ({"kind": "folder", "path": "../92"}, "relative"),
        ({"kind": "folder", "path": "/srv"}, "relative"),
        ({"kind": "folder", "path": "92", "file": "a/*.csv"}, "without `/`"),
        ({"kind": "folder", "path": "92", "url": "https://h.fr"}, "Extra inputs"),
        (SFTP, "either a password or a key"),
        ({**SFTP, "password": "p", "host_keys": []}, "at least 1"),
        ({**SFTP, "password": "p", "host_keys": ["md5:aa"]}, "match pattern"),
        ({**SFTP, "password": "p", "passphrase": "q"}, "goes with a key"),
        ({"kind": "s3", "bucket": "senacs", "key": "a", "access_key": "k"}, "go together"),
        ({**LIMESURVEY, "url": "http://l.fr/rc", "password": "p"}, "over https only"),
    ],
)
def test_what_cannot_be_is_refused_without_repeating_it(declared, reason):
    with pytest.raises(ValidationError) as refused:
        Territory(code="92", label="Hauts-de-Seine", departements=("92",), source=declared)

    assert reason in str(refused.value)
    assert "topsecret" not in str(refused.value)


def test_the_examples_of_the_docs_can_be_declared():
    text = (PROJECT_ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    examples = [
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    ]
    kinds = {ANY.validate_python(example["source"]).kind for example in examples}
    assert kinds == {"http", "folder", "sftp", "s3", "limesurvey"}


def test_the_suppliers_server_is_checked_as_if_it_were_declared():
    source = HttpSource(url="{supplier}/a.csv", token="t")

    assert source.at("https://h.fr/").url == "https://h.fr/a.csv"
    with pytest.raises(ValidationError, match="over https only"):
        source.at("http://h.fr")
    with pytest.raises(ValidationError, match="no user or password"):
        HttpSource(url="{supplier}/a.csv").at("https://u:p@h.fr")


def test_the_codebook_check_names_file_and_entry(tmp_path):
    folder = tmp_path / "essai"
    folder.mkdir()
    (folder / "collection.yml").write_text("label: Essai\n")
    (folder / "campaigns.yml").write_text(
        "- data_year: 2012\n  campaign_year: 2013\n  opens: 2013-01-01\n  closes: 2013-02-01\n"
        "  perimeter: export\n  territories:\n"
        "    - {code: '92', label: X, departements: ['92'],"
        " source: {url: 'https://caf:topsecret@h.fr/a'}}\n"
    )

    with pytest.raises(CodebookError) as refused:
        load_collection(tmp_path, "essai")

    message = str(refused.value)
    assert "campaigns.yml, line 1" in message
    assert "territories.0.source" in message
    assert "topsecret" not in message + repr(refused.value.__cause__)


def test_no_kind_is_imported_before_a_campaign_names_it():
    script = (
        "import sys, tasks.sources, senacs.codebook\n"
        "clients = {'paramiko', 's3fs', 'botocore', 'citric'} & set(sys.modules)\n"
        "kinds = [n for n in sys.modules if n.startswith('tasks.sources.')]\n"
        "assert not clients, clients\n"
        "assert not kinds, kinds\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=PROJECT_ROOT, check=True)


@pytest.mark.parametrize(
    ("declared", "package"),
    [
        ({**SFTP, "password": "p"}, "paramiko"),
        ({"kind": "s3", "bucket": "senacs", "key": "a"}, "s3fs"),
        ({**LIMESURVEY, "password": "p"}, "citric"),
    ],
)
def test_a_missing_package_is_named_with_its_command(tmp_path, monkeypatch, declared, package):
    source = ANY.validate_python(declared)
    monkeypatch.delitem(sys.modules, f"tasks.sources.{source.kind}", raising=False)
    monkeypatch.delattr(sources, source.kind, raising=False)
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ConfigurationError) as missing:
        sources.fetch(source, tmp_path, Known())

    assert package in str(missing.value)
    assert f"uv sync --extra {source.kind}" in str(missing.value)
    assert f"senacs[{source.kind}]" in str(missing.value)


@pytest.mark.parametrize(
    ("delivered", "kept"),
    [
        ("export 2012.csv", "export 2012.csv"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\x00b\n.csv", "ab.csv"),
        ("..", "export"),
        ("", "export"),
        ("92/", "export"),
        ("é" * 400 + ".csv", "é" * 146 + ".csv"),
    ],
)
def test_a_file_name_leads_nowhere(delivered, kept):
    assert file_name(delivered) == kept
