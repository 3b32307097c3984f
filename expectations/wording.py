"""From rows that fail a rule to findings: where, and in which words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from numbers import Real
from string import Formatter

import polars as pl

from expectations.failures import MEMBER, needs
from expectations.frames import EXPORT, Exports, column_of
from expectations.rule import Frame, Rule
from senacs.findings import FINDING_SCHEMA, Severity
from senacs.french import day
from senacs.french import number as french_number
from senacs.reading.places import row_at, title_at

PLACED_SCHEMA = pl.Schema(
    [
        (EXPORT, pl.Int32()),
        *FINDING_SCHEMA.items(),
        ("frame", pl.String()),
        ("questions", pl.List(pl.String())),
    ]
)
"""Findings of several exports: `questions` are those whose answers a finding is about."""

_COMPARING = (Frame.FORMS, Frame.AGREMENTS, Frame.TABLES, Frame.PAIRS)
"""Frames whose rules hold answers of one row against each other."""

_WITHOUT_CELLS = (Frame.FORMS, Frame.LINKS)
"""Frames that hold values alone: header and raw text are looked up."""


def findings_of(failing: Iterable[tuple[Rule, pl.DataFrame]], exports: Exports) -> pl.DataFrame:
    """The findings of these rules, in their order: `PLACED_SCHEMA`."""
    named = {column: question for question, column in column_of(exports).items()}
    titles = [sheet.title for sheet in exports.collection.sheets.values()]
    parts = [_placed(rule, rows, named, titles) for rule, rows in failing]
    found = pl.concat([PLACED_SCHEMA.to_frame(), *parts])
    if not set(_WITHOUT_CELLS) & set(found["frame"]):
        return found
    cells = exports.answers.select(EXPORT, "row", "question", "header", "raw")
    return (
        found.join(cells, on=[EXPORT, "row", "question"], how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("header", "header_right").alias("header"),
            pl.coalesce("raw", "raw_right").alias("raw"),
        )
        .select(PLACED_SCHEMA.names())
    )


def _placed(
    rule: Rule, rows: pl.DataFrame, named: Mapping[str, str], titles: Sequence[str]
) -> pl.DataFrame:
    """One rule's findings; `row` still tells apart the rows of all sheets."""
    nothing = pl.lit(None, dtype=pl.String)

    def own(*names: str) -> pl.Expr:
        """The first of these columns that the frame has."""
        return next((pl.col(name) for name in names if name in rows.columns), nothing)

    place = (pl.col("row") if "row" in rows.columns else pl.lit(None)).cast(pl.Int32)
    shown = rows.with_columns(row=row_at(place)) if "row" in rows.columns else rows
    sheet = nothing
    if titles:
        sheet = pl.coalesce(title_at(place, titles), own("sheet"))
    question = own("question")
    if rule.frame is Frame.FORMS:
        questions = [named[name] for name in rule.answers if name in named]
        question = pl.lit(questions[0] if questions else None, dtype=pl.String)
        listed = pl.lit(questions, dtype=pl.List(pl.String))
    elif "about" in rows.columns:
        listed = pl.col("about")
    else:
        listed = pl.concat_list(question)
    raw = own("raw")
    if rule.frame is Frame.RECORDS and rule.severity is not Severity.ERROR:
        raw = nothing
    return (
        rows.select(
            pl.col(EXPORT),
            (pl.col(MEMBER) if rule.each else pl.lit(rule.rule)).alias("rule"),
            pl.lit(str(rule.severity)).alias("severity"),
            pl.Series("message", sentences(rule, shown), dtype=pl.String),
            pl.lit(rule.advice).alias("advice"),
            sheet.alias("sheet"),
            place.alias("row"),
            own("header").alias("header"),
            own("unit_id", "structure_id").alias("unit_id"),
            question.alias("question"),
            raw.alias("raw"),
            pl.lit(str(rule.frame)).alias("frame"),
            listed.alias("questions"),
        )
        .select(
            pl.col(name) if name != "about" else _compared(rule, rows)
            for name in PLACED_SCHEMA.names()
        )
        .cast(PLACED_SCHEMA)
    )


def _compared(rule: Rule, rows: pl.DataFrame) -> pl.Series:
    """The values that a rule about several answers compares: what its confirmation holds for."""
    if rule.frame is Frame.IDENTITY:
        return rows["compared"].rename("about")
    names = sorted(needs(rule) & set(rows.columns)) if rule.frame in _COMPARING else []
    if len(names) < 2:  # noqa: PLR2004 - one value is what the finding shows
        return pl.Series("about", [None] * rows.height, dtype=pl.String)
    return pl.Series(
        "about",
        [
            "; ".join(f"{name}={_spoken(value)}" for name, value in zip(names, row, strict=True))
            for row in rows.select(names).iter_rows()
        ],
        dtype=pl.String,
    )


def sentences(rule: Rule, rows: pl.DataFrame) -> list[str]:
    """What the rule says of each of these rows, in French, with the values in it."""
    message = rule.message
    for name, number in rule.thresholds.items():
        message = message.replace(f"{{{name}}}", french_number(number))
    names = sorted({name for _, name, _, _ in Formatter().parse(message) if name})
    if not names:
        return [message.format()] * rows.height
    sentence = _Sentence()
    return [
        sentence.vformat(message, (), dict(zip(names, row, strict=True)))
        for row in rows.select(names).iter_rows()
    ]


class _Sentence(Formatter):
    """Values as a French sentence says them.

    `{annee:an}` is a year, without a thousands' space; `{fin:jour}` a date, in words.
    """

    def format_field(self, value: object, format_spec: str) -> str:
        if format_spec == "an" and isinstance(value, Real):
            return f"{float(value):.0f}"
        if format_spec == "jour" and value is not None:
            return day(date.fromisoformat(str(value)))
        return _spoken(value)


def _spoken(value: object) -> str:
    if value is None:
        return "(vide)"
    if isinstance(value, Real) and not isinstance(value, bool):
        return french_number(float(value))
    return str(value)
