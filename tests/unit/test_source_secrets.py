"""Where secrets come from, and that nothing shows them."""

import pytest

from senacs.errors import ConfigurationError
from senacs.settings import secret

VARIABLE = "SENACS_SECRET_CAF_92"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv(f"{VARIABLE}_FILE", raising=False)


def test_of_the_environment(monkeypatch):
    monkeypatch.setenv(VARIABLE, "topsecret é")
    found = secret("caf_92")

    assert found.get_secret_value() == "topsecret é"
    assert "topsecret" not in f"{found} {found!r}"


def test_of_the_env_file(tmp_path):
    (tmp_path / ".env").write_text(f"{VARIABLE}=topsecret\n")
    assert secret("caf_92").get_secret_value() == "topsecret"


def test_of_a_file_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("line 1\nline 2\n")
    monkeypatch.setenv(f"{VARIABLE}_FILE", str(tmp_path / "key"))
    assert secret("caf_92", lines=True).get_secret_value() == "line 1\nline 2"


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, f"'caf_92' is not set: give {VARIABLE}"),
        ({VARIABLE: ""}, "is not set"),
        ({VARIABLE: "topsecret", f"{VARIABLE}_FILE": "x"}, "both set"),
        ({f"{VARIABLE}_FILE": "absent"}, "names no text file"),
        ({f"{VARIABLE}_FILE": "binary"}, "names no text file"),
        ({VARIABLE: "topsecret\r\nX-Header: 1"}, "line break"),
    ],
)
def test_what_is_wrong_is_said_by_name_only(environment, reason, tmp_path, monkeypatch):
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigurationError) as wrong:
        secret("caf_92")

    assert reason in str(wrong.value)
    assert VARIABLE in str(wrong.value)
    assert "topsecret" not in str(wrong.value)
