"""From the bytes of a file, whatever its format, to the one table that it is an export by."""

from dataclasses import replace

from senacs.reading.decoding import decode
from senacs.reading.delimited import tabulate
from senacs.reading.layout import Score
from senacs.reading.mojibake import mojibake_notes
from senacs.reading.packed import Content, PackingError, content, members
from senacs.reading.table import MAX_BYTES, FileProblem, Note, NoteKind, Table, too_large
from senacs.reading.workbooks import Workbook, opened, workbook_table

_SHOWN = 10


def table_of(data: bytes, file_name: str, score: Score) -> Table:
    """The table of an export, or the problem that prevents reading it; never raises."""
    if len(data) > MAX_BYTES:
        return too_large(f"plus de {MAX_BYTES // 1024 // 1024} Mo")
    try:
        found = content(file_name, data)
        if found.kind in {"zip", "gzip"}:
            return _only(found, score)
    except PackingError as error:
        return Table(problem=error.problem, detail=error.detail, format="zip")
    return _plain(found, score)


def book_of(data: bytes, file_name: str) -> tuple[Workbook, Content]:
    """The workbook that an export of several sheets is, and its bytes; never raises.

    It may be packed, if the package holds nothing else that could be meant.
    """
    try:
        found = content(file_name, data)
        if found.kind in {"zip", "gzip"}:
            held = list(members(found))
            books = [member for member in held if member.kind not in {"text", "zip", "gzip"}]
            if len(books) > 1:
                names = _listed([book.name for book in books])
                return Workbook(problem=FileProblem.SEVERAL, detail=names), found
            if not books:
                names = _listed([member.name for member in held]) or "aucun fichier"
                return Workbook(problem=FileProblem.NOTHING_INSIDE, detail=names), found
            found = books[0]
    except PackingError as error:
        return Workbook(problem=error.problem, detail=error.detail), Content(file_name, "zip", data)
    if found.kind == "text":
        problem = FileProblem.NO_WORKBOOK if found.data.strip() else FileProblem.EMPTY
        return Workbook(problem=problem), found
    return opened(found.data, found.kind), found


def _plain(found: Content, score: Score) -> Table:
    """The table of a text or a workbook."""
    if found.kind != "text":
        table = workbook_table(found.data, found.kind, score)
    else:
        decoded = decode(found.data)
        if decoded.problem is not FileProblem.NONE:
            return Table(
                problem=decoded.problem,
                detail=decoded.detail,
                encoding=decoded.encoding,
                format="text",
            )
        table = replace(tabulate(decoded.text, score), encoding=decoded.encoding, format="text")
        if decoded.unsure:
            unsure = Note(NoteKind.ENCODING_UNSURE, f"{decoded.encoding} ou {decoded.unsure}")
            table = replace(table, notes=(unsure, *table.notes))
    if table.problem is FileProblem.NONE:
        table = replace(table, notes=(*table.notes, *mojibake_notes(table)))
    return table


def _only(package: Content, score: Score) -> Table:
    """The table of the one member that is an export: the one whose header the codebook knows.

    Where none is known, the one that is a table; two candidates are refused by name.
    """
    held = [(member.name, _plain(member, score)) for member in members(package)]
    readable = [(name, table) for name, table in held if table.problem is FileProblem.NONE]
    known = [(name, table) for name, table in readable if score(table.header)]
    candidates = known or readable
    if len(candidates) > 1:
        return Table(
            problem=FileProblem.SEVERAL,
            detail=_listed([name for name, _ in candidates]),
            format=package.kind,
        )
    if not candidates:
        if len(held) == 1:
            name, table = held[0]
            detail = f"{name} {table.detail}".strip()
            return replace(table, detail=detail, format=f"{package.kind}, {table.format}")
        return Table(
            problem=FileProblem.NOTHING_INSIDE,
            detail=_listed([name for name, _ in held]) or "aucun fichier",
            format=package.kind,
        )
    name, table = candidates[0]
    notes = [Note(NoteKind.PACKED, name), *table.notes]
    if others := [other for other, _ in held if other != name]:
        notes.insert(1, Note(NoteKind.OTHER_MEMBERS, _listed(others)))
    return replace(table, format=f"{package.kind}, {table.format}", notes=tuple(notes))


def _listed(names: list[str]) -> str:
    more = "…" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
