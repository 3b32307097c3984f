"""An export's bytes, read by the codebook of its collection, territory and data year."""

from collections.abc import Iterator

import polars as pl

from senacs.codebook import Collection, Kind, Question, Role
from senacs.reading.decoding import FileProblem, decode
from senacs.reading.delimited import Table, tabulate
from senacs.reading.evidence import (
    ANSWER_SCHEMA,
    COLUMN_SCHEMA,
    FILE_SCHEMA,
    RECORD_SCHEMA,
    Evidence,
)
from senacs.reading.headers import Column, ColumnStatus, map_columns
from senacs.reading.values import typed
from senacs.territories import departement_code, departement_of_commune


def read_export(
    data: bytes, file_name: str, collection: Collection, territory: str, data_year: int
) -> Evidence:
    """Read an export. Never raises on its content: what is wrong is in the evidence."""
    decoded = decode(data)
    table = Table(problem=decoded.problem, detail=decoded.detail)
    if decoded.problem is FileProblem.NONE:
        table = tabulate(decoded.text)
    file = pl.DataFrame(
        {
            "file_name": [file_name],
            "bytes": [len(data)],
            "problem": [str(table.problem)],
            "detail": [table.detail],
            "encoding": [decoded.encoding],
            "rows": [len(table.rows)],
        },
        schema=FILE_SCHEMA,
    )
    if table.problem is not FileProblem.NONE:
        return Evidence(
            file,
            COLUMN_SCHEMA.to_frame(),
            RECORD_SCHEMA.to_frame(),
            ANSWER_SCHEMA.to_frame(),
        )
    columns = map_columns(table.header, collection, territory, data_year)
    cells = _cells(table, columns)
    answers = _answers(cells, columns, collection)
    records = _records(table, answers, columns)
    answers = answers.with_columns(unit_id=_by_row(records, "unit_id", answers["row"]))
    distinct = (
        answers.filter(pl.col("status") != "missing")
        .group_by("unit_id", "question")
        .agg(pl.col("raw").n_unique().cast(pl.Int32).alias("distinct"))
    )
    answers = (
        answers.join(distinct, on=["unit_id", "question"], how="left", maintain_order="left")
        .with_columns(pl.col("distinct").fill_null(0))
        .select(ANSWER_SCHEMA.names())
        .cast(ANSWER_SCHEMA)
    )
    return Evidence(file, _column_frame(cells, columns), records, answers)


def _cells(table: Table, columns: list[Column]) -> pl.DataFrame:
    """The raw text of each mapped column by question; a cell beyond a short row is null."""
    picked = {
        c.question.question: c.position - 1
        for c in columns
        if c.question and c.status is ColumnStatus.MAPPED
    }
    others = {
        f"\0{c.position}": c.position - 1
        for c in columns
        if c.position and c.status is not ColumnStatus.MAPPED
    }
    data: dict[str, list[str | None] | list[int]] = {"\0row": [number for number, _ in table.rows]}
    for name, index in (picked | others).items():
        data[name] = [cells[index] if index < len(cells) else None for _, cells in table.rows]
    schema = {name: pl.Int32 if name == "\0row" else pl.String for name in data}
    return pl.DataFrame(data, schema=schema)


