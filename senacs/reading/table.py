"""What every format is read into: a header, numbered rows of text, and what was noted."""

from dataclasses import dataclass, field
from enum import StrEnum


class FileProblem(StrEnum):
    """Why a file cannot be read as an export."""

    NONE = ""
    EMPTY = "empty"
    MARKUP = "markup"
    BINARY = "binary"
    DESTROYED = "destroyed"
    UNDECODABLE = "undecodable"
    UNCLOSED = "unclosed"
    NO_HEADER = "no_header"
    NO_ROW = "no_row"
    BOMB = "bomb"
    ENTITIES = "entities"
    PROTECTED = "protected"
    BROKEN = "broken"
    SEVERAL = "several"
    NOTHING_INSIDE = "nothing_inside"
    TOO_LARGE = "too_large"
    NO_WORKBOOK = "no_workbook"


class NoteKind(StrEnum):
    """What is odd about a file that can be read."""

    TITLE_ROWS = "title_rows"
    HEADER_ROWS = "header_rows"
    TOTAL_ROWS = "total_rows"
    FOOTNOTES = "footnotes"
    ABSENT_SHEET = "absent_sheet"
    UNKNOWN_SHEETS = "unknown_sheets"
    OTHER_SHEETS = "other_sheets"
    SHEETS_ALIKE = "sheets_alike"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_COLUMNS = "hidden_columns"
    HIDDEN_ROWS = "hidden_rows"
    PACKED = "packed"
    OTHER_MEMBERS = "other_members"
    ENCODING_UNSURE = "encoding_unsure"
    MOJIBAKE = "mojibake"
    MOJIBAKE_HEADER = "mojibake_header"


@dataclass(frozen=True)
class Note:
    """One odd thing: what, in which words, and the first row it is about."""

    kind: NoteKind
    detail: str
    row: int | None = None


Rows = list[tuple[int, list[str]]]
"""Cells as text, each row with its number as a spreadsheet shows it (from 1)."""


@dataclass(frozen=True)
class Table:
    """The cells of a file, as text."""

    header: list[str] = field(default_factory=list)
    rows: Rows = field(default_factory=list)
    delimiter: str = ""
    problem: FileProblem = FileProblem.NONE
    detail: str = ""
    encoding: str = ""
    format: str = ""
    notes: tuple[Note, ...] = ()


MAX_BYTES = 64 * 1024 * 1024
MAX_CELLS = 3_000_000
"""Three times a national year of the survey; beyond, a file is no export of a territory."""


def too_large(what: str) -> Table:
    """The refusal of a file that is beyond any export's size."""
    return Table(problem=FileProblem.TOO_LARGE, detail=what)
