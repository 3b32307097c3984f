"""An export's records under the identifiers of the register."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from senacs.codebook import Collection
from senacs.codebook.identification import Identification
from senacs.reading import Evidence
from senacs.reading.folding import folded
from senacs.reading.found import with_units
from senacs.register.matching import Candidate, Claim, How, Match, Structure, matches
from senacs.replies.model import Reply, ReplyKind, same_text


def identified(
    evidence: Evidence,
    declared: Collection,
    data_year: int,
    structures: Iterable[Structure],
    replies: Iterable[Reply],
) -> Evidence:
    """The export with the register's identifier in place of the delivered one, where it is known.

    What was delivered stays: as `delivered_id` of the record, and as the raw text of its cell. How
    each record was identified stands beside it (`matched`, `score`, `candidates`). A correction of
    the identifier decides, while the export still gives the one it was made against.

    Args:
        evidence: as read.
        declared: its collection; without `identification` nothing is changed.
        data_year: its data year.
        structures: the register's, in the export's territory and no other.
        replies: those in force.
    """
    how = declared.identification
    if how is None or evidence.records.is_empty():
        return evidence
    key = declared.key_question(data_year).question
    given = _given_ids(evidence, key, replies)
    found = matches(_claims(evidence, how), structures, how, given)
    records = _decided(evidence.records, found)
    if records["unit_id"].equals(evidence.records["unit_id"]):
        return replace(evidence, records=records)
    answers = with_units(evidence.answers.drop("unit_id", "distinct"), records).join(
        records.select("row", pl.col("delivered_id").alias("delivered")),
        on="row",
        how="left",
        maintain_order="left",
    )
    # The value of the cell is the register's identifier; its raw text stays.
    answers = answers.with_columns(
        text=pl.when((pl.col("question") == key) & pl.col("text").is_not_null())
        .then("unit_id")
        .otherwise("text"),
        # Who is recognised owes no identifier.
        required=pl.col("required")
        & ~((pl.col("question") == key) & (pl.col("unit_id") != pl.col("delivered"))),
    ).drop("delivered")
    return replace(evidence, answers=answers, records=records)


def _given_ids(evidence: Evidence, key: str, replies: Iterable[Reply]) -> dict[str, str]:
    """By unit, the identifier that a person gave in place of the one that is still delivered."""
    corrections = {
        reply.place.unit_id: reply
        for reply in replies
        if reply.kind is ReplyKind.CORRECTED and reply.place.question == key
    }
    cells = evidence.answers.filter(
        (pl.col("question") == key) & pl.col("unit_id").is_in(list(corrections))
    ).select("unit_id", "raw")
    given = {}
    for unit, raw in cells.iter_rows():
        reply = corrections[unit]
        if reply.value and (reply.received or "").strip() and same_text(reply.received, raw):
            given[unit] = reply.value.strip()
    return given


def _claims(evidence: Evidence, how: Identification) -> Iterator[Claim]:
    """Who each unit says it is; what its rows say differently counts for nothing."""
    named = {"name": how.name, "siret": how.siret, "commune": how.commune}
    wanted = evidence.answers.filter(pl.col("question").is_in([q for q in named.values() if q]))
    said: dict[tuple[str, str], set[str]] = {}
    texts: dict[tuple[str, str], str] = {}
    values = wanted.select("unit_id", "question", pl.coalesce("text", "code").alias("value"))
    for unit, question, value in values.drop_nulls().sort(pl.all()).iter_rows():
        said.setdefault((unit, question), set()).add(folded(value))
        texts[unit, question] = value
    for unit, missing in evidence.records.select("unit_id", "key_missing").unique().iter_rows():
        agreed = {
            part: texts[unit, question]
            for part, question in named.items()
            if len(said.get((unit, question), ())) == 1
        }
        yield Claim(unit, not missing, **agreed)


def _decided(records: pl.DataFrame, found: Mapping[str, Match]) -> pl.DataFrame:
    decided = pl.DataFrame(
        [
            (unit, m.structure_id or unit, str(m.how), m.score, _named(m.candidates),
             m.how is How.SCORED)
            for unit, m in found.items()
        ],
        schema={"delivered_id": pl.String, "unit_id": pl.String, "matched": pl.String,
                "score": pl.Float64, "candidates": pl.String, "recognised": pl.Boolean},
        orient="row",
    )  # fmt: skip
    joined = records.drop("unit_id", "matched", "score", "candidates").join(
        decided, on="delivered_id", how="left", maintain_order="left"
    )
    return joined.with_columns(
        times=pl.len().over("unit_id").cast(pl.Int32),
        key_missing=pl.col("key_missing") & ~pl.col("recognised"),
    ).select(records.columns)


def _named(candidates: Iterable[Candidate]) -> str | None:
    """Candidates as a part of a sentence."""
    return ", ".join(
        f"« {c.structure.name} » ({c.structure.structure_id}, à {c.score:.0f} %)"
        for c in candidates
    ) or None  # fmt: skip
