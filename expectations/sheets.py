"""Lines of several sheets beside each other: what each names, and what names it."""

import polars as pl

from expectations.exports import EXPORT, Exports
from senacs.codebook import Kind, Question
from senacs.codebook.questionnaire import NUMERIC


def links(exports: Exports) -> pl.DataFrame:
    """What each line names.

    One row a record × line of another sheet that it names; and one a record whose own key has a
    part that is kept out, so that it is no line of its sheet. `refers_to` is the title of the named
    sheet, `named` the key that is written, `found` whether that line is there. A line that names
    one that is not there is itself not there for those that name it.
    """
    collection = exports.collection
    wide = _wide(exports, {part for sheet in collection.sheets.values() for part in sheet.key})
    parts: list[pl.DataFrame] = [_EMPTY]
    for name, sheet in collection.sheets.items():
        wanted = [part for part in sheet.key if part not in sheet.optional]
        own = wide.filter(pl.col("population") == name)
        incomplete = pl.any_horizontal(pl.col(part).is_null() for part in wanted)
        parts.append(_link(own.filter(incomplete), sheet.title, sheet.key, found=False))
    lost = pl.concat(parts).select(EXPORT, "row")
    for one in collection.references(exports.data_year):
        key, sheet = list(one.key), collection.sheets[one.named]
        standing = wide.join(lost, on=[EXPORT, "row"], how="anti")
        there = standing.filter(pl.col("population") == one.named).select(EXPORT, *key).unique()
        naming = wide.filter(
            pl.col("population") == one.sheet, pl.all_horizontal(pl.col(key).is_not_null())
        )
        orphans = naming.join(there, on=[EXPORT, *key], how="anti", maintain_order="left")
        parts += [
            _link(orphans, sheet.title, one.key, found=False),
            _link(
                naming.join(there, on=[EXPORT, *key], how="semi", maintain_order="left"),
                sheet.title,
                one.key,
                found=True,
            ),
        ]
        lost = pl.concat([lost, orphans.select(EXPORT, "row")]).unique()
    return pl.concat(parts).sort(EXPORT, "row", maintain_order=True)


def with_sheets(forms: pl.DataFrame, exports: Exports) -> pl.DataFrame:
    """The forms with what their lines name, and what names them.

    A line has the columns of each line that it names (`<sheet>_<variable>`); of the lines of a
    sheet that name it, `<sheet>_nombre`, of each number `<sheet>_somme_<variable>`, of each date
    `<sheet>_premier_<variable>` and `<sheet>_dernier_<variable>`.
    """
    collection, year = exports.collection, exports.data_year
    made = forms
    for one in collection.references(year):
        key = [_column(q) for q in collection.questions_of(year) if q.question in one.key]
        own = [q for q in collection.questions_for(year, one.named) if q.question not in one.key]
        named = _lines(forms, one.named, key, own).rename(
            {_column(q): f"{one.named}_{_column(q)}" for q in own}
        )
        made = _beside(made, named, one.sheet, key)
        amounts = [q for q in collection.questions_for(year, one.sheet) if q.question not in one.key]
        naming = (
            _lines(forms, one.sheet, key, amounts, several=True)
            .group_by(EXPORT, *key)
            .agg(
                pl.len().cast(pl.Float64).alias(f"{one.sheet}_nombre"),
                *(_sum(one.sheet, q) for q in amounts if q.kind in NUMERIC),
                *(end for q in amounts if q.kind is Kind.DATE for end in _ends(one.sheet, q)),
            )
        )
        made = _beside(made, naming, one.named, key).with_columns(
            pl.when(pl.col("population") == one.named)
            .then(pl.col(f"{one.sheet}_nombre").fill_null(0))
            .otherwise(pl.col(f"{one.sheet}_nombre"))
        )
    return made


def _column(question: Question) -> str:
    return question.variable or question.question


def _sum(sheet: str, question: Question) -> pl.Expr:
    """In whole cents: sums of amounts are compared, and binary fractions do not add up."""
    name = _column(question)
    return ((pl.col(name) * 100).round().sum() / 100).alias(f"{sheet}_somme_{name}")


def _ends(sheet: str, question: Question) -> tuple[pl.Expr, pl.Expr]:
    name = _column(question)
    return (
        pl.col(name).min().alias(f"{sheet}_premier_{name}"),
        pl.col(name).max().alias(f"{sheet}_dernier_{name}"),
    )


def _lines(
    forms: pl.DataFrame, sheet: str, key: list[str], own: list[Question], *, several: bool = False
) -> pl.DataFrame:
    """The lines of a sheet by their key or a part of it; of one that stands twice, the first."""
    lines = forms.filter(
        pl.col("population") == sheet, pl.all_horizontal(pl.col(key).is_not_null())
    )
    lines = lines.unique([EXPORT, "unit_id"], keep="first", maintain_order=True)
    if not several:
        lines = lines.unique([EXPORT, *key], keep="first", maintain_order=True)
    return lines.select(EXPORT, *key, *(_column(q) for q in own))


def _beside(forms: pl.DataFrame, known: pl.DataFrame, sheet: str, key: list[str]) -> pl.DataFrame:
    """Columns beside the lines of one sheet; several sheets may come by the same ones."""
    mine = known.with_columns(pl.lit(sheet).alias("population"))
    return forms.join(
        mine, on=[EXPORT, "population", *key], how="left", maintain_order="left", coalesce=True
    )


def _wide(exports: Exports, questions: set[str]) -> pl.DataFrame:
    """One row a record, one column a question of any key, as texts; kept out ones are null."""
    names = [
        q.question
        for q in exports.collection.questions_of(exports.data_year)
        if q.question in questions
    ]
    said = pl.coalesce("code", "text", pl.col("number").cast(pl.Int64, strict=False).cast(pl.String))
    cells = (
        exports.answers.filter(pl.col("question").is_in(names))
        .select(EXPORT, "row", "question", said.alias("said"))
        .pivot("question", index=[EXPORT, "row"], values="said", on_columns=names)
    )
    return exports.records.select(EXPORT, "row", "unit_id", "population").join(
        cells, on=[EXPORT, "row"], how="left", maintain_order="left"
    )


_EMPTY = pl.DataFrame(
    schema={
        EXPORT: pl.Int32,
        "row": pl.Int32,
        "unit_id": pl.String,
        "population": pl.String,
        "refers_to": pl.String,
        "named": pl.String,
        "question": pl.String,
        "found": pl.Boolean,
    }
)


def _link(rows: pl.DataFrame, title: str, key: tuple[str, ...], *, found: bool) -> pl.DataFrame:
    return rows.select(
        EXPORT,
        "row",
        "unit_id",
        "population",
        pl.lit(title).alias("refers_to"),
        pl.concat_str([pl.col(part).fill_null("–") for part in key], separator=" · ").alias("named"),
        pl.lit(key[-1]).alias("question"),
        pl.lit(found).alias("found"),
    ).cast(_EMPTY.schema)
