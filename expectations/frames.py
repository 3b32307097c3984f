"""The frames that rules are run on, made from exports' evidence and what the register knows.

Exports of one campaign are looked at together: each frame holds the rows of all, told apart by
`export`, the number of theirs.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from typing import Self

import polars as pl

from expectations.catalogue import Frame
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
            for name in ("number", "decimal", "code", "text")
        )
        return replace(
            self,
            answers=standing.drop("out").join(
                rows, on=[EXPORT, "row"], how="anti", maintain_order="left"
            ),
            records=self.records.join(rows, on=[EXPORT, "row"], how="anti", maintain_order="left"),
        )


def together(parts: Mapping[int, pl.DataFrame]) -> pl.DataFrame:
    """Frames of exports as one, with the number of each row's export."""
    return pl.concat(
        [
            part.with_columns(pl.lit(number, dtype=pl.Int32).alias(EXPORT))
            for number, part in parts.items()
        ],
        rechunk=True,
    )


def frames(exports: Exports, *names: Frame) -> dict[Frame, pl.DataFrame]:
    """The frames of these names, or all of them.

    Beside the evidence's own: `records` with what the register knows of each, `scope` with who
    has answered, `forms` with one row a record and one column a variable (or a question that is
    not harmonised), numbers in the variable's unit.
    """
    return {name: _MADE[name](exports) for name in names or tuple(Frame)}


def column_of(exports: Exports) -> dict[str, str]:
    """The name in `forms` of each question of the data year."""
    questions = exports.collection.questions_of(exports.data_year)
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


def _forms(exports: Exports) -> pl.DataFrame:
    """Two pivots, one of numbers and one of words, beside the records in their order."""
    places = pl.DataFrame(
        {
            EXPORT: list(exports.settings),
            "territory": [setting.territory for setting in exports.settings.values()],
            "data_year": [setting.data_year for setting in exports.settings.values()],
        },
        schema_overrides={EXPORT: pl.Int32, "data_year": pl.Int32},
    )
    rows = exports.records.select(EXPORT, "row", "unit_id").join(
        places, on=EXPORT, how="left", maintain_order="left"
    )
    asked = [
        question
        for question in exports.collection.questions_of(exports.data_year)
        if question.role != "key"
    ]
    numeric = {"number", "integer"}
    for value, questions in (
        (pl.col("number"), [q for q in asked if str(q.kind) in numeric]),
        (pl.coalesce("code", "text"), [q for q in asked if str(q.kind) not in numeric]),
    ):
        names = [q.question for q in questions]
        wide = (
            exports.answers.filter(pl.col("question").is_in(names))
            .select(EXPORT, "row", "question", value.alias("value"))
            .pivot("question", index=[EXPORT, "row"], values="value")
        )
        rows = rows.join(wide, on=[EXPORT, "row"], how="left", maintain_order="left").with_columns(
            pl.lit(None, dtype=wide.schema.get(names[0], pl.Float64)).alias(name)
            for name in names
            if name not in wide.columns
        )
    by_question = {q.question: q for q in asked}
    return rows.select(
        EXPORT, "row", "unit_id", "territory", "data_year",
        *(
            (pl.col(name) * q.factor if str(q.kind) in numeric else pl.col(name)).alias(
                q.variable or name
            )
            for name, q in by_question.items()
        ),
    )  # fmt: skip


def _of_each(exports: Exports, part: Callable[[Evidence, Setting], pl.DataFrame]) -> pl.DataFrame:
    return together(
        {number: part(e, exports.settings[number]) for number, e in exports.evidence.items()}
    )


_MADE: dict[Frame, Callable[[Exports], pl.DataFrame]] = {
    Frame.FILE: lambda exports: _of_each(exports, lambda evidence, _: evidence.file),
    Frame.COLUMNS: lambda exports: _of_each(exports, lambda evidence, _: evidence.columns),
    Frame.RECORDS: lambda exports: exports.records,
    Frame.SCOPE: lambda exports: _of_each(exports, _scope),
    Frame.ANSWERS: lambda exports: exports.answers,
    Frame.FORMS: _forms,
}
