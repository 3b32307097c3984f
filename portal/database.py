"""Connections that carry who is signed in: PostgreSQL gives them that account's rows only."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Connection

from senacs.warehouse.engine import Begin, warehouse_of_portal
from senacs.warehouse.statements import execute


def acting(session_value: str) -> Begin:
    """What opens such transactions, for the services of `tasks/`."""
    return partial(as_account, session_value)


@contextmanager
def as_account(session_value: str) -> Iterator[Connection]:
    """A transaction as `senacs_portal`, with the cookie's value set for as long as it lasts.

    Policies look the session up by the hash of that value: a value that nobody's browser has
    gives no row.
    """
    with warehouse_of_portal().begin() as connection:
        execute(connection, "portal/take_role", role="senacs_portal", value=session_value)
        yield connection
