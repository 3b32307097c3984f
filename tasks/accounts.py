"""Accounts of the portal: made, given territories, shut out, signed in and out.

How each way in works is in the modules beside: `passwords`, `invitations`, `second_factor`,
`tokens`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from senacs.accounts import (
    IDLE,
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
from senacs.warehouse.statements import execute, fetch
from tasks.access import check_territory
from tasks.gate import day_in_paris, gate, hash_of, new_value, note, number_of
from tasks.invitations import invited
from tasks.passwords import hashed, is_outdated, matches
from tasks.second_factor import is_proven

_SEEN_EVERY_SECONDS = 60
_REFUSED = (
    "Adresse, mot de passe ou code inconnus, ou trop d’essais : vérifiez, ou réessayez dans "
    "15 minutes."
)

_NO_ACCOUNT = "Aucun compte n’est ouvert pour vous : demandez à l’équipe nationale."


def make_account(email: str, name: str, role: Role, author: str, now: datetime) -> str:
    """Make an account; the value of the link by which the person chooses a password.

    Raises:
        AccountError: no address, no name, or there is one already.
    """
    address = checked_email(email)
    if not name.strip():
        raise AccountError("un compte porte le nom d’une personne")
    with gate() as connection:
        made = fetch(
            connection,
            "portal/insert_account",
            email=address,
            name=name.strip(),
            role=role,
            now=now,
        )
        if not made:
            raise AccountError(f"il y a déjà un compte {address}")
        number = made[0]["account_no"]
        note(connection, "account made", number, author)
        return invited(connection, number, author, now)


def set_password(email: str, password: str, author: str) -> None:
    """Set a password; every session of the account ends.

    Raises:
        AccountError: no such account, or no password we take.
    """
    address = checked_email(email)
    verifier = hashed(checked_password(password, address))
    with gate() as connection:
        number = number_of(connection, address)
        execute(connection, "portal/set_verifier", account_no=number, verifier=verifier)
        note(connection, "password set", number, author)


def shut_out(email: str, author: str) -> None:
    """Shut an account out; its sessions end with it.

    Raises:
        AccountError: no such account.
    """
    with gate() as connection:
        number = number_of(connection, checked_email(email))
        execute(connection, "portal/shut_out", account_no=number)
        note(connection, "account shut out", number, author)


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
    with gate() as connection:
        number = number_of(connection, checked_email(email))
        execute(
            connection,
            "portal/insert_territory",
            account_no=number,
            territory=territory,
            collection=collection,
            valid_from=since,
            valid_until=until,
        )
        note(
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
    with gate() as connection:
        number = number_of(connection, checked_email(email))
        taken = fetch(connection, "portal/delete_territory", account_no=number, territory=territory)
        if not taken:
            raise AccountError(f"{email} n’a pas le territoire {territory}")
        for line in taken:
            note(
                connection,
                "territory taken",
                number,
                author,
                territory=territory,
                collection=line["collection"],
            )


def accounts() -> list[Mapping[str, Any]]:
    """All accounts with their territories, by address. Grain: one account."""
    with gate() as connection:
        return fetch(connection, "portal/accounts")


def events(limit: int) -> list[Mapping[str, Any]]:
    """What was done with accounts, the newest first. Grain: one act."""
    with gate() as connection:
        return fetch(connection, "portal/events", limit=limit)


def sign_in(email: str, password: str, address: str, now: datetime, code: str = "") -> str:
    """Open a session; the value of its cookie, of which only a hash is kept.

    Args:
        email: what was typed.
        password: what was typed.
        address: network address of who asks.
        now: the moment.
        code: of the second factor, where the account has one.

    Raises:
        AccountError: no; whatever is wrong has one sentence.
    """
    number = _proven(email, password, address, now, code=code)
    return open_session(number, email.strip().lower(), now)


def open_session(number: int, email: str, now: datetime, *, by_provider: bool = False) -> str:
    """Open a session for who has proven to be that account; the value of its cookie."""
    value = new_value()
    with gate() as connection:
        execute(
            connection,
            "portal/insert_session",
            key_hash=hash_of(value),
            account_no=number,
            now=now,
            ends_at=now + LONGEST_SESSION,
            by_provider=by_provider,
        )
        note(connection, "signed in", number, email)
    return value


def sign_in_known(subject: str, email: str, now: datetime) -> str:
    """Open a session for whom the provider of OpenID Connect has recognised.

    The account is the one of that subject; where nobody has come as it yet, the one of that
    address, which is from then on the subject's. None is made.

    Args:
        subject: issuer and subject.
        email: address that the provider has verified; empty where it has not.
        now: the moment.

    Raises:
        AccountError: there is no such account, or it is shut out.
    """
    with gate() as connection:
        found = fetch(connection, "portal/account_of_subject", subject=subject, email=email)
        if not found:
            raise AccountError(
                "Aucun compte n’est ouvert pour vous : demandez à l’équipe nationale."
            )
        number, known = int(found[0]["account_no"]), found[0]["email"]
        if found[0]["subject"] is None:
            execute(connection, "portal/note_subject", account_no=number, subject=subject)
            note(connection, "provider known", number, known)
    return open_session(number, known, now, by_provider=True)


def change_password(email: str, current: str, new: str, address: str, now: datetime) -> None:
    """Set a password for who knows the one of today; every session of the account ends.

    Raises:
        AccountError: today's is wrong, or the new one is none we take.
    """
    _proven(email, current, address, now, code=None)
    set_password(email, new, email)


def check_password(account: Account, password: str, address: str, now: datetime) -> None:
    """Let who is signed in prove to be the person, before something that matters.

    Raises:
        AccountError: that is not the password, or it was tried too often.
    """
    _proven(account.email, password, address, now, code=None)


def _proven(email: str, password: str, address: str, now: datetime, *, code: str | None) -> int:
    """The number of the account whose password, and code, that is; None asks for no code.

    The attempt is noted and committed before anything is looked at. An unknown account costs the
    same hash, and whatever is wrong has one answer.

    Raises:
        AccountError: no.
    """
    typed = email.strip().lower()[:254]
    known = {"now": now, "email": typed, "address": address}
    with gate() as connection:
        attempt = fetch(connection, "portal/note_attempt", **known)[0]["attempt_no"]
    with gate() as connection:
        failures = fetch(connection, "portal/failures", **known)[0]
        found = fetch(connection, "portal/account", email=typed)
    if failures["of_account"] > TRIES_OF_ACCOUNT or failures["of_address"] > TRIES_OF_ADDRESS:
        raise AccountError(_REFUSED)
    account = found[0] if found else None
    verifier = account["verifier"] if account and account["active"] else None
    if not matches(verifier, password) or account is None or verifier is None:
        raise AccountError(_REFUSED)
    number = int(account["account_no"])
    with gate() as connection:
        if code is not None and not is_proven(connection, number, typed, code, now):
            raise AccountError(_REFUSED)
        execute(connection, "portal/attempt_succeeded", attempt_no=attempt)
        if is_outdated(verifier):
            execute(
                connection, "portal/renew_verifier", account_no=number, verifier=hashed(password)
            )
    return number


def signed_in(value: str, now: datetime) -> Account | None:
    """Whose session the value of a cookie is; None where there is none, or it ended."""
    with gate() as connection:
        found = fetch(
            connection,
            "portal/session",
            key_hash=hash_of(value),
            now=now,
            idle_since=now - IDLE,
            today=day_in_paris(now),
        )
        if not found:
            return None
        row = found[0]
        if (now - row["seen_at"]).total_seconds() > _SEEN_EVERY_SECONDS:
            execute(connection, "portal/touch_session", key_hash=hash_of(value), now=now)
    return Account(
        row["account_no"],
        row["email"],
        row["name"],
        Role(row["role"]),
        frozenset(Holding(*held) for held in row["holdings"]),
        lacks_factor=row["lacks_factor"],
    )


def sign_out(value: str, account: Account) -> None:
    """End a session."""
    with gate() as connection:
        execute(connection, "portal/delete_session", key_hash=hash_of(value))
        note(connection, "signed out", account.number, account.email)
