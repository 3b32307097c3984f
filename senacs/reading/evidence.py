"""What reading found: the frames that rules are run on."""

from dataclasses import dataclass

import polars as pl

FILE_SCHEMA = pl.Schema(
    {
        "file_name": pl.String,
        "bytes": pl.Int64,
        "problem": pl.String,
        "detail": pl.String,
        "encoding": pl.String,
        "rows": pl.Int64,
        "format": pl.String,
        "note": pl.String,
        "row": pl.Int32,
    }
)
COLUMN_SCHEMA = pl.Schema(
    {
        "sheet": pl.String,
        "position": pl.Int32,
        "header": pl.String,
        "question": pl.String,
        "status": pl.String,
        "filled": pl.Int64,
        "unit": pl.String,
        "asked_unit": pl.String,
        "candidates": pl.String,
        "hint": pl.String,
        "suggestion": pl.String,
        "score": pl.Int32,
    }
)
RECORD_SCHEMA = pl.Schema(
    {
        "row": pl.Int32,
        "unit_id": pl.String,
        "key_missing": pl.Boolean,
        "cell_gap": pl.Int32,
        "times": pl.Int32,
        "population": pl.String,
        "departement": pl.String,
        "raw": pl.String,
        "delivered_id": pl.String,
        "matched": pl.String,
        "score": pl.Float64,
        "candidates": pl.String,
    }
)
ANSWER_SCHEMA = pl.Schema(
    {
        "row": pl.Int32,
        "unit_id": pl.String,
        "question": pl.String,
        "header": pl.String,
        "raw": pl.String,
        "status": pl.String,
        "number": pl.Float64,
        "decimal": pl.String,
        "code": pl.String,
        "text": pl.String,
        "problem": pl.String,
        "required": pl.Boolean,
        "minimum": pl.Float64,
        "maximum": pl.Float64,
        "distinct": pl.Int32,
        "unit": pl.String,
        "column_unit": pl.String,
    }
)


@dataclass(frozen=True)
class Evidence:
    """An export as read.

    Attributes:
        file: first the file: size, format, encoding, and the problem that prevents reading, if
            any; then one row a `note`: what was left out or is odd, where (`row`) and in which
            words (`detail`).
        columns: one row a column, and one a question that has no column; an unknown one with the
            question that it looks like (`suggestion`, `score`); `sheet` is empty where the export
            is one table.
        records: one row a data row of the file; `delivered_id` is the unit as delivered, the last
            three columns are empty until the register is asked (`senacs.register`).
        answers: one row a data row × question; `number` is for rules, `decimal` is exact;
            `distinct` counts the different raw texts that rows of one unit give.

    Where the export has several sheets, `row` says the sheet as well (`senacs.reading.places`).
    """

    file: pl.DataFrame
    columns: pl.DataFrame
    records: pl.DataFrame
    answers: pl.DataFrame
