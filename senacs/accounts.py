"""Who may sign in to the portal, and what makes a password good enough."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from senacs.errors import AccountError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
"""In characters. There is no rule of composition: length is what counts."""

_LONGEST_ADDRESS = 254

IDLE = timedelta(minutes=30)
"""A session ends this long after its last request; the functions of migration 0023 hold it too."""
LONGEST_SESSION = timedelta(hours=10)
"""A session ends this long after sign-in, however busy. Our choice: a working day."""
TRIES_OF_ACCOUNT = 8
TRIES_OF_ADDRESS = 40
"""Failures within 15 minutes after which sign-in waits. Our choice; an office shares an address."""

INVITATION = timedelta(days=7)
"""A link to choose a password ends this long after it was made. Our choice."""
RECOVERY_CODES = 10
LONGEST_TOKEN = timedelta(days=366)
"""Our choice: a year's campaign, then somebody looks at it again."""
TOKEN_PREFIX = "senacs_"  # noqa: S105 - what comes before one
"""So that a token that is found where it should not be is known for one."""
REQUESTS_OF_TOKEN = 120
REQUESTS_OF_ADDRESS = 600
"""In one minute. Our choice: a system that asks for progress every second stays below."""


class Role(StrEnum):
    """What an account is."""

    CORRESPONDENT = "correspondent"
    NATIONAL = "national"
    ADMIN = "admin"


@dataclass(frozen=True)
class Holding:
    """A territory that an account acts for today; of one collection, or of all (None)."""

    territory: str
    collection: str | None = None


class Scope(StrEnum):
    """What a token lets its bearer do."""

    READ = "read"
    CHANGE = "change"

    @property
    def french(self) -> str:
        """The words a correspondent reads."""
        return {Scope.READ: "lire", Scope.CHANGE: "lire, envoyer, répondre et relancer"}[self]


@dataclass(frozen=True)
class Account:
    """A person who is signed in, or whose token is shown, with what that opens today.

    Attributes:
        holdings: what the account holds, as far as a token opens it.
        narrowed_to: the only territories that a token opens; None: whatever the role may.
        changes: whether it may change anything; a token that reads may not.
        lacks_factor: it has to set a second factor up before anything else is open.
    """

    number: int
    email: str
    name: str
    role: Role
    holdings: frozenset[Holding]
    narrowed_to: tuple[str, ...] | None = None
    changes: bool = True
    lacks_factor: bool = False

    @property
    def territories(self) -> tuple[str, ...]:
        """The territories of any collection, in order."""
        return tuple(sorted({one.territory for one in self.holdings}))

    def holds(self, territory: str, collection: str | None = None) -> bool:
        """Whether the territory is held, for that collection or, without one, for any."""
        return any(
            one.territory == territory
            and (collection is None or one.collection in (None, collection))
            for one in self.holdings
        )

    def opens(self, territory: str, collection: str | None = None) -> bool:
        """Whether the territory may be read: held, or the role reads all; as far as a token may."""
        if self.narrowed_to is not None and territory not in self.narrowed_to:
            return False
        return self.role is not Role.CORRESPONDENT or self.holds(territory, collection)


def checked_email(text: str) -> str:
    """The address as it is kept.

    Raises:
        AccountError: it is none.
    """
    email = text.strip().lower()
    before, at, after = email.partition("@")
    if (
        not (before and at and "." in after)
        or len(email) > _LONGEST_ADDRESS
        or not email.isprintable()
    ):
        raise AccountError(f"« {text} » n’est pas une adresse électronique")
    return email


def checked_password(password: str, email: str) -> str:
    """The password, if it may be one.

    Raises:
        AccountError: too short, too long, or the address itself.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(
            f"le mot de passe doit avoir de {SHORTEST_PASSWORD} à {LONGEST_PASSWORD} caractères"
        )
    if password.lower() == email or len(set(password)) < 4:  # noqa: PLR2004
        raise AccountError("ce mot de passe se devine : choisissez-en un autre")
    return password
