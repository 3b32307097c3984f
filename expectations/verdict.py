"""The rules run over exports: their findings, and what they keep out."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from expectations.catalogue import rules_for
from expectations.failures import applies, failures
from expectations.frames import EXPORT, Exports, Setting, frames
from expectations.rule import Frame
from expectations.wording import findings_of
from senacs.errors import RuleError
from senacs.findings import FINDING_SCHEMA, Finding, Severity
from senacs.reading import Evidence
from senacs.reading.places import row_at

_STRUCTURE = (Frame.FILE, Frame.COLUMNS)
_DOMAIN = (
    Frame.RECORDS,
    Frame.IDENTITY,
    Frame.SCOPE,
    Frame.ANSWERS,
    Frame.PREVIOUS_FILE,
    Frame.PREVIOUS_COLUMNS,
)
_WITHIN = (Frame.LINKS, Frame.FORMS, Frame.AGREMENTS, Frame.TABLES, Frame.PAIRS)
_OF_ROWS = (Frame.RECORDS, Frame.IDENTITY, Frame.LINKS)
"""Frames whose errors keep a row out as a whole."""
_BESIDE = (Frame.CHANGES, Frame.REPEATS, Frame.DISTRIBUTION)
"""The stages. What one keeps out the next does not look at: an unreadable number is said once, and
not again as a sum that does not add up."""


@dataclass(frozen=True)
class Verdict:
    """What the rules say of an export.

    Attributes:
        findings: every failing row of every rule.
        answers: the evidence's answers with the status each ends with: one row a unit ×
            question, repeated rows of one unit brought together.
        records: one row a unit, `accepted` unless a rule keeps all of it out.

    A refused export has findings only.
    """

    findings: list[Finding]
    answers: pl.DataFrame
    records: pl.DataFrame

    @property
    def refused(self) -> bool:
        """Whether a blocking finding refuses the whole export."""
        return any(finding.severity is Severity.BLOCKING for finding in self.findings)


def judge(evidence: Evidence, setting: Setting) -> Verdict:
    """Run the collection's rules; a file that a structural rule refuses is not looked into.

    Raises:
        RuleError: a rule could not run, or an unreadable answer was noticed by no rule.
    """
    return judge_all([(evidence, setting)])[0]


def judge_all(exports: Sequence[tuple[Evidence, Setting]]) -> list[Verdict]:
    """The verdict on each export, all of one collection and data year, judged in one pass.

    What a rule costs hardly depends on how many rows it looks at: a hundred exports cost little
    more than one. Each verdict is the one that `judge` would give.

    Raises:
        RuleError: a rule could not run, or an unreadable answer was noticed by no rule.
    """
    every = Exports.of(
        {number: evidence for number, (evidence, _) in enumerate(exports)},
        {number: setting for number, (_, setting) in enumerate(exports)},
    )
    found = [_found(every, _STRUCTURE)]
    refused = _refused(found)
    if len(refused) < len(exports):
        looked_at = every.only(set(every.evidence) - refused)
        found.append(_found(looked_at, _DOMAIN))
        standing = looked_at.without(_rows(found), _answers(found))
        # One after the other, so that not all frames are in memory at once.
        together = [_found(standing, stage) for stage in (_WITHIN, _BESIDE)]
        found.append(_asked_once(pl.concat(together)))
        refused = _refused(found)
    by_export = {
        number: part
        for (number,), part in pl.concat(found)
        .partition_by(EXPORT, as_dict=True, maintain_order=True)
        .items()
    }
    nothing = found[0].clear()
    return [
        _verdict(evidence, by_export.get(number, nothing), refused=number in refused)
        for number, evidence in every.evidence.items()
    ]


def _found(exports: Exports, stage: Sequence[Frame]) -> pl.DataFrame:
    """The findings of a stage, in the order of its frames and their rules."""
    by_frame = frames(exports, *stage)
    rules = rules_for(exports.collection.collection)
    asked = [
        (frame, rule)
        for name, frame in by_frame.items()
        for rule in rules
        if rule.frame is name and applies(rule, frame, exports)
    ]
    return findings_of(failures(asked, exports.collection), exports)


def _refused(found: Sequence[pl.DataFrame]) -> set[int]:
    """The exports that a blocking finding refuses."""
    blocking = pl.col("severity") == Severity.BLOCKING
    return {number for part in found for number in part.filter(blocking)[EXPORT]}


def _rows(found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows that findings keep out as a whole."""
    return (
        pl.concat(found)
        .filter(pl.col("severity") == Severity.ERROR)
        .filter(pl.col("frame").is_in(_OF_ROWS))
        .select(EXPORT, "row")
        .drop_nulls()
        .unique()
    )


