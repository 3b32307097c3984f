"""What replies change: corrected answers before the rules run, statuses after.

A correction is read as a delivered cell, then the rules run on it as on any other answer. The raw
text stays what was delivered. Only answers are ever corrected: totals are computed from them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from senacs.codebook import Collection, Question, Role
from senacs.findings import Finding, Severity
from senacs.reading import Evidence
from senacs.reading.evidence import ANSWER_SCHEMA
from senacs.reading.outcome import ODD, Status, Value
from senacs.reading.places import row_at, title_at
from senacs.reading.values import parser
from senacs.replies.model import Reply, ReplyKind, same_text
from senacs.territories import departement_code, departement_of_commune

_VALUE = ("raw", "status", "number", "decimal", "code", "text", "problem", "distinct")
_SEVERAL = " / "
CORRECTED_ID = "corrected"
"""How a record was identified whose identifier a person has corrected."""
EXPIRED, NEEDLESS, HOMELESS, UNREADABLE = "COR-01", "COR-02", "COR-03", "COR-04"

Answer = tuple[str, str]
"""Unit and question."""


@dataclass(frozen=True)
class Corrected:
    """An export with its corrections.

    Attributes:
        delivered: the answers as delivered.
        evidence: for the rules: corrected answers as if they had been delivered so.
        applied: the correction that each changed answer has.
        findings: corrections that are in force no more, and why.
        former: `row`, `question` and `raw` of the changed answers, as delivered.
    """

    delivered: pl.DataFrame
    evidence: Evidence
    applied: Mapping[Answer, Reply]
    findings: list[Finding]
    former: pl.DataFrame


def corrected(
    evidence: Evidence, replies: Iterable[Reply], declared: Collection, data_year: int
) -> Corrected:
    """Apply the corrections whose answer is still delivered as it was when they were made."""
    asked = {q.question: q for q in declared.questions_of(data_year)}
    replies = list(replies)
    findings, decided = _identifiers(evidence, replies, declared, data_year)
    wanted = {
        (r.place.unit_id or "", r.place.question or ""): r
        for r in replies
        if r.kind is ReplyKind.CORRECTED and not _is_key(asked.get(r.place.question or ""))
    }
    delivered = delivered_texts(evidence.answers, wanted)
    applied: dict[Answer, Reply] = {}
    values: dict[Answer, Value] = {}
    for answer, reply in wanted.items():
        question = asked.get(answer[1]) if answer in delivered else None
        value, now = Value(), delivered.get(answer)
        same = False
        if question:
            value = read_value(reply.value, question, declared)
            same = _same_value(read_value(now, question, declared), value)
        fault = _fault(reply, question, now, value, same=same)
        if fault:
            findings.append(fault)
        else:
            applied[answer] = reply
            values[answer] = value
    if not applied:
        return Corrected(
            evidence.answers, evidence, decided, findings, _cells_of(evidence, decided)
        )
    made = _changed(evidence, applied, values, findings, asked)
    former = pl.concat([made.former, _cells_of(evidence, decided)])
    return replace(made, applied={**applied, **decided}, former=former)


def _cells_of(evidence: Evidence, answers: Iterable[Answer]) -> pl.DataFrame:
    """`row`, `question` and `raw` of these answers."""
    wanted = pl.DataFrame(
        list(answers), schema={"unit_id": pl.String, "question": pl.String}, orient="row"
    )
    return evidence.answers.join(wanted, on=["unit_id", "question"], how="semi").select(
        "row", "question", "raw"
    )


def _is_key(question: Question | None) -> bool:
    return question is not None and question.role is Role.KEY


def _identifiers(
    evidence: Evidence, replies: Iterable[Reply], declared: Collection, data_year: int
) -> tuple[list[Finding], dict[Answer, Reply]]:
    """What became of the corrections of identifiers, which `senacs.register` has applied.

    They are at the identifier as delivered; those in force stand under the one they give.
    """
    if declared.sheets:  # no register gives their lines other identifiers
        return [], {}
    key = declared.key_question(data_year)
    records = dict(
        evidence.records.filter(pl.col("matched") == CORRECTED_ID)
        .select("delivered_id", "unit_id")
        .iter_rows()
    )
    findings: list[Finding] = []
    decided: dict[Answer, Reply] = {}
    for reply in replies:
        if reply.kind is not ReplyKind.CORRECTED or reply.place.question != key.question:
            continue
        unit = reply.place.unit_id or ""
        if unit in records:
            decided[records[unit], key.question] = reply
        elif fault := _fault(reply, None, None, Value(), same=False):
            findings.append(replace(fault, header=key.header))
    return findings, decided


def read_value(text: str | None, question: Question, declared: Collection) -> Value:
    """A correction's value, read by what reads a delivered cell."""
    read = parser(question.kind, declared.codes_of(question.codes), question.unit, question.role)
    return read(text)


