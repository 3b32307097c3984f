"""Trying again: how often and after how long, as the settings and the server say."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from senacs.errors import SourceError
from senacs.settings import settings

Result = TypeVar("Result")


class PassingError(SourceError):
    """What a further try may mend.

    Attributes:
        after: seconds that the server asks to wait; None if it does not say.
    """

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


def patiently(attempt: Callable[[], Result]) -> Result:
    """The result of the first try that succeeds; the error of the last one if none does."""
    for tried in range(1, settings().http_attempts):
        try:
            return attempt()
        except PassingError as error:
            time.sleep(pause(tried, error.after))
    return attempt()


def pause(tried: int, after: float | None) -> float:
    """Seconds to wait after that many tries: what the server asks, up to the longest wait."""
    own = settings()
    asked = own.http_backoff * 2 ** (tried - 1) if after is None else after
    return min(asked, own.http_longest_wait)


def retry_after(header: str | None, now: datetime) -> float | None:
    """What a `Retry-After` asks for, in seconds; None if it is absent or makes no sense."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
