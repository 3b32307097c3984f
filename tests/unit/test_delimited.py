"""From text to rows."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senacs.reading.decoding import FileProblem
from senacs.reading.delimited import DELIMITERS, tabulate


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_each_delimiter_is_found(delimiter):
    table = tabulate(f"a{delimiter}b{delimiter}c\n1{delimiter}2{delimiter}3\n")
    assert (table.delimiter, table.header, table.rows) == (
        delimiter,
        ["a", "b", "c"],
        [(2, ["1", "2", "3"])],
    )


def test_a_delimiter_inside_quotes_does_not_count():
    table = tabulate('"a, b, c, d";e\n1;2\n')
    assert table.header == ["a, b, c, d", "e"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    table = tabulate('a;b\n1;"two\nlines"\n\n;  \n5;6\n')
    assert table.rows == [(2, ["1", "two\nlines"]), (5, ["5", "6"])]


def test_blank_lines_before_the_header_are_skipped():
    table = tabulate("\n;\na;b\n1;2\n")
    assert (table.header, table.rows) == (["a", "b"], [(4, ["1", "2"])])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_end_of_line_is_one(end):
    assert tabulate(end.join(["a;b", "1;2", "3;4"])).rows == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_a_short_and_a_long_row_keep_their_cells():
    assert tabulate("a;b\n1\n1;2;3\n").rows == [(2, ["1"]), (3, ["1", "2", "3"])]


@pytest.mark.parametrize("text", ['a;b\n1;"cut', 'a;b\n1;2\n3;"4\n5;6\n', 'a;b\n1;"x"y\n'])
def test_an_open_quote_is_said_with_its_line(text):
    table = tabulate(text)
    assert table.problem is FileProblem.UNCLOSED
    assert "ligne" in table.detail
    assert table.rows == []


@pytest.mark.parametrize("text", ["just a sentence\n", "92-001\n92-002\n", ";\n;\n"])
def test_one_column_is_no_header(text):
    assert tabulate(text).problem is FileProblem.NO_HEADER


def test_a_header_alone_has_no_row():
    assert tabulate("a;b\n;\n\n").problem is FileProblem.NO_ROW


def test_a_very_long_cell_is_read():
    cell = "x" * 300_000
    assert tabulate(f"a;b\n1;{cell}\n").rows == [(2, ["1", cell])]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1))
def test_what_a_spreadsheet_writes_is_read_back(answers):
    rows = [[f"92-{number:03}", *pair] for number, pair in enumerate(answers)]
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["a", "b", "c"], *rows])
    table = tabulate(out.getvalue())
    assert [cells for _, cells in table.rows] == rows
