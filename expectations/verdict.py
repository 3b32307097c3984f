"""The rules run over an export: its findings, and what they keep out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real

import polars as pl

from expectations.catalogue import Frame, Rule, rules_for
from expectations.door import failing_rows
from expectations.frames import Setting, column_of, frames
from senacs.errors import RuleError
from senacs.findings import Finding, Severity
from senacs.french import number as french_number
from senacs.reading import Evidence

_FIRST = (Frame.FILE, Frame.COLUMNS)
_THEN = (Frame.RECORDS, Frame.SCOPE, Frame.ANSWERS, Frame.FORMS)


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
    by_frame = frames(evidence, setting)
    evidence = replace(evidence, answers=by_frame[Frame.ANSWERS])
    applicable = [rule for rule in rules_for(setting.collection.collection)
                  if _applies(rule, by_frame[rule.frame], setting)]  # fmt: skip
    findings: list[Finding] = []
    rejected = _Rejected()
    for stage in (_FIRST, _THEN):
        for frame_name in stage:
            own = [rule for rule in applicable if rule.frame is frame_name]
            for rule, row in _failures(by_frame[frame_name], own):
                findings += _findings(rule, row, evidence, setting, rejected)
        if any(finding.severity is Severity.BLOCKING for finding in findings):
            return Verdict(findings, evidence.answers.clear(), evidence.records.clear())
    answers, records = _settled(evidence, rejected)
    return Verdict(findings, answers, records)


class _Rejected:
    """What findings of severity `error` keep out."""

    def __init__(self) -> None:
        self.rows: set[int] = set()
        self.answers: set[tuple[int, str]] = set()


def _applies(rule: Rule, frame: pl.DataFrame, setting: Setting) -> bool:
    """Whether the form of this data year asks all that a rule on forms needs."""
    if rule.frame is not Frame.FORMS:
        return True
    needed = _needed(rule)
    declared = set(setting.collection.variable_by_name) | {
        question.question for question in setting.collection.questions
    }
    if unknown := needed - declared - set(frame.columns):
        raise RuleError(f"rule {rule.rule} names unknown columns: {', '.join(sorted(unknown))}")
    return needed <= set(frame.columns)


def _needed(rule: Rule) -> set[str]:
    """The columns that a rule on forms looks at."""
    needed = {name for text in rule.derive.values() for name in _names(text)}
    needed |= set(_names(rule.when)) if rule.when else set()
    for key, value in rule.arguments.items():
        if key.startswith("column"):
            needed |= set(value) if isinstance(value, list) else {str(value)}
    return needed - set(rule.derive)


def _about(rule: Rule, row: Mapping[str, object]) -> str | None:
    """The values that a rule on forms compares, where they are several."""
    compared = sorted(_needed(rule) & set(row))
    if len(compared) < 2:  # noqa: PLR2004
        return None
    return "; ".join(f"{name}={_spoken(row[name])}" for name in compared)


def _names(expression: str) -> list[str]:
    try:
        return pl.sql_expr(expression).meta.root_names()
    except pl.exceptions.PolarsError as error:
        raise RuleError(f"not an SQL expression: {expression!r} ({error})") from error


def _failures(
    frame: pl.DataFrame, rules: Sequence[Rule]
) -> list[tuple[Rule, Mapping[str, object]]]:
    """Each failing row of each rule. Rules that pick the same rows go through the door at once."""
    groups: dict[str, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(rule.when, []).append(rule)
    found: list[tuple[Rule, Mapping[str, object]]] = []
    for when, group in groups.items():
        picked = frame.filter(pl.sql_expr(when)) if when else frame
        derived = {name: text for rule in group for name, text in rule.derive.items()}
        picked = picked.with_columns(**{name: pl.sql_expr(text) for name, text in derived.items()})
        failing = failing_rows(picked, group)
        for rule in group:
            found += [(rule, picked.row(i, named=True)) for i in failing[rule.rule]]
    return found


def _findings(
    rule: Rule,
    row: Mapping[str, object],
    evidence: Evidence,
    setting: Setting,
    rejected: _Rejected,
) -> list[Finding]:
    message = rule.message.format_map({name: _spoken(value) for name, value in row.items()})
    number = row.get("row")
    line = number if isinstance(number, int) else None
    error = rule.severity is Severity.ERROR

    def finding(header: object, question: object, raw: object) -> Finding:
        unit = row.get("unit_id") or row.get("structure_id")
        return Finding(
            rule=rule.rule,
            severity=rule.severity,
            message=message,
            advice=rule.advice,
            row=line,
            header=_text(header),
            unit_id=_text(unit),
            question=_text(question),
            raw=_text(raw),
        )

    if rule.frame is Frame.FORMS and line is not None:
        questions = {name: code for code, name in column_of(setting).items()}
        about = [questions[name] for name in rule.answers if name in questions]
        if error:
            rejected.answers |= {(line, question) for question in about}
        cells = evidence.answers.filter(
            (pl.col("row") == line) & pl.col("question").is_in(about[:1])
        )
        first = cells.row(0, named=True) if cells.height else {}
        found = finding(first.get("header"), first.get("question"), first.get("raw"))
        return [replace(found, about=_about(rule, row))]
    if rule.frame is Frame.RECORDS and line is not None:
        if error:
            rejected.rows.add(line)
        return [finding(None, None, row["raw"] if error else None)]
    if rule.frame is Frame.ANSWERS and line is not None and error:
        rejected.answers.add((line, str(row["question"])))
    return [finding(row.get("header"), row.get("question"), row.get("raw"))]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _spoken(value: object) -> str:
    """A value inside a French sentence."""
    if value is None:
        return "(vide)"
    if isinstance(value, Real) and not isinstance(value, bool):
        return french_number(float(value))
    return str(value)


def _settled(evidence: Evidence, rejected: _Rejected) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Statuses after the findings, and one row a unit.

    Rows of one unit that agree on an answer count once; where they differ a rule has rejected
    the answer. A row that is kept out as a whole gives an answer only if no other row does.
    """
    out = pl.DataFrame(
        {"row": [r for r, _ in rejected.answers], "question": [q for _, q in rejected.answers]},
        schema={"row": pl.Int32, "question": pl.String},
    ).with_columns(out=pl.lit(value=True))
    answers = (
        evidence.answers.join(out, on=["row", "question"], how="left", maintain_order="left")
        .with_columns(
            out=pl.col("out").fill_null(value=False) | pl.col("row").is_in(list(rejected.rows))
        )
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
        pl.when(pl.col("row").is_in(list(rejected.rows)))
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
        evidence.records.with_columns(accepted=~pl.col("row").is_in(list(rejected.rows)))
        .sort("accepted", descending=True, maintain_order=True)
        .unique("unit_id", keep="first", maintain_order=True)
        .sort("row")
    )
    return answers, records
