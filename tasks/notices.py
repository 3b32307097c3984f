"""The outbox: what is told to people is posted with its cause, and delivered later.

A message is posted in the transaction that records why, so that neither is without the other. It is
delivered at least once: each attempt is noted before it is made, and a process that dies during one
leaves it without an outcome.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.errors import ConfigurationError
from senacs.notices.kinds import notice_kind
from senacs.notices.model import Notice
from senacs.notices.patience import next_try
from senacs.notices.subscription import Channel
from senacs.notices.wording import Message, mail_of, payload_of
from senacs.settings import Settings, settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks.channels import RefusedError, UndeliveredError, UnreachableError, mail, webhook


def post(connection: Connection, notices: Iterable[Notice]) -> int:
    """Put notices into the outbox in the caller's transaction; how many were new.

    Each goes to whoever is subscribed at that moment. One that was posted before, by whomever, is
    not told again.

    Raises:
        ConfigurationError: its kind is not declared.
    """
    new = 0
    for notice in notices:
        audiences = [str(audience) for audience in notice_kind(notice.kind).audiences]
        for row in fetch(connection, "notice/insert_message", **vars(notice)):
            new += 1
            execute(connection, "notice/address_message", **row, audiences=audiences)
    return new


@task(name="deliver-notices", cache_policy=NO_CACHE)
def deliver(now: datetime) -> int:
    """Send what waits and is due, oldest first; how many messages were delivered.

    One bad address stops no other. While another process delivers, this one does nothing.

    Raises:
        ConfigurationError: mail waits and the settings name no server; the rest was delivered.
    """
    with _delivering() as alone, ExitStack() as channels:
        if not alone:
            return 0
        with warehouse().connect() as connection:
            waiting = fetch(connection, "notice/due", now=now)
        ways = _Ways(settings(), channels, now)
        delivered = sum(_attempted(row, ways, now) for row in waiting if not ways.closed(row))
    if isinstance(ways.mail_closed, ConfigurationError):
        raise ways.mail_closed
    return delivered


@dataclass(frozen=True)
class Posted:
    """A message and what became of it.

    Attributes:
        delivered, waiting, given_up: of how many subscriptions.
        reason: what the last attempt that failed was told; empty if none did.
    """

    message_no: int
    kind: str
    collection: str | None
    data_year: int | None
    territory: str | None
    subject: str
    posted_at: datetime
    delivered: int
    waiting: int
    given_up: int
    reason: str


def messages(most: int) -> list[Posted]:
    """The newest messages, as many as `most`."""
    with warehouse().connect() as connection:
        return [Posted(**row) for row in fetch(connection, "notice/messages", most=most)]


@contextmanager
def _delivering() -> Iterator[bool]:
    """Whether this process is the one that delivers; PostgreSQL gives a dead one's lock back."""
    with warehouse().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        locked = bool(fetch(connection, "notice/try_lock")[0]["locked"])
        try:
            yield locked
        finally:
            if locked:
                execute(connection, "notice/unlock")


class _Ways:
    """The channels of one round: a mail server that does not answer is not asked again."""

    def __init__(self, own: Settings, channels: ExitStack, now: datetime) -> None:
        self._settings, self._channels, self._now = own, channels, now
        self._mail: mail.MailChannel | None = None
        self.mail_closed: Exception | None = None

    def closed(self, row: Mapping[str, Any]) -> bool:
        """Whether nothing goes this way in this round; what would have waits, untried."""
        if row["channel"] == Channel.MAIL and self._mail is None and self.mail_closed is None:
            try:
                self._mail = self._channels.enter_context(mail.mail(self._settings))
            except ConfigurationError as error:
                self.mail_closed = error
        return row["channel"] == Channel.MAIL and self.mail_closed is not None

    def send(self, row: Mapping[str, Any], message: Message) -> None:
        """Deliver a message to a subscription.

        Raises:
            UndeliveredError: it was not delivered.
        """
        if row["channel"] == Channel.MAIL:
            try:
                self._send_mail(row, message)
            except UnreachableError as error:
                self.mail_closed = error
                raise
            return
        webhook.send(
            row["address"],
            row["secret"],
            payload_of(message),
            number=str(message.number),
            now=self._now,
            settings=self._settings,
        )

    def _send_mail(self, row: Mapping[str, Any], message: Message) -> None:
        if self._mail is None or self._settings.mail_from is None:
            raise AssertionError("a channel is looked at before it is used")
        self._mail.send(
            mail_of(
                message,
                row["subscription_no"],
                row["address"],
                self._settings.mail_from,
                portal_url=self._settings.portal_url,
                now=self._now,
            )
        )


def _attempted(row: Mapping[str, Any], ways: _Ways, now: datetime) -> bool:
    """Try one delivery and note how it ended; whether it was delivered."""
    place = {name: row[name] for name in ("message_no", "subscription_no")}
    with warehouse().begin() as connection:
        number = fetch(connection, "notice/begin_attempt", **place, now=now)[0]["attempt_no"]
    outcome, reason, due = "delivered", "", None
    try:
        ways.send(row, _message(row))
    except RefusedError as error:
        outcome, reason = "refused", str(error)
    except UndeliveredError as error:
        outcome, reason, due = "failed", str(error), next_try(row["tries"] + 1, now)
    except Exception as error:  # whatever it is, the other addresses are told
        outcome, reason = "failed", type(error).__name__
        due = next_try(row["tries"] + 1, now)
    state = "waiting" if due else "delivered" if outcome == "delivered" else "given up"
    with warehouse().begin() as connection:
        execute(
            connection,
            "notice/end_attempt",
            **place,
            attempt_no=number,
            outcome=outcome,
            reason=reason,
            state=state,
            due_at=due,
        )
    return outcome == "delivered"


def _message(row: Mapping[str, Any]) -> Message:
    names = ("kind", "collection", "collection_label", "simulated", "data_year", "territory",
             "subject", "body", "next_step", "posted_at")  # fmt: skip
    return Message(number=row["message_no"], **{name: row[name] for name in names})
