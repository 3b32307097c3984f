"""Who may read what: the roles of people and programs, and what a login may be given."""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from senacs.errors import ConfigurationError

_LOGIN = re.compile(r"[a-z][a-z0-9_.-]{0,62}")
_PASSWORD_BYTES = 18


class Role(StrEnum):
    """A group role that a login may be given; its value is the name on the command line."""

    CORRESPONDENT = "correspondent"
    ANALYST = "analyst"
    PUBLIC = "public"
    FLOWS = "flows"

    @property
    def in_database(self) -> str:
        """Its name in PostgreSQL."""
        return _IN_DATABASE[self]


_IN_DATABASE = {
    Role.CORRESPONDENT: "senacs_correspondent",
    Role.ANALYST: "senacs_national_analyst",
    Role.PUBLIC: "senacs_public",
    Role.FLOWS: "senacs_etl",
}


@dataclass(frozen=True)
class Holding:
    """The right of a correspondent to read one territory.

    Attributes:
        collection: None for every collection.
        until: last day; None where it ends only when it is taken back.
    """

    login: str
    territory: str
    collection: str | None
    since: date
    until: date | None

    def __post_init__(self) -> None:
        """Refuse a right that ends before it begins.

        Raises:
            ConfigurationError: it does.
        """
        if self.until is not None and self.until < self.since:
            raise ConfigurationError(
                f"the right to {self.territory} would end on {self.until}, before it begins "
                f"on {self.since}"
            )


def checked_login(name: str) -> str:
    """The name of a login, as PostgreSQL keeps it.

    Raises:
        ConfigurationError: it cannot be one, or belongs to a group or to PostgreSQL.
    """
    if not _LOGIN.fullmatch(name):
        raise ConfigurationError(
            f"{name!r} is no name of a login: lower case letters, digits, _ . - and a letter first"
        )
    if name in _IN_DATABASE.values() or name.startswith("pg_"):
        raise ConfigurationError(f"{name} is a role for groups: give a person's own login")
    return name


def new_password() -> str:
    """A password that nobody has to remember: 24 characters, 144 random bits."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)
