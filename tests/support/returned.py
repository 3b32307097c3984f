"""The annotated spreadsheet as a person gives it back, without a spreadsheet program."""

from collections.abc import Callable, Iterable, Sequence

from senacs.pages.annotated import TITLES
from senacs.reading.workbooks import opened
from senacs.replies.sheet import FINDINGS
from tests.support.packages import ods, xlsx

Answer = tuple[str, str, str, str, str, str]
"""Rule, structure, word, new value, reason and author."""

WRITERS: dict[str, Callable[..., bytes]] = {"xlsx": xlsx, "ods": ods}
_PLACE = {title: place for place, title in enumerate(TITLES)}


def sheets_in(workbook: bytes, kind: str = "xlsx") -> dict[str, list[list[str]]]:
    """The sheets by name, as rows of text."""
    return {
        sheet.name: [cells for _, cells in sheet.rows] for sheet in opened(workbook, kind).sheets
    }


def lines_of(workbook: bytes, kind: str = "xlsx") -> list[dict[str, str]]:
    """The lines of the sheet of findings, by title."""
    rows = sheets_in(workbook, kind)[FINDINGS]
    start = rows.index(list(TITLES)) + 1
    return [dict(zip(TITLES, row, strict=True)) for row in rows[start:]]


def answered(
    workbook: bytes,
    answers: Iterable[Answer],
    kind: str = "xlsx",
    change: Callable[[list[list[str]]], list[list[str]]] = lambda rows: rows,
) -> bytes:
    """The workbook with these lines answered; `change` gets the rows of findings first."""
    sheets = sheets_in(workbook)
    rows = sheets.pop(FINDINGS)
    for rule, unit, *said in answers:
        (line,) = (r for r in rows if r[_PLACE["Règle"]] == rule
                   and r[_PLACE["Structure"]].startswith(unit))  # fmt: skip
        fill(line, said)
    return WRITERS[kind]([["(vide)"]], **{FINDINGS: change(rows)}, **sheets)


def fill(line: list[str], said: Sequence[str]) -> None:
    """Write word, new value, reason and author on a line."""
    for title, text in zip(("Réponse", "Nouvelle valeur", "Motif", "Auteur"), said, strict=True):
        line[_PLACE[title]] = text
