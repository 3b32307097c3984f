"""The outbox: what is told to people is posted in the transaction that records its cause."""

from collections.abc import Iterable

from sqlalchemy import Connection

from senacs.notices.kinds import notice_kind
from senacs.notices.model import Notice
from senacs.warehouse.statements import execute, fetch


def post(connection: Connection, notices: Iterable[Notice]) -> int:
    """Put notices into the outbox in the caller's transaction; how many were new.

    Each goes to whoever is subscribed at that moment. One that was posted before, by whomever, is
    not told again.

    Raises:
        ConfigurationError: its kind is not declared.
    """
    new = 0
    for notice in notices:
        audiences = [str(audience) for audience in notice_kind(notice.kind).audiences]
        for row in fetch(connection, "notice/insert_message", **vars(notice)):
            new += 1
            execute(connection, "notice/address_message", **row, audiences=audiences)
    return new
