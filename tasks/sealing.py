"""Encrypts what the portal has to read again: secrets of second factors.

The key is no part of the warehouse: who has a copy of the database has no code.
"""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from cryptography.fernet import Fernet, InvalidToken

from senacs.errors import ConfigurationError
from senacs.settings import has_secret, secret, settings

SECRET = "portal"  # noqa: S105 - its name
"""The key is in SENACS_SECRET_PORTAL, or in the file that SENACS_SECRET_PORTAL_FILE names."""


def seal(owner: int, text: str) -> bytes:
    """The text of an account, encrypted so that it opens for that account only.

    Raises:
        ConfigurationError: the key is none, or cannot be kept.
    """
    return _key().encrypt(f"{owner}:{text}".encode())


def unseal(owner: int, sealed: bytes) -> str:
    """The text again.

    Raises:
        ConfigurationError: the key is another one, or what was sealed is another account's.
    """
    try:
        whose, _, text = _key().decrypt(sealed).decode().partition(":")
    except InvalidToken as error:
        raise ConfigurationError(
            "the key of second factors is not the one they were sealed with: restore "
            f"{_file()} or SENACS_SECRET_PORTAL, or let people set theirs up anew"
        ) from error
    if whose != str(owner):
        raise ConfigurationError("a second factor was sealed for another account")
    return text


def _key() -> Fernet:
    value = secret(SECRET).get_secret_value() if has_secret(SECRET) else _kept()
    try:
        return Fernet(value)
    except ValueError as error:
        raise ConfigurationError(
            "the key of second factors is none: it has 44 signs, such as "
            "`python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key())'` "
            "makes"
        ) from error


def _file() -> Path:
    return settings().home / "portal.key"


def _kept() -> str:
    """The key of this installation, made when it is first asked for."""
    file = _file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, written = mkstemp(dir=file.parent)  # its owner's alone
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(Fernet.generate_key())
        # Whole or not at all, and never in place of another process's.
        with suppress(FileExistsError):
            os.link(written, file)
        Path(written).unlink()
    return file.read_text(encoding="ascii").strip()