def _answers(cells: pl.DataFrame, columns: list[Column], collection: Collection) -> pl.DataFrame:
    """One row a data row × question, typed; each distinct text is parsed once.

    A question that several columns answer has no answer: which one counts is not ours to say.
    """
    by_question: dict[str, tuple[Column, Question]] = {}
    for column in columns:
        if column.question:
            by_question.setdefault(column.question.question, (column, column.question))
    asked = list(by_question.values())
    meta = pl.DataFrame(
        {
            "question": [q.question for _, q in asked],
            "header": [c.header for c, _ in asked],
            "kind": [str(q.kind) for _, q in asked],
            "codes": [q.codes for _, q in asked],
            "required": [q.required for _, q in asked],
            "minimum": [q.minimum for _, q in asked],
            "maximum": [q.maximum for _, q in asked],
        },
        schema_overrides={"minimum": pl.Float64, "maximum": pl.Float64},
    )
    mapped = [q.question for _, q in asked if q.question in cells.columns]
    absent = [q.question for _, q in asked if q.question not in cells.columns]
    complete = cells.select(
        pl.col("\0row").alias("row"),
        *mapped,
        *(pl.lit(None, dtype=pl.String).alias(name) for name in absent),
    )
    long = complete.unpivot(
        index="row", on=[q.question for _, q in asked], variable_name="question", value_name="raw"
    ).join(meta, on="question", how="left", maintain_order="left")
    distinct = long.select("kind", "codes", "raw").unique(maintain_order=True)
    values = [
        typed(raw, Kind(kind), collection.codes_of(codes))
        for kind, codes, raw in distinct.iter_rows()
    ]
    parsed = distinct.with_columns(
        pl.Series("status", [str(v.status) for v in values], dtype=pl.String),
        pl.Series("decimal", [_exact(v.number) for v in values], dtype=pl.String),
        pl.Series(
            "number",
            [None if v.number is None else float(v.number) for v in values],
            dtype=pl.Float64,
        ),
        pl.Series("code", [v.code for v in values], dtype=pl.String),
        pl.Series("text", [v.text for v in values], dtype=pl.String),
        pl.Series("problem", [str(v.problem) for v in values], dtype=pl.String),
    )
    return long.join(
        parsed, on=["kind", "codes", "raw"], how="left", nulls_equal=True, maintain_order="left"
    )


def _exact(number: object) -> str | None:
    return None if number is None else f"{number:f}"


def _records(table: Table, answers: pl.DataFrame, columns: list[Column]) -> pl.DataFrame:
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
            "cell_gap": [_gap(cells_, width) for _, cells_ in table.rows],
            "times": [1] * len(numbers),
            "population": [populations.get(n) for n in numbers],
            "departement": [
                departement_of_commune(communes[n])
                if n in communes
                else departement_code(departements.get(n, ""))
                for n in numbers
            ],
            "raw": [_shown(cells_, table, ignored) for _, cells_ in table.rows],
        },
        schema=RECORD_SCHEMA,
    )
    return frame.with_columns(times=pl.len().over("unit_id").cast(pl.Int32))


def _shown(cells: list[str], table: Table, ignored: set[int]) -> str | None:
    """A row's text without its ignored columns, such as contacts: it goes into findings.

    Nothing of a row whose cells have shifted, as any of them may hold what is to be ignored.
    """
    if ignored and _gap(cells, len(table.header)):
        return None
    return table.delimiter.join(cell for i, cell in enumerate(cells) if i not in ignored)


def _gap(cells: list[str], width: int) -> int:
    """Cells too many (+) or too few (-); empty cells beyond the header are none."""
    extra = cells[width:]
    if len(cells) > width and not any(cell.strip() for cell in extra):
        return 0
    return len(cells) - width


def _role_values(answers: pl.DataFrame, columns: list[Column], role: Role) -> dict[int, str]:
    """The answer to the question of that role, by row; rows without one are left out."""
    questions = {c.question.question for c in _with_role(columns, role) if c.question}
    rows = answers.filter(pl.col("question").is_in(list(questions))).select(
        "row", pl.coalesce("code", "text", pl.col("raw").str.strip_chars()).alias("value"), "status"
    )
    return {row: value for row, value, status in rows.iter_rows() if value and status == "reported"}


def _with_role(columns: list[Column], role: Role) -> Iterator[Column]:
    return (c for c in columns if isinstance(c.question, Question) and c.question.role is role)


def _by_row(records: pl.DataFrame, column: str, rows: pl.Series) -> pl.Series:
    return rows.replace_strict(records["row"], records[column])


def _column_frame(cells: pl.DataFrame, columns: list[Column]) -> pl.DataFrame:
    def filled(column: Column) -> int:
        name = (
            column.question.question
            if column.question and column.status is ColumnStatus.MAPPED
            else f"\0{column.position}"
        )
        if name not in cells.columns:
            return 0
        return int((cells[name].fill_null("").str.strip_chars() != "").sum())

    return pl.DataFrame(
        {
            "position": [c.position for c in columns],
            "header": [c.header for c in columns],
            "question": [c.question.question if c.question else None for c in columns],
            "status": [str(c.status) for c in columns],
            "filled": [filled(c) for c in columns],
        },
        schema=COLUMN_SCHEMA,
    )