def is_readable(value: Value) -> bool:
    """Whether the text is a value of its kind, or says that there is none."""
    return not value.problem or value.problem in ODD


def delivered_texts(delivered: pl.DataFrame, answers: Iterable[Answer]) -> dict[Answer, str | None]:
    """The raw text of these answers; of a unit on several rows, its different texts together."""
    wanted = pl.DataFrame(
        list(answers), schema={"unit_id": pl.String, "question": pl.String}, orient="row"
    )
    if wanted.is_empty():
        return {}
    rows = (
        delivered.select("row", "unit_id", "question", "raw")
        .join(wanted.unique(), on=["unit_id", "question"], how="semi")
        .sort("row")
    )
    texts: dict[Answer, list[str]] = {}
    for _, unit, question, raw in rows.iter_rows():
        own = texts.setdefault((unit, question), [])
        if raw and raw.strip() and raw not in own:
            own.append(raw)
    return {answer: _SEVERAL.join(own) or None for answer, own in texts.items()}


def settled(answers: pl.DataFrame, done: Corrected, confirmed: Iterable[Answer]) -> pl.DataFrame:
    """The rules' answers with what replies did: raw text as delivered, `corrected`, `confirmed`."""
    confirmed = list(confirmed)
    if not done.applied and not confirmed:
        return answers
    answers = _marked(answers, done.applied, "corrected").join(
        done.former.select("row", "question", pl.col("raw").alias("former")),
        on=["row", "question"],
        how="left",
        maintain_order="left",
    )
    answers = answers.with_columns(
        raw=pl.when("changed").then("former").otherwise("raw"),
    ).drop("changed", "former")
    return _marked(answers, confirmed, "confirmed").drop("changed")


def _marked(answers: pl.DataFrame, which: Iterable[Answer], status: str) -> pl.DataFrame:
    """These answers, if they are reported ones, get another status; `changed` says which they are.

    A rejected answer stays rejected, one that is said to be missing is missing.
    """
    named = pl.DataFrame(
        list(which), schema={"unit_id": pl.String, "question": pl.String}, orient="row"
    ).unique()
    joined = answers.join(
        named.with_columns(changed=pl.lit(value=True)),
        on=["unit_id", "question"],
        how="left",
        maintain_order="left",
    ).with_columns(pl.col("changed").fill_null(value=False))
    reported = pl.col("changed") & (pl.col("status") == "reported")
    return joined.with_columns(
        status=pl.when(reported).then(pl.lit(status)).otherwise(pl.col("status"))
    )


def _changed(
    evidence: Evidence,
    applied: Mapping[Answer, Reply],
    values: Mapping[Answer, Value],
    findings: list[Finding],
    asked: Mapping[str, Question],
) -> Corrected:
    new = pl.DataFrame(
        [
            (unit, question, *_cells(applied[unit, question].value, value))
            for (unit, question), value in values.items()
        ],
        schema={"unit_id": pl.String, "question": pl.String}
        | {f"new_{name}": ANSWER_SCHEMA[name] for name in _VALUE},
        orient="row",
    ).with_columns(is_new=pl.lit(value=True))
    joined = evidence.answers.join(
        new, on=["unit_id", "question"], how="left", maintain_order="left"
    )
    former = joined.filter("is_new").select("row", "question", "raw")
    answers = joined.with_columns(
        pl.when("is_new").then(f"new_{name}").otherwise(name).alias(name) for name in _VALUE
    ).select(evidence.answers.columns)
    records = _moved(evidence.records, applied, values, asked)
    changed = replace(evidence, answers=answers, records=records)
    return Corrected(evidence.answers, changed, applied, findings, former)


