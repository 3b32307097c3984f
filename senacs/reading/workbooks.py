"""From a workbook (XLSX, XLS, ODS) to the rows of its sheets, read in a process with limits."""

import io
import lzma
import marshal
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from senacs.reading import workbook_child
from senacs.reading.hidden import hidden_in
from senacs.reading.layout import Score, best_score, laid_out
from senacs.reading.table import MAX_CELLS, FileProblem, Note, NoteKind, Rows, Table

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C|E\0N\0T)")
_BLOCK, _OVERLAP = 1024 * 1024, 32

# What the standard library raises on a ZIP whose bytes are damaged.
ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    KeyError,
    OverflowError,
    struct.error,
)
_PATIENCE = 9.5
_SHOWN = 10


@dataclass(frozen=True)
class Sheet:
    """One sheet as text."""

    name: str
    visible: bool
    rows: Rows


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook, or the problem that prevents reading it."""

    sheets: list[Sheet] = field(default_factory=list)
    problem: FileProblem = FileProblem.NONE
    detail: str = ""


def workbook_table(data: bytes, kind: str, score: Score) -> Table:
    """The table of the sheet whose header the codebook knows best; the others are noted."""
    book = opened(data, kind)
    if book.problem is not FileProblem.NONE:
        return Table(problem=book.problem, detail=book.detail, format=kind)
    sheets = [sheet for sheet in book.sheets if sheet.rows]
    if not sheets:
        return Table(problem=FileProblem.EMPTY, format=kind)
    scores = [best_score([r for r in s.rows if any(r[1])], score) for s in sheets]
    # Of sheets known as well, one that people see; then the first.
    order = sorted(range(len(sheets)), key=lambda i: (-scores[i], not sheets[i].visible, i))
    chosen = sheets[order[0]]
    table = laid_out(chosen.rows, score)
    notes = [*_sheet_notes(chosen, [(sheets[i], scores[i]) for i in order], score)]
    notes += hidden_notes(data, kind, chosen.name, table)
    return replace(table, delimiter=";", format=kind, notes=(*notes, *table.notes))


def _sheet_notes(chosen: Sheet, ranked: list[tuple[Sheet, int]], score: Score) -> Iterator[Note]:
    """What is said of the sheets. One that answers as many questions is asked about."""
    best = ranked[0][1]
    alike: list[str] = []
    others: list[str] = []
    for sheet, known in ranked[1:]:
        has_rows = known and laid_out(sheet.rows, score).rows
        (alike if has_rows and known * 2 > best else others).append(sheet.name)
    if not chosen.visible:
        yield Note(NoteKind.HIDDEN_SHEET, chosen.name)
    if alike:
        yield Note(NoteKind.SHEETS_ALIKE, f"{chosen.name} : {', '.join(alike)}")
    if others:
        yield Note(NoteKind.OTHER_SHEETS, f"{chosen.name} : {', '.join(others)}")


def hidden_notes(data: bytes, kind: str, sheet: str, table: Table) -> Iterator[Note]:
    """What is hidden of the table. It has been read like the rest, which its author may not know.

    Hidden columns and rows that hold nothing of the table are no matter.
    """
    try:
        hidden = hidden_in(data, kind, sheet)
    except ZIP_FAULTS:  # read all the same by a decoder that asks less of the package
        return
    titles = {place: title for place, title in enumerate(table.header, start=1) if title}
    if columns := hidden.of_columns([*titles]):
        named = [f"{_letters(place)} « {titles[place][:80]} »" for place in columns[:_SHOWN]]
        yield Note(NoteKind.HIDDEN_COLUMNS, ", ".join(named) + _more(columns))
    if rows := hidden.of_rows([number for number, _ in table.rows]):
        shown = ", ".join(map(str, rows[:_SHOWN])) + _more(rows)
        yield Note(NoteKind.HIDDEN_ROWS, shown, rows[0])


def _more(things: list[int]) -> str:
    return f"… ({len(things)} en tout)" if len(things) > _SHOWN else ""


def _letters(column: int) -> str:
    """A column as a spreadsheet names it: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def opened(data: bytes, kind: str) -> Workbook:
    """The sheets of a workbook as text, in a process with limits; never raises."""
    try:
        part = "" if kind == "xls" else _part_with_entities(data)
    except ZIP_FAULTS as error:
        return Workbook(problem=FileProblem.BROKEN, detail=str(error)[:200])
    if part:
        return Workbook(problem=FileProblem.ENTITIES, detail=part)
    try:
        answer = _asked(data)
    except subprocess.TimeoutExpired:
        return Workbook(problem=FileProblem.TOO_LARGE, detail=f"plus de {_PATIENCE:.0f} s")
    if answer is None:
        return Workbook(problem=FileProblem.TOO_LARGE, detail="mémoire ou temps")
    if "problem" in answer:
        return Workbook(problem=FileProblem(answer["problem"]), detail=answer["detail"])
    return Workbook(
        [
            Sheet(name, visible, list(enumerate(rows, start=first)))
            for name, visible, first, rows in answer["sheets"]
        ]
    )


def _asked(data: bytes) -> dict[str, Any] | None:
    """The child's answer; None if its limits, or a crash, ended it."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", workbook_child.__file__, _site(), str(MAX_CELLS)],
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        return None
    try:
        answer = marshal.loads(done.stdout)  # noqa: S302 - written by our own program
    except (ValueError, EOFError, TypeError):
        return None
    return answer if isinstance(answer, dict) else None


def _site() -> str:
    """The folder that holds the decoder; the child starts without any."""
    spec = find_spec("python_calamine")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("python_calamine")
    return str(Path(spec.origin).parent.parent)


def _part_with_entities(data: bytes) -> str:
    """The part of a zipped workbook that declares entities; no spreadsheet writes any."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.lower().endswith((".xml", ".rels")):
                with archive.open(name) as part:
                    rest = b""
                    while block := part.read(_BLOCK):
                        if _ENTITIES.search(rest + block):
                            return name
                        rest = block[-_OVERLAP:]
    return ""
