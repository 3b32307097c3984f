"""Links that let a person choose a password: for a new account, or where one was forgotten.

The link is shown to who made it, and may be mailed. It is not put into the outbox of notices: what
is posted there is kept, and a link that is kept opens the account to whoever reads it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from senacs.accounts import INVITATION, checked_email, checked_password
from senacs.errors import AccountError, ConfigurationError
from senacs.notices.wording import invitation_mail
from senacs.settings import settings
from senacs.warehouse.statements import execute, fetch
from tasks.channels import UndeliveredError
from tasks.channels.mail import mail
from tasks.gate import gate, hash_of, new_value, note, number_of
from tasks.passwords import hashed

_ENDED = "Ce lien a déjà servi, ou n’est plus valable : demandez-en un autre à l’équipe nationale."


def invite(email: str, author: str, now: datetime) -> str:
    """The value of a new link for an account; the one before opens nothing any more.

    The password of today works until another one is chosen.

    Raises:
        AccountError: no such account, or it is shut out.
    """
    address = checked_email(email)
    with gate() as connection:
        number = number_of(connection, address)
        if not fetch(connection, "portal/account", email=address)[0]["active"]:
            raise AccountError(f"le compte {address} est fermé")
        return invited(connection, number, author, now)


def invited(connection: Connection, number: int, author: str, now: datetime) -> str:
    """The value of a new link for an account, in the caller's transaction."""
    value = new_value()
    execute(
        connection,
        "portal/insert_invitation",
        key_hash=hash_of(value),
        account_no=number,
        now=now,
        author=author,
        ends_at=now + INVITATION,
    )
    note(connection, "invited", number, author)
    return value


def invitation(value: str, now: datetime) -> Mapping[str, Any]:
    """Whom a link is for: `account_no`, `email`, `name`.

    Raises:
        AccountError: it was used, replaced, or has ended.
    """
    with gate() as connection:
        found = fetch(connection, "portal/invitation", key_hash=hash_of(value), now=now)
    if not found:
        raise AccountError(_ENDED)
    return found[0]


def accept(value: str, password: str, now: datetime) -> None:
    """Let the person whom a link is for choose a password. The link is used by that.

    Raises:
        AccountError: the link opens nothing, or the password is none we take: the link stays then.
    """
    whose = invitation(value, now)
    verifier = hashed(checked_password(password, whose["email"]))
    with gate() as connection:
        if not fetch(connection, "portal/delete_invitation", key_hash=hash_of(value)):
            raise AccountError(_ENDED)
        execute(
            connection,
            "portal/set_verifier",
            account_no=whose["account_no"],
            verifier=verifier,
        )
        note(connection, "password set", whose["account_no"], whose["email"])


def mail_link(email: str, link: str, now: datetime) -> None:
    """Send a link to the person whom it is for, at once; it is kept nowhere.

    Raises:
        AccountError: it could not be sent, with the reason.
    """
    own = settings()
    try:
        with mail(own) as channel:
            channel.send(invitation_mail(email, link, str(own.mail_from), now=now))
    except ConfigurationError as error:
        raise AccountError("le courriel n’est pas réglé ici : transmettez le lien") from error
    except UndeliveredError as error:
        raise AccountError(
            f"le courriel n’est pas parti ({error}) : transmettez le lien"
        ) from error
