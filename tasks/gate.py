"""The role that signs people in, and what every way in shares.

`senacs_gate` reads nothing of any territory. What opens anything is random, and only a hash of it
is kept.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from senacs.errors import AccountError
from senacs.warehouse.engine import warehouse_of_portal
from senacs.warehouse.statements import execute, fetch


@contextmanager
def gate() -> Iterator[Connection]:
    """A transaction as `senacs_gate`."""
    with warehouse_of_portal().begin() as connection:
        execute(connection, "portal/take_role", role="senacs_gate", value="")
        yield connection


def number_of(connection: Connection, email: str) -> int:
    """The number of an account.

    Raises:
        AccountError: there is none of that address.
    """
    found = fetch(connection, "portal/account", email=email)
    if not found:
        raise AccountError(f"il n’y a pas de compte {email}")
    return int(found[0]["account_no"])


def note(
    connection: Connection,
    act: str,
    number: int,
    author: str,
    *,
    territory: str | None = None,
    collection: str | None = None,
) -> None:
    """Record who did what to an account, in the caller's transaction."""
    execute(
        connection,
        "portal/insert_event",
        act=act,
        account_no=number,
        author=author,
        territory=territory,
        collection=collection,
    )


def new_value() -> str:
    """256 random bits, as text that goes into a cookie, a link or a header."""
    return secrets.token_urlsafe(32)


def hash_of(value: str) -> bytes:
    """What is kept of such a value."""
    return hashlib.sha256(value.encode()).digest()


def day_in_paris(now: datetime) -> date:
    """The day in Paris."""
    return now.astimezone(ZoneInfo("Europe/Paris")).date()
