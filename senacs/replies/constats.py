"""The findings as a correspondent sees them: each with where it stands and what can be answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from senacs import french
from senacs.codebook import Question
from senacs.deliveries import TerritoryYear
from senacs.findings import Finding, Severity
from senacs.replies.checking import takes_confirmation, takes_correction
from senacs.replies.model import ANSWERED, ASKED, ReplyKind, State, place_of
from senacs.replies.reference import Reference


@dataclass(frozen=True)
class Constat:
    """A finding with the life of its item; one that informs has none.

    Attributes:
        finding: what was found; of several rows of one unit, the first.
        others: the other findings of the item.
        reference: how the spreadsheet names the item; empty for information.
        state: None for information.
        said: what was last said of it, and by whom.
        replies: what can be answered.
        current: whether the last run found it.
    """

    finding: Finding
    others: tuple[Finding, ...] = ()
    reference: str = ""
    state: State | None = None
    said: str = ""
    replies: tuple[ReplyKind, ...] = ()
    current: bool = True

    @property
    def asked(self) -> bool:
        """Whether the correspondent has to do something."""
        return self.state in ASKED

    @property
    def answered(self) -> bool:
        """Whether it has been replied to."""
        return self.state in ANSWERED

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found at this place by this rule."""
        return (self.finding, *self.others)

    @property
    def new_export(self) -> bool:
        """Whether only a new export settles it."""
        return self.asked and not self.replies


def constats(
    key: TerritoryYear,
    findings: Sequence[Finding],
    states: Iterable[Mapping[str, Any]],
    questions: Mapping[str, Question],
    *,
    by_register: bool = False,
) -> list[Constat]:
    """The findings of a run, then the items that it did not find and that are not closed.

    Those are answered, or waited before an export that was refused.

    Args:
        key: the territory's data year.
        findings: what the shown run found.
        states: rows of `query/states`, with the replied value.
        questions: the questions of the data year by their code.
        by_register: whether the register says which identifiers there are.
    """
    rows = {row["item_key"]: row for row in states}
    made: list[Constat] = []
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.INFO:
            made.append(Constat(finding))
        else:
            grouped.setdefault(place_of(finding).address(key), []).append(finding)
    for item_key, members in grouped.items():
        made.append(
            _constat(
                key, members, rows.get(item_key), questions, by_register=by_register, current=True
            )
        )
    for item_key, row in rows.items():
        if item_key not in grouped and State(row["state"]) in ANSWERED | ASKED:
            made.append(
                _constat(
                    key, [_finding(row)], row, questions, by_register=by_register, current=False
                )
            )
    return sorted(made, key=_rank)


def constat_of(
    key: TerritoryYear,
    row: Mapping[str, Any],
    questions: Mapping[str, Question],
    *,
    by_register: bool = False,
) -> Constat:
    """One item, or one information, as it stands.

    Args:
        key: the territory's data year.
        row: of `portal/shown_findings`.
        questions: the questions of the data year by their code.
        by_register: whether the register says which identifiers there are.
    """
    if row["item_key"] is None:
        return Constat(_finding(row))
    return _constat(key, [_finding(row)], row, questions, by_register=by_register, current=True)


def _rank(one: Constat) -> tuple[int, int, int, str, str]:
    order = list(Severity).index(one.finding.severity)
    finding = one.finding
    return (0 if one.current else 1, order, finding.row or 0, finding.rule, finding.header or "")


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(
        row["rule"], Severity(row["severity"]), row["message"], row["advice"], row["row_number"],
        row["header"], row["unit_id"], row["question"], row["raw"],
    )  # fmt: skip


def _constat(
    key: TerritoryYear,
    members: Sequence[Finding],
    row: Mapping[str, Any] | None,
    questions: Mapping[str, Question],
    *,
    by_register: bool,
    current: bool,
) -> Constat:
    first = members[0]
    if row is None:
        return Constat(first, tuple(members[1:]), current=current)
    return Constat(
        first,
        tuple(members[1:]),
        str(Reference(key, row["item_key"], row["version"])),
        State(row["state"]),
        _said(row),
        _replies(first, questions, by_register=by_register),
        current,
    )


def _replies(
    finding: Finding, questions: Mapping[str, Question], *, by_register: bool
) -> tuple[ReplyKind, ...]:
    kinds = []
    question = questions.get(finding.question or "") if finding.unit_id else None
    if takes_correction(question, finding.severity, finding.raw, by_register=by_register):
        kinds.append(ReplyKind.CORRECTED)
    if takes_confirmation(finding.severity):
        kinds.append(ReplyKind.CONFIRMED)
    return tuple(kinds)


def _said(row: Mapping[str, Any]) -> str:
    """What was last said, in a sentence; nothing of an item that is simply open."""
    state, at = State(row["state"]), row["at"]
    day = french.day(at) if isinstance(at, datetime) else ""
    if state is State.OPEN:
        return ""
    if state is State.ANSWERED or row["kind"] == ReplyKind.CORRECTED:
        return f"{_reply(row)} par {row['replied_by']}{_because(row['replied_because'])}"
    if state is State.ACCEPTED:
        return f"{_reply(row)} par {row['replied_by']} ; accepté le {day}"
    return str(row["reason"])


def _reply(row: Mapping[str, Any]) -> str:
    if row["kind"] == ReplyKind.CORRECTED:
        return f"corrigé en « {row['value']} »"
    return "confirmé"


def _because(reason: str | None) -> str:
    return f" : « {reason} »" if reason else ""
