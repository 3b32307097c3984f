"""What an export of the register says of agréments, beside last year's snapshot."""

import polars as pl

from expectations.exports import EXPORT, Exports, together
from expectations.long import numbers_of

_PREFIX = "agrement "
_MAIN = "main"
"""The agrément that is stated without its kind: rules about it name its own questions."""

_MAKES = {"CS": "AGC", "EVS": "EVS"}
"""The agrément that makes a structure what it is: it is held where nothing else is said."""


def agrements(exports: Exports) -> pl.DataFrame:
    """The agréments of each record, by kind.

    One row a record × kind (AGC, ACF, EVS) of which it says something: `held` (oui, non), `began`
    and `ended` as ISO dates, the same of last year's snapshot (`last_began`, `last_ended`); the
    `question`, `header` and `raw` of the end, else of what is said; `data_year` and `population`.
    """
    parts = pl.DataFrame(
        [
            (v.variable, *_part(v.dated))
            for v in exports.collection.variables
            if v.dated.startswith(_PREFIX) and not v.dated.startswith(_PREFIX + _MAIN)
        ],
        schema={"variable": pl.String, "kind": pl.String, "bound": pl.String},
        orient="row",
    )
    asked = {
        q.question: q
        for q in exports.collection.questions_of(exports.data_year)
        if q.variable in set(parts["variable"])
    }
    said = (
        numbers_of(exports, asked)
        .filter(pl.col("word").is_not_null())
        .join(parts, on="variable", maintain_order="left")
    )
    last = (
        together({number: s.last_year for number, s in exports.settings.items()})
        .join(parts, on="variable", maintain_order="left")
        .group_by(EXPORT, "unit_id", "kind")
        .agg(last_began=_word("begin"), last_ended=_word("end"))
    )
    return (
        said.sort(pl.col("bound") != "end", maintain_order=True)
        .group_by(EXPORT, "row", "unit_id", "kind", maintain_order=True)
        .agg(
            pl.col("question", "header", "raw").first(),
            held=_word("held"),
            began=_word("begin"),
            ended=_word("end"),
            about=pl.col("question"),
        )
        .sort(EXPORT, "row", "kind", maintain_order=True)
        .join(last, on=[EXPORT, "unit_id", "kind"], how="left", maintain_order="left")
        .join(exports.records.select(EXPORT, "row", "population"),
              on=[EXPORT, "row"], how="left", maintain_order="left")
        .with_columns(makes=pl.col("population").replace_strict(_MAKES, default=None))
        .with_columns(
            held=pl.when(pl.col("kind") == pl.col("makes"))
            .then(pl.col("held").fill_null("oui"))
            .otherwise("held")
        )
        .with_columns(data_year=pl.lit(exports.data_year, dtype=pl.Int32))
    )  # fmt: skip


def _part(dated: str) -> tuple[str, str]:
    kind, _, bound = dated.removeprefix(_PREFIX).partition(" ")
    return kind, bound or "held"


def _word(bound: str) -> pl.Expr:
    return pl.col("word").filter(pl.col("bound") == bound).first()
