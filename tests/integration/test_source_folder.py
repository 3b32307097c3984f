"""Exports that people put in a drop folder."""

import os
import time

import pytest

from senacs.codebook.sources import FolderSource
from senacs.errors import ConfigurationError, SourceError
from tasks import sources
from tasks.sources import Known, NotSettledError
from tests.support.installation import settings_in_environment

NOTHING = Known()
LONG_AGO = 1_367_834_400


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "drop" / "92"
    folder.mkdir(parents=True)
    with settings_in_environment(drop_folder=tmp_path / "drop", export_max_bytes=1000):
        yield folder


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def put(folder, name, content=b"a;b\n", at=LONG_AGO):
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def fetched(work, known=NOTHING, **declared):
    return sources.fetch(FolderSource(kind="folder", path="92", **declared), work, known)


def refused(work, **declared) -> str:
    with pytest.raises(SourceError) as error:
        fetched(work, **declared)
    assert str(error.value).startswith("La source 92/")
    assert list(work.iterdir()) == []
    return str(error.value)


def test_the_file_is_copied_and_stays(drop, work):
    dropped = put(drop, "Export été.csv")
    delivery = fetched(work, file="*.CSV")

    assert delivery.path.read_bytes() == dropped.read_bytes() == b"a;b\n"
    assert delivery.file_name == "Export été.csv"
    assert delivery.path.parent == work


def test_the_same_file_is_not_taken_twice(drop, work):
    put(drop, "export.csv")
    known = Known(etag=fetched(work).etag)

    assert fetched(work, known).path is None
    put(drop, "export.csv", at=LONG_AGO + 1)
    assert fetched(work, known).path is not None
    put(drop, "export.csv", b"a;b\nc", at=LONG_AGO)
    assert fetched(work, known).path is not None


@pytest.mark.parametrize("ahead", [0, 86_400], ids=["just now", "in the future"])
def test_a_fresh_file_waits_until_a_visit_finds_it_unchanged(drop, work, ahead):
    put(drop, "export.csv", at=time.time() + ahead)

    with pytest.raises(NotSettledError, match=r"« export.csv » vient d'être modifié") as waiting:
        fetched(work)
    seen = Known(seen=waiting.value.mark)

    put(drop, "export.csv", b"longer than before", at=time.time() + ahead)
    with pytest.raises(NotSettledError) as still_waiting:
        fetched(work, seen)
    assert still_waiting.value.mark != seen.seen

    assert fetched(work, Known(seen=still_waiting.value.mark)).path is not None
    assert fetched(work, settle=0).path is not None if not ahead else True


@pytest.mark.parametrize(
    "name", [".export.csv", "~$export.csv", "export.csv.part", "export.csv.FILEPART", "export.tmp"]
)
def test_what_programs_leave_while_they_write_is_no_export(drop, work, name):
    put(drop, name)
    assert "aucun fichier" in refused(work)


def test_an_empty_folder(drop, work):
    (drop / "subfolder.csv").mkdir()
    (drop / "nowhere.csv").symlink_to(drop / "absent")
    os.mkfifo(drop / "pipe.csv")
    assert "aucun fichier n'y correspond" in refused(work, file="*.csv")


def test_several_files_are_named(drop, work):
    for name in ("export_v2.csv", "export_v10.csv", "other.txt"):
        put(drop, name)
    message = refused(work, file="export*.csv")
    assert "« export_v2.csv », « export_v10.csv »" in message
    assert "other" not in message


def test_or_the_last_one_by_name_is_meant(drop, work):
    for name in ("export_v2.csv", "export_v10.csv", "Export_v9.csv"):
        put(drop, name, name.encode())
    delivery = fetched(work, file="export*.csv", several="last_by_name")
    assert delivery.path.read_bytes() == b"export_v10.csv"


def test_a_link_to_elsewhere_is_refused(drop, work, tmp_path):
    (drop / "export.csv").symlink_to(put(tmp_path, "secret.csv", b"secret"))
    assert "lien vers un autre dossier" in refused(work)


def test_a_link_inside_is_followed(drop, work):
    put(drop, "export_2012.csv")
    (drop / "latest.csv").symlink_to("export_2012.csv")
    assert fetched(work, file="latest.csv").path.read_bytes() == b"a;b\n"


def test_too_large(drop, work):
    put(drop, "export.csv", b"x" * 1001)
    assert "dépasse 1000 octets" in refused(work)


def test_a_drop_folder_that_leads_out_or_is_missing(drop, work, tmp_path):
    for path, reason in (("93", "no drop folder"), ("out", "leads out")):
        (drop.parent / "out").is_symlink() or (drop.parent / "out").symlink_to(tmp_path)
        with pytest.raises(ConfigurationError, match=reason):
            sources.fetch(FolderSource(kind="folder", path=path), work, Known())
