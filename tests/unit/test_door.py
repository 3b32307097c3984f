"""The door to Great Expectations: all the failing rows, and no rule that fails by itself."""

import polars as pl
import pytest

from expectations.catalogue import Rule
from expectations.door import failing_rows
from senacs.errors import RuleError


def rule(expectation: str, /, code: str = "T-1", **arguments: object) -> Rule:
    return Rule(
        rule=code,
        frame="answers",
        severity="error",
        expectation=expectation,
        arguments=arguments,
        message="",
        advice="",
    )


@pytest.fixture
def many() -> pl.DataFrame:
    return pl.DataFrame({"a": range(5000), "b": [None] * 5000}, schema_overrides={"b": pl.Float64})


def test_every_failing_row_comes_back(many):
    found = failing_rows(many, [rule("ExpectColumnValuesToBeBetween", column="a", max_value=-1)])
    assert found == {"T-1": list(range(5000))}


def test_only_the_failing_rows_come_back_in_the_middle_of_nulls():
    frame = pl.DataFrame({"a": [1, None, 7, None, 2, 9]})
    found = failing_rows(frame, [rule("ExpectColumnValuesToBeBetween", column="a", max_value=5)])
    assert found == {"T-1": [2, 5]}


def test_a_null_fails_only_where_it_is_asked_for(many):
    found = failing_rows(
        many,
        [
            rule("ExpectColumnValuesToBeBetween", "none", column="b", min_value=1),
            rule("ExpectColumnValuesToNotBeNull", "null", column="b"),
            rule("ExpectColumnPairValuesAToBeGreaterThanB", "pair", column_A="a", column_B="b",
                 ignore_row_if="either_value_is_missing"),
        ],
    )  # fmt: skip
    assert found == {"none": [], "null": list(range(5000)), "pair": []}


def test_each_rule_is_answered_for_itself():
    """The same expectation twice on one column, with other arguments."""
    frame = pl.DataFrame({"a": ["x", "y", "z"]})
    found = failing_rows(
        frame,
        [rule("ExpectColumnValuesToNotBeInSet", code, column="a", value_set=[code]) for code in
         ("y", "z", "w")],
    )  # fmt: skip
    assert found == {"y": [1], "z": [2], "w": []}


def test_two_codes_for_one_rule_are_refused():
    """Great Expectations runs them once: one of them would never find anything."""
    frame = pl.DataFrame({"a": [1, 9]})
    same = [rule("ExpectColumnValuesToBeBetween", code, column="a", max_value=5) for code in "AB"]
    with pytest.raises(RuleError, match="2 rules were run and 1 answered"):
        failing_rows(frame, same)


def test_no_rule_and_no_row():
    assert failing_rows(pl.DataFrame({"a": [1]}), []) == {}
    empty = pl.DataFrame({"a": []})
    assert failing_rows(empty, [rule("ExpectColumnValuesToNotBeNull", column="a")]) == {"T-1": []}


@pytest.mark.parametrize(
    "broken",
    [
        rule("ExpectColumnValuesToNotBeNull", column="absent"),
        rule("ExpectColumnPairValuesAToBeGreaterThanB", column_A="a", column_B="absent",
             ignore_row_if="either_value_is_missing"),
        rule("ExpectColumnValuesToBeWhatWeLike", column="a"),
        rule("ExpectColumnValuesToMatchRegex", column="a", regex="(["),
        rule("ExpectColumnValuesToBeBetween", column="a", max_value="ten"),
        rule("ExpectColumnValuesToBeBetween", column="a", largest=3),
        rule("ExpectColumnValuesToBeBetween", column="a"),
        rule("ExpectTableRowCountToEqual", value=7),
    ],
    ids=lambda broken: f"{broken.expectation} {broken.arguments}",
)  # fmt: skip
def test_a_rule_that_cannot_run_is_our_error_and_no_finding(broken):
    frame = pl.DataFrame({"a": ["x", "y"]})
    with pytest.raises(RuleError, match="T-1"):
        failing_rows(frame, [broken])
