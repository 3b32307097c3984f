"""Which rules apply to a campaign's exports, and the rows that fail each of them."""

from collections.abc import Iterable

import polars as pl

from expectations.catalogue import said_better
from expectations.door import Check, failing_rows
from expectations.frames import Exports
from expectations.rule import Frame, Rule
from senacs.codebook import Collection
from senacs.errors import RuleError

MEMBER = "member"
"""The column that holds the code of a family's member."""


def applies(rule: Rule, frame: pl.DataFrame, exports: Exports) -> bool:
    """Whether the rule is valid for the data year, and its form asks all that the rule needs.

    Raises:
        RuleError: the rule names what no year asks.
    """
    if not rule.valid_in(exports.data_year):
        return False
    if rule.frame is not Frame.FORMS:
        return True
    needed = needs(rule)
    collection = exports.collection
    declared = set(collection.variable_by_name) | {q.question for q in collection.questions}
    if unknown := needed - declared - set(frame.columns):
        raise RuleError(f"rule {rule.rule} names unknown columns: {', '.join(sorted(unknown))}")
    return needed <= set(frame.columns)


def needs(rule: Rule) -> set[str]:
    """The columns of the frame that a rule looks at.

    Raises:
        RuleError: a condition or an expression is no SQL.
    """
    needed = {name for text in rule.derive.values() for name in _names(text)}
    needed |= set(_names(rule.when)) if rule.when else set()
    return (needed | set(rule.columns)) - set(rule.derive)


def failures(
    asked: Iterable[tuple[pl.DataFrame, Rule]], collection: Collection
) -> list[tuple[Rule, pl.DataFrame]]:
    """The failing rows of each rule that has any, with the columns that it derives.

    Those of a family have the code of the member in the column `member`.

    Raises:
        RuleError: a rule could not run.
    """
    picked: dict[tuple[int, str, tuple[str, ...]], pl.DataFrame] = {}
    checks: list[Check] = []
    for frame, rule in asked:
        key = id(frame), rule.when, rule.applies_to
        # Rules about the same rows share them: the door knows by that what it can put together.
        if key not in picked:
            picked[key] = _picked(frame, rule)
        rows = picked[key]
        if rule.each:
            rows = _members(rows, rule, collection)
        if rule.derive:
            rows = rows.with_columns(
                **{name: pl.sql_expr(text) for name, text in rule.derive.items()}
            )
        checks.append(Check(rule, rows))
    found = failing_rows(checks)
    return [
        (check.rule, check.rows[positions])
        for check, positions in zip(checks, found, strict=True)
        if positions
    ]


def _picked(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    rows = frame.filter(pl.sql_expr(rule.when)) if rule.when else frame
    if rule.applies_to:
        rows = rows.filter(pl.col("population").is_in(list(rule.applies_to)))
    return rows


def _members(rows: pl.DataFrame, rule: Rule, collection: Collection) -> pl.DataFrame:
    """The rows of the family's members, but for those that another rule says better."""
    if rule.relation:
        rows = rows.filter(pl.col("relation") == rule.relation)
    member = pl.format(f"{rule.rule}-{{}}", pl.col(rule.each))
    return rows.with_columns(member.alias(MEMBER)).filter(
        ~pl.col(MEMBER).is_in(list(said_better(collection.collection)))
    )


def _names(expression: str) -> list[str]:
    try:
        return pl.sql_expr(expression).meta.root_names()
    except pl.exceptions.PolarsError as error:
        raise RuleError(f"not an SQL expression: {expression!r} ({error})") from error
