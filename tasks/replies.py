"""The query loop's effects: replies are recorded, items follow the runs, persons decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection

from senacs.calendar import paris_day
from senacs.codebook import load_collection
from senacs.deliveries import Run, TerritoryYear
from senacs.errors import ReplyError
from senacs.findings import Severity
from senacs.fingerprint import hash_of
from senacs.replies.checking import takes_confirmation
from senacs.replies.declared import declared_path, declared_replies
from senacs.replies.frames import items_in, seen_in
from senacs.replies.known import KnownError, in_force, known_errors
from senacs.replies.life import Seen, Standing, Step, steps
from senacs.replies.model import (
    ANSWERED,
    Item,
    Place,
    Reply,
    ReplyKind,
    State,
    same_text,
)
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, execute_many, fetch
from tasks.steps import observed

_Row = Mapping[str, Any]


@dataclass(frozen=True)
class Exceptions:
    """The known errors of a territory's data year: all declared, and those in force today."""

    declared: list[KnownError]
    active: list[KnownError]
    today: date


@observed("replies", counted="replies")
def take_replies(run: Run) -> int:
    """Record the replies declared for the territory that are not recorded yet; how many.

    Raises:
        ReplyError: the file of replies has a fault; nothing of it is recorded.
    """
    key = run.key
    folder = settings().replies
    declared = load_collection(settings().codebook, key.collection)
    replies = declared_replies(folder, key, declared)
    if not replies:
        return 0
    source = declared_path(folder, key).name
    with warehouse().begin() as connection:
        return len(record(connection, key, replies, source))


def exceptions_of(key: TerritoryYear) -> Exceptions:
    """The known errors of a territory's data year; the day is that of Paris."""
    today = paris_day(datetime.now(UTC))
    declared = known_errors(settings().replies, key)
    return Exceptions(declared, in_force(declared, today), today)


def replies_in_force(connection: Connection, key: TerritoryYear) -> dict[str, Reply]:
    """The replies that count now, by their identity."""
    rows = fetch(connection, "query/replies_in_force", **vars(key))
    return {row["reply_id"]: Reply.of_row(row) for row in rows}


def replies_version(connection: Connection, key: TerritoryYear) -> str:
    """Hash of the replies that count, and of the known errors with which of them are in force."""
    known = exceptions_of(key)
    active = {one.exception_id for one in known.active}
    marks = [f"{one.exception_id} {one.exception_id in active}" for one in known.declared]
    return hash_of(*sorted(replies_in_force(connection, key)), *sorted(marks))


def record(
    connection: Connection, key: TerritoryYear, replies: Sequence[Reply], source: str
) -> list[Reply]:
    """Record replies in the caller's transaction, and what they do to items; the new ones.

    A reply that is recorded is recorded once, whatever came after it.
    """
    execute(connection, "query/lock", key=str(key))
    standing = states_of(connection, key)
    new = []
    for reply in replies:
        if not _inserted(connection, key, _bound(key, reply, standing), source):
            continue
        new.append(reply)
        if reply.kind is ReplyKind.CONFIRMED:
            _withdraw_correction(connection, key, reply, source)
        made = _answered(key, reply, standing)
        _write_steps(connection, made, None)
        for step in made:
            standing[step.item_key] = {**standing[step.item_key], "state": str(step.state)}
    return new


def states_of(connection: Connection, key: TerritoryYear) -> dict[str, _Row]:
    """Where the territory's items stand, by their key."""
    return {row["item_key"]: row for row in fetch(connection, "query/states", **vars(key))}


def _bound(key: TerritoryYear, reply: Reply, standing: Mapping[str, _Row]) -> Reply:
    """A confirmation with the values that its item is about, where that is known."""
    item = standing.get(reply.place.address(key))
    if reply.kind is ReplyKind.CORRECTED or item is None:
        return reply
    return Reply(**{**vars(reply), "about": item["about"]})


def _inserted(connection: Connection, key: TerritoryYear, reply: Reply, source: str) -> bool:
    place = reply.place
    row = execute(
        connection,
        "query/insert_reply",
        **vars(key),
        reply_id=reply.reply_id(key),
        address=place.address(key),
        **vars(place),
        kind=str(reply.kind),
        received=reply.received,
        about=reply.about,
        value=reply.value,
        reason=reply.reason,
        author=reply.author,
        given=reply.given,
        source=source,
    ).one_or_none()
    return row is not None


def _answered(key: TerritoryYear, reply: Reply, standing: Mapping[str, _Row]) -> list[Step]:
    """The items that a new reply answers: its own, or all that ask about the corrected answer."""
    place = reply.place
    if reply.kind is ReplyKind.CONFIRMED:
        own = standing.get(place.address(key))
        taken = own is not None and takes_confirmation(Severity(own["severity"]))
        about = [own] if own and taken and same_text(own["raw"], reply.received) else []
    else:
        answer = (place.unit_id, place.question)
        about = [row for row in standing.values() if (row["unit_id"], row["question"]) == answer]
    reply_id = reply.reply_id(key)
    return [
        Step(row["item_key"], State.ANSWERED, reply.reason, reply.author, reply.kind, reply_id,
             row["raw"])
        for row in about
        if State(row["state"]) is not State.RESOLVED
    ]  # fmt: skip


