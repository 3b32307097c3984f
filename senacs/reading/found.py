"""The frames of evidence, made of a table, its columns and its answers."""

import polars as pl

from senacs.reading.evidence import (
    ANSWER_SCHEMA,
    COLUMN_SCHEMA,
    FILE_SCHEMA,
    RECORD_SCHEMA,
    Evidence,
)
from senacs.reading.headers import Column
from senacs.reading.table import FileProblem, Table


def unread(table: Table, file_name: str, size: int) -> Evidence:
    """What is found of a file that cannot be read as an export: why."""
    return Evidence(
        file_frame(table, file_name, size),
        COLUMN_SCHEMA.to_frame(),
        RECORD_SCHEMA.to_frame(),
        ANSWER_SCHEMA.to_frame(),
    )


def file_frame(table: Table, file_name: str, size: int, rows: int | None = None) -> pl.DataFrame:
    """The file in the first row, then a row a note, which repeats nothing that a rule looks at.

    `rows` counts those of several tables; None: the table's own.
    """
    notes = table.notes if table.problem is FileProblem.NONE else ()
    more = [None] * len(notes)
    return pl.DataFrame(
        {
            "file_name": [file_name] * (1 + len(notes)),
            "bytes": [size, *more],
            "problem": [str(table.problem), *more],
            "detail": [table.detail, *(note.detail for note in notes)],
            "encoding": [table.encoding, *more],
            "rows": [len(table.rows) if rows is None else rows, *more],
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


def column_frame(
    cells: dict[int, pl.Series], columns: list[Column], sheet: str = ""
) -> pl.DataFrame:
    """One row a column or absent question; a column without title and content is none.

    `sheet` is the name of theirs, where the export has several.
    """
    counted = pl.DataFrame({str(position): series for position, series in cells.items()}).select(
        (pl.all().fill_null("").str.strip_chars() != "").sum()
    )
    filled = {int(name): counts[0] for name, counts in counted.to_dict(as_series=False).items()}
    shown = [c for c in columns if c.header or filled.get(c.position, 0)]
    return pl.DataFrame(
        {
            "sheet": [sheet] * len(shown),
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
