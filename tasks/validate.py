"""Runs the rules over an export as read."""

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock

import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from expectations.exports import Setting
from expectations.verdict import Verdict, judge_all
from senacs.codebook import load_collection
from senacs.deliveries import TerritoryYear
from senacs.findings import as_frame
from senacs.replies.application import Corrected, corrected, delivered_texts, rows_of, settled
from senacs.replies.frames import item_frame, reply_frame
from senacs.replies.items import items_of, vain_confirmations
from senacs.replies.known import expiries
from senacs.replies.model import Reply
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from tasks.replies import exceptions_of, replies_in_force
from tasks.steps import observed
from tasks.surroundings import setting_of
from tasks.workspace import Arrived, read_evidence, write_verdict

_ANSWERS_AT_ONCE = 250_000
"""What is judged together takes about 2 kB of memory an answer."""
_ONE_PASS = Lock()
"""Two passes at once would take the memory of both."""


def judged_together(arrived: Sequence[Arrived]) -> Iterator[list[Arrived]]:
    """The exports in groups that fit into memory, in their order; a larger one is on its own."""
    group: list[Arrived] = []
    for one in arrived:
        if group and sum(other.answers for other in group) + one.answers > _ANSWERS_AT_ONCE:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


@task(name="validate", cache_policy=NO_CACHE)
@observed("validate")
def validate(group: Sequence[Arrived]) -> list[bool]:
    """Leave findings and final statuses in each run's folder; whether each may be loaded.

    The exports are of one campaign, and each verdict is the one that it would get alone.

    Raises:
        RuleError: a rule could not run: our fault, nothing is said against a supplier.
        WarehouseError: the register that says who is asked is not loaded.
    """
    with _ONE_PASS:
        with warehouse().connect() as connection:
            around = around_in(connection, group)
        return judged(group, around)


_Around = list[tuple[Setting, dict[str, Reply]]]
"""Of each export what the rules look at beside it, and the replies that count."""


def around_in(connection: Connection, group: Sequence[Arrived]) -> _Around:
    """What surrounds exports of one campaign, as the caller's transaction sees it."""
    declared = load_collection(settings().codebook, group[0].run.key.collection)
    return [
        (setting_of(connection, one.run, declared), replies_in_force(connection, one.run.key))
        for one in group
    ]


def judged(group: Sequence[Arrived], around: _Around) -> list[bool]:
    """Run the rules on exports of one campaign among their surroundings, as `validate` does."""
    key = group[0].run.key
    declared = load_collection(settings().codebook, key.collection)
    surrounded, replies = [setting for setting, _ in around], [own for _, own in around]
    done = [
        corrected(read_evidence(one.folder), own.values(), declared, key.data_year)
        for one, own in zip(group, replies, strict=True)
    ]
    verdicts = judge_all(
        [(one.evidence, setting) for one, setting in zip(done, surrounded, strict=True)]
    )
    for one, verdict, own, replied in zip(group, verdicts, done, replies, strict=True):
        write_verdict(one.folder, **_with_replies(one.run.key, verdict, own, replied))
    return [not verdict.refused for verdict in verdicts]


def _with_replies(
    key: TerritoryYear, verdict: Verdict, done: Corrected, replies: Mapping[str, Reply]
) -> dict[str, pl.DataFrame]:
    """What the rules decided, with what has been replied: findings, answers, records, items."""
    declared = load_collection(settings().codebook, key.collection)
    known = exceptions_of(key)
    findings = list(verdict.findings)
    if not verdict.refused:
        titles = [sheet.title for sheet in declared.sheets.values()]
        findings += rows_of(done.findings, done.evidence, titles)
        findings += expiries(known.declared, findings, known.today)
    places = {(f.unit_id, f.question) for f in findings if f.unit_id and f.question}
    delivered = delivered_texts(done.delivered, places)
    items = items_of(key, findings, replies.values(), known.active, delivered)
    findings += vain_confirmations(key, items, replies.values())
    confirmed = [
        (item.place.unit_id, item.place.question)
        for item in items
        if item.confirmed_by and item.place.unit_id and item.place.question
    ]
    applied = {reply.reply_id(key) for reply in done.applied.values()}
    return {
        "findings": as_frame(findings),
        "answers": settled(verdict.answers, done, confirmed),
        "records": verdict.records,
        "items": item_frame(items),
        "replies": reply_frame(replies, applied),
    }
