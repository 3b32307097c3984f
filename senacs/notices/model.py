"""A message to people, before it is posted."""

import unicodedata
from dataclasses import dataclass

from senacs.errors import ConfigurationError

_NO_PLAIN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Control characters and ends of lines, which would end a header of a mail."""


@dataclass(frozen=True)
class Notice:
    """What is told once: the same kind, collection, data year, territory and key is one message.

    All texts are French and hold nothing about a structure or a person.

    Attributes:
        kind: declared in `notices/kinds.yml`, which says who is told.
        collection: None where it is about the installation as a whole.
        data_year: None where it is about no year in particular.
        territory: None where it is about no territory in particular.
        key: what tells one cause of this kind from the next, such as an export's hash.
        subject: one line.
        body: what has happened; paragraphs are parted by an empty line.
        next_step: what to do now.
    """

    kind: str
    collection: str | None
    data_year: int | None
    territory: str | None
    key: str
    subject: str
    body: str
    next_step: str

    def __post_init__(self) -> None:
        """Refuse what cannot be told.

        Raises:
            ConfigurationError: no subject or next step, a subject of several lines, or a
                territory of no collection.
        """
        if not self.subject.strip() or not self.next_step.strip():
            raise ConfigurationError(f"a notice {self.kind} needs a subject and a next step")
        if any(unicodedata.category(sign) in _NO_PLAIN for sign in self.subject):
            raise ConfigurationError(f"the subject of a notice {self.kind} is not one plain line")
        if self.territory is not None and self.collection is None:
            raise ConfigurationError(f"a notice {self.kind} names a territory and no collection")
