"""Exports of a campaign with what surrounds each: what the frames of rules are made from."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from senacs.codebook import Collection
from senacs.conditions import with_conditions
from senacs.errors import RuleError
from senacs.reading import Evidence

EXPORT = "export"

SCOPE_SCHEMA = pl.Schema(
    {
        "structure_id": pl.String,
        "name": pl.String,
        "departement": pl.String,
        "in_scope": pl.Boolean,
        "population": pl.String,
    }
)


REGISTER_SCHEMA = pl.Schema(
    {
        "structure_id": pl.String,
        "population": pl.String,
        "name": pl.String,
        "manager": pl.String,
        "siret": pl.String,
        "federated": pl.Boolean,
        "agrement_end": pl.String,
    }
)
"""What the register says of a structure; dates are ISO texts."""

LAST_YEAR_SCHEMA = pl.Schema(
    {
        "unit_id": pl.String,
        "variable": pl.String,
        "number": pl.Float64,
        "word": pl.String,
    }
)
"""Last year's values, in the variable's unit; `word` is a code, a date or a text."""

FILLED_SCHEMA = pl.Schema({"question": pl.String, "filled": pl.Int64})
"""How many cells of a question's column an export filled."""


@dataclass(frozen=True)
class FormerExport:
    """What was loaded from the same territory's previous export of the same campaign."""

    records: int
    filled: pl.DataFrame


@dataclass(frozen=True)
class Setting:
    """What surrounds an export: its place, and what is known there.

    Attributes:
        scope: one row a structure of the register (`SCOPE_SCHEMA`); None for a collection
            without a register.
        register: the same structures with what the register says of them (`REGISTER_SCHEMA`).
        last_year: the values of the year before of the same structures (`LAST_YEAR_SCHEMA`).
        last_year_records: how many records the territory delivered about the year before.
        former: the export that the territory sent before this one, if any.
    """

    collection: Collection
    territory: str
    data_year: int
    departements: tuple[str, ...]
    scope: pl.DataFrame | None
    register: pl.DataFrame = field(default_factory=REGISTER_SCHEMA.to_frame)
    last_year: pl.DataFrame = field(default_factory=LAST_YEAR_SCHEMA.to_frame)
    last_year_records: int | None = None
    former: FormerExport | None = None


_AT_ONCE = 25
"""Exports whose conditions are settled in one pass: a tenth of the time of one by one, and a
quarter of the memory of all."""

_STANDING = (EXPORT, "row", "unit_id", "question", "header", "raw", "number", "code", "text")


@dataclass(frozen=True)
class Exports:
    """Exports of one collection and data year, each under a number, with its setting.

    Attributes:
        evidence: each as read.
        settings: each one's surroundings.
        answers: one row a data row × question of any export.
        records: one row a data row of any export, with what the register knows of it.
    """

    evidence: Mapping[int, Evidence]
    settings: Mapping[int, Setting]
    answers: pl.DataFrame
    records: pl.DataFrame

    @classmethod
    def of(cls, evidence: Mapping[int, Evidence], settings: Mapping[int, Setting]) -> Self:
        """These exports, with all their answers and records, and whom each question is for.

        Raises:
            RuleError: they are not of one campaign, so no rule can look at them together.
        """
        if len({(s.collection.collection, s.data_year) for s in settings.values()}) != 1:
            raise RuleError("exports that are judged together are of one campaign")
        populations = {n: _populations(e, settings[n]) for n, e in evidence.items()}
        asked: dict[int, Evidence] = {}
        numbers = list(evidence)
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            answers = _with_conditions(
                together({n: evidence[n].answers for n in some}),
                together({n: populations[n] for n in some}),
                settings[some[0]],
            )
            own = answers.partition_by(EXPORT, as_dict=True, include_key=False)
            nothing = answers.clear().drop(EXPORT)
            asked |= {n: _asked(evidence[n], own.get((n,), nothing)) for n in some}
        return cls(
            asked,
            settings,
            together({n: e.answers for n, e in asked.items()}),
            together({n: _records(e, settings[n], populations[n]) for n, e in asked.items()}),
        )

    @property
    def collection(self) -> Collection:
        """The collection of all."""
        return next(iter(self.settings.values())).collection

    @property
    def data_year(self) -> int:
        """The data year of all."""
        return next(iter(self.settings.values())).data_year

    def only(self, numbers: Set[int]) -> Self:
        """Those of them that have these numbers."""
        if len(numbers) == len(self.evidence):
            return self
        own = pl.col(EXPORT).is_in(list(numbers))
        return replace(
            self,
            evidence={number: e for number, e in self.evidence.items() if number in numbers},
            settings={number: s for number, s in self.settings.items() if number in numbers},
            answers=self.answers.filter(own),
            records=self.records.filter(own),
        )

    def without(self, rows: pl.DataFrame, answers: pl.DataFrame) -> Self:
        """The same but for these rows (`export`, `row`) and answers (and `question`).

        An answer that is kept out stands there without a value.
        """
        out = (
            answers.select(EXPORT, "row", "question").unique().with_columns(out=pl.lit(value=True))
        )
        standing = self.answers.join(
            out, on=[EXPORT, "row", "question"], how="left", maintain_order="left"
        ).with_columns(
            pl.when(pl.col("out").is_null()).then(pl.col(name)).alias(name)
            for name in ("number", "code", "text")
        )
        # The rest of what reading found is of no use to rules about several answers.
        standing = standing.select(_STANDING)
        return replace(
            self,
            answers=standing.join(rows, on=[EXPORT, "row"], how="anti", maintain_order="left"),
            records=self.records.join(rows, on=[EXPORT, "row"], how="anti", maintain_order="left"),
        )


