"""The door to Great Expectations: all the failing rows, and no rule that fails by itself."""

import re

import polars as pl
import pytest
from pydantic import ValidationError

from expectations.door import Check
from expectations.door import failing_rows as failing_positions
from expectations.rule import ROW_WISE, Rule
from senacs.errors import RuleError
from senacs.settings import PROJECT_ROOT, settings


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


def failing_rows(frame: pl.DataFrame, rules: list[Rule]) -> dict[str, list[int]]:
    """The positions by rule, all rules on one frame."""
    found = failing_positions([Check(each, frame) for each in rules])
    return {each.rule: rows for each, rows in zip(rules, found, strict=True)}


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


def test_two_codes_for_one_rule_are_both_answered():
    """Great Expectations runs an expectation once, however often it is stated."""
    frame = pl.DataFrame({"a": [1, 9]})
    same = [rule("ExpectColumnValuesToBeBetween", code, column="a", max_value=5) for code in "AB"]
    assert failing_rows(frame, same) == {"A": [1], "B": [1]}


def test_rules_that_ask_the_same_of_several_frames_are_told_apart():
    """They run as one, their rows below each other: numbers with numbers, words with words."""
    pair = {"ignore_row_if": "either_value_is_missing", "or_equal": True}
    numbers = pl.DataFrame({"a": [1, 5, None], "b": [2.0, 2.0, 2.0]})
    others = pl.DataFrame({"a": [7, 0], "word": ["x", "y"], "other": ["y", None]})
    greater = "ExpectColumnPairValuesAToBeGreaterThanB"
    in_set, not_in_set = "ExpectColumnValuesToBeInSet", "ExpectColumnValuesToNotBeInSet"
    found = failing_positions(
        [
            Check(rule(greater, column_A="b", column_B="a", **pair), numbers),
            Check(rule(greater, column_A="a", column_B="b", **pair), numbers),
            Check(rule(not_in_set, column="a", value_set=[0, 5]), numbers),
            Check(rule(not_in_set, column="a", value_set=[0]), others),
            Check(rule(not_in_set, column="word", value_set=["x"]), others),
            Check(rule(not_in_set, column="other", value_set=["y"]), others),
            Check(rule(not_in_set, column="word", value_set=["y", "z"]), others),
            Check(rule(in_set, column="word", value_set=["x"]), others),
            Check(rule(in_set, column="word", value_set=["y"]), others),
            Check(rule(greater, column_A="a", column_B="b", **pair), numbers.clear()),
        ]
    )
    assert found == [[1], [0], [1], [1], [0], [0], [1], [1], [0], []]


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
        rule("ExpectColumnValuesToMatchRegex", column="a", regex="(["),
        rule("ExpectColumnValuesToBeBetween", column="a", max_value="ten"),
        rule("ExpectColumnValuesToBeBetween", column="a", largest=3),
        rule("ExpectColumnValuesToBeBetween", column="a"),
        rule("ExpectColumnValuesToBeBetween", max_value=3),
    ],
    ids=lambda broken: f"{broken.expectation} {broken.arguments}",
)  # fmt: skip
def test_a_rule_that_cannot_run_is_our_error_and_no_finding(broken):
    frame = pl.DataFrame({"a": ["x", "y"]})
    with pytest.raises(RuleError, match="T-1"):
        failing_rows(frame, [broken])


@pytest.mark.parametrize(
    ("expectation", "arguments"),
    [
        ("ExpectColumnValuesToBeWhatWeLike", {"column": "a"}),
        ("ExpectTableRowCountToEqual", {"value": 7}),
        ("ExpectColumnValuesToBeUnique", {"column": "a"}),
        ("ExpectColumnPairValuesAToBeGreaterThanB", {"column_A": "a", "column_B": "b"}),
        ("ExpectMulticolumnSumToEqual", {"column_list": ["a", "b"], "sum_total": 1,
                                         "ignore_row_if": "never"}),
    ],
)  # fmt: skip
def test_a_rule_states_what_a_row_can_answer_and_what_it_leaves_aside(expectation, arguments):
    """Unknown expectations, those about whole columns, those that forget empty cells."""
    with pytest.raises(ValidationError, match="T-1"):
        rule(expectation, **arguments)


@pytest.mark.parametrize("expectation", sorted(ROW_WISE))
def test_what_rules_may_expect_exists(expectation):
    import great_expectations as gx  # noqa: PLC0415 - takes seconds

    assert hasattr(gx.expectations, expectation)


def test_engineers_can_have_the_librarys_own_pages(tmp_path, monkeypatch):
    """Which rules, how many rows: no value of any of them."""
    monkeypatch.setenv("SENACS_DATA_DOCS", str(tmp_path / "pages"))
    settings.cache_clear()
    try:
        frame = pl.DataFrame({"a": ["fine", "secret"], "b": [1, 123454321]})
        forbidden = rule("ExpectColumnValuesToNotBeInSet", "T-1", column="a", value_set=["secret"])
        same = forbidden.model_copy(update={"rule": "T-2"})
        high = rule("ExpectColumnValuesToBeBetween", "T-3", column="b", max_value=5)
        failing_rows(frame, [forbidden, same, high])
    finally:
        settings.cache_clear()

    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "pages").iterdir()}
    assert set(pages) == {"T-1-and-1-more.html", "T-3.html"}
    assert "123454321" not in pages["T-3.html"]


def test_the_library_is_imported_in_one_place():
    """It takes seconds, and is an engine only."""
    naming = [
        path.relative_to(PROJECT_ROOT).as_posix()
        for folder in ("expectations", "senacs", "tasks", "flows")
        for path in (PROJECT_ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(?:import|from) great_expectations", path.read_text("utf-8"), re.M)
    ]
    # The demonstration only loads it while its services start.
    assert sorted(naming) == ["expectations/door.py", "senacs/cli/demo.py"]
