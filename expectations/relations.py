"""What the codebook says must hold between the answers of one form: tables, parts and wholes."""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from expectations.catalogue import rules_for
from expectations.exports import EXPORT, Exports
from expectations.long import numbers_of
from senacs.codebook import Collection, Question
from senacs.codebook.questionnaire import NUMERIC

TOTAL = "total"
"""The code of the row of a table that is the sum of the others."""

PART_OF_WHOLE = "part/ensemble"
"""The relation of what `wholes.csv` pairs; the others are columns of a table: `etp/personnes`."""


class Total(NamedTuple):
    """A column of a table with its total row, in one data year."""

    column: str
    title: str
    total: Question
    parts: tuple[Question, ...]
    complete: bool
    """Whether every row of the table is asked, so that the parts must reach the total."""


class Pair(NamedTuple):
    """Two questions of one data year that a relation holds between."""

    relation: str
    question: Question
    other: Question


def totals_of(collection: Collection, data_year: int) -> Iterator[Total]:
    """The columns of numbers that have a total and parts, in the order of the form."""
    cells: dict[tuple[str, str], dict[str, Question]] = {}
    for question in collection.questions_of(data_year):
        if question.table and question.kind in NUMERIC:
            cells.setdefault((question.table, question.column), {})[question.row] = question
    for (name, column), by_row in cells.items():
        table = collection.table_by_name[name]
        parts = tuple(q for row, q in by_row.items() if row != TOTAL)
        if TOTAL not in by_row or not parts:
            continue
        rows = {item.code for item in collection.codes_of(table.rows)} - {TOTAL}
        label = next(c.label for c in collection.codes_of(table.columns) if c.code == column)
        yield Total(
            f"{name}-{column}",
            f"{table.label} ({label if label.isupper() else label.lower()})",
            by_row[TOTAL],
            parts,
            rows <= set(by_row),
        )


def pairs_of(collection: Collection, data_year: int) -> Iterator[Pair]:
    """The pairs that the collection's rules are about."""
    wanted = {rule.relation for rule in rules_for(collection.collection) if rule.relation}
    asked = collection.questions_of(data_year)
    by_variable = {q.variable: q for q in asked if q.variable}
    by_cell = {(q.table, q.row, q.column): q for q in asked if q.table}
    for pair in collection.wholes:
        if pair.part in by_variable and pair.whole in by_variable and PART_OF_WHOLE in wanted:
            yield Pair(PART_OF_WHOLE, by_variable[pair.part], by_variable[pair.whole])
    for relation in sorted(wanted - {PART_OF_WHOLE}):
        column, _, other = relation.partition("/")
        for question in asked:
            beside = by_cell.get((question.table, question.row, other))
            if question.column == column and beside:
                yield Pair(relation, question, beside)


def tables(exports: Exports) -> pl.DataFrame:
    """The sum of a table's parts beside its total.

    One row a record × column of a table with a total: `parts` is the sum of those answered,
    `total` the answer, `over` by how much the parts exceed it, `under` by how much they fall
    short where all are asked and answered.
    """
    totals = list(totals_of(exports.collection, exports.data_year))
    meta = pl.DataFrame(
        [
            (question.question, total.column, total.title, question is total.total,
             len(total.parts) if total.complete else None)
            for total in totals
            for question in (*total.parts, total.total)
        ],
        schema={"question": pl.String, "column": pl.String, "title": pl.String,
                "is_total": pl.Boolean, "all_parts": pl.Int64},
        orient="row",
    )  # fmt: skip
    asked = {q.question: q for total in totals for q in (*total.parts, total.total)}
    whole, part = pl.col("is_total"), ~pl.col("is_total")
    return (
        numbers_of(exports, asked)
        .join(meta, on="question", maintain_order="left")
        .group_by(EXPORT, "row", "unit_id", "column", maintain_order=True)
        .agg(
            pl.col("title", "all_parts").first(),
            pl.col("question", "header", "raw", "unit").filter(whole).first(),
            total=pl.col("value").filter(whole).first(),
            parts=pl.col("value").filter(part).sum(),
            answered=pl.col("value").filter(part).count(),
            about=pl.col("question").filter(pl.col("value").is_not_null()),
        )
        .with_columns(
            over=pl.col("parts") - pl.col("total"),
            under=pl.when(pl.col("answered") == pl.col("all_parts")).then(
                pl.col("total") - pl.col("parts")
            ),
        )
    )


def pairs(exports: Exports) -> pl.DataFrame:
    """Two answers of one form side by side, for each pair of a relation.

    One row a record × pair: `value` or `word` of the first question, and `other_value`,
    `other_word`, `other_label` of the second.
    """
    found = list(pairs_of(exports.collection, exports.data_year))
    names = pl.DataFrame(
        [(pair.relation, pair.question.question, pair.other.question) for pair in found],
        schema={"relation": pl.String, "question": pl.String, "other": pl.String},
        orient="row",
    )
    asked = {q.question: q for pair in found for q in pair[1:]}
    values = numbers_of(exports, asked)
    others = values.select(
        EXPORT, "row",
        pl.col("question").alias("other"),
        pl.col("label").alias("other_label"),
        pl.col("value").alias("other_value"),
        pl.col("word").alias("other_word"),
    )  # fmt: skip
    return (
        values.join(names, on="question", maintain_order="left")
        .join(others, on=[EXPORT, "row", "other"], maintain_order="left")
        .with_columns(about=pl.concat_list("question", "other"))
    )
