"""The manifest of an edition's folder, and what is found when it is checked."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from senacs.cli.main import app
from senacs.disclosure.rules import load_rules
from senacs.errors import VintageError
from senacs.settings import PROJECT_ROOT
from senacs.vintages.manifest import NAME, manifest
from senacs.vintages.model import File, Kind, Vintage
from tasks.manifest import seal, verify

_VINTAGE = Vintage(
    "senacs", 2023, 2, Kind.FINAL, "Réponses tardives.", "Mme Martin", date(2026, 11, 25),
    "c" * 64, "d" * 64,
)  # fmt: skip
_RULES = load_rules(PROJECT_ROOT / "codebook")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / _VINTAGE.name
    (root / "donnees" / "sdmx").mkdir(parents=True)
    (root / "index.html").write_text("<h1>France</h1>", encoding="utf-8")
    (root / "donnees" / "chiffres.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (root / "donnees" / "sdmx" / "donnees.csv").write_text("é\n", encoding="utf-8")
    (root / NAME).write_text(_manifest(root), encoding="utf-8")
    return root


def _manifest(root: Path) -> str:
    exports = [File("92", "b" * 64, "M. Durand.xlsx", date(2024, 6, 3)),
               File("75", "a" * 64, "paris.csv", date(2024, 6, 4))]  # fmt: skip
    return manifest(_VINTAGE, [], exports, _RULES, list(seal(root))[::-1])


def test_a_folder_is_as_its_manifest_says(folder: Path) -> None:
    assert verify(folder) == []
    said = json.loads((folder / NAME).read_text(encoding="utf-8"))
    paths = [one["path"] for one in said["files"]]
    assert paths == ["donnees/chiffres.csv", "donnees/sdmx/donnees.csv", "index.html"]
    assert [one["territory"] for one in said["exports"]] == ["75", "92"]
    assert said["vintage"]["decided_by"] == "Mme Martin"
    assert [one["rule"] for one in said["disclosure"]] == [one.rule for one in _RULES]
    assert all(one["decided_by"] for one in said["disclosure"])


def test_no_name_of_an_export_is_in_it(folder: Path) -> None:
    """Correspondents name files after people."""
    assert "Durand" not in (folder / NAME).read_text(encoding="utf-8")


def test_the_same_folder_elsewhere_gives_the_same_manifest(folder: Path, tmp_path: Path) -> None:
    moved = folder.rename(tmp_path / "elsewhere")
    assert _manifest(moved) == (moved / NAME).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda root: (root / "index.html").unlink(), "index.html: missing"),
        (
            lambda root: (root / "index.html").write_text("<h1>Franse</h1>", encoding="utf-8"),
            "index.html: as many bytes, but others",
        ),
        (
            lambda root: (root / "donnees" / "chiffres.csv").write_bytes(b""),
            "donnees/chiffres.csv: 0 bytes, not 8",
        ),
        (
            lambda root: (root / "donnees" / ".reste").write_bytes(b"x"),
            "donnees/.reste: not in the manifest",
        ),
    ],
)
def test_what_differs_is_named(folder: Path, harm: Callable[[Path], object], said: str) -> None:
    harm(folder)
    assert verify(folder) == [said]
    checked = CliRunner().invoke(app, ["vintage", "verify", str(folder)])
    assert checked.exit_code == 1
    assert said in checked.output


def test_the_command_says_that_nothing_differs(folder: Path) -> None:
    checked = CliRunner().invoke(app, ["vintage", "verify", str(folder)])
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize("text", ["", "[]", '{"edition": "senacs-2023-v1", "files": []}', "\0"])
def test_what_is_no_manifest_is_refused(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(VintageError, match="no manifest"):
        verify(folder)


def test_a_folder_without_one_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / NAME).unlink()
    with pytest.raises(VintageError, match="cannot be read"):
        verify(folder)
    with pytest.raises(VintageError, match="no such folder"):
        verify(tmp_path / "nowhere")
