"""The frames that rules are run on, made from exports' evidence and what the register knows.

Exports of one campaign are looked at together: each frame holds the rows of all, told apart by
`export`, the number of theirs.
"""

from collections.abc import Callable

import polars as pl

from expectations.agrements import agrements
from expectations.comparisons import changes, distribution, repeats
from expectations.exports import EXPORT, REGISTER_SCHEMA, SCOPE_SCHEMA, Exports, Setting, together
from expectations.former import previous_columns, previous_file
from expectations.identity import identity
from expectations.relations import pairs, tables
from expectations.rule import Frame
from expectations.sheets import links, with_sheets
from senacs.codebook import Question
from senacs.codebook.questionnaire import NUMERIC
from senacs.reading import Evidence

__all__ = ["EXPORT", "SCOPE_SCHEMA", "Exports", "Setting", "column_of", "frames"]


def frames(exports: Exports, *names: Frame) -> dict[Frame, pl.DataFrame]:
    """The frames of these names, or all of them.

    Beside the evidence's own: `records` with what the register knows of each, `scope` with who
    has answered, `forms` with one row a record and one column a variable (or a question that is
    not harmonised), numbers in the variable's unit, what the register says (`registre_…`), and of
    several sheets what lines of the others say (`expectations.sheets`).
    Those about many questions at once are described where they are made.
    """
    return {name: _MADE[name](exports) for name in names or tuple(Frame)}


def column_of(exports: Exports) -> dict[str, str]:
    """The name in `forms` of each question of the data year."""
    questions = exports.collection.questions_of(exports.data_year)
    return {q.question: q.variable or q.question for q in questions}


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
    rows = exports.records.select(EXPORT, "row", "unit_id", "population").join(
        places, on=EXPORT, how="left", maintain_order="left"
    )
    named = exports.collection.structures
    if named is None:
        rows = _with_register(rows, exports, "unit_id")
    surrounding = rows.columns
    asked = [
        question
        for question in exports.collection.questions_of(exports.data_year)
        # Where an export is one table the key is the unit itself.
        if question.role != "key" or exports.collection.sheets
    ]
    kinds: tuple[tuple[pl.Expr, type[pl.DataType], list[Question]], ...] = (
        (pl.col("number"), pl.Float64, [q for q in asked if q.kind in NUMERIC]),
        (pl.coalesce("code", "text"), pl.String, [q for q in asked if q.kind not in NUMERIC]),
    )
    for value, dtype, questions in kinds:
        names = [q.question for q in questions]
        wide = (
            exports.answers.filter(pl.col("question").is_in(names))
            .select(EXPORT, "row", "question", value.alias("value"))
            .pivot("question", index=[EXPORT, "row"], values="value")
        )
        rows = rows.join(wide, on=[EXPORT, "row"], how="left", maintain_order="left").with_columns(
            pl.lit(None, dtype=dtype).alias(name) for name in names if name not in wide.columns
        )
    made = rows.select(
        *surrounding,
        *(
            (pl.col(q.question) * q.factor if q.kind in NUMERIC else pl.col(q.question)).alias(
                q.variable or q.question
            )
            for q in asked
        ),
    )
    if named is not None:
        made = _with_register(made, exports, column_of(exports)[named.question])
    return with_sheets(made, exports) if exports.collection.sheets else made


def _with_register(forms: pl.DataFrame, exports: Exports, structure: str) -> pl.DataFrame:
    """The forms with what the register says of the structure that this column names."""
    known = together({n: s.register for n, s in exports.settings.items()}).rename(
        {name: f"registre_{name}" for name in REGISTER_SCHEMA if name != "structure_id"}
    )
    return forms.join(
        known,
        left_on=[EXPORT, structure],
        right_on=[EXPORT, "structure_id"],
        how="left",
        maintain_order="left",
    )


def _of_each(exports: Exports, part: Callable[[Evidence, Setting], pl.DataFrame]) -> pl.DataFrame:
    return together(
        {number: part(e, exports.settings[number]) for number, e in exports.evidence.items()}
    )


_MADE: dict[Frame, Callable[[Exports], pl.DataFrame]] = {
    Frame.FILE: lambda exports: _of_each(exports, lambda evidence, _: evidence.file),
    Frame.COLUMNS: lambda exports: _of_each(exports, lambda evidence, _: evidence.columns),
    Frame.RECORDS: lambda exports: exports.records,
    Frame.IDENTITY: identity,
    Frame.SCOPE: lambda exports: _of_each(exports, _scope),
    Frame.ANSWERS: lambda exports: exports.answers,
    Frame.FORMS: _forms,
    Frame.LINKS: links,
    Frame.AGREMENTS: agrements,
    Frame.TABLES: tables,
    Frame.PAIRS: pairs,
    Frame.CHANGES: changes,
    Frame.REPEATS: repeats,
    Frame.DISTRIBUTION: distribution,
    Frame.PREVIOUS_FILE: previous_file,
    Frame.PREVIOUS_COLUMNS: previous_columns,
}
