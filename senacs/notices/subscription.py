"""Who wants to be told what, and by which way."""

from dataclasses import dataclass
from enum import StrEnum

from senacs.notices.kinds import Audience


class Channel(StrEnum):
    """A way to people or their systems."""

    MAIL = "mail"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class Subscription:
    """An address and what is sent to it.

    Attributes:
        address: of mail, or a URL.
        secret: of a webhook: name of the secret that signs its requests.
        collection: None for all.
        territory: None for all, and for what concerns no territory in particular.
    """

    audience: Audience
    channel: Channel
    address: str
    secret: str | None = None
    collection: str | None = None
    territory: str | None = None
