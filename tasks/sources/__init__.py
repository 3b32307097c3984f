"""Where exports come from: one module a kind of source, all with the same `fetch`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from senacs.errors import ConfigurationError


@dataclass(frozen=True)
class Known:
    """What the last delivery said of itself, for a conditional request."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Delivery:
    """What a source gave.

    Attributes:
        source: address without credentials.
        file_name: name of the file as delivered.
        path: where its bytes are; None if the source says that nothing has changed.
        etag, last_modified: what it says of this version.
    """

    source: str
    file_name: str
    path: Path | None
    etag: str | None = None
    last_modified: str | None = None


Fetch = Callable[[str, Path, Known], Delivery]


def fetch_of(kind: str) -> Fetch:
    """The `fetch` of that kind of source: `fetch(address, folder, known) -> Delivery`.

    Raises:
        ConfigurationError: there is no such kind.
    """
    from tasks.sources import http  # noqa: PLC0415 - each kind brings its own client library

    kinds: dict[str, Fetch] = {"http": http.fetch}
    try:
        return kinds[kind]
    except KeyError:
        known = ", ".join(kinds)
        raise ConfigurationError(f"no source of kind {kind!r}; known: {known}") from None
