"""Mail by SMTP: one connection for all that is to be sent, encrypted unless it stays here."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from senacs.codebook.sources import LOOPBACK_HOSTS
from senacs.errors import ConfigurationError
from senacs.settings import Settings, secret
from tasks.channels import RefusedError, UndeliveredError, UnreachableError

SECRET = "smtp"  # noqa: S105 - its name
"""The password is in SENACS_SECRET_SMTP, or in the file that SENACS_SECRET_SMTP_FILE names."""
_PERMANENT = 500


class MailChannel:
    """The mail server of the settings; it is asked for with the first mail."""

    def __init__(self, settings: Settings) -> None:
        """Remember where it is.

        Raises:
            ConfigurationError: there is none, or it would get a password or mail in the clear.
        """
        if not settings.smtp_host or not settings.mail_from:
            raise ConfigurationError(
                "mail cannot be sent: set SENACS_SMTP_HOST and SENACS_MAIL_FROM"
            )
        if settings.smtp_security == "none" and settings.smtp_host not in LOOPBACK_HOSTS:
            raise ConfigurationError(
                f"mail would go to {settings.smtp_host} in the clear: set SENACS_SMTP_SECURITY to "
                "starttls or tls"
            )
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand one mail to the server.

        Raises:
            RefusedError: its address is refused.
            UnreachableError: the server does not answer, or lets us send nothing.
            UndeliveredError: another try may do.
        """
        server = self._connected()
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, said),) = error.recipients.values()
            raise _refused(code, said) from error
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise RefusedError(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise UnreachableError(_said(error)) from error

    def close(self) -> None:
        """Take leave of the server."""
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._server.close()
            self._server = None

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = self._connect()
            except (smtplib.SMTPException, OSError) as error:
                raise UnreachableError(_said(error)) from error
        return self._server

    def _connect(self) -> smtplib.SMTP:
        own = self._settings
        host, seconds = own.smtp_host or "", own.http_connect_timeout
        trusted = ssl.create_default_context(cafile=own.smtp_ca_file)
        server = (
            smtplib.SMTP_SSL(host, own.smtp_port, timeout=seconds, context=trusted)
            if own.smtp_security == "tls"
            else smtplib.SMTP(host, own.smtp_port, timeout=seconds)
        )
        try:
            if own.smtp_security == "starttls":
                server.starttls(context=trusted)
            if own.smtp_user:
                server.login(own.smtp_user, secret(SECRET).get_secret_value())
        except BaseException:
            server.close()
            raise
        return server


@contextmanager
def mail(settings: Settings) -> Iterator[MailChannel]:
    """The mail server of the settings, left at the end of the block.

    Raises:
        ConfigurationError: there is none, or it would get mail in the clear.
    """
    channel = MailChannel(settings)
    try:
        yield channel
    finally:
        channel.close()


def _refused(code: int, said: bytes | str) -> UndeliveredError:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return (RefusedError if code >= _PERMANENT else UndeliveredError)(f"{code} {text}")


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
