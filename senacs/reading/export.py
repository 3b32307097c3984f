"""An export's bytes, read by the codebook of its collection, territory and data year."""

import polars as pl

from senacs.codebook import Collection
from senacs.reading.answers import cells_by_column, typed_answers
from senacs.reading.evidence import (
    ANSWER_SCHEMA,
    COLUMN_SCHEMA,
    FILE_SCHEMA,
    RECORD_SCHEMA,
    Evidence,
)
from senacs.reading.headers import Column, Titles, map_columns
from senacs.reading.records import records_of
from senacs.reading.table import MAX_CELLS, FileProblem, Table, too_large
from senacs.reading.tables import table_of


def read_export(
    data: bytes, file_name: str, collection: Collection, territory: str, data_year: int
) -> Evidence:
    """Read an export. Never raises on its content: what is wrong is in the evidence."""
    titles = Titles(collection, territory, data_year)
    table = table_of(data, file_name, titles.score)
    if len(table.rows) * max(len(titles.questions), 1) > MAX_CELLS:
        table = too_large(f"{len(table.rows)} lignes")
    if table.problem is not FileProblem.NONE:
        return Evidence(
            _file_frame(table, file_name, len(data)),
            COLUMN_SCHEMA.to_frame(),
            RECORD_SCHEMA.to_frame(),
            ANSWER_SCHEMA.to_frame(),
        )
    columns = map_columns(table.header, titles)
    cells = cells_by_column(table, columns)
    answers = typed_answers([number for number, _ in table.rows], cells, columns, collection)
    records = records_of(table, answers, columns)
    return Evidence(
        _file_frame(table, file_name, len(data)),
        _column_frame(cells, columns),
        records,
        with_units(answers, records),
    )


def _file_frame(table: Table, file_name: str, size: int) -> pl.DataFrame:
    """The file in the first row, then a row a note, which repeats nothing that a rule looks at."""
    notes = table.notes if table.problem is FileProblem.NONE else ()
    more = [None] * len(notes)
    return pl.DataFrame(
        {
            "file_name": [file_name] * (1 + len(notes)),
            "bytes": [size, *more],
            "problem": [str(table.problem), *more],
            "detail": [table.detail, *(note.detail for note in notes)],
            "encoding": [table.encoding, *more],
            "rows": [len(table.rows), *more],
            "format": [table.format, *more],
            "note": ["", *(str(note.kind) for note in notes)],
            "row": [None, *(note.row for note in notes)],
        },
        schema=FILE_SCHEMA,
    )


def with_units(answers: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The answers with whom they are about, and how many different ones that unit gives."""
    units = records.select("row", "unit_id", "times")
    answers = answers.join(units, on="row", how="left", maintain_order="left")
    # Only units on several rows can differ from themselves: for the others one, or none.
    distinct = (
        answers.filter((pl.col("status") != "missing") & (pl.col("times") > 1))
        .group_by("unit_id", "question")
        .agg(pl.col("raw").n_unique().cast(pl.Int32).alias("several"))
    )
    once = (pl.col("status") != "missing").cast(pl.Int32)
    return (
        answers.join(distinct, on=["unit_id", "question"], how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("times") > 1)
            .then(pl.col("several").fill_null(0))
            .otherwise(once)
            .alias("distinct")
        )
        .select(ANSWER_SCHEMA.names())
        .cast(ANSWER_SCHEMA)
    )


def _column_frame(cells: dict[int, pl.Series], columns: list[Column]) -> pl.DataFrame:
    """One row a column or absent question; a column without title and content is none."""
    counted = pl.DataFrame({str(position): series for position, series in cells.items()}).select(
        (pl.all().fill_null("").str.strip_chars() != "").sum()
    )
    filled = {int(name): counts[0] for name, counts in counted.to_dict(as_series=False).items()}
    shown = [c for c in columns if c.header or filled.get(c.position, 0)]
    return pl.DataFrame(
        {
            "position": [c.position for c in shown],
            "header": [c.header for c in shown],
            "question": [c.question.question if c.question else None for c in shown],
            "status": [str(c.status) for c in shown],
            "filled": [filled.get(c.position, 0) for c in shown],
            "unit": [c.unit for c in shown],
            "asked_unit": [c.question.unit if c.question else "" for c in shown],
            "candidates": [", ".join(c.candidates) for c in shown],
            "hint": [_hint(c) for c in shown],
            "suggestion": [c.suggestion and c.suggestion.question.question for c in shown],
            "score": [c.suggestion and c.suggestion.score for c in shown],
        },
        schema=COLUMN_SCHEMA,
    )


def _hint(column: Column) -> str:
    """What an unknown header looks like, as a part of a sentence."""
    if column.suggestion is None:
        return ""
    like = column.suggestion.question.header
    return f" (elle ressemble à « {like} », à {column.suggestion.score} %)"
