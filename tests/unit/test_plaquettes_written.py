"""Plaquettes as files: their names, and only those that are asked for."""

from pathlib import Path

import pytest

from senacs.errors import VintageError
from tasks.plaquettes import with_holders, write_plaquettes
from tests.support.editions import edition
from tests.support.outlines import outline

SOME = edition(2014, ("2A", "92"), ())


def test_a_departement_comes_with_all_that_holds_it() -> None:
    assert with_holders(SOME, ["92"]) == {
        ("departement", "92"), ("region", "11"), ("region_today", "11"), ("surveyed", "*"),
    }  # fmt: skip
    with pytest.raises(VintageError, match="no département 93"):
        with_holders(SOME, ["92", "93"])


def test_files_are_where_pages_link_to_them_and_are_left_if_they_say_the_same(
    tmp_path: Path,
) -> None:
    only = {("departement", "2A"), ("region_today", "94")}
    names = {"plaquette-departement-2A.pdf", "plaquette-region-actuelle-94.pdf"}
    written = write_plaquettes(SOME, outline(), tmp_path, only)
    assert {path.name for path in written} == names
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert {path.name for path in before} == names
    write_plaquettes(SOME, outline(), tmp_path, only)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
