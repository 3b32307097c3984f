"""Where exports come from: one module a kind of source, all with the same `fetch`."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from senacs.codebook.sources import Source
from senacs.errors import ConfigurationError, SourceError

DELIVERED = "delivered"
"""Name of the file in the run's folder, whatever name it was delivered under."""

_LONGEST_NAME = 150


@dataclass(frozen=True)
class Known:
    """What is known of a source's last version, so as not to fetch it again.

    Attributes:
        etag, last_modified: what the last delivery said of itself.
        seen: mark of a file that the last visit found still changing.
    """

    etag: str | None = None
    last_modified: str | None = None
    seen: str | None = None


@dataclass(frozen=True)
class Delivery:
    """What a source gave.

    Attributes:
        file_name: name of the file as delivered.
        path: where its bytes are; None if nothing has changed since what was known.
        etag, last_modified: what it says of this version.
    """

    file_name: str
    path: Path | None
    etag: str | None = None
    last_modified: str | None = None


class NotSettledError(SourceError):
    """The file may still be on its way; the next visit takes it if its mark is still the same."""

    def __init__(self, message: str, mark: str) -> None:
        super().__init__(message)
        self.mark = mark


def fetch(source: Source, folder: Path, known: Known) -> Delivery:
    """Fetch what that source has into `folder`, unless it is what is known.

    The module of its kind is `tasks.sources.<kind>`, imported here and not before: each brings
    its own client library.

    Raises:
        SourceError: it does not deliver; in French, with its address.
        ConfigurationError: a package or a secret is missing.
    """
    try:
        module = import_module(f"tasks.sources.{source.kind}")
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"a source of kind {source.kind!r} needs the package {error.name!r}: "
            f"`uv sync --extra {source.kind}` or `pip install 'senacs[{source.kind}]'`"
        ) from error
    delivery: Delivery = module.fetch(source, folder, known)
    return delivery


def undelivered(address: str, what: str, advice: str = "relancez plus tard") -> SourceError:
    """The error of a source that does not deliver: where, what happened, what to do."""
    return SourceError(sentence(address, what, advice))


def sentence(address: str, what: str, advice: str = "relancez plus tard") -> str:
    """The French sentence that such an error carries."""
    return (
        f"La source {address} n'a pas livré son export : {what}. Rien n'a été modifié ; {advice}."
    )


def too_large(address: str, largest: int) -> SourceError:
    """The error of an export beyond the size that the settings accept."""
    return undelivered(
        address,
        f"il dépasse {largest} octets",
        "vérifiez le fichier, ou relevez SENACS_EXPORT_MAX_BYTES",
    )


def file_name(delivered: str) -> str:
    """The name of a delivered file as it may be kept: no folder, no control character."""
    name = delivered.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(character for character in name if character.isprintable()).strip()
    return name[-_LONGEST_NAME:] if name.strip(".") else "export"
