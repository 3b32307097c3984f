"""How the records of exports were brought to structures of the register."""

import polars as pl

from expectations.exports import EXPORT, REGISTER_SCHEMA, Exports, together


def identity(exports: Exports) -> pl.DataFrame:
    """Each record beside the structure that it was taken for.

    One row a record for which the register was asked: `unit_id` as delivered, the key's `question`,
    `header` and `raw`, how it was `matched` and with which `score` and `candidates` (see
    `senacs.register.matching`), the `structure_id` that it has now, `name` in the register, and
    `compared`, all that the record says of itself.
    """
    questions = exports.collection.questions_of(exports.data_year)
    declared = exports.collection.identification
    # Of several sheets no line is looked up: there is no row, and so no key.
    key = next((q.question for q in questions if q.role == "key"), "")
    known = together({n: s.register for n, s in exports.settings.items()})
    said = (declared.name, declared.siret, declared.commune) if declared else ()
    texts = exports.answers.filter(pl.col("question").is_in([name for name in said if name]))
    compared = (
        texts.sort("question")
        .group_by(EXPORT, "row", maintain_order=True)
        .agg(said=pl.format("{}={}", "question", pl.col("raw").fill_null("")).str.join("; "))
    )
    cells = exports.answers.filter(pl.col("question") == key)
    rows = exports.records.filter(pl.col("matched").is_not_null())
    return (
        rows.select(
            EXPORT, "row", pl.col("delivered_id").alias("unit_id"),
            pl.col("unit_id").alias("structure_id"), "matched", "score", "candidates",
        )
        .join(cells.select(EXPORT, "row", "question", "header", "raw"),
              on=[EXPORT, "row"], how="left", maintain_order="left")
        .join(compared, on=[EXPORT, "row"], how="left", maintain_order="left")
        .join(known.select(EXPORT, "structure_id", "name").cast({"name": REGISTER_SCHEMA["name"]}),
              on=[EXPORT, "structure_id"], how="left", maintain_order="left")
        .with_columns(
            compared=pl.format("{}; structure={}", pl.col("said").fill_null(""), "structure_id")
        )
        .drop("said")
    )  # fmt: skip
