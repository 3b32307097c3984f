"""How a message reads: a mail in French, next step first, and the JSON of a webhook."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import cache

from jinja2 import Environment

from senacs import french
from senacs.accounts import INVITATION
from senacs.errors import ConfigurationError
from senacs.notices.kinds import notice_kind
from senacs.templates import environment


@dataclass(frozen=True)
class Message:
    """A message as posted.

    Attributes:
        number: of the message.
        collection_label: of its collection; None where it is about none.
        simulated: whether the collection's data is simulated, which is then said.
    """

    number: int
    kind: str
    collection: str | None
    collection_label: str | None
    simulated: bool
    data_year: int | None
    territory: str | None
    subject: str
    body: str
    next_step: str
    posted_at: datetime

    @property
    def about(self) -> str:
        """Collection, territory and year, as far as it is about one."""
        parts = [
            self.collection_label or self.collection or "",
            f"territoire {self.territory}" if self.territory else "",
            f"données {self.data_year}" if self.data_year else "",
        ]
        return ", ".join(part for part in parts if part)


def mail_of(
    message: Message,
    subscription: int,
    to: str,
    sender: str,
    *,
    portal_url: str | None,
    now: datetime,
) -> EmailMessage:
    """The mail to one address, as text and as HTML.

    A mail that is sent twice has one identifier, by which mail programs show it once.
    """
    made = EmailMessage()
    marked = "[Essai] " if message.simulated else ""
    made["From"] = Address("Senacs", addr_spec=sender)
    made["To"] = Address(addr_spec=to)
    made["Subject"] = f"{marked}[Senacs] {french.typography(message.subject)}"
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<notice-{message.number}-{subscription}@{sender.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    shown: dict[str, object] = {
        "message": message,
        "label": notice_kind(message.kind).label,
        "paragraphs": [part.strip() for part in message.body.split("\n\n") if part.strip()],
        "portal_url": portal_url,
    }
    made.set_content(_rendered("mail.txt.j2", shown))
    made.add_alternative(_rendered("mail.html.j2", shown), subtype="html")
    return made


def invitation_mail(to: str, link: str, sender: str, *, now: datetime) -> EmailMessage:
    """The mail with the link by which a person chooses a password."""
    made = EmailMessage()
    made["From"] = Address("Senacs", addr_spec=sender)
    made["To"] = Address(addr_spec=to)
    made["Subject"] = french.typography("[Senacs] Choisissez votre mot de passe")
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(_rendered("invitation.txt.j2", {"link": link, "days": INVITATION.days}))
    return made


def payload_of(message: Message) -> bytes:
    """The body of a webhook's request: JSON in UTF-8."""
    names = ("number", "kind", "collection", "data_year", "territory", "simulated", "subject",
             "next_step", "body")  # fmt: skip
    content: Mapping[str, object] = {
        **{name: getattr(message, name) for name in names},
        "posted_at": message.posted_at.isoformat(),
    }
    return json.dumps(content, ensure_ascii=False).encode()


def checked_address(address: str) -> str:
    """An address that mail can be sent to.

    Raises:
        ConfigurationError: it is none.
    """
    try:
        found = Address(addr_spec=address)
    except Exception as error:  # the parser raises whatever it comes upon
        raise ConfigurationError(f"{address!r} is no address of mail") from error
    if not (found.username and found.domain and address.isascii() and address.isprintable()):
        raise ConfigurationError(f"{address!r} is no address of mail")
    return address


def _rendered(template: str, shown: Mapping[str, object]) -> str:
    return _environment(html=template.endswith(".html.j2")).get_template(template).render(**shown)


@cache
def _environment(*, html: bool) -> Environment:
    made = environment("senacs.notices")
    made.autoescape = html
    made.filters["fr"] = french.typography
    return made
