"""The frames that rules are run on, made from an export's evidence and what the register knows."""

from dataclasses import dataclass

import polars as pl

from expectations.catalogue import Frame
from senacs.codebook import Collection
from senacs.reading import Evidence

SCOPE_SCHEMA = pl.Schema(
    {
        "structure_id": pl.String,
        "name": pl.String,
        "departement": pl.String,
        "in_scope": pl.Boolean,
    }
)


@dataclass(frozen=True)
class Setting:
    """What surrounds an export: its place, and the structures the register knows there.

    `scope` (`SCOPE_SCHEMA`) has one row a structure of the register; None for a collection
    without a register.
    """

    collection: Collection
    territory: str
    data_year: int
    departements: tuple[str, ...]
    scope: pl.DataFrame | None


def frames(evidence: Evidence, setting: Setting) -> dict[Frame, pl.DataFrame]:
    """Every frame by its name.

    Beside the evidence's own: `records` with what the register knows of each, `scope` with who
    has answered, `forms` with one row a record and one column a variable (or a question that is
    not harmonised), numbers in the variable's unit.
    """
    return {
        Frame.FILE: evidence.file,
        Frame.COLUMNS: evidence.columns,
        Frame.RECORDS: _records(evidence, setting),
        Frame.SCOPE: _scope(evidence, setting),
        Frame.ANSWERS: evidence.answers,
        Frame.FORMS: _forms(evidence, setting),
    }


def column_of(setting: Setting) -> dict[str, str]:
    """The name in `forms` of each question of the data year."""
    questions = setting.collection.questions_of(setting.data_year)
    return {q.question: q.variable or q.question for q in questions}


def _records(evidence: Evidence, setting: Setting) -> pl.DataFrame:
    records = evidence.records.with_columns(
        located=pl.col("departement").is_not_null(),
        in_territory=pl.col("departement").is_in(list(setting.departements)),
    )
    if setting.scope is None:
        unknown = pl.lit(None, dtype=pl.Boolean)
        return records.with_columns(in_register=unknown, in_scope=unknown)
    known = setting.scope.select(pl.col("structure_id").alias("unit_id"), "in_scope")
    return records.join(known, on="unit_id", how="left", maintain_order="left").with_columns(
        in_register=pl.col("in_scope").is_not_null()
    )


def _scope(evidence: Evidence, setting: Setting) -> pl.DataFrame:
    if setting.scope is None:
        return SCOPE_SCHEMA.to_frame().with_columns(answered=pl.lit(None, dtype=pl.Boolean))
    return setting.scope.with_columns(
        answered=pl.col("structure_id").is_in(evidence.records["unit_id"].to_list())
    )


def _forms(evidence: Evidence, setting: Setting) -> pl.DataFrame:
    rows = evidence.records.select("row", "unit_id").with_columns(
        data_year=pl.lit(setting.data_year), territory=pl.lit(setting.territory)
    )
    numeric = {"number", "integer"}
    for question in setting.collection.questions_of(setting.data_year):
        if question.role == "key":
            continue
        own = evidence.answers.filter(pl.col("question") == question.question)
        value = (
            pl.col("number") * question.factor
            if str(question.kind) in numeric
            else pl.coalesce("code", "text")
        )
        rows = rows.join(
            own.select("row", value.alias(question.variable or question.question)),
            on="row",
            how="left",
            maintain_order="left",
        )
    return rows
