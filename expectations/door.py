"""The one door to Great Expectations: which rows of which frames fail which rules.

Nobody else imports it (that takes seconds). It is an engine here: codes, severities and sentences
are ours, its own messages are shown to no one.

It costs 10 ms an expectation, whatever the rows. So rules that ask the same of a row run as one:
their columns are laid one below the other, and each failing row goes back to its own rule. A bound
is laid beside its values as a column of its own: rules with other bounds then ask the same too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from expectations.rule import COLUMN_SLOTS, VALUE_SETS, Rule
from senacs.errors import RuleError
from senacs.settings import settings


@dataclass(frozen=True)
class Check:
    """A rule and the rows it is about; `when` and `derive` have been applied to them."""

    rule: Rule
    rows: pl.DataFrame


def failing_rows(checks: Sequence[Check]) -> list[list[int]]:
    """For each check the positions of the rows that fail, ascending; every one of them.

    Raises:
        RuleError: a rule could not run (an unknown expectation or column, a wrong argument).
            Great Expectations itself would report it as a rule that failed.
    """
    asked = [(number, part) for number, check in enumerate(checks) for part in _by_bound(check)]
    found: list[list[int]] = [[] for _ in checks]
    for stack in _stacks([part for _, part in asked]):
        for places, positions in stack.failing():
            for place in places:
                number, part = asked[place]
                found[number] = sorted({*found[number], *_of_its_values(part, positions)})
    return found


_BETWEEN = "ExpectColumnValuesToBeBetween"
_AT_LEAST = "ExpectColumnPairValuesAToBeGreaterThanB"
_BOUND = "the bound"


def _by_bound(check: Check) -> list[Check]:
    """The same, one check a bound, if numbers are to be between bounds; else the check itself.

    A rule that is wrong stays as it is: the library says what is wrong with it.
    """
    rule, given = check.rule, dict(check.rule.arguments)
    column = given.pop("column", "")
    limits = {
        slot: float(given.pop(slot))
        for slot in ("min_value", "max_value")
        if type(given.get(slot)) in (int, float)
    }
    whole = rule.expectation == _BETWEEN and limits and not given
    if not whole or not check.rows.schema.get(column, pl.Null()).is_numeric():
        return [check]
    parts = []
    for slot, limit in limits.items():
        columns = (column, _BOUND) if slot == "min_value" else (_BOUND, column)
        arguments = dict(zip(("column_A", "column_B"), columns, strict=True)) | {
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        }
        rows = check.rows.select(column, pl.lit(limit).alias(_BOUND))
        asked = rule.model_copy(update={"expectation": _AT_LEAST, "arguments": arguments})
        parts.append(Check(asked, rows))
    return parts


@dataclass(frozen=True)
class _Member:
    """Columns of one frame, and the checks (by number) that ask the same of them."""

    rows: pl.DataFrame
    columns: tuple[str, ...]
    checks: list[int] = field(default_factory=list)


@dataclass
class _Stack:
    """Members that one expectation can judge, laid one below the other."""

    expectation: str
    settings: dict[str, Any]
    slots: tuple[tuple[str, int], ...]
    codes: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    members: dict[tuple[int, tuple[str, ...]], _Member] = field(default_factory=dict)

    def failing(self) -> Iterator[tuple[list[int], list[int]]]:
        """For each member its checks, and which of its rows fail."""
        members = list(self.members.values())
        positions = self._judged(members)
        start = place = 0
        for member in members:
            end = start + member.rows.height
            first = place
            while place < len(positions) and positions[place] < end:
                place += 1
            yield member.checks, [position - start for position in positions[first:place]]
            start = end

    def _judged(self, members: list[_Member]) -> list[int]:
        import pandas as pd  # noqa: PLC0415 - takes seconds: only where rules run

        arguments = dict(self.settings)
        if self.expectation in VALUE_SETS:
            arguments["value_set"] = self.values
        columns: dict[str, Any] = {}
        for slot, count in self.slots:
            names = [f"{slot} {number}" for number in range(count)]
            arguments[slot] = names if slot == _LIST else names[0]
            for name in names:
                at = len(columns)
                parts = [member.rows[member.columns[at]] for member in members]
                columns[name] = _laid_out(parts)
        height = sum(member.rows.height for member in members)
        if not height:
            return []
        data = pd.DataFrame(columns, index=range(height), copy=False)
        return _run(self.expectation, arguments, data, ", ".join(self.codes))


_LIST = "column_list"


def _stacks(checks: Sequence[Check]) -> list[_Stack]:
    stacks: dict[str, _Stack] = {}
    for number, check in enumerate(checks):
        rule = check.rule
        given = rule.arguments
        slots = tuple(
            (slot, len(given[slot]) if slot == _LIST else 1)
            for slot in COLUMN_SLOTS
            if slot in given
        )
        columns = rule.columns
        if absent := [name for name in columns if name not in check.rows.columns]:
            raise RuleError(f"rule {rule.rule} names unknown columns: {', '.join(absent)}")
        values = given.get("value_set", []) if rule.expectation in VALUE_SETS else []
        apart = (
            {*COLUMN_SLOTS, "value_set"} if rule.expectation in VALUE_SETS else set(COLUMN_SLOTS)
        )
        settings = {name: value for name, value in given.items() if name not in apart}
        kinds = [check.rows.schema[name].is_numeric() for name in columns]
        # Only what is forbidden can be put together: what is allowed differs from rule to rule.
        allowed = "" if VALUE_SETS.get(rule.expectation) else repr(values)
        key = repr((rule.expectation, sorted(settings.items()), slots, kinds, allowed))
        stack = stacks.setdefault(key, _Stack(rule.expectation, settings, slots))
        stack.codes.append(rule.rule)
        stack.values += [value for value in values if value not in stack.values]
        member = stack.members.setdefault((id(check.rows), columns), _Member(check.rows, columns))
        member.checks.append(number)
    return list(stacks.values())


def _of_its_values(check: Check, positions: list[int]) -> list[int]:
    """Of the rows that hold something forbidden, those where this rule forbids it."""
    if not VALUE_SETS.get(check.rule.expectation) or not positions:
        return positions
    values = check.rows[check.rule.arguments["column"]].gather(positions).to_list()
    own = check.rule.arguments["value_set"]
    return [place for place, value in zip(positions, values, strict=True) if value in own]


def _laid_out(parts: list[pl.Series]) -> Any:  # noqa: ANN401 - whatever pandas takes as a column
    if parts[0].dtype.is_numeric():
        whole = pl.concat([part.cast(pl.Float64) for part in parts], rechunk=True)
        return whole.to_numpy()
    import numpy as np  # noqa: PLC0415 - with pandas

    laid = np.empty(sum(map(len, parts)), dtype=object)
    start = 0
    for part in parts:
        laid[start : start + len(part)] = part.to_list()
        start += len(part)
    return laid


_ALONE = Lock()
"""Great Expectations keeps state of its own between calls: one thread at a time."""


@cache
def _frames() -> Any:  # noqa: ANN401 - the library is untyped
    """Great Expectations, told once that frames are handed to it from memory."""
    import great_expectations as gx  # noqa: PLC0415 - takes seconds: only where rules run
    from great_expectations.data_context.types.base import (  # noqa: PLC0415
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    in_memory = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = gx.get_context(project_config=in_memory, mode="ephemeral")
    return (
        context.data_sources.add_pandas("evidence")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("whole")
    )


def _run(expectation: str, arguments: dict[str, Any], data: Any, codes: str) -> list[int]:  # noqa: ANN401
    """The rows of `data` that fail, by its index."""
    with _ALONE:  # two threads that import it at once would each see half of it
        import great_expectations as gx  # noqa: PLC0415 - takes seconds: only where rules run

    made = getattr(gx.expectations, expectation, None)
    if made is None:
        raise RuleError(f"rule {codes}: no expectation {expectation!r}")
    try:
        suite = gx.ExpectationSuite(name=codes, expectations=[made(**arguments)])
    except ValueError as error:
        raise RuleError(f"rule {codes}: {error}") from error
    with _ALONE:
        batch = _frames().get_batch({"dataframe": data})
        # The index is the key of a row. Naming columns in its place costs 40 µs a failing row.
        outcome = batch.validate(
            suite, result_format={"result_format": "COMPLETE", "exclude_unexpected_values": True}
        )
    if len(outcome.results) != 1:
        raise RuleError(
            f"rule {codes}: one expectation was run and {len(outcome.results)} answered"
        )
    if folder := settings().data_docs:
        _write_docs(folder, codes, outcome)
    return _positions(codes, outcome.results[0])


def _untyped(module: object) -> Any:  # noqa: ANN401 - its modules do not say what they export
    return module


def _write_docs(folder: Path, codes: str, outcome: Any) -> None:  # noqa: ANN401 - untyped
    """Great Expectations' own page of a validation, for engineers: counts, and no answer."""
    from great_expectations.render import renderer, view  # noqa: PLC0415 - only where asked for

    outcome.meta["rules"] = codes
    folder.mkdir(parents=True, exist_ok=True)
    first, *others = codes.split(", ")
    name = f"{first}-and-{len(others)}-more.html" if others else f"{first}.html"
    results, pages = _untyped(renderer), _untyped(view)
    made = results.ValidationResultsPageRenderer(run_info_at_end=True).render(outcome)
    page = pages.DefaultJinjaPageView().render(made)
    (folder / name).write_text(page, encoding="utf-8")


def _positions(codes: str, result: Any) -> list[int]:  # noqa: ANN401 - the library is untyped
    if "unexpected_count" not in result.result:
        raised = [
            str(info.get("exception_message", info))
            for info in (result.exception_info or {}).values()
            if isinstance(info, dict)
        ]
        raise RuleError(f"rule {codes} could not run: {'; '.join(raised) or 'no result was given'}")
    rows = result.result.get("unexpected_index_list") or []
    if len(rows) != result.result["unexpected_count"]:
        raise RuleError(
            f"rule {codes}: {result.result['unexpected_count']} rows fail, {len(rows)} are named"
        )
    return sorted(int(row) for row in rows)
