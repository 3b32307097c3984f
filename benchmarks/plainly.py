"""The same work as one would write it plainly: pandas, one expectation a column, `to_sql`.

It is given less to do than ours: tidy files in one form, no header to find, no last year, no
register, no findings in French, and one layer to write.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import great_expectations as gx
import pandas as pd
from sqlalchemy import Engine

_KEYS = ["collection", "data_year", "territory", "unit_id"]


def seconds_of(files: Sequence[Path], engine: Engine, table: str) -> tuple[float, int]:
    """How long these wide CSV files take into `benchmark.<table>`, and how many answers they are.

    The table has the same index as the department layer.
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    whole = (
        context.data_sources.add_pandas("plain")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("whole")
    )
    answers = 0
    start = time.perf_counter()
    for path in files:
        wide = pd.read_csv(path, dtype=str).astype({"data_year": int})
        questions = [name for name in wide.columns if name not in _KEYS]
        numbers = wide[questions].apply(pd.to_numeric, errors="coerce")
        suite = gx.ExpectationSuite(
            name=path.stem,
            expectations=[
                gx.expectations.ExpectColumnValuesToBeBetween(
                    column=question, min_value=0, max_value=1e9
                )
                for question in questions
            ],
        )
        whole.get_batch({"dataframe": numbers}).validate(suite)
        rows = wide.melt(_KEYS, var_name="question", value_name="raw")
        rows["number"] = pd.to_numeric(rows["raw"], errors="coerce")
        with engine.begin() as connection:
            rows.to_sql(table, connection, schema="benchmark", if_exists="append", index=False)
        answers += len(rows)
    return time.perf_counter() - start, answers
