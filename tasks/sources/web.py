"""Sessions with web servers, as every source that speaks HTTP opens them."""

from typing import cast

import requests
from pydantic import SecretStr
from requests import PreparedRequest
from requests.auth import AuthBase

from senacs.codebook.sources import HttpSource, LimeSurveySource, is_loopback
from senacs.errors import ConfigurationError
from senacs.settings import settings
from tasks.sources import sentence
from tasks.sources.patience import PassingError

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that a later try may not meet."""

_WHAT: tuple[tuple[type[Exception], str], ...] = (
    (requests.exceptions.ChunkedEncodingError, "téléchargement interrompu avant la fin"),
    (requests.exceptions.ContentDecodingError, "contenu compressé illisible"),
    (requests.exceptions.Timeout, "aucune réponse dans le délai"),
    (requests.exceptions.SSLError, "certificat refusé"),
    (requests.exceptions.ProxyError, "le proxy ne laisse pas passer"),
    (requests.exceptions.ConnectionError, "connexion impossible ou interrompue"),
)


class Credentials(AuthBase):
    """What a request shows to be let in; by default, nothing.

    Always set, so that requests does not look for a password in the user's `.netrc`.
    """

    def __init__(self, scheme: str = "", value: SecretStr | None = None) -> None:
        self._scheme = scheme
        self._value = value

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add them to a request."""
        if self._value is not None:
            shown = f"{self._scheme} {self._value.get_secret_value()}"
            # Bytes, or characters beyond ASCII would end up in an error message.
            request.headers["Authorization"] = cast("str", shown.encode())
        return request


def configure(
    session: requests.Session, source: HttpSource | LimeSurveySource, credentials: Credentials
) -> None:
    """Set what every session needs; no proxy stands between us and this machine."""
    session.trust_env = not is_loopback(source.url)
    session.auth = credentials


def certificates(source: HttpSource | LimeSurveySource) -> bool | str:
    """What to verify the server's certificate with: a file, or True for the public ones.

    Raises:
        ConfigurationError: the declared file is not there.
    """
    if source.ca_file is None:
        return True
    path = settings().codebook / source.ca_file
    if not path.is_file():
        raise ConfigurationError(f"the ca_file of {source.address} is not there: {path}")
    return str(path)


def timeouts() -> tuple[float, float]:
    """Seconds to connect, and seconds without a byte."""
    own = settings()
    return own.http_connect_timeout, own.http_timeout


def interrupted(address: str, error: requests.RequestException) -> PassingError:
    """The error of an exchange that failed on the way, which a further try may mend."""
    what = next((text for kind, text in _WHAT if isinstance(error, kind)), "requête impossible")
    return PassingError(sentence(address, f"{what} (essais : {settings().http_attempts})"))