def _cells(text: str | None, value: Value) -> tuple[object, ...]:
    number = value.number
    return (
        text,
        str(value.status),
        None if number is None else float(number),
        None if number is None else f"{number:f}",
        value.code,
        value.text,
        str(value.problem),
        0 if value.status is Status.MISSING else 1,
    )


def _moved(
    records: pl.DataFrame,
    applied: Mapping[Answer, Reply],
    values: Mapping[Answer, Value],
    asked: Mapping[str, Question],
) -> pl.DataFrame:
    """The records where a correction says where a unit lies or of which population it is."""
    columns: dict[str, dict[str, str | None]] = {"population": {}, "departement": {}}
    for unit, question in applied:
        value = values[unit, question]
        said = value.code or value.text or ""
        role = asked[question].role
        if role is Role.POPULATION:
            columns["population"][unit] = said
        elif role is Role.COMMUNE:
            columns["departement"][unit] = departement_of_commune(said)
        elif role is Role.DEPARTEMENT:
            columns["departement"].setdefault(unit, departement_code(said))
    for name, by_unit in columns.items():
        if by_unit:
            records = records.with_columns(
                pl.when(pl.col("unit_id").is_in(list(by_unit)))
                .then(pl.col("unit_id").replace_strict(by_unit, default=None))
                .otherwise(pl.col(name))
                .alias(name)
            )
    return records


def _fault(
    reply: Reply, question: Question | None, delivered: str | None, value: Value, *, same: bool
) -> Finding | None:
    """Why a correction is not in force; None if it is. No question: it is not in the export.

    Args:
        reply: the correction.
        question: what it is about.
        delivered: the answer's text now.
        value: the correction's value.
        same: whether the answer delivered now has that value.
    """
    shown = _shown(reply.value)
    now = _shown(delivered)
    if question is None:
        rule, severity = HOMELESS, Severity.INFO
        message = (
            f"La correction en {shown} n'a plus d'objet : l'export n'a pas cette structure, ou la "
            "question n'est pas posée."
        )
        advice = "Rien à faire ; vérifiez que la structure n'a pas été oubliée dans l'export."
    elif same_text(reply.received, delivered):
        if is_readable(value):
            return None
        rule, severity = UNREADABLE, Severity.QUERY
        message = f"La correction {shown} n'est plus lisible à cette question : pas appliquée."
        advice = "Donnez une nouvelle correction."
    elif same:
        rule, severity = NEEDLESS, Severity.INFO
        message = f"L'export donne maintenant {now}, comme la correction : elle ne sert plus."
        advice = "Rien à faire."
    else:
        rule, severity = EXPIRED, Severity.QUERY
        message = (
            f"La correction de {_shown(reply.received)} en {shown} n'est plus appliquée : l'export "
            f"donne maintenant {now}."
        )
        advice = "Confirmez la nouvelle valeur, ou corrigez-la."
    return Finding(
        rule=rule,
        severity=severity,
        message=message,
        advice=advice,
        header=question.header if question else None,
        unit_id=reply.place.unit_id,
        question=reply.place.question,
        raw=delivered,
    )


def _same_value(one: Value, other: Value) -> bool:
    ours = (one.status, one.number, one.code, one.text)
    return ours == (other.status, other.number, other.code, other.text)


def _shown(text: str | None) -> str:
    return f"« {text} »" if text and text.strip() else "(vide)"


def rows_of(
    findings: Sequence[Finding], evidence: Evidence, titles: Sequence[str]
) -> list[Finding]:
    """These findings with sheet, row and column of the export that they are about.

    `titles` are those of its sheets; none where it is one table.
    """
    sheet = title_at(pl.col("row"), titles) if titles else pl.lit(None, dtype=pl.String)
    cells = {
        (unit, question): (row, header, sheet)
        for row, unit, question, header, sheet in evidence.answers.filter(
            pl.col("unit_id").is_in([f.unit_id for f in findings if f.unit_id])
        )
        .sort("row", descending=True)
        .select(row_at(pl.col("row")), "unit_id", "question", "header", sheet.alias("sheet"))
        .iter_rows()
    }
    placed = []
    for finding in findings:
        nowhere = (None, finding.header, None)
        row, header, title = cells.get((finding.unit_id, finding.question), nowhere)
        placed.append(replace(finding, row=row, header=header, sheet=title))
    return placed
