"""Which rules apply to a campaign's exports, and the rows that fail each of them."""

from collections.abc import Iterable

import polars as pl

from expectations.catalogue import Frame, Rule
from expectations.door import Check, failing_rows
from expectations.frames import Exports
from senacs.errors import RuleError


def applies(rule: Rule, frame: pl.DataFrame, exports: Exports) -> bool:
    """Whether the form of this data year asks all that a rule on forms needs.

    Raises:
        RuleError: the rule names what no year asks.
    """
    if rule.frame is not Frame.FORMS:
        return True
    needed = {name for text in rule.derive.values() for name in _names(text)}
    needed |= set(_names(rule.when)) if rule.when else set()
    for key, value in rule.arguments.items():
        if key.startswith("column"):
            needed |= set(value) if isinstance(value, list) else {str(value)}
    needed -= set(rule.derive)
    declared = set(exports.collection.variable_by_name) | {
        question.question for question in exports.collection.questions
    }
    if unknown := needed - declared - set(frame.columns):
        raise RuleError(f"rule {rule.rule} names unknown columns: {', '.join(sorted(unknown))}")
    return needed <= set(frame.columns)


def failures(asked: Iterable[tuple[pl.DataFrame, Rule]]) -> list[tuple[Rule, pl.DataFrame]]:
    """The failing rows of each rule that has any, with the columns that it derives.

    Raises:
        RuleError: a rule could not run.
    """
    picked: dict[tuple[int, str], pl.DataFrame] = {}
    checks: list[Check] = []
    for frame, rule in asked:
        key = id(frame), rule.when
        # Rules about the same rows share them: the door knows by that what it can put together.
        if key not in picked:
            picked[key] = frame.filter(pl.sql_expr(rule.when)) if rule.when else frame
        rows = picked[key]
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


def _names(expression: str) -> list[str]:
    try:
        return pl.sql_expr(expression).meta.root_names()
    except pl.exceptions.PolarsError as error:
        raise RuleError(f"not an SQL expression: {expression!r} ({error})") from error
