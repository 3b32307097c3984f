"""Answers beside last year's and beside those of the territory's other structures."""

import polars as pl

from expectations.exports import EXPORT, Exports, together
from expectations.long import numbers_of
from senacs.codebook import Comparability, Question
from senacs.codebook.questionnaire import NUMERIC

_NORMAL = 1.4826
"""What a median absolute deviation is multiplied by to be a standard deviation, if normal."""

_LEAST_SPREAD = 0.2
"""Of the logarithm: where half of a territory gives the same number, 20 % off is not far."""


def comparable(exports: Exports) -> dict[str, Question]:
    """The questions of the year whose answers can be held against the year before, by variable."""
    asked_before = {
        q.variable for q in exports.collection.questions_of(exports.data_year - 1) if q.variable
    }
    return {
        q.variable: q
        for q in exports.collection.questions_of(exports.data_year)
        if q.variable in asked_before and q.comparability is not Comparability.BREAK
    }


def changes(exports: Exports) -> pl.DataFrame:
    """Answers beside the same structure's of last year, where thresholds say what is plausible.

    One row a record × question with a value last year: `value` and `before`, `change` between
    them and what is `allowed`; or `word` and `word_before` of what is `stable`, which was
    `said_before`.
    """
    lines = {t.variable: t for t in exports.collection.thresholds}
    asked = {q.question: q for v, q in comparable(exports).items() if v in lines}
    plausible = pl.DataFrame(
        [
            (name, lines[name].relative, lines[name].absolute, lines[name].stable)
            for name in (q.variable for q in asked.values())
        ],
        schema={
            "variable": pl.String,
            "relative": pl.Float64,
            "absolute": pl.Float64,
            "stable": pl.Boolean,
        },
        orient="row",
    )
    labels = pl.DataFrame(
        [
            (question.question, item.code, item.label)
            for question in asked.values()
            for item in exports.collection.codes_of(question.codes)
        ],
        schema={"question": pl.String, "word_before": pl.String, "said_before": pl.String},
        orient="row",
    )
    return (
        numbers_of(exports, asked)
        .join(plausible, on="variable", how="left", maintain_order="left")
        .join(_last_year(exports), on=[EXPORT, "unit_id", "variable"], maintain_order="left")
        .join(labels, on=["question", "word_before"], how="left", maintain_order="left")
        .with_columns(
            word=pl.coalesce("word", _as_word("value")),
            word_before=pl.coalesce("word_before", _as_word("before")),
        )
        .with_columns(
            said_before=pl.coalesce("said_before", "word_before"),
            change=(pl.col("value") - pl.col("before")).abs(),
            allowed=pl.max_horizontal(
                pl.col("relative") * pl.col("before").abs(), pl.col("absolute")
            ),
        )
    )


def repeats(exports: Exports) -> pl.DataFrame:
    """How many of a structure's numbers are just those of last year.

    One row a record: `compared` counts its numbers above zero with one last year, `same` those
    that are equal, `share` is the part of them.
    """
    asked = {q.question: q for q in comparable(exports).values() if q.kind in NUMERIC}
    return (
        numbers_of(exports, asked)
        .filter(pl.col("value") > 0)
        .join(_last_year(exports), on=[EXPORT, "unit_id", "variable"], maintain_order="left")
        .group_by(EXPORT, "row", "unit_id", maintain_order=True)
        .agg(compared=pl.len(), same=(pl.col("value") == pl.col("before")).sum())
        .with_columns(share=pl.col("same") / pl.col("compared"))
    )


def distribution(exports: Exports) -> pl.DataFrame:
    """Answers beside the territory's other structures of the same population.

    One row a record × question with a robust threshold and a number above zero, where enough
    structures (`n`) give one: the `median`, the range from `lowest` to `highest` that is
    plausible, and the `distance` from the median in robust standard deviations of the logarithm.
    """
    lines = {t.variable: t for t in exports.collection.thresholds if t.robust}
    asked = {
        q.question: q
        for q in exports.collection.questions_of(exports.data_year)
        if q.variable in lines
    }
    plausible = pl.DataFrame(
        [(name, line.robust, line.minimum_n) for name, line in lines.items()],
        schema={"variable": pl.String, "robust": pl.Float64, "minimum_n": pl.Int64},
        orient="row",
    )
    group = [EXPORT, "population", "variable"]
    values = (
        numbers_of(exports, asked)
        .filter(pl.col("value") > 0)
        .join(plausible, on="variable", how="left", maintain_order="left")
        .join(
            exports.records.select(EXPORT, "row", pl.col("population").fill_null("")),
            on=[EXPORT, "row"],
            how="left",
            maintain_order="left",
        )
        .with_columns(size=pl.col("value").log())
        .with_columns(n=pl.len().over(group), middle=pl.col("size").median().over(group))
        .filter(pl.col("n") >= pl.col("minimum_n"))
    )
    off = (pl.col("size") - pl.col("middle")).abs()
    spread = pl.max_horizontal(_NORMAL * off.median().over(group), pl.lit(_LEAST_SPREAD))
    return (
        values.with_columns(spread=spread)
        .with_columns(
            distance=off / pl.col("spread"),
            median=pl.col("middle").exp().round_sig_figs(3),
            lowest=(pl.col("middle") - pl.col("robust") * pl.col("spread")).exp().round_sig_figs(2),
            highest=(pl.col("middle") + pl.col("robust") * pl.col("spread"))
            .exp()
            .round_sig_figs(2),
        )
        .drop("size", "middle", "spread")
    )


def _as_word(name: str) -> pl.Expr:
    """A year or another whole number, to be compared as a word."""
    return pl.col(name).round(0).cast(pl.Int64).cast(pl.String)


def _last_year(exports: Exports) -> pl.DataFrame:
    return together({number: s.last_year for number, s in exports.settings.items()}).rename(
        {"number": "before", "word": "word_before"}
    )
