"""From text to rows: delimiter, quotes, and the line of the file each row begins on."""

import csv
import io
from dataclasses import dataclass, field

from senacs.reading.decoding import FileProblem

DELIMITERS = (";", "\t", ",", "|")


@dataclass(frozen=True)
class Table:
    """The cells of a file, as text. Rows are numbered as a spreadsheet does: the header is 1."""

    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    delimiter: str = ""
    problem: FileProblem = FileProblem.NONE
    detail: str = ""


def tabulate(text: str) -> Table:
    """Split a delimited text. Rows without a single filled cell are blank lines, not rows."""
    delimiter = _delimiter(text)
    csv.field_size_limit(max(len(text), 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _titled([cell.strip() for cell in cells])
            else:
                rows.append((number, cells))
    except csv.Error as error:
        return Table(
            delimiter=delimiter,
            problem=FileProblem.UNCLOSED,
            detail=f"après la ligne {number} ({error})",
        )
    if header is None or len(header) < 2:  # noqa: PLR2004 - one column is no table
        return Table(delimiter=delimiter, problem=FileProblem.NO_HEADER)
    if not rows:
        return Table(header, delimiter=delimiter, problem=FileProblem.NO_ROW)
    return Table(header, rows, delimiter)


def _titled(header: list[str]) -> list[str]:
    """The header up to its last title: a delimiter too many at the end makes no column."""
    while header and not header[-1]:
        header.pop()
    return header


def _delimiter(text: str) -> str:
    """The candidate that stands most often in the first line outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=unquoted.count)
