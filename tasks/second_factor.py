"""Codes of a telephone beside the password (TOTP, RFC 6238), and codes for who has lost it."""

import hmac
import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import Connection

from senacs.accounts import RECOVERY_CODES, Account, Role
from senacs.errors import AccountError
from senacs.warehouse.statements import execute, fetch
from tasks.gate import gate, hash_of, note, number_of
from tasks.sealing import seal, unseal

_AROUND = (-1, 0, 1)
"""Half minutes that a clock may be wrong."""
_WRONG = "Ce code n’est pas le bon : attendez le suivant, et vérifiez l’heure du téléphone."


@dataclass(frozen=True)
class Factor:
    """The second factor of an account.

    Attributes:
        secret: what the telephone is told; None once it is confirmed: it is not shown again.
        recovery_codes: how many are left.
    """

    confirmed: bool
    secret: str | None
    recovery_codes: int

    def address(self, email: str) -> str:
        """What the QR code holds.

        Raises:
            AccountError: it is confirmed.
        """
        if self.secret is None:
            raise AccountError("ce code n’est montré qu’une fois")
        return pyotp.TOTP(self.secret).provisioning_uri(name=email, issuer_name="Senacs")


def begun(account: Account, now: datetime) -> Factor:
    """The second factor of an account; where there is none, one to be confirmed."""
    with gate() as connection:
        found = fetch(connection, "portal/second_factor", account_no=account.number)
        if not found:
            execute(
                connection,
                "portal/insert_second_factor",
                account_no=account.number,
                secret=seal(account.number, pyotp.random_base32()),
                now=now,
            )
            found = fetch(connection, "portal/second_factor", account_no=account.number)
    row = found[0]
    confirmed = row["confirmed_at"] is not None
    shown = None if confirmed else unseal(account.number, row["secret"])
    return Factor(confirmed, shown, row["recovery_codes"])


def confirm(account: Account, code: str, now: datetime) -> Sequence[str]:
    """Ask for codes from now on; codes for who loses the telephone, shown this once.

    Raises:
        AccountError: nothing was begun, it is confirmed already, or the code is wrong.
    """
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with gate() as connection:
        found = fetch(connection, "portal/second_factor", account_no=account.number)
        if not found or found[0]["confirmed_at"] is not None:
            raise AccountError("il n’y a rien à confirmer")
        step = _step_of(unseal(account.number, found[0]["secret"]), code, now)
        if step is None:
            raise AccountError(_WRONG)
        confirmed = fetch(
            connection,
            "portal/confirm_second_factor",
            account_no=account.number,
            now=now,
            step=step,
            code_hashes=[hash_of(_plain(one)) for one in codes],
        )
        if not confirmed:
            raise AccountError("il n’y a rien à confirmer")
        note(connection, "second factor set", account.number, account.email)
    return codes


def is_proven(connection: Connection, number: int, email: str, code: str, now: datetime) -> bool:
    """Whether that is a code of the account that nobody has given before; it is used by that.

    True for whatever is given where the account has no second factor.
    """
    found = fetch(connection, "portal/second_factor", account_no=number)
    if not found or found[0]["confirmed_at"] is None:
        return True
    step = _step_of(unseal(number, found[0]["secret"]), code, now)
    if step is not None:
        return bool(fetch(connection, "portal/take_step", account_no=number, step=step))
    used = fetch(
        connection,
        "portal/delete_recovery_code",
        account_no=number,
        code_hash=hash_of(_plain(code)),
    )
    if used:
        note(connection, "recovery code used", number, email)
    return bool(used)


def forget(email: str, author: str) -> None:
    """Ask an account for no code any more: its telephone is lost, and its codes too.

    Raises:
        AccountError: no such account, or it has no second factor.
    """
    with gate() as connection:
        number = number_of(connection, email.strip().lower())
        if not fetch(connection, "portal/delete_second_factor", account_no=number):
            raise AccountError(f"{email} n’a pas de double authentification")
        note(connection, "second factor taken", number, author)


def require(role: Role, author: Account, now: datetime, *, required: bool) -> None:
    """Let accounts of a role reach nothing until they have a second factor, or let them again.

    Raises:
        AccountError: correspondents are not obliged.
    """
    if role is Role.CORRESPONDENT:
        raise AccountError("la double authentification des correspondants est un choix")
    with gate() as connection:
        if required:
            execute(connection, "portal/require_factor", role=role, now=now, author=author.email)
        else:
            execute(connection, "portal/free_of_factor", role=role)
        act = "second factor required" if required else "second factor optional"
        note(connection, act, author.number, author.email)


def required_of() -> set[Role]:
    """Roles whose accounts have to have one."""
    with gate() as connection:
        return {Role(row["role"]) for row in fetch(connection, "portal/required_factors")}


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute that a code is of, of those around now; None where it is none."""
    totp = pyotp.TOTP(secret)
    given = "".join(code.split()).encode()
    found = None
    for offset in _AROUND:
        step = totp.timecode(now) + offset
        if hmac.compare_digest(totp.generate_otp(step).encode(), given):
            found = step
    return found


def _recovery_code() -> str:
    """80 random bits, in four groups of four."""
    text = b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def _plain(code: str) -> str:
    """A code as it is hashed, however it was typed."""
    return "".join(sign for sign in code.lower() if sign.isalnum())
