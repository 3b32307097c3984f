"""The examples of a rule as rows of its frame."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from expectations.exports import EXPORT
from expectations.failures import needs
from expectations.rule import Rule

_WHOLE = {EXPORT: pl.Int32, "row": pl.Int32, "data_year": pl.Int32}


def rows_of(rule: Rule, examples: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """These rows with every column that the rule needs: what an example leaves out is empty."""
    stated = [{EXPORT: 0, "row": number, **example} for number, example in enumerate(examples, 2)]
    frame = pl.DataFrame(stated, infer_schema_length=None).with_columns(
        pl.selectors.numeric().cast(pl.Float64)
    )
    missing = (needs(rule) | {"population", "unit_id"}) - set(frame.columns)
    return frame.with_columns(
        pl.col(name).cast(kind) for name, kind in _WHOLE.items() if name in frame.columns
    ).with_columns(pl.lit(None).alias(name) for name in sorted(missing))
