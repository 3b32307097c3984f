"""Damaged files of every format: always evidence, never an exception, a hang or a flood.

`FUZZ=10000 python -m pytest tests/unit/test_fuzz_reading.py` tries as many; FUZZ_SEED others.
"""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senacs.codebook import load_collection
from senacs.reading import Evidence, read_export
from senacs.reading.evidence import ANSWER_SCHEMA, COLUMN_SCHEMA, FILE_SCHEMA, RECORD_SCHEMA
from senacs.reading.table import FileProblem
from tests.support.exports import CODEBOOK, PLACES
from tests.support.mutation import mutants, seeds

COUNT = int(os.environ.get("FUZZ", "300"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))
SLICES = 20
HANG = 10
GIGABYTE = 1024 * 1024


@pytest.fixture(scope="module", autouse=True)
def largest_before() -> int:
    """The memory (kB) of the largest child that was started before these tests."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


@contextmanager
def no_hang() -> Iterator[None]:
    """Fail after ten seconds; nothing is said of what takes less."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"still reading after {HANG} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HANG)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read(name: str, data: bytes) -> Evidence:
    collection = name.split(maxsplit=1)[0]
    territory, data_year = PLACES[collection]
    declared = load_collection(CODEBOOK, collection)
    return read_export(data, name, declared, territory, data_year)


def check(evidence: Evidence) -> None:
    assert evidence.file.schema == FILE_SCHEMA
    assert evidence.columns.schema == COLUMN_SCHEMA
    assert evidence.records.schema == RECORD_SCHEMA
    assert evidence.answers.schema == ANSWER_SCHEMA
    problem = FileProblem(evidence.file["problem"][0])
    assert bool(problem) == (evidence.records.height == 0)
    # Either a refusal that says why, or an answer to every question asked for every record.
    asked = evidence.columns["question"].drop_nulls().n_unique()
    assert evidence.answers.height == evidence.records.height * asked
    unread = evidence.answers.filter(
        (evidence.answers["status"] == "reported") & (evidence.answers["problem"] == "")
    ).select("number", "code", "text")
    assert all(any(v is not None for v in row) for row in unread.iter_rows())


@pytest.mark.parametrize("name", seeds())
def test_each_seed_is_read(name):
    evidence = read(name, seeds()[name])
    assert evidence.file["problem"][0] == ""
    assert evidence.records.height == 1
    assert set(evidence.columns["status"]) == {"mapped"}


@pytest.mark.parametrize("part", range(SLICES))
def test_a_damaged_file_is_evidence(part):
    for number, (name, data) in enumerate(mutants(COUNT, SEED)):
        if number % SLICES == part:
            try:
                with no_hang():
                    check(read(name, data))
            except Exception as error:
                pytest.fail(f"{name}: {type(error).__name__}: {error}", pytrace=True)


@settings(max_examples=max(COUNT // 3, 100), deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_evidence(data):
    check(read("senacs", data))


@settings(max_examples=50, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"PK\x03\x04", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
)
def test_any_bytes_after_a_packages_mark_are_evidence(data, mark):
    check(read("senacs", mark + data))


def test_no_child_took_a_gigabyte(largest_before):
    # A high-water mark of all children that ever were: other tests start larger programs.
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert largest == largest_before or largest < GIGABYTE
