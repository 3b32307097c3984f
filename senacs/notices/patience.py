"""How often and after how long a message that was not delivered is tried again."""

from datetime import datetime, timedelta

_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(days=1),
    timedelta(days=1),
)
"""A mail server may be away for a weekend."""
TRIES = len(_WAITS) + 1


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after that many tries, of which one is just over; None: never."""
    return now + _WAITS[tries - 1] if tries < TRIES else None
