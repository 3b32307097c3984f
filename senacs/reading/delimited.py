"""From text to rows: delimiter, quotes, and the line of the file each row begins on."""

import csv
import io
from dataclasses import replace
from itertools import islice

from senacs.reading.layout import Score, best_score, laid_out
from senacs.reading.table import MAX_CELLS, FileProblem, Rows, Table, too_large

DELIMITERS = (";", "\t", ",", "|")
MAX_LINE = 8 * 1024 * 1024
_SURE = 8
"""Titles that no other delimiter would make: the other ones are not tried."""
_SAMPLE_TEXT, _SAMPLE_ROWS = 512 * 1024, 60

# The limit is one for the whole process: set once, so that no thread sees another's.
csv.field_size_limit(2**31 - 1)


def nothing_known(_: list[str]) -> int:
    """The score of a codebook that knows no title."""
    return 0


def tabulate(text: str, score: Score = nothing_known) -> Table:
    """Split a delimited text. Rows without a single filled cell are blank lines, not rows."""
    if _has_endless_line(text):
        return too_large(f"une ligne de plus de {MAX_LINE // 1024 // 1024} Mo")
    text, delimiter = _declared(text)
    delimiter = delimiter or _delimiter(text, score)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: Rows = []
    number = cells_read = 0
    try:
        for number, cells in enumerate(reader, start=1):
            cells_read += len(cells)
            if cells_read > MAX_CELLS:
                return too_large(f"plus de {MAX_CELLS} cellules")
            rows.append((number, cells))
    except csv.Error as error:
        return Table(
            delimiter=delimiter,
            problem=FileProblem.UNCLOSED,
            detail=f"après la ligne {number} ({error})",
        )
    return replace(laid_out(rows, score), delimiter=delimiter)


def _has_endless_line(text: str) -> bool:
    """Whether a line is longer than any row, found without splitting the text."""
    start = 0
    while len(text) - start > MAX_LINE:
        window = start + MAX_LINE
        end = max(text.rfind("\n", start, window), text.rfind("\r", start, window))
        if end < 0:
            return True
        start = end + 1
    return False


def _declared(text: str) -> tuple[str, str]:
    """The delimiter that a spreadsheet's own first line `sep=;` names; that line is emptied."""
    line, end, rest = text[:10].partition("\n")
    mark = line.rstrip("\r")
    declares = end and len(mark) == 5 and mark.lower().startswith("sep=")  # noqa: PLR2004
    if declares and mark[4] in (*DELIMITERS, ":", "~", "^"):
        return f"{end}{rest}{text[10:]}", mark[4]
    return text, ""


def _delimiter(text: str, score: Score) -> str:
    """The candidate under which the codebook knows most titles, else the first line's own."""
    sample = text[:_SAMPLE_TEXT]
    first = next((line for line in sample.splitlines() if line.strip()), "")
    unquoted = "".join(first.split('"')[::2])
    likely = sorted((d for d in DELIMITERS if d in sample), key=unquoted.count, reverse=True)
    known = {}
    for delimiter in likely:
        known[delimiter] = _known_titles(sample, delimiter, score)
        if known[delimiter] >= _SURE:
            return delimiter
    return max(likely or DELIMITERS[:1], key=lambda d: known.get(d, 0))


def _known_titles(sample: str, delimiter: str, score: Score) -> int:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    return best_score(list(enumerate(islice(reader, _SAMPLE_ROWS), start=1)), score)
