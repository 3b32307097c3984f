"""Accounts of the portal: made, given territories, shut out, signed in and out.

Everything runs as the role `senacs_gate`, which reads nothing of any territory.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from senacs.accounts import (
    IDLE,
    LONGEST_PASSWORD,
    LONGEST_SESSION,
    TRIES_OF_ACCOUNT,
    TRIES_OF_ADDRESS,
    Account,
    Holding,
    Role,
    checked_email,
    checked_password,
)
from senacs.errors import AccountError, ConfigurationError
from senacs.warehouse.engine import warehouse_of_portal
from senacs.warehouse.statements import execute, fetch
from tasks.access import check_territory

_SEEN_EVERY_SECONDS = 60
_REFUSED = "Adresse ou mot de passe inconnus, ou trop d’essais : réessayez dans 15 minutes."


def make_account(email: str, name: str, role: Role, author: str, now: datetime) -> str:
    """Make an account; its first password, which is shown once and kept nowhere.

    Raises:
        AccountError: no address, no name, or there is one already.
    """
    address = checked_email(email)
    if not name.strip():
        raise AccountError("un compte porte le nom d’une personne")
    password = secrets.token_urlsafe(15)
    with _gate() as connection:
        made = fetch(
            connection,
            "portal/insert_account",
            email=address,
            name=name.strip(),
            role=role,
            verifier=_hasher().hash(password),
            now=now,
        )
        if not made:
            raise AccountError(f"il y a déjà un compte {address}")
        _note(connection, "account made", made[0]["account_no"], author)
    return password


def set_password(email: str, password: str, author: str) -> None:
    """Set a password; every session of the account ends.

    Raises:
        AccountError: no such account, or no password we take.
    """
    address = checked_email(email)
    verifier = _hasher().hash(checked_password(password, address))
    with _gate() as connection:
        number = _number(connection, address)
        execute(connection, "portal/set_verifier", account_no=number, verifier=verifier)
        _note(connection, "password set", number, author)


def shut_out(email: str, author: str) -> None:
    """Shut an account out; its sessions end with it.

    Raises:
        AccountError: no such account.
    """
    with _gate() as connection:
        number = _number(connection, checked_email(email))
        execute(connection, "portal/shut_out", account_no=number)
        _note(connection, "account shut out", number, author)


def give_territory(
    email: str,
    territory: str,
    author: str,
    since: date,
    *,
    until: date | None = None,
    collection: str | None = None,
) -> None:
    """Let an account act for a territory, of one collection or of all; renews what is held.

    Raises:
        AccountError: no such account, a territory that no campaign asks, or a last day before the
            first.
    """
    try:
        check_territory(territory, collection)
    except ConfigurationError as error:
        raise AccountError(f"aucune campagne n’interroge le territoire « {territory} »") from error
    if until is not None and until < since:
        raise AccountError("le dernier jour est avant le premier")
    with _gate() as connection:
        number = _number(connection, checked_email(email))
        execute(
            connection,
            "portal/insert_territory",
            account_no=number,
            territory=territory,
            collection=collection,
            valid_from=since,
            valid_until=until,
        )
        _note(
            connection,
            "territory given",
            number,
            author,
            territory=territory,
            collection=collection,
        )


def take_territory(email: str, territory: str, author: str) -> None:
    """Take a territory back, for every collection.

    Raises:
        AccountError: no such account, or it does not hold the territory.
    """
    with _gate() as connection:
        number = _number(connection, checked_email(email))
        taken = fetch(connection, "portal/delete_territory", account_no=number, territory=territory)
        if not taken:
            raise AccountError(f"{email} n’a pas le territoire {territory}")
        for line in taken:
            _note(
                connection,
                "territory taken",
                number,
                author,
                territory=territory,
                collection=line["collection"],
            )


def accounts() -> list[Mapping[str, Any]]:
    """All accounts with their territories, by address. Grain: one account."""
    with _gate() as connection:
        return fetch(connection, "portal/accounts")


def events(limit: int) -> list[Mapping[str, Any]]:
    """What was done with accounts, the newest first. Grain: one act."""
    with _gate() as connection:
        return fetch(connection, "portal/events", limit=limit)


def sign_in(email: str, password: str, address: str, now: datetime) -> str:
    """Open a session; the value of its cookie, of which only a hash is kept.

    Raises:
        AccountError: no.
    """
    number = _proven(email, password, address, now)
    value = secrets.token_urlsafe(32)
    with _gate() as connection:
        execute(
            connection,
            "portal/insert_session",
            key_hash=_hash(value),
            account_no=number,
            now=now,
            ends_at=now + LONGEST_SESSION,
        )
        _note(connection, "signed in", number, email.strip().lower())
    return value


def change_password(email: str, current: str, new: str, address: str, now: datetime) -> None:
    """Set a password for who knows the one of today; every session of the account ends.

    Raises:
        AccountError: today's is wrong, or the new one is none we take.
    """
    _proven(email, current, address, now)
    set_password(email, new, email)


def _proven(email: str, password: str, address: str, now: datetime) -> int:
    """The number of the account whose password that is.

    The attempt is noted and committed before anything is looked at. An unknown account costs the
    same hash, and whatever is wrong has one answer.

    Raises:
        AccountError: no.
    """
    typed = email.strip().lower()[:254]
    known = {"now": now, "email": typed, "address": address}
    with _gate() as connection:
        attempt = fetch(connection, "portal/note_attempt", **known)[0]["attempt_no"]
    with _gate() as connection:
        failures = fetch(connection, "portal/failures", **known)[0]
        found = fetch(connection, "portal/account", email=typed)
    if failures["of_account"] > TRIES_OF_ACCOUNT or failures["of_address"] > TRIES_OF_ADDRESS:
        raise AccountError(_REFUSED)
    account = found[0] if found else None
    verifier = (account and account["verifier"]) or _nobody()
    right = _matches(verifier, password)
    if account is None or not account["active"] or account["verifier"] is None or not right:
        raise AccountError(_REFUSED)
    number = int(account["account_no"])
    with _gate() as connection:
        execute(connection, "portal/attempt_succeeded", attempt_no=attempt)
        if _hasher().check_needs_rehash(verifier):
            execute(
                connection,
                "portal/renew_verifier",
                account_no=number,
                verifier=_hasher().hash(password),
            )
    return number


def signed_in(value: str, now: datetime) -> Account | None:
    """Whose session the value of a cookie is; None where there is none, or it ended."""
    with _gate() as connection:
        found = fetch(
            connection,
            "portal/session",
            key_hash=_hash(value),
            now=now,
            idle_since=now - IDLE,
            today=now.astimezone(ZoneInfo("Europe/Paris")).date(),
        )
        if not found:
            return None
        row = found[0]
        if (now - row["seen_at"]).total_seconds() > _SEEN_EVERY_SECONDS:
            execute(connection, "portal/touch_session", key_hash=_hash(value), now=now)
    return Account(
        row["account_no"],
        row["email"],
        row["name"],
        Role(row["role"]),
        frozenset(Holding(*held) for held in row["holdings"]),
    )


def sign_out(value: str, account: Account) -> None:
    """End a session."""
    with _gate() as connection:
        execute(connection, "portal/delete_session", key_hash=_hash(value))
        _note(connection, "signed out", account.number, account.email)


@contextmanager
def _gate() -> Iterator[Connection]:
    with warehouse_of_portal().begin() as connection:
        execute(connection, "portal/take_role", role="senacs_gate", value="")
        yield connection


def _number(connection: Connection, email: str) -> int:
    found = fetch(connection, "portal/account", email=email)
    if not found:
        raise AccountError(f"il n’y a pas de compte {email}")
    return int(found[0]["account_no"])


def _note(
    connection: Connection,
    act: str,
    number: int,
    author: str,
    *,
    territory: str | None = None,
    collection: str | None = None,
) -> None:
    execute(
        connection,
        "portal/insert_event",
        act=act,
        account_no=number,
        author=author,
        territory=territory,
        collection=collection,
    )


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password has, so that an unknown account takes as long as a known one."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _matches(verifier: str, password: str) -> bool:
    try:
        return _hasher().verify(verifier, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


def _hash(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()