def _withdraw_correction(
    connection: Connection, key: TerritoryYear, reply: Reply, source: str
) -> None:
    """Who confirms what was delivered takes back the correction that had replaced it."""
    for former_id, former in replies_in_force(connection, key).items():
        if (
            former.kind is ReplyKind.CORRECTED
            and former.place == reply.place.answer
            and same_text(former.received, reply.received)
            and not same_text(former.value, reply.received)
        ):
            taken_back = Reply(
                ReplyKind.WITHDRAWN, former.place, None, None, reply.reason, reply.author,
                f"{former_id} {reply.given}",
            )  # fmt: skip
            _inserted(connection, key, taken_back, source)


def follow(
    connection: Connection, run: Run, items: pl.DataFrame, replies: pl.DataFrame, *, complete: bool
) -> None:
    """Bring the territory's items to what a run found, in the run's own transaction."""
    key = run.key
    execute(connection, "query/lock", key=str(key))
    before = {k: _standing(row) for k, row in states_of(connection, key).items()}
    found = items_in(items)
    seen = seen_in(replies)
    execute_many(connection, "query/upsert_item", [_item_row(key, item) for item in found])
    _bind(connection, found, seen)
    _write_steps(connection, steps(before, found, seen, complete=complete), run)


def _standing(row: _Row) -> Standing:
    return Standing(
        item_key=row["item_key"],
        state=State(row["state"]),
        kind=ReplyKind(row["kind"]) if row["kind"] else None,
        reply_id=row["reply_id"],
        unit_id=row["unit_id"],
        question=row["question"],
        exception=row["exception"],
    )


def _item_row(key: TerritoryYear, item: Item) -> dict[str, object]:
    return {
        **vars(key), **vars(item.place), "item_key": item.item_key, "severity": str(item.severity),
        "message": item.message, "advice": item.advice, "row_number": item.row, "raw": item.raw,
        "about": item.about, "delivered": item.delivered, "exception": item.exception,
    }  # fmt: skip


def _bind(connection: Connection, found: Sequence[Item], seen: Seen) -> None:
    """Note what a confirmation that came before its finding is about."""
    for item in found:
        by = item.confirmed_by
        if by and item.about is not None and seen.replies[by].about is None:
            execute(connection, "query/bind_about", reply_id=by, about=item.about)


def _write_steps(connection: Connection, made: Sequence[Step], run: Run | None) -> None:
    execute_many(
        connection,
        "query/insert_event",
        [
            {
                **vars(step),
                "state": str(step.state),
                "kind": str(step.kind) if step.kind else None,
                "run_id": run.run_id if run else None,
            }
            for step in made
        ],
    )


def find_item(connection: Connection, start: str) -> _Row:
    """The item whose reference begins so.

    Raises:
        ReplyError: there is none, or more than one.
    """
    rows = fetch(connection, "query/find_item", start=start.strip().lower())
    if len(rows) != 1:
        raise ReplyError(
            f"Aucun constat n'a la référence {start!r}." if not rows
            else f"Plusieurs constats commencent par {start!r} : donnez la référence entière."
        )  # fmt: skip
    return rows[0]


def accept(start: str, author: str, reason: str) -> _Row:
    """Accept the reply to an item; the item as it stands then.

    Raises:
        ReplyError: no such item, or nobody has answered it.
    """
    return _decided(start, author, reason or "accepté", State.ACCEPTED)


def reopen(start: str, author: str, reason: str) -> _Row:
    """Ask again: the reply counts no more from the next run on; the item as it stands then.

    Raises:
        ReplyError: no such item, nobody has answered it, or no reason is given.
    """
    if not reason.strip():
        raise ReplyError("Dites pourquoi la question est posée de nouveau.")
    return _decided(start, author, reason, State.REOPENED)


def _decided(start: str, author: str, reason: str, state: State) -> _Row:
    with warehouse().begin() as connection:
        item = find_item(connection, start)
        key = TerritoryYear(item["collection"], item["territory"], item["data_year"])
        execute(connection, "query/lock", key=str(key))
        item = find_item(connection, item["item_key"])
        now = State(item["state"])
        if now not in ANSWERED or now is state:
            raise ReplyError(
                f"Le constat {item['item_key']} est « {now.french} » : "
                "seul un constat auquel il a été répondu peut être accepté ou rouvert."
            )
        kind = ReplyKind(item["kind"])
        if state is State.REOPENED:
            place = Place(item["rule"], item["unit_id"], item["question"], item["header"])
            about = place.answer if kind is ReplyKind.CORRECTED else place
            taken_back = Reply(ReplyKind.WITHDRAWN, about, None, None, reason, author,
                               str(item["event_no"]))  # fmt: skip
            _inserted(connection, key, taken_back, "senacs findings reopen")
        step = Step(
            item["item_key"], state, reason, author,
            kind if state is State.ACCEPTED else None,
            item["reply_id"] if state is State.ACCEPTED else None, item["raw"],
        )  # fmt: skip
        _write_steps(connection, [step], None)
        return find_item(connection, item["item_key"])
