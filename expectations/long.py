"""Answers one below the other, with what the codebook says of their question."""

from collections.abc import Mapping

import polars as pl

from expectations.exports import EXPORT, Exports
from senacs.codebook import Question
from senacs.codebook.questionnaire import NUMERIC


def numbers_of(exports: Exports, questions: Mapping[str, Question]) -> pl.DataFrame:
    """The answers to these questions, with `variable`, `label`, `unit` and `value`.

    One row a record × question; `value` is in the variable's unit, `word` a code, date or text.
    """
    variables = exports.collection.variable_by_name
    meta = pl.DataFrame(
        {
            "question": list(questions),
            "variable": [q.variable or q.question for q in questions.values()],
            "label": [q.label for q in questions.values()],
            "unit": [
                variables[q.variable].unit if q.variable in variables else q.unit
                for q in questions.values()
            ],
            "factor": [q.factor if q.kind in NUMERIC else None for q in questions.values()],
        },
        schema={
            "question": pl.String,
            "variable": pl.String,
            "label": pl.String,
            "unit": pl.String,
            "factor": pl.Float64,
        },
    )
    return (
        exports.answers.select(
            EXPORT, "row", "unit_id", "question", "header", "raw", "number",
            pl.coalesce("code", "text").alias("word"),
        )
        .drop("unit", strict=False)
        .join(meta, on="question", how="inner", maintain_order="left")
        .with_columns(value=pl.col("number") * pl.col("factor"))
        .drop("number", "factor")
    )  # fmt: skip
