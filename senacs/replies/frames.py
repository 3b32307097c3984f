"""Items and replies as frames, for the folder where a run's steps leave things to each other."""

from collections.abc import Mapping

import polars as pl

from senacs.findings import Severity
from senacs.replies.application import Answer
from senacs.replies.life import Seen
from senacs.replies.model import Item, Place, Reply, ReplyKind

_TEXT = pl.String
_PLACE = {"rule": _TEXT, "unit_id": _TEXT, "question": _TEXT, "header": _TEXT}
ITEM_SCHEMA = pl.Schema(
    {
        "item_key": _TEXT,
        **_PLACE,
        "severity": _TEXT,
        "message": _TEXT,
        "advice": _TEXT,
        "row_number": pl.Int32,
        "raw": _TEXT,
        "about": _TEXT,
        "delivered": _TEXT,
        "exception": _TEXT,
        "exception_said": _TEXT,
        "confirmed_by": _TEXT,
    }
)
REPLY_SCHEMA = pl.Schema(
    {
        "reply_id": _TEXT,
        "applied": pl.Boolean,
        **_PLACE,
        "kind": _TEXT,
        "received": _TEXT,
        "about": _TEXT,
        "value": _TEXT,
        "reason": _TEXT,
        "author": _TEXT,
        "given": _TEXT,
    }
)


def item_frame(items: list[Item]) -> pl.DataFrame:
    """One row an item, `ITEM_SCHEMA`."""
    rows = [
        {
            **vars(item),
            **vars(item.place),
            "severity": str(item.severity),
            "row_number": item.row,
        }
        for item in items
    ]
    return pl.DataFrame(
        [{name: row[name] for name in ITEM_SCHEMA.names()} for row in rows], schema=ITEM_SCHEMA
    )


def items_in(frame: pl.DataFrame) -> list[Item]:
    """The items of such a frame."""
    return [
        Item(
            item_key=row["item_key"],
            place=Place(row["rule"], row["unit_id"], row["question"], row["header"]),
            severity=Severity(row["severity"]),
            message=row["message"],
            advice=row["advice"],
            row=row["row_number"],
            raw=row["raw"],
            about=row["about"],
            delivered=row["delivered"],
            exception=row["exception"],
            exception_said=row["exception_said"],
            confirmed_by=row["confirmed_by"],
        )
        for row in frame.iter_rows(named=True)
    ]


def reply_frame(replies: Mapping[str, Reply], applied: set[str]) -> pl.DataFrame:
    """One row a reply in force, by its identity; `applied` says which changed an answer."""
    rows = [
        {
            **vars(reply),
            **vars(reply.place),
            "kind": str(reply.kind),
            "reply_id": reply_id,
            "applied": reply_id in applied,
        }
        for reply_id, reply in replies.items()
    ]
    return pl.DataFrame(
        [{name: row[name] for name in REPLY_SCHEMA.names()} for row in rows], schema=REPLY_SCHEMA
    )


def seen_in(frame: pl.DataFrame) -> Seen:
    """What a run knew of replies, from such a frame."""
    replies: dict[str, Reply] = {}
    applied: dict[Answer, str] = {}
    for row in frame.iter_rows(named=True):
        reply = Reply.of_row(row)
        replies[row["reply_id"]] = reply
        if row["applied"] and reply.kind is ReplyKind.CORRECTED:
            applied[reply.place.unit_id or "", reply.place.question or ""] = row["reply_id"]
    return Seen(replies, applied)