def together(parts: Mapping[int, pl.DataFrame]) -> pl.DataFrame:
    """Frames of exports as one, with the number of each row's export."""
    return pl.concat(
        [
            part.with_columns(pl.lit(number, dtype=pl.Int32).alias(EXPORT))
            for number, part in parts.items()
        ]
    )


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


def _with_conditions(
    answers: pl.DataFrame, populations: pl.DataFrame, setting: Setting
) -> pl.DataFrame:
    """The answers of all with whom each question is for (`senacs.conditions`), in one pass.

    A unit is told apart by its export as well: two exports may hold the same one.
    """
    told_apart = pl.format("{}\0{}", EXPORT, "unit_id")
    kept = pl.col("unit_id").alias(_UNIT)
    made = with_conditions(
        answers.with_columns(kept, unit_id=told_apart),
        populations.select(told_apart.alias("unit_id"), "population"),
        setting.collection,
        setting.data_year,
    )
    return made.with_columns(pl.col(_UNIT).alias("unit_id")).drop(_UNIT)


_UNIT = "unit as delivered"


def _asked(evidence: Evidence, answers: pl.DataFrame) -> Evidence:
    """The evidence with its answers as they are asked.

    An absent column that nobody in the file should have filled is `not_asked`, not missing.
    Units of unknown population do not count: they are in no figure.
    """
    unneeded = (
        answers.filter(pl.col("population").is_not_null())
        .group_by("question")
        .agg((pl.col("status") != "missing").all())
        .filter("status")["question"]
    )
    absent = pl.col("status").is_in(["absent", "absent_required"])
    columns = evidence.columns.with_columns(
        status=pl.when(absent & pl.col("question").is_in(unneeded.to_list()))
        .then(pl.lit("not_asked"))
        .otherwise(pl.col("status"))
    )
    return replace(evidence, answers=answers, columns=columns)


def _records(evidence: Evidence, setting: Setting, populations: pl.DataFrame) -> pl.DataFrame:
    records = evidence.records.drop("population").with_columns(
        located=pl.col("departement").is_not_null(),
        in_territory=pl.col("departement").is_in(list(setting.departements)),
    )
    records = records.join(populations, on="unit_id", how="left", maintain_order="left")
    if setting.scope is None:
        unknown = pl.lit(None, dtype=pl.Boolean)
        return records.with_columns(in_register=unknown, in_scope=unknown)
    known = setting.scope.select(pl.col("structure_id").alias("unit_id"), "in_scope")
    return records.join(known, on="unit_id", how="left", maintain_order="left").with_columns(
        in_register=pl.col("in_scope").is_not_null()
    )
