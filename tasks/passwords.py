"""Argon2 hashes of passwords."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from senacs.accounts import LONGEST_PASSWORD


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(password)


def matches(verifier: str | None, password: str) -> bool:
    """Whether that is the password; no password matches None, and it takes as long to say so."""
    try:
        right = _hasher().verify(verifier or _nobody(), password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and verifier is not None


def is_outdated(verifier: str) -> bool:
    """Whether the hash was made with lower costs than today's."""
    return _hasher().check_needs_rehash(verifier)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password has, so that an unknown account takes as long as a known one."""
    return hashed(secrets.token_urlsafe(32))
