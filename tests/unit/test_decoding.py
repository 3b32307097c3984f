"""From bytes to text: which encoding, or why there is no text to read."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senacs.reading.decoding import FileProblem, decode

TEXT = "Identifiant;Nom\r\n92-001;Centre social « L'Été », 10 €\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_text_comes_back_from_each_encoding(data, encoding):
    decoded = decode(data)
    assert (decoded.text, decoded.encoding, decoded.problem) == (TEXT, encoding, "")


@given(st.text(st.characters(codec="cp1252", exclude_characters="\0"), min_size=1))
def test_windows_text_is_never_lost(text):
    """Whatever encoding explains the bytes best, they can be had again from the text."""
    data = text.encode("cp1252")
    decoded = decode(data)
    if decoded.problem is FileProblem.NONE:
        assert decoded.text.encode(decoded.encoding) == data


@given(st.binary())
def test_decoding_never_raises_and_says_text_or_problem(data):
    decoded = decode(data)
    assert bool(decoded.text.strip()) == (decoded.problem is FileProblem.NONE)


@pytest.mark.parametrize("data", [b"", b"  \r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_nothing_is_empty(data):
    assert decode(data).problem is FileProblem.EMPTY


@pytest.mark.parametrize("data", [b"a;b\n1;\x00\n", "a;\0\n".encode("utf-16"), b"PK\x03\x04\0"])
def test_nul_bytes_are_no_text(data):
    assert decode(data).problem is FileProblem.BINARY


def test_destroyed_accents_are_refused_with_their_line():
    decoded = decode("a;b\n1;2\n3;Oc\N{REPLACEMENT CHARACTER}an\n".encode())
    assert (decoded.problem, decoded.detail) == (FileProblem.DESTROYED, "ligne 3")


@pytest.mark.parametrize("data", [b"a;b\n1;\x81\n", codecs.BOM_UTF8 + b"a;\xff\n"])
def test_bytes_of_no_known_encoding_say_where(data):
    decoded = decode(data)
    assert decoded.problem is FileProblem.UNDECODABLE
    assert decoded.detail.startswith("octet ")


def test_a_cut_utf_16_file_is_not_read():
    assert decode(TEXT.encode("utf-16")[:-1]).problem is FileProblem.UNDECODABLE


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<!DOCTYPE html><html><head><title>Session expirée</title>", "Session expirée"),
        ("\n  <HTML>", ""),
        ('<?xml version="1.0"?><Error/>', ""),
    ],
)
def test_a_web_page_is_no_export(page, title):
    decoded = decode(page.encode())
    assert (decoded.problem, decoded.detail) == (FileProblem.MARKUP, title)
