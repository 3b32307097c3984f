"""Where a row lies in an export of several sheets, as one number: rows are told apart by it.

The first sheet's rows have their own numbers, so an export of one table has nothing to say. Every
frame joins on a row; what people read is the sheet and its row.
"""

from collections.abc import Sequence

import polars as pl

_SHEET = 10_000_000
"""More rows than any spreadsheet has (XLSX: 1,048,576)."""


def place(sheet: int, row: int) -> int:
    """The number of a row of a sheet, which are counted from 0."""
    return sheet * _SHEET + row


def row_at(place: pl.Expr) -> pl.Expr:
    """The row in its sheet, as a spreadsheet counts it."""
    return (place % _SHEET).cast(pl.Int32)


def title_at(place: pl.Expr, titles: Sequence[str]) -> pl.Expr:
    """The title of the sheet; null where the export is one table, or of no row."""
    return (place // _SHEET).replace_strict(
        dict(enumerate(titles)), default=None, return_dtype=pl.String
    )
