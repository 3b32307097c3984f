"""Exports of a campaign with what surrounds each: what the frames of rules are made from."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from senacs.codebook import Collection
from senacs.errors import RuleError
from senacs.reading import Evidence

EXPORT = "export"

SCOPE_SCHEMA = pl.Schema(
    {
        "structure_id": pl.String,
        "name": pl.String,
        "departement": pl.String,
        "in_scope": pl.Boolean,
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
        """These exports, with all their answers and records.

        Raises:
            RuleError: they are not of one campaign, so no rule can look at them together.
        """
        if len({(s.collection.collection, s.data_year) for s in settings.values()}) != 1:
            raise RuleError("exports that are judged together are of one campaign")
        return cls(
            evidence,
            settings,
            together({number: e.answers for number, e in evidence.items()}),
            together({number: _records(e, settings[number]) for number, e in evidence.items()}),
        )

    @property
    def collection(self) -> Collection:
        """The collection of all."""
        return next(iter(self.settings.values())).collection

    @property
    def data_year(self) -> int:
        """The data year of all."""
        return next(iter(self.settings.values())).data_year

    def only(self, numbers: Container[int]) -> Self:
        """Those of them that have these numbers."""
        if all(number in numbers for number in self.evidence):
            return self
        return type(self).of(
            {number: e for number, e in self.evidence.items() if number in numbers},
            {number: s for number, s in self.settings.items() if number in numbers},
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


def _records(evidence: Evidence, setting: Setting) -> pl.DataFrame:
    records = evidence.records.with_columns(
        located=pl.col("departement").is_not_null(),
        in_territory=pl.col("departement").is_in(list(setting.departements)),
    )
    stated = setting.register.select(pl.col("structure_id").alias("unit_id"), of="population")
    records = (
        records.join(stated, on="unit_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("population", "of").alias("population"))
        .drop("of")
    )
    if setting.scope is None:
        unknown = pl.lit(None, dtype=pl.Boolean)
        return records.with_columns(in_register=unknown, in_scope=unknown)
    known = setting.scope.select(pl.col("structure_id").alias("unit_id"), "in_scope")
    return records.join(known, on="unit_id", how="left", maintain_order="left").with_columns(
        in_register=pl.col("in_scope").is_not_null()
    )
