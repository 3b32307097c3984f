"""An export of several sheets: each is read as a table of its own, and all are one evidence.

Which sheet is which is known by its name alone: nothing is guessed from what it holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from senacs.codebook import Collection, Sheet
from senacs.reading.answers import cells_by_column, typed_answers
from senacs.reading.evidence import ANSWER_SCHEMA, COLUMN_SCHEMA, RECORD_SCHEMA, Evidence
from senacs.reading.folding import folded
from senacs.reading.found import column_frame, file_frame, unread, with_units
from senacs.reading.headers import Titles, map_columns
from senacs.reading.layout import laid_out
from senacs.reading.packed import Content
from senacs.reading.places import place
from senacs.reading.records import records_of
from senacs.reading.table import FileProblem, Note, NoteKind, Table
from senacs.reading.tables import book_of
from senacs.reading.workbooks import Sheet as Delivered
from senacs.reading.workbooks import Workbook, hidden_notes

_NOTHING = "–"
"""What stands for a part of a key that is left empty on purpose."""
_WHOLE = pl.col("number").cast(pl.Int64, strict=False).cast(pl.String)
_SAID = pl.coalesce("code", "text", _WHOLE, pl.col("raw").str.strip_chars())
"""A part of a key, the same however it is spelt: `2012`, `2012,0`."""


def read_sheets(
    data: bytes, file_name: str, collection: Collection, territory: str, data_year: int
) -> Evidence:
    """Read a workbook whose sheets the collection declares. Never raises on its content."""
    book, held = book_of(data, file_name)
    if book.problem is not FileProblem.NONE:
        table = Table(problem=book.problem, detail=book.detail, format=held.kind)
        return unread(table, file_name, len(data))
    by_sheet = _delivered(book, collection.sheets)
    columns = [COLUMN_SCHEMA.to_frame()]
    records = [RECORD_SCHEMA.to_frame()]
    answers = [ANSWER_SCHEMA.to_frame().drop("unit_id", "distinct")]
    notes = [*_book_notes(book, collection.sheets, by_sheet)]
    rows = 0
    for number, (name, sheet) in enumerate(collection.sheets.items()):
        if name not in by_sheet:
            continue
        titles = Titles(collection, territory, data_year, name)
        table = laid_out(by_sheet[name].rows, titles.score)
        notes += _notes(table, sheet, number, held, by_sheet[name])
        mapped = map_columns(table.header, titles)
        cells = cells_by_column(table, mapped)
        given = typed_answers([row for row, _ in table.rows], cells, mapped, collection)
        # A part of the key may be asked of other sheets without exception, and not of this one.
        given = given.with_columns(
            required=pl.col("required") & ~pl.col("question").is_in(sheet.optional)
        )
        columns.append(column_frame(cells, mapped, sheet.title))
        at = pl.lit(place(number, 0), dtype=pl.Int32) + pl.col("row")
        own = _named(records_of(table, given, mapped), given, name, sheet)
        records.append(own.with_columns(row=at))
        answers.append(
            given.select(answers[0].columns).cast(answers[0].schema).with_columns(row=at)
        )
        rows += len(table.rows)
    if not rows and len(by_sheet) == len(collection.sheets):
        return unread(Table(problem=FileProblem.NO_ROW, format=held.kind), file_name, len(data))
    every = _located(pl.concat(records), pl.concat(answers), collection, data_year)
    whole = Table(format=held.kind, notes=tuple(notes))
    return Evidence(
        file_frame(whole, file_name, len(data), rows),
        pl.concat(columns),
        every,
        with_units(pl.concat(answers), every),
    )


def _delivered(book: Workbook, sheets: Mapping[str, Sheet]) -> dict[str, Delivered]:
    """The delivered sheet that is each declared one; of several names, the first that is there."""
    by_title = {folded(one.name): one for one in reversed(book.sheets)}
    found: dict[str, Delivered] = {}
    for name, sheet in sheets.items():
        for title in sheet.titles:
            if folded(title) in by_title:
                found.setdefault(name, by_title[folded(title)])
    return found


def _book_notes(
    book: Workbook, sheets: Mapping[str, Sheet], by_sheet: Mapping[str, Delivered]
) -> Iterator[Note]:
    """Sheets that are not there, and sheets that nobody asked for."""
    for name, sheet in sheets.items():
        if name not in by_sheet:
            yield Note(NoteKind.ABSENT_SHEET, sheet.title)
    taken = {one.name for one in by_sheet.values()}
    if others := [one.name for one in book.sheets if one.name not in taken and one.rows]:
        yield Note(NoteKind.UNKNOWN_SHEETS, ", ".join(others))


def _notes(
    table: Table, sheet: Sheet, number: int, held: Content, delivered: Delivered
) -> Iterator[Note]:
    """What is odd about one sheet, with its name."""
    if not delivered.visible:
        yield Note(NoteKind.HIDDEN_SHEET, delivered.name)
    for note in (*hidden_notes(held.data, held.kind, delivered.name, table), *table.notes):
        row = None if note.row is None else place(number, note.row)
        yield replace(note, detail=f"feuille « {sheet.title} », {note.detail}", row=row)


def _named(records: pl.DataFrame, answers: pl.DataFrame, name: str, sheet: Sheet) -> pl.DataFrame:
    """The lines of a sheet as units: what they are, then the parts of their key."""
    parts = (
        answers.filter(pl.col("question").is_in(sheet.key), pl.col("status") == "reported")
        .select("row", "question", _SAID.alias("said"))
        .pivot("question", index="row", values="said", on_columns=list(sheet.key))
    )
    wanted = [part for part in sheet.key if part not in sheet.optional]
    key = pl.concat_str([pl.col(part).fill_null(_NOTHING) for part in sheet.key], separator=" · ")
    missing = pl.any_horizontal(pl.col(part).is_null() for part in wanted)
    return (
        records.join(parts, on="row", how="left", maintain_order="left")
        .with_columns(
            population=pl.lit(name),
            key_missing=missing,
            unit_id=pl.when(missing)
            .then(pl.format("{} ligne {}", pl.lit(name), "row"))
            .otherwise(pl.format("{} {}", pl.lit(name), key)),
        )
        .with_columns(times=pl.len().over("unit_id").cast(pl.Int32), delivered_id=pl.col("unit_id"))
        .select(RECORD_SCHEMA.names())
        .cast(RECORD_SCHEMA)
    )


def _located(
    records: pl.DataFrame, answers: pl.DataFrame, collection: Collection, data_year: int
) -> pl.DataFrame:
    """The records with their département: a line that says none is where the line it names is."""
    parts = answers.select("row", "question", _SAID.alias("said"))
    for one in collection.references(data_year):
        key = list(one.key)
        wide = parts.filter(pl.col("question").is_in(key)).pivot(
            "question", index="row", values="said", on_columns=key
        )
        lines = records.select("row", "population", "departement").join(wide, on="row")
        named = (
            lines.filter(pl.col("population") == one.named, pl.col("departement").is_not_null())
            .select(*key, pl.col("departement").alias("there"))
            .unique(key, keep="first", maintain_order=True)
        )
        there = (
            lines.filter(pl.col("population") == one.sheet)
            .join(named, on=key, how="inner")
            .select("row", "there")
        )
        records = (
            records.join(there, on="row", how="left", maintain_order="left")
            .with_columns(departement=pl.coalesce("departement", "there"))
            .drop("there")
        )
    return records
