"""A table of the open data: columns described once, written as CSV and as Parquet."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

import polars as pl


class Type(StrEnum):
    """Types of a column, by their names in a data package."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    YEAR = "year"
    BOOLEAN = "boolean"


_POLARS: dict[Type, type[pl.DataType]] = {
    Type.TEXT: pl.String,
    Type.INTEGER: pl.Int32,
    Type.NUMBER: pl.Float64,
    Type.YEAR: pl.Int16,
    Type.BOOLEAN: pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        meaning: what it holds, in French.
        always: whether every row has something in it.
        codes: all it may hold; empty: anything of its type.
    """

    name: str
    type: Type
    meaning: str
    always: bool = True
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns whose contents are the key of another table."""

    columns: tuple[str, ...]
    table: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with its rows, in their order.

    Attributes:
        name: also its file's, without the kind.
        key: columns that name a row; empty: rows have no key.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    frame: pl.DataFrame
    references: tuple[Reference, ...] = ()

    @property
    def csv(self) -> bytes:
        """UTF-8, commas, decimal points, LF; nothing between two commas where there is nothing."""
        text = BytesIO()
        self.frame.write_csv(text, float_scientific=False)
        return text.getvalue()

    @property
    def parquet(self) -> bytes:
        """The same rows and columns, typed."""
        data = BytesIO()
        self.frame.write_parquet(data, compression="zstd", statistics=True)
        return data.getvalue()


def frame_of(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    """The rows as a frame; an empty text is nothing."""
    schema = {column.name: _POLARS[column.type] for column in columns}
    frame = pl.DataFrame(rows, schema=schema, orient="row", strict=True)
    texts = [column.name for column in columns if column.type is Type.TEXT]
    return frame.with_columns(
        pl.when(pl.col(name) == "").then(None).otherwise(pl.col(name)).alias(name) for name in texts
    )
