"""One record a data row: who it is about, where it lies, and its own text."""

from collections.abc import Sequence

import polars as pl

from senacs.codebook import Role
from senacs.reading.evidence import RECORD_SCHEMA
from senacs.reading.headers import Column, ColumnStatus
from senacs.reading.table import Table
from senacs.territories import departement_code, departement_of_commune


def records_of(table: Table, answers: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """One row a data row; a row without a key gets one that says its place in the file."""
    keys = _role_values(answers, columns, Role.KEY)
    populations = _role_values(answers, columns, Role.POPULATION)
    communes = _role_values(answers, columns, Role.COMMUNE)
    departements = _role_values(answers, columns, Role.DEPARTEMENT)
    numbers = [number for number, _ in table.rows]
    width = len(table.header)
    ignored = {c.position - 1 for c in columns if c.status is ColumnStatus.IGNORED}
    frame = pl.DataFrame(
        {
            "row": numbers,
            "unit_id": [keys.get(n) or f"ligne {n}" for n in numbers],
            "key_missing": [not keys.get(n) for n in numbers],
            "cell_gap": [cell_gap(cells_, width) for _, cells_ in table.rows],
            "times": [1] * len(numbers),
            "population": [populations.get(n) for n in numbers],
            "departement": [
                departement_of_commune(communes[n])
                if n in communes
                else departement_code(departements.get(n, ""))
                for n in numbers
            ],
            "raw": [_shown(cells_, table, ignored) for _, cells_ in table.rows],
            "delivered_id": [None] * len(numbers),
            "matched": [None] * len(numbers),
            "score": [None] * len(numbers),
            "candidates": [None] * len(numbers),
        },
        schema=RECORD_SCHEMA,
    )
    return frame.with_columns(
        times=pl.len().over("unit_id").cast(pl.Int32), delivered_id=pl.col("unit_id")
    )


def _shown(cells: list[str], table: Table, ignored: set[int]) -> str | None:
    """A row's text without its ignored columns, such as contacts: it goes into findings.

    Nothing of a row whose cells have shifted, as any of them may hold what is to be ignored.
    """
    if ignored and cell_gap(cells, len(table.header)):
        return None
    return table.delimiter.join(cell for i, cell in enumerate(cells) if i not in ignored)


def cell_gap(cells: list[str], width: int) -> int:
    """Cells too many (+) or too few (-) in a row; empty cells beyond the header are none."""
    extra = cells[width:]
    if len(cells) > width and not any(cell.strip() for cell in extra):
        return 0
    return len(cells) - width


def _role_values(answers: pl.DataFrame, columns: Sequence[Column], role: Role) -> dict[int, str]:
    """The answer to the question of that role, by row; rows without one are left out."""
    questions = {c.question.question for c in columns if c.question and c.question.role is role}
    rows = answers.filter(pl.col("question").is_in(list(questions))).select(
        "row", pl.coalesce("code", "text", pl.col("raw").str.strip_chars()).alias("value"), "status"
    )
    return {row: value for row, value, status in rows.iter_rows() if value and status == "reported"}
