"""From the columns of a table to typed answers, one row a data row × question."""

from collections.abc import Sequence

import polars as pl

from senacs.codebook import Collection, Kind, Question, Role
from senacs.reading.evidence import ANSWER_SCHEMA
from senacs.reading.headers import TAKEN, Column, ColumnStatus
from senacs.reading.outcome import Value, ValueProblem
from senacs.reading.table import Table
from senacs.reading.values import parser

_PARSED_SCHEMA = pl.Schema(
    {
        "raw": pl.String,
        "status": pl.String,
        "number": pl.Float64,
        "decimal": pl.String,
        "code": pl.String,
        "text": pl.String,
        "problem": pl.String,
    }
)
_MANNER = ["kind", "codes", "unit", "role", "other_unit"]
"""What decides how a text is read: each distinct text is parsed once for each manner."""


def cells_by_column(table: Table, columns: Sequence[Column]) -> dict[int, pl.Series]:
    """The raw text of each column by its position; a cell beyond a short row is null."""
    width = len(table.header)
    rows = [
        cells if len(cells) == width else [*cells[:width], *[None] * (width - len(cells))]
        for _, cells in table.rows
    ]
    turned = list(zip(*rows, strict=True)) or [()] * width
    return {
        c.position: pl.Series(turned[c.position - 1], dtype=pl.String)
        for c in columns
        if c.position
    }


def typed_answers(
    numbers: Sequence[int],
    cells: dict[int, pl.Series],
    columns: Sequence[Column],
    collection: Collection,
) -> pl.DataFrame:
    """One row a data row × question.

    A question that several columns answer has no answer: which one counts is not ours to say.
    """
    if not numbers:
        return ANSWER_SCHEMA.to_frame()
    asked: dict[str, tuple[Column, Question]] = {}
    for column in columns:
        if column.question:
            asked.setdefault(column.question.question, (column, column.question))
    meta = _meta([*asked.values()])
    nothing = pl.Series([None] * len(numbers), dtype=pl.String)
    wide = pl.DataFrame(
        {"\0row": pl.Series(numbers, dtype=pl.Int32)}
        | {
            name: cells[column.position] if column.status in TAKEN else nothing
            for name, (column, _) in asked.items()
        }
    )
    long = (
        wide.unpivot(index="\0row", variable_name="question", value_name="raw")
        .rename({"\0row": "row"})
        .join(meta, on="question", how="left", maintain_order="left")
    )
    return _parsed(long, collection)


def _meta(asked: list[tuple[Column, Question]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "question": [q.question for _, q in asked],
            "header": [c.header for c, _ in asked],
            "kind": [str(q.kind) for _, q in asked],
            "codes": [q.codes for _, q in asked],
            "unit": [q.unit for _, q in asked],
            "role": [str(q.role or "") for _, q in asked],
            "other_unit": [c.status is ColumnStatus.OTHER_UNIT for c, _ in asked],
            "column_unit": [c.unit for c, _ in asked],
            "required": [q.required for _, q in asked],
            "minimum": [q.minimum for _, q in asked],
            "maximum": [q.maximum for _, q in asked],
        },
        schema_overrides={"minimum": pl.Float64, "maximum": pl.Float64},
    )


def _parsed(long: pl.DataFrame, collection: Collection) -> pl.DataFrame:
    """The answers with their values; a manner is a small number, which joins faster than words."""
    manners = long.select(_MANNER).unique(maintain_order=True).with_row_index("manner")
    long = long.join(manners, on=_MANNER, how="left", maintain_order="left")
    distinct = long.select("manner", "raw").unique(maintain_order=True)
    parts = []
    for manner, kind, codes, unit, role, other_unit in manners.iter_rows():
        texts = distinct.filter(pl.col("manner") == manner)["raw"].to_list()
        read = parser(Kind(kind), collection.codes_of(codes), unit, Role(role) if role else None)
        values = [read(text) for text in texts]
        if other_unit:
            values = [_in_another_unit(value) for value in values]
        parts.append(_frame(texts, values).with_columns(manner=pl.lit(manner, dtype=pl.UInt32)))
    return long.join(
        pl.concat(parts), on=["manner", "raw"], how="left", nulls_equal=True, maintain_order="left"
    )


def _in_another_unit(value: Value) -> Value:
    """No number of a column in another unit is a value: by what to multiply would be guessed."""
    if value.number is None:
        return value
    return Value(problem=ValueProblem.COLUMN_UNIT)


def _frame(texts: list[str | None], values: list[Value]) -> pl.DataFrame:
    numbers = [value.number for value in values]
    return pl.DataFrame(
        {
            "raw": texts,
            "status": [value.status.value for value in values],
            "number": [None if n is None else float(n) for n in numbers],
            "decimal": [None if n is None else f"{n:f}" for n in numbers],
            "code": [value.code for value in values],
            "text": [value.text for value in values],
            "problem": [value.problem.value for value in values],
        },
        schema=_PARSED_SCHEMA,
    )
