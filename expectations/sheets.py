"""Lines of several sheets beside each other: what each names, and what names it."""

from collections.abc import Sequence

import polars as pl

from expectations.exports import EXPORT, Exports, together
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
    if not collection.sheets:
        return _EMPTY
    wide = _wide(exports, {part for sheet in collection.sheets.values() for part in sheet.key})
    parts: list[pl.DataFrame] = [_EMPTY]
    for name, sheet in collection.sheets.items():
        wanted = [part for part in sheet.key if part not in sheet.optional]
        own = wide.filter(pl.col("population") == name)
        incomplete = pl.any_horizontal(pl.col(part).is_null() for part in wanted)
        kept_out = own.filter(incomplete)
        for part in sheet.optional:
            # Empty on purpose is one thing, an answer that is kept out another.
            said = own.filter(pl.col(part).is_null()).join(
                _reported(exports, part), on=[EXPORT, "row"], how="semi"
            )
            kept_out = pl.concat([kept_out, said])
        kept_out = kept_out.unique([EXPORT, "row"], keep="first", maintain_order=True)
        parts.append(_link(kept_out, sheet.title, sheet.key, found=False))
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
    lines = forms.unique([EXPORT, "unit_id"], keep="first", maintain_order=True)
    columns = {q.question: q.variable or q.question for q in collection.questions_of(year)}
    found = collection.references(year)
    made = forms
    for named in dict.fromkeys(one.named for one in found):
        key = [columns[part] for part in collection.sheets[named].key]
        own = [columns[q.question] for q in collection.questions_for(year, named)]
        its = {column: f"{named}_{column}" for column in own if column not in key}
        there = _of_sheet(lines, named, key).select(EXPORT, *key, *its)
        made = made.join(there.rename(its), on=[EXPORT, *key], how="left", maintain_order="left")
    for sheet in dict.fromkeys(one.sheet for one in found):
        summed = _summed(sheet, collection.questions_for(year, sheet))
        parts = []
        for one in found:
            if one.sheet != sheet:
                continue
            key = [columns[part] for part in one.key]
            there = _of_sheet(lines, one.named, key).select(EXPORT, *key, unit_named="unit_id")
            naming = _of_sheet(lines, sheet, key)
            parts.append(
                there.join(naming, on=[EXPORT, *key], how="left")
                .group_by(EXPORT, "unit_named")
                .agg(summed)
            )
        made = made.join(
            pl.concat(parts).rename({"unit_named": "unit_id"}),
            on=[EXPORT, "unit_id"],
            how="left",
            maintain_order="left",
        )
    return made


def _of_sheet(lines: pl.DataFrame, sheet: str, key: list[str]) -> pl.DataFrame:
    """The lines of a sheet of which the whole of this key is known."""
    return lines.filter(pl.col("population") == sheet, pl.all_horizontal(pl.col(key).is_not_null()))


def _summed(sheet: str, questions: Sequence[Question]) -> list[pl.Expr]:
    """How many lines there are, the sum of each number, the ends of each date.

    Sums are in whole hundredths: amounts are compared, and binary fractions do not add up.
    """
    made = [pl.col("unit_id").count().cast(pl.Float64).alias(f"{sheet}_nombre")]
    for question in questions:
        name = question.variable or question.question
        if question.kind in NUMERIC:
            total = (pl.col(name) * 100).round().sum() / 100
            made.append(total.alias(f"{sheet}_somme_{name}"))
        elif question.kind is Kind.DATE:
            made.append(pl.col(name).min().alias(f"{sheet}_premier_{name}"))
            made.append(pl.col(name).max().alias(f"{sheet}_dernier_{name}"))
    return made


def _wide(exports: Exports, questions: set[str]) -> pl.DataFrame:
    """One row a record, one column a question of any key, as texts; kept out ones are null."""
    names = [
        q.question
        for q in exports.collection.questions_of(exports.data_year)
        if q.question in questions
    ]
    said = pl.coalesce(
        "code", "text", pl.col("number").cast(pl.Int64, strict=False).cast(pl.String)
    )
    cells = (
        exports.answers.filter(pl.col("question").is_in(names))
        .select(EXPORT, "row", "question", said.alias("said"))
        .pivot("question", index=[EXPORT, "row"], values="said", on_columns=names)
    )
    return exports.records.select(EXPORT, "row", "unit_id", "population").join(
        cells, on=[EXPORT, "row"], how="left", maintain_order="left"
    )


def _reported(exports: Exports, question: str) -> pl.DataFrame:
    """The rows that answered a question, whatever became of the answer."""
    mine = (pl.col("question") == question) & (pl.col("status") == "reported")
    return together({n: e.answers.filter(mine).select("row") for n, e in exports.evidence.items()})


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
        pl.concat_str([pl.col(part).fill_null("–") for part in key], separator=" · ").alias(
            "named"
        ),
        pl.lit(key[-1]).alias("question"),
        pl.lit(found).alias("found"),
    ).cast(_EMPTY.schema)
