"""A real mail server that keeps what it gets, asks for a login, and refuses whom it is told to."""

# ruff: noqa: ARG002, N802 - the names and arguments are aiosmtpd's

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "senacs", "un mot de passe"


@dataclass
class MailServer:
    """What it got, and how it answers.

    Attributes:
        says: by address, the answer to a recipient in place of taking it; `hang up` gives none.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append(address)
        said = self.says.get(address, "")
        if said == "hang up":
            server.transport.abort()
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        made = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.mails.append(made)
        self.encrypted.append(session.ssl is not None)
        return "250 OK"


@contextlib.contextmanager
def mail_server(certificate: Path | None = None) -> Iterator[MailServer]:
    """A server on the loopback interface until the block ends.

    Args:
        certificate: it asks for encryption and a login then.
    """
    kept = MailServer()
    secured: dict[str, object] = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

        def known(*args: object) -> AuthResult:
            data = args[-1]
            success = (data.login, data.password) == (USER.encode(), PASSWORD.encode())  # type: ignore[attr-defined]
            return AuthResult(success=success, handled=False)

        secured = {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": known,
            "auth_required": True,
        }
    with socket.create_server(("127.0.0.1", 0)) as found:
        kept.port = found.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **secured)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
