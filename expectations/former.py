"""An export beside the one that the same territory sent before."""

import polars as pl

from expectations.exports import EXPORT, Exports, together


def previous_file(exports: Exports) -> pl.DataFrame:
    """How many records there are, and were.

    One row an export: `records` now, `former_records` in the territory's previous export of the
    campaign, `last_year_records` in that of the year before, and the share `lost` of each.
    """
    counted = exports.records.group_by(EXPORT).agg(records=pl.col("unit_id").n_unique())
    return (
        pl.DataFrame(
            [
                (number, s.former.records if s.former else None, s.last_year_records)
                for number, s in exports.settings.items()
            ],
            schema={
                EXPORT: pl.Int32,
                "former_records": pl.Int64,
                "last_year_records": pl.Int64,
            },
            orient="row",
        )
        .join(counted, on=EXPORT, how="left", maintain_order="left")
        .with_columns(pl.col("records").fill_null(0).cast(pl.Int64))
        .with_columns(
            lost=1 - pl.col("records") / pl.col("former_records"),
            lost_since_last_year=1 - pl.col("records") / pl.col("last_year_records"),
        )
    )


def previous_columns(exports: Exports) -> pl.DataFrame:
    """How many cells of each question are filled, and were in the territory's previous export.

    One row an export × question that the previous export had a column of: `filled`,
    `former_filled`, `present` whether there still is a column, `lost` the share of cells.
    """
    former = together(
        {
            number: s.former.filled.rename({"filled": "former_filled"})
            for number, s in exports.settings.items()
            if s.former
        }
        or {
            next(iter(exports.settings)): pl.DataFrame(
                schema={"question": pl.String, "former_filled": pl.Int64}
            )
        }
    )
    columns = together({n: e.columns for n, e in exports.evidence.items()})
    now = (
        columns.filter(pl.col("question").is_not_null())
        .group_by(EXPORT, "question", maintain_order=True)
        .agg(
            pl.col("header").first(),
            filled=pl.col("filled").sum(),
            present=(pl.col("position") > 0).any(),
        )
    )
    return former.join(now, on=[EXPORT, "question"], maintain_order="left").with_columns(
        pl.col("present").fill_null(value=False),
        lost=1 - pl.col("filled") / pl.col("former_filled"),
    )
