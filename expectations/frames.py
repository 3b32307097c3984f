"""The frames that rules are run on, made from an export's evidence and what the register knows."""

from dataclasses import dataclass

import polars as pl

from expectations.catalogue import Frame
from senacs.codebook import Collection
from senacs.conditions import with_conditions
from senacs.reading import Evidence

SCOPE_SCHEMA = pl.Schema(
    {
        "structure_id": pl.String,
        "name": pl.String,
        "departement": pl.String,
        "in_scope": pl.Boolean,
        "population": pl.String,
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
    has answered, `answers` with whom each question is for (`senacs.conditions`), `forms` with one
    row a record and one column a variable (or a question that is not harmonised), numbers in the
    variable's unit.
    """
    answers = with_conditions(
        evidence.answers, _populations(evidence, setting), setting.collection, setting.data_year
    )
    return {
        Frame.FILE: evidence.file,
        Frame.COLUMNS: _columns(evidence, answers),
        Frame.RECORDS: _records(evidence, setting),
        Frame.SCOPE: _scope(evidence, setting),
        Frame.ANSWERS: answers,
        Frame.FORMS: _forms(evidence, setting),
    }


def column_of(setting: Setting) -> dict[str, str]:
    """The name in `forms` of each question of the data year."""
    questions = setting.collection.questions_of(setting.data_year)
    return {q.question: q.variable or q.question for q in questions}


def _populations(evidence: Evidence, setting: Setting) -> pl.DataFrame:
    """The population of each unit: the register's, else the export's own, else the only one."""
    if setting.scope is not None:
        return setting.scope.select(pl.col("structure_id").alias("unit_id"), "population")
    only = pl.lit(setting.collection.population or None, dtype=pl.String)
    stated = pl.col("population").drop_nulls()
    return evidence.records.group_by("unit_id").agg(
        # Rows of one unit that state two populations state none.
        population=pl.when(stated.n_unique() <= 1).then(pl.coalesce(stated.first(), only))
    )


def _columns(evidence: Evidence, answers: pl.DataFrame) -> pl.DataFrame:
    """An absent column that nobody in the file should have filled is `not_asked`, not missing.

    Units of unknown population do not count: they are in no figure.
    """
    unneeded = (
        answers.filter(pl.col("population").is_not_null())
        .group_by("question")
        .agg((pl.col("status") != "missing").all())
        .filter("status")["question"]
    )
    absent = pl.col("status").is_in(["absent", "absent_required"])
    return evidence.columns.with_columns(
        status=pl.when(absent & pl.col("question").is_in(unneeded.to_list()))
        .then(pl.lit("not_asked"))
        .otherwise(pl.col("status"))
    )


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
