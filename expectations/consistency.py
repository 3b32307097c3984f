"""The static check of a collection's rules: what they name must exist, and be of use."""

from collections.abc import Iterator
from string import Formatter

import polars as pl

from expectations.catalogue import COMMON, rules_for, said_better
from expectations.derived import members
from expectations.exports import Exports, Setting
from expectations.failures import applies, needs
from expectations.frames import frames
from expectations.rule import Frame, Rule
from senacs.codebook import Collection
from senacs.errors import RuleError
from senacs.reading import Evidence
from senacs.reading.evidence import ANSWER_SCHEMA, COLUMN_SCHEMA, FILE_SCHEMA, RECORD_SCHEMA


class Blank:
    """Exports without any row, one a data year: what rules could look at."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._made: dict[int, tuple[Exports, dict[Frame, pl.DataFrame]]] = {}

    def frame(self, name: Frame, data_year: int) -> pl.DataFrame:
        """The frame of that name, empty: its columns are what rules can name."""
        return self._of(data_year)[1][name]

    def years_of(self, rule: Rule) -> tuple[int, ...]:
        """The data years in which the rule has something to look at."""
        years = self.collection.data_years
        if rule.each:
            return tuple(y for y in years if members(rule, self.collection, y))
        return tuple(y for y in years if applies(rule, self.frame(rule.frame, y), self._of(y)[0]))

    def _of(self, data_year: int) -> tuple[Exports, dict[Frame, pl.DataFrame]]:
        if data_year not in self._made:
            evidence = Evidence(
                FILE_SCHEMA.to_frame(),
                COLUMN_SCHEMA.to_frame(),
                RECORD_SCHEMA.to_frame(),
                ANSWER_SCHEMA.to_frame(),
            )
            setting = Setting(self.collection, "", data_year, (), None)
            exports = Exports.of({0: evidence}, {0: setting})
            self._made[data_year] = exports, frames(exports)
        return self._made[data_year]


def check_rules(collection: Collection) -> None:
    """Refuse rules that contradict themselves or the codebook.

    Raises:
        RuleError: with every contradiction found, one a line.
    """
    blank = Blank(collection)
    problems = [
        *(
            f"{rule.rule}: {problem}"
            for rule in rules_for(collection.collection)
            for problem in _problems(rule, blank)
        ),
        *_unknown_members(collection),
    ]
    if problems:
        listed = "\n  ".join(problems)
        raise RuleError(f"rules of {collection.collection!r}:\n  {listed}")


def _problems(rule: Rule, blank: Blank) -> Iterator[str]:
    collection = blank.collection
    years = blank.years_of(rule)
    own = rule not in rules_for(COMMON)
    if not years:
        # A family that all collections share has members only where the codebook gives some.
        if own:
            yield "no data year asks what it is about"
        return
    columns = {name for y in years for name in blank.frame(rule.frame, y).columns}
    if unknown := needs(rule) - columns:
        yield f"unknown columns {', '.join(sorted(unknown))}"
    named = {name for _, name, _, _ in Formatter().parse(rule.message) if name}
    if unknown := named - columns - set(rule.derive) - set(rule.thresholds):
        yield f"its sentence names unknown columns {', '.join(sorted(unknown))}"
    asked = set(collection.variable_by_name) | {q.question for q in collection.questions}
    if unknown := set(rule.answers) - asked:
        yield f"no question gives the answers {', '.join(sorted(unknown))}"
    if unknown := set(rule.applies_to) - set(collection.populations):
        yield f"unknown populations {', '.join(sorted(unknown))}"
    if not rule.advice.endswith("."):
        yield "its advice is no sentence"
    if not rule.message.endswith((".", "?")):
        yield "its message is no sentence"


def _unknown_members(collection: Collection) -> Iterator[str]:
    known = {
        f"{rule.rule}-{name}"
        for rule in rules_for(collection.collection)
        for name in _names(rule, collection)
    }
    for code in sorted(said_better(collection.collection) - known):
        yield f"{code}: no family has this member, which a rule says better"


def _names(rule: Rule, collection: Collection) -> Iterator[str]:
    plain = rule.model_copy(update={"rule": ""})
    for year in collection.data_years if rule.each else ():
        for member in members(plain, collection, year):
            yield member.code.removeprefix("-")
