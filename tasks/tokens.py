"""Tokens, which other systems show in place of a password: made, narrowed, revoked, looked up.

A token stands for its account, and never for more: what the account loses, its tokens lose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from senacs.accounts import (
    LONGEST_TOKEN,
    REQUESTS_OF_ADDRESS,
    REQUESTS_OF_TOKEN,
    TOKEN_PREFIX,
    Account,
    Holding,
    Role,
    Scope,
    checked_email,
)
from senacs.errors import AccountError, ConfigurationError, TooOftenError
from senacs.warehouse.statements import execute, fetch
from tasks.access import check_territory
from tasks.gate import day_in_paris, gate, hash_of, new_value, note, number_of

_SEEN_EVERY = timedelta(minutes=1)
_LONGEST_LABEL = 100


@dataclass(frozen=True)
class Token:
    """A token without its value, which is kept nowhere.

    Attributes:
        narrowed_to: the only territories that it opens; None: all that its account holds.
    """

    number: int
    email: str
    label: str
    scope: Scope
    narrowed_to: tuple[str, ...] | None
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def opens(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and now < self.ends_at


def make_token(
    email: str,
    label: str,
    scope: Scope,
    author: str,
    now: datetime,
    *,
    lasts: timedelta = LONGEST_TOKEN,
    narrowed_to: Sequence[str] = (),
) -> str:
    """Make a token; its value, which is shown once.

    Args:
        email: account that it stands for.
        label: what it is for.
        scope: what it lets its bearer do.
        author: who makes it.
        now: the moment.
        lasts: until when from now on, at most `LONGEST_TOKEN`.
        narrowed_to: the only territories that it opens; empty: all that the account holds.

    Raises:
        AccountError: no such account, no label, too long, or a territory that is not the account's.
    """
    words = " ".join(label.split())
    if not words or len(words) > _LONGEST_LABEL or not words.isprintable():
        raise AccountError(f"dites à quoi sert le jeton, en {_LONGEST_LABEL} caractères au plus")
    if not timedelta(days=1) <= lasts <= LONGEST_TOKEN:
        raise AccountError(f"un jeton vaut de 1 à {LONGEST_TOKEN.days} jours")
    value = TOKEN_PREFIX + new_value()
    with gate() as connection:
        address = checked_email(email)
        number = number_of(connection, address)
        only = tuple(dict.fromkeys(code.strip() for code in narrowed_to if code.strip()))
        _check_held(connection, address, only, now)
        execute(
            connection,
            "portal/insert_token",
            key_hash=hash_of(value),
            account_no=number,
            label=words,
            scope=scope,
            narrowed_to=list(only) or None,
            now=now,
            author=author,
            ends_at=now + lasts,
        )
        note(connection, "token made", number, author)
    return value


def tokens(email: str | None = None) -> list[Token]:
    """The tokens of an account, or of all, the newest first; ended ones with them."""
    with gate() as connection:
        return [_token(row) for row in fetch(connection, "portal/tokens", email=email)]


def revoke_token(number: int, author: str, now: datetime, *, of: Account | None = None) -> None:
    """Revoke a token; what it asked for before goes on.

    Args:
        number: of the token.
        author: who revokes it.
        now: the moment.
        of: only a token of this account; None: of whichever.

    Raises:
        AccountError: there is no such token in force.
    """
    with gate() as connection:
        revoked = fetch(
            connection,
            "portal/revoke_token",
            token_no=number,
            account_no=of.number if of else None,
            now=now,
            author=author,
        )
        if not revoked:
            raise AccountError(f"il n’y a pas de jeton {number} en vigueur")
        note(connection, "token revoked", revoked[0]["account_no"], author)


def bearer(value: str, address: str, now: datetime) -> Account | None:
    """Whom a token stands for, narrowed to what it opens; None where it opens nothing.

    Requests are counted before anything is looked at, for the network address and for the token.

    Raises:
        TooOftenError: too many in this minute.
    """
    with gate() as connection:
        _count(connection, f"address {address}", REQUESTS_OF_ADDRESS, now)
        found = fetch(
            connection,
            "portal/token",
            key_hash=hash_of(value),
            now=now,
            today=day_in_paris(now),
        )
        if not found:
            return None
        row = found[0]
        _count(connection, f"token {row['token_no']}", REQUESTS_OF_TOKEN, now)
        if row["used_at"] is None or now - row["used_at"] > _SEEN_EVERY:
            execute(connection, "portal/touch_token", token_no=row["token_no"], now=now)
    return _account(row)


def _count(connection: Connection, who: str, most: int, now: datetime) -> None:
    """Count a request, in a transaction that the refusal takes back: it stays at the limit."""
    if fetch(connection, "portal/count_use", who=who, now=now)[0]["times"] > most:
        raise TooOftenError(60 - now.second)


def _account(row: Mapping[str, Any]) -> Account:
    role, only = Role(row["role"]), row["narrowed_to"]
    held = (Holding(*one) for one in row["holdings"])
    return Account(
        row["account_no"],
        row["email"],
        row["name"],
        role,
        frozenset(one for one in held if only is None or one.territory in only),
        narrowed_to=None if only is None else tuple(only),
        changes=Scope(row["scope"]) is Scope.CHANGE,
        lacks_factor=row["lacks_factor"],
    )


def _check_held(
    connection: Connection, email: str, narrowed_to: Sequence[str], now: datetime
) -> None:
    account = fetch(connection, "portal/account", email=email)[0]
    if not account["active"]:
        raise AccountError(f"le compte {email} est fermé")
    if Role(account["role"]) is Role.CORRESPONDENT:
        held = fetch(
            connection,
            "portal/held_today",
            account_no=account["account_no"],
            today=day_in_paris(now),
        )
        missing = set(narrowed_to) - {row["territory"] for row in held}
        if missing:
            raise AccountError(f"{email} n’a pas le territoire {min(missing)}")
    for territory in narrowed_to:
        try:
            check_territory(territory, None)
        except ConfigurationError as error:
            raise AccountError(f"aucune campagne n’interroge « {territory} »") from error


def _token(row: Mapping[str, Any]) -> Token:
    only = row["narrowed_to"]
    return Token(
        **{
            **row,
            "scope": Scope(row["scope"]),
            "narrowed_to": None if only is None else tuple(only),
        }
    )
