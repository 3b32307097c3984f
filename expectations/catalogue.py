"""The rules: data in `rules/*.yml`, read and checked here.

A rule is an expectation of Great Expectations, with its arguments, on one frame of the evidence,
plus what people see of it: a code, a severity, a French sentence and what to do.
"""

import hashlib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from senacs.errors import RuleError
from senacs.findings import Severity

RULES_FOLDER = Path(__file__).parent / "rules"
COMMON = "common"


VALUE_SETS = {"ExpectColumnValuesToNotBeInSet": True, "ExpectColumnValuesToBeInSet": False}
"""The expectations with a set of values, and whether it says what is forbidden."""

_BETWEEN_COLUMNS = {
    "ExpectColumnPairValuesAToBeGreaterThanB": "either_value_is_missing",
    "ExpectColumnPairValuesToBeEqual": "either_value_is_missing",
    "ExpectMulticolumnSumToEqual": "any_value_is_missing",
}
"""The expectations about several columns, and the rows that they leave aside: without it pandas
and SQL disagree on an empty cell."""

ROW_WISE = frozenset(
    {
        *VALUE_SETS,
        *_BETWEEN_COLUMNS,
        "ExpectColumnValuesToBeBetween",
        "ExpectColumnValuesToBeNull",
        "ExpectColumnValuesToMatchRegex",
        "ExpectColumnValuesToNotBeNull",
        "ExpectColumnValuesToNotMatchRegex",
        "ExpectColumnValueLengthsToBeBetween",
    }
)
"""The expectations that judge a row by itself: only those name the rows that fail, and give the
same answer whatever other rows, rules or exports are judged with it."""


class Frame(StrEnum):
    """What a rule is run on (see `senacs.reading.Evidence` and `expectations.frames`)."""

    FILE = "file"
    COLUMNS = "columns"
    RECORDS = "records"
    SCOPE = "scope"
    ANSWERS = "answers"
    FORMS = "forms"


class Rule(BaseModel):
    """One rule of the catalogue.

    Attributes:
        rule: code, the same for engineers and suppliers.
        frame: what it is run on.
        when: SQL condition that picks the rows it is about; empty for all.
        derive: columns computed first, each an SQL expression over the frame's columns.
        expectation: class of Great Expectations' core expectations.
        arguments: that expectation's arguments.
        answers: on the frame `forms`, the variables whose answers the finding is about.
        message: French sentence; `{column}` stands for the value in the failing row.
        advice: what the supplier can do, in French.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    frame: Frame
    severity: Severity
    when: str = ""
    derive: dict[str, str] = {}
    expectation: str
    arguments: dict[str, Any]
    answers: tuple[str, ...] = ()
    message: str
    advice: str

    @model_validator(mode="after")
    def _expects_what_a_row_can_answer(self) -> Self:
        if self.expectation not in ROW_WISE:
            raise ValueError(
                f"{self.rule}: no expectation {self.expectation!r} that judges a row by itself; "
                f"known: {', '.join(sorted(ROW_WISE))}"
            )
        left_aside = _BETWEEN_COLUMNS.get(self.expectation)
        if left_aside and self.arguments.get("ignore_row_if") != left_aside:
            raise ValueError(f"{self.rule}: ignore_row_if: {left_aside} is not written")
        return self


@cache
def rules_for(collection: str) -> tuple[Rule, ...]:
    """The common rules and the collection's own, in the order of their files.

    Raises:
        RuleError: a file has an unknown field, or a code is used twice.
    """
    rules = [*_read(RULES_FOLDER / f"{COMMON}.yml"), *_read(RULES_FOLDER / f"{collection}.yml")]
    codes = [rule.rule for rule in rules]
    if repeated := {code for code in codes if codes.count(code) > 1}:
        raise RuleError(f"rules of {collection!r}: codes used twice: {', '.join(sorted(repeated))}")
    return tuple(rules)


def rules_version(collection: str) -> str:
    """Twelve hex digits that change with any rule of the collection."""
    digest = hashlib.sha256()
    for rule in rules_for(collection):
        digest.update(rule.model_dump_json().encode())
    return digest.hexdigest()[:12]


def _read(path: Path) -> list[Rule]:
    if not path.is_file():
        return []
    rules: list[Rule] = []
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1):
        try:
            rules.append(Rule.model_validate(entry))
        except ValidationError as error:
            raise RuleError(f"{path}, rule {number}: {error}") from error
    return rules
