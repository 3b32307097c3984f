"""The one door to Great Expectations: which rows of a frame fail which rules.

Nobody else imports it (that takes seconds). It is an engine here: codes, severities and sentences
are ours, its own messages are shown to no one.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from expectations.catalogue import Rule
from senacs.errors import RuleError

_KEY = "key of the row"


def failing_rows(frame: pl.DataFrame, rules: Sequence[Rule]) -> dict[str, list[int]]:
    """Row positions of `frame` that fail, for each rule's code; every one of them.

    `when` and `derive` have been applied to the frame by the caller.

    Raises:
        RuleError: a rule could not run (an unknown expectation or column, a wrong argument).
            Great Expectations itself would report it as a rule that failed.
    """
    if not rules:
        return {}
    if frame.is_empty():
        return {rule.rule: [] for rule in rules}
    results = _validate(frame, rules)
    if len(results) != len(rules):
        raise RuleError(f"{len(rules)} rules were run and {len(results)} answered")
    return {
        rule.rule: _positions(rule, result) for rule, result in zip(rules, results, strict=True)
    }


def _validate(frame: pl.DataFrame, rules: Sequence[Rule]) -> list[Any]:
    import great_expectations as gx  # noqa: PLC0415 - takes seconds: only where rules run
    import pandas as pd  # noqa: PLC0415
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
    used = sorted({value for rule in rules for value in _columns(rule) if value in frame.columns})
    data = pd.DataFrame({_KEY: range(frame.height)} | {name: _values(frame[name]) for name in used})
    batch = (
        context.data_sources.add_pandas("evidence")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("whole")
        .get_batch({"dataframe": data})
    )
    suite = gx.ExpectationSuite(name="rules")
    for rule in rules:
        suite.add_expectation(_expectation(gx.expectations, rule))
    outcome = batch.validate(
        suite,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [_KEY],
            "include_unexpected_rows": False,
        },
    )
    by_code: dict[str, Any] = {}
    for result in outcome.results:
        configuration: Any = result.expectation_config
        by_code[configuration.meta["rule"]] = result
    return [by_code[rule.rule] for rule in rules if rule.rule in by_code]


def _columns(rule: Rule) -> list[str]:
    """The arguments that may name columns."""
    named: list[str] = []
    for key, value in rule.arguments.items():
        if key.startswith("column"):
            named += value if isinstance(value, list) else [value]
    return named


def _values(series: pl.Series) -> Any:  # noqa: ANN401 - whatever pandas takes as a column
    if series.dtype.is_numeric():
        return series.cast(pl.Float64).to_numpy()
    return series.to_list()


def _expectation(kinds: Any, rule: Rule) -> Any:  # noqa: ANN401 - the library is untyped
    made = getattr(kinds, rule.expectation, None)
    if made is None:
        raise RuleError(f"rule {rule.rule}: no expectation {rule.expectation!r}")
    try:
        return made(**rule.arguments, meta={"rule": rule.rule})
    except ValueError as error:
        raise RuleError(f"rule {rule.rule}: {error}") from error


def _positions(rule: Rule, result: Any) -> list[int]:  # noqa: ANN401 - the library is untyped
    if "unexpected_count" not in result.result:
        raised = [
            str(info.get("exception_message", info))
            for info in (result.exception_info or {}).values()
            if isinstance(info, dict)
        ]
        raise RuleError(
            f"rule {rule.rule} could not run: {'; '.join(raised) or 'no result was given'}"
        )
    rows = result.result.get("unexpected_index_list") or []
    if len(rows) != result.result["unexpected_count"]:
        raise RuleError(
            f"rule {rule.rule}: {result.result['unexpected_count']} rows fail, "
            f"{len(rows)} are named"
        )
    return sorted(int(row[_KEY]) for row in rows)
