"""Exports from a web server, with requests: conditional, retried, capped in size."""

from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from senacs.errors import SourceError
from senacs.settings import settings
from tasks.sources import Delivery, Known

_RETRIED = (408, 425, 429, 500, 502, 503, 504)
_NOT_MODIFIED = 304
_CHUNK = 1 << 16
_CUT_SHORT = requests.exceptions.ChunkedEncodingError


def fetch(address: str, folder: Path, known: Known) -> Delivery:
    """Download `address` into `folder`, unless the server says it has not changed.

    A server that is down, busy or cut short is tried again, as often as the settings say: down
    or busy by urllib3, cut short in the middle of the file here, which urllib3 does not see.

    Raises:
        SourceError: in French, with the address and what went wrong.
    """
    shown = _without_credentials(address)
    name = unquote(PurePosixPath(urlsplit(address).path).name) or "export"
    headers = {"Accept-Encoding": "identity"}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    attempts = settings().http_attempts
    with _session() as session:
        for attempt in range(1, attempts + 1):
            try:
                return _download(session, address, shown, folder / name, headers)
            except _CUT_SHORT as error:
                if attempt == attempts:
                    raise SourceError(_sentence(shown, error)) from error
            except requests.RequestException as error:
                raise SourceError(_sentence(shown, error)) from error
    raise AssertionError("unreachable: the last attempt returns or raises")


def _session() -> requests.Session:
    own = settings()
    retry = Retry(
        total=own.http_attempts - 1,
        status_forcelist=_RETRIED,
        backoff_factor=own.http_backoff,
        allowed_methods=("GET",),
        raise_on_status=False,
        respect_retry_after_header=True,
    )
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=retry))
    session.mount("https://", HTTPAdapter(max_retries=retry))
    return session


def _download(
    session: requests.Session, address: str, shown: str, path: Path, headers: dict[str, str]
) -> Delivery:
    own = settings()
    with session.get(address, headers=headers, stream=True, timeout=own.http_timeout) as response:
        if response.status_code == _NOT_MODIFIED:
            return Delivery(shown, path.name, None)
        if not response.ok:
            raise SourceError(
                f"La source {shown} répond « {response.status_code} {response.reason} » "
                f"(essais : {own.http_attempts}). Rien n'a été modifié ; "
                "vérifiez l'adresse ou relancez plus tard."
            )
        received = 0
        with path.open("wb") as file:
            for chunk in response.iter_content(_CHUNK):
                received += len(chunk)
                if received > own.export_max_bytes:
                    raise SourceError(
                        f"L'export de {shown} dépasse {own.export_max_bytes} octets : "
                        "téléchargement interrompu, rien n'a été modifié."
                    )
                file.write(chunk)
        return Delivery(
            shown,
            path.name,
            path,
            response.headers.get("ETag"),
            response.headers.get("Last-Modified"),
        )


def _without_credentials(address: str) -> str:
    """The address as logs and reports may show it: no user, password or query."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"{host}{port}", parts.path, "", ""))


def _sentence(shown: str, error: Exception) -> str:
    sentences: dict[type[Exception], str] = {
        requests.exceptions.ChunkedEncodingError: "téléchargement interrompu avant la fin",
        requests.exceptions.Timeout: "aucune réponse dans le délai",
        requests.exceptions.ConnectTimeout: "aucune réponse dans le délai",
        requests.exceptions.ReadTimeout: "aucune réponse dans le délai",
        requests.exceptions.SSLError: "certificat refusé",
        requests.exceptions.ConnectionError: "connexion impossible ou interrompue",
    }
    what = sentences.get(type(error), "requête impossible")
    return (
        f"La source {shown} n'a pas livré son export : {what} "
        f"(essais : {settings().http_attempts}). Rien n'a été modifié ; relancez plus tard."
    )
