"""Responses to a LimeSurvey survey, over its RemoteControl 2 interface."""

import binascii
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import citric
import requests
from citric.exceptions import LimeSurveyError, LimeSurveyStatusError, ResponseMismatchError

from senacs.codebook.sources import LimeSurveySource
from senacs.errors import SourceError
from senacs.settings import secret, settings
from tasks.sources import DELIVERED, Delivery, Known, sentence, too_large, undelivered
from tasks.sources.patience import PassingError, patiently
from tasks.sources.web import BUSY, Credentials, certificates, configure, interrupted, timeouts

_CHUNK = 1 << 16
_ENVELOPE = 1 << 16
_STATUSES: tuple[tuple[str, str, str], ...] = (
    (
        "Invalid user name or password",
        "identifiants refusés",
        "vérifiez l'utilisateur et son secret",
    ),
    (
        "You have exceeded the number of maximum access attempts",
        "trop d'essais de connexion refusés",
        "attendez dix minutes, vérifiez l'utilisateur et son secret",
    ),
    (
        "No permission",
        "l'utilisateur n'a pas le droit d'exporter les réponses",
        "demandez ce droit à l'administrateur de l'enquête",
    ),
    (
        "Invalid survey ID",
        "cette enquête n'existe pas",
        "vérifiez le numéro déclaré",
    ),
    (
        "No Data",
        "l'enquête n'a pas encore de réponse",
        "relancez quand elle est ouverte et que des réponses sont arrivées",
    ),
    (
        "Language code not found",
        "l'enquête n'existe pas dans la langue déclarée",
        "vérifiez `language`",
    ),
)
_logger = logging.getLogger(__name__)


def fetch(source: LimeSurveySource, folder: Path, known: Known) -> Delivery:
    """Export the responses as CSV into `folder`, with codes for questions and for answers.

    The interface knows no conditional request: the content's hash says whether it has changed.

    Raises:
        SourceError: in French; the server refuses, or answers something else than an export.
        ConfigurationError: a secret or the certificates are not there.
    """
    content = patiently(lambda: _exported(source))
    name = f"limesurvey_{source.survey}.csv"
    mark = hashlib.sha256(content).hexdigest()
    if mark == known.etag:
        return Delivery(name, None)
    if len(content) > settings().export_max_bytes:
        raise too_large(source.address, settings().export_max_bytes)
    path = folder / DELIVERED
    path.write_bytes(content)
    return Delivery(name, path, mark)


class _Session(requests.Session):
    """One session of HTTP: with timeouts, without redirections, and no endless answer."""

    def __init__(self, source: LimeSurveySource) -> None:
        super().__init__()
        configure(self, source, Credentials())
        self._source = source
        self._certificates = certificates(source)
        # Base64 takes four bytes for three.
        self._largest = settings().export_max_bytes * 4 // 3 + _ENVELOPE

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - as they come
        kwargs |= {
            "timeout": timeouts(),
            "verify": self._certificates,
            "allow_redirects": False,
            "stream": True,
        }
        response = super().request(*args, **kwargs)
        with response:
            if response.is_redirect:
                raise undelivered(
                    self._source.address,
                    "le serveur renvoie vers une autre adresse",
                    "déclarez l'adresse exacte de l'interface",
                )
            content = bytearray()
            for chunk in response.iter_content(_CHUNK):
                content += chunk
                if len(content) > self._largest:
                    raise too_large(self._source.address, settings().export_max_bytes)
            response._content = bytes(content)  # what `response.text` reads
        return response


def _exported(source: LimeSurveySource) -> bytes:
    address = source.address
    try:
        with _Session(source) as session, _client(source, session) as client:
            return client.export_responses(
                source.survey,
                file_format="csv",
                language=source.language,
                completion_status=source.completion,
                heading_type="code",
                response_type="short",
                additional_options={"csvFieldSeparator": ";"},
            )
    except LimeSurveyStatusError as error:
        raise _refused(source, str(error)) from error
    except requests.HTTPError as error:
        raise _bad_status(source, error.response) from error
    except (requests.exceptions.JSONDecodeError, LimeSurveyError, ResponseMismatchError) as error:
        raise undelivered(
            address,
            "la réponse n'est pas celle de l'interface RemoteControl 2",
            "vérifiez l'adresse, et que l'interface JSON-RPC est activée dans LimeSurvey",
        ) from error
    except requests.exceptions.SSLError:
        raise undelivered(
            address, "certificat refusé", "vérifiez l'adresse et le certificat du serveur"
        ) from None
    except requests.RequestException as error:
        raise interrupted(address, error) from error
    except (binascii.Error, AttributeError, KeyError, TypeError, ValueError) as error:
        raise undelivered(
            address, "l'export reçu est illisible", "signalez-le à l'administrateur de l'enquête"
        ) from error


@contextmanager
def _client(source: LimeSurveySource, session: requests.Session) -> Iterator[citric.Client]:
    """A client whose session is released whatever happens, and whose release spoils nothing."""
    password = secret(source.password).get_secret_value()
    client = citric.Client(source.url, source.user, password, requests_session=session)
    try:
        yield client
    finally:
        try:
            client.close()
        except Exception as error:  # the server forgets the session by itself
            _logger.warning(
                "LimeSurvey session not released: %s (%s)", source.address, type(error).__name__
            )


def _refused(source: LimeSurveySource, status: str) -> SourceError:
    for beginning, what, advice in _STATUSES:
        if status.startswith(beginning):
            return undelivered(source.address, what, advice)
    return undelivered(
        source.address, f"LimeSurvey répond « {status} »", "demandez à son administrateur"
    )


def _bad_status(source: LimeSurveySource, response: requests.Response) -> SourceError:
    what = f"le serveur répond « {response.status_code} »"
    if response.status_code in BUSY:
        tries = settings().http_attempts
        return PassingError(sentence(source.address, f"{what} (essais : {tries})"))
    return undelivered(source.address, what, "vérifiez l'adresse déclarée")
