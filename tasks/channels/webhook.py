"""Webhooks: a signed request to an address of another system, and to no other place.

Who may subscribe may not thereby reach what only this machine reaches: the name is resolved here,
an address that is not public is refused, and the connection goes to the address that was looked at.
"""

import hashlib
import hmac
import ipaddress
import socket
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NameResolutionError
from urllib3.util.connection import create_connection

from senacs.codebook.sources import is_loopback
from senacs.errors import ConfigurationError
from senacs.settings import Settings, secret
from tasks.channels import RefusedError, UndeliveredError
from tasks.sources.web import BUSY

TIMESTAMP, SIGNATURE, MESSAGE = "X-Senacs-Timestamp", "X-Senacs-Signature", "X-Senacs-Message"
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))
"""Addresses that hold one of the old kind, which a router on the way may go to."""


def checked_url(url: str) -> str:
    """An address that a webhook may have.

    Raises:
        ConfigurationError: neither https nor this machine, or with a password in it.
    """
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ConfigurationError("the URL of a webhook holds no password: requests are signed")
    if not parts.hostname or not (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))
    ):
        raise ConfigurationError(f"{url} is no https:// URL: a webhook beyond this machine has one")
    return url


def send(
    url: str, secret_name: str, body: bytes, *, number: str, now: datetime, settings: Settings
) -> None:
    """Deliver one message, signed with the secret of that name.

    Args:
        url: of the webhook.
        secret_name: as the subscription names it.
        body: JSON.
        number: what the other side knows a message by that comes twice.
        now: goes into the signature, so that an old request cannot be sent again.
        settings: timeouts, and whether private addresses may be reached.

    Raises:
        RefusedError: the other side refuses it for good, or the address is not to be reached.
        UndeliveredError: another try may do.
    """
    moment = str(int(now.timestamp()))
    try:
        signature = signed(secret(secret_name).get_secret_value(), moment, body)
    except ConfigurationError as error:
        raise UndeliveredError(str(error)) from error
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        TIMESTAMP: moment,
        SIGNATURE: signature,
        MESSAGE: number,
    }
    with requests.Session() as session:
        # No proxy and no `.netrc`: the address that is looked at is the one that is reached.
        session.trust_env = False
        if not (settings.webhook_private or is_loopback(url)):
            session.mount("https://", _PublicOnly())
        try:
            with session.post(
                url,
                data=body,
                headers=headers,
                timeout=(settings.http_connect_timeout, settings.http_timeout),
                allow_redirects=False,
                stream=True,  # whatever it answers, we read none of it
            ) as response:
                status = response.status_code
        except requests.RequestException as error:
            raise UndeliveredError(type(error).__name__) from error
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    said = f"HTTP {status}"
    if status in BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise UndeliveredError(said)
    raise RefusedError(said)


def signed(key: str, moment: str, body: bytes) -> str:
    """The signature of a request: HMAC-SHA256 of moment, a full stop and body."""
    digest = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def is_public(address: str) -> bool:
    """Whether an address is one of the public network."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found.teredo or any(found in network for network in _TRANSLATED):
            return False
    return found.is_global and not found.is_multicast


class _PublicConnection(HTTPSConnection):
    """Looks at the addresses of a name, and goes to the first; its certificate is the name's."""

    def _new_conn(self) -> socket.socket:
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            why = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, why) from error
        places = [str(one[4][0]) for one in found]
        if not all(map(is_public, places)):
            raise RefusedError(
                f"{self.host} leads to an address that is not public; if it is meant, set "
                "SENACS_WEBHOOK_PRIVATE"
            )
        # The name is not asked again: it may lead elsewhere a moment later.
        return create_connection(
            (places[0], self.port or 443), self.timeout, socket_options=self.socket_options
        )


class _PublicPool(HTTPSConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicOnly(HTTPAdapter):
    """Connections to public addresses, by https, and no others."""

    def init_poolmanager(self, *args: Any, **given: Any) -> None:  # noqa: ANN401 - requests' own
        """Make pools of our connections."""
        super().init_poolmanager(*args, **given)
        self.poolmanager.pool_classes_by_scheme = {"https": _PublicPool}
