"""How many files may come in: each takes what an export may, in memory and in the archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from portal.database import as_account
from senacs.deliveries import TerritoryYear
from senacs.errors import RequestError
from senacs.warehouse.statements import fetch

_AT_ONCE = BoundedSemaphore(2)
"""Files that are opened at a time: each may take what an export may, in memory."""
_PATIENCE = 10.0
_MOST_AN_HOUR = 60
"""Files about one territory's data year within an hour. Our choice."""


def check_not_too_many(session_value: str, key: TerritoryYear, now: datetime) -> None:
    """Let files about a territory's data year come in, but not without end.

    Raises:
        RequestError: too many came within an hour.
    """
    with as_account(session_value) as connection:
        lately = fetch(
            connection, "portal/sent_lately", **vars(key), since=now - timedelta(hours=1)
        )
    if lately[0]["files"] >= _MOST_AN_HOUR:
        raise RequestError(
            f"{_MOST_AN_HOUR} fichiers sont arrivés en une heure pour ce territoire et cette "
            "année : attendez un peu."
        )


@contextmanager
def room() -> Iterator[None]:
    """Room to open a file.

    Raises:
        RequestError: there is none for a while.
    """
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise RequestError("Trop de fichiers arrivent à la fois : réessayez dans une minute.")
    try:
        yield
    finally:
        _AT_ONCE.release()