def _answers(found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The answers that findings keep out."""
    return (
        pl.concat(found)
        .filter(pl.col("severity") == Severity.ERROR, pl.col("row").is_not_null())
        .filter(pl.col("frame").is_in([Frame.ANSWERS, *_WITHIN, *_BESIDE]))
        .filter(~pl.col("frame").is_in(_OF_ROWS))
        .select(EXPORT, "row", pl.col("questions").alias("question"))
        .explode("question")
        .drop_nulls()
        .unique()
    )


def _asked_once(found: pl.DataFrame) -> pl.DataFrame:
    """The findings, but for questions about answers that another rule of the stage keeps out."""
    out = _answers([found])
    asked = (
        found.with_row_index("number")
        .filter(pl.col("severity") != Severity.ERROR)
        .select("number", EXPORT, "row", pl.col("questions").alias("question"))
        .explode("question")
        .join(out, on=[EXPORT, "row", "question"])
    )
    return (
        found.with_row_index("number")
        .join(asked.select("number").unique(), on="number", how="anti", maintain_order="left")
        .drop("number")
    )


def _verdict(evidence: Evidence, found: pl.DataFrame, *, refused: bool) -> Verdict:
    findings = [
        Finding(**row | {"severity": Severity(row["severity"])})
        for row in found.select(FINDING_SCHEMA.names())
        .with_columns(row=row_at(pl.col("row")))
        .iter_rows(named=True)
    ]
    if refused:
        return Verdict(findings, evidence.answers.clear(), evidence.records.clear())
    rows = _rows([found])["row"].to_list()
    return Verdict(findings, *_settled(evidence, rows, _answers([found])))


def _settled(
    evidence: Evidence, rows: Sequence[int], out: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Statuses after the findings, and one row a unit.

    Rows of one unit that agree on an answer count once; where they differ a rule has rejected
    the answer. A row that is kept out as a whole gives an answer only if no other row does.
    """
    out = out.select("row", "question").unique().with_columns(out=pl.lit(value=True))
    answers = (
        evidence.answers.join(out, on=["row", "question"], how="left", maintain_order="left")
        .with_columns(out=pl.col("out").fill_null(value=False) | pl.col("row").is_in(rows))
        .with_columns(
            status=pl.when(pl.col("out")).then(pl.lit("rejected")).otherwise(pl.col("status"))
        )
    )
    unnoticed = answers.filter(
        (pl.col("status") == "reported")
        & pl.all_horizontal(pl.col("number", "code", "text").is_null())
    )
    if unnoticed.height:
        row = unnoticed.row(0, named=True)
        raise RuleError(
            f"no rule notices the unreadable answer {row['raw']!r} "
            f"(row {row['row']}, {row['header']}, problem {row['problem']!r})"
        )
    kept_out = pl.col("status") == "rejected"
    rank = (
        pl.when(pl.col("row").is_in(rows))
        .then(4)
        .when(kept_out)
        .then(0)
        .when(pl.col("status") == "missing")
        .then(3)
        # What a filter says of one row of a unit is no more than silence beside an answer.
        .when(pl.col("status").is_in(["not_asked", "not_concerned"]))
        .then(2)
        .otherwise(1)
    )
    answers = (
        answers.with_columns(rank=rank)
        .sort("rank", "row", maintain_order=True)
        .unique(["unit_id", "question"], keep="first", maintain_order=True)
        .sort("row", maintain_order=True)
        .with_columns(
            **{
                name: pl.when(kept_out).then(None).otherwise(pl.col(name))
                for name in ("decimal", "code", "text")
            }
        )
    )
    records = (
        evidence.records.with_columns(accepted=~pl.col("row").is_in(rows))
        .sort("accepted", descending=True, maintain_order=True)
        .unique("unit_id", keep="first", maintain_order=True)
        .sort("row")
    )
    return answers, records
