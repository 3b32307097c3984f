"""Exports from a web server: conditional, tried again, resumed where they were cut, capped."""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import requests
from pydantic import SecretStr

from senacs.codebook.sources import HttpSource
from senacs.settings import secret, settings
from tasks.sources import DELIVERED, Delivery, Known, file_name, sentence, too_large, undelivered
from tasks.sources.patience import PassingError, patiently, retry_after
from tasks.sources.web import BUSY, Credentials, certificates, configure, interrupted, timeouts

_CHUNK = 1 << 16
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


def fetch(source: HttpSource, folder: Path, known: Known) -> Delivery:
    """Download the source's file into `folder`, unless the server says it has not changed.

    Raises:
        SourceError: in French, with the address and what went wrong.
        ConfigurationError: a secret or the certificates are not there.
    """
    with requests.Session() as session:
        configure(session, source, _credentials(source))
        download = _Download(source, session, folder / DELIVERED, known, certificates(source))
        return patiently(download.attempt)


def _credentials(source: HttpSource) -> Credentials:
    if source.token:
        return Credentials("Bearer", secret(source.token))
    if source.user and source.password:
        pair = f"{source.user}:{secret(source.password).get_secret_value()}"
        return Credentials("Basic", SecretStr(base64.b64encode(pair.encode()).decode()))
    return Credentials()


@dataclass
class _Part:
    """What an earlier try left: the beginning of one version of the file.

    Attributes:
        total: length of the whole.
        validator: what names that version: a strong ETag, or a date.
    """

    received: int
    total: int
    validator: str


@dataclass
class _Download:
    """One file on its way, over as many tries as it takes."""

    source: HttpSource
    session: requests.Session
    path: Path
    known: Known
    verify: bool | str
    part: _Part | None = None

    def attempt(self) -> Delivery:
        """One try, which goes on from where the last one was cut."""
        address = self.source.address
        try:
            with self._response() as response:
                return self._taken(response)
        except requests.exceptions.SSLError:
            raise undelivered(
                address, "certificat refusé", "vérifiez l'adresse et le certificat du serveur"
            ) from None
        except requests.RequestException as error:
            raise interrupted(address, error) from error

    def _response(self) -> requests.Response:
        """The answer, after redirections that stay on the server."""
        url = self.source.url
        for _ in range(_MOST_REDIRECTS + 1):
            response = self.session.get(
                url,
                headers=self._headers(),
                stream=True,
                timeout=timeouts(),
                verify=self.verify,
                allow_redirects=False,
            )
            location = response.headers.get("Location")
            if response.status_code not in _REDIRECTS or location is None:
                return response
            response.close()
            target = urljoin(url, location)
            if not _same_server(url, target):
                raise undelivered(
                    self.source.address,
                    f"le serveur renvoie vers une autre adresse ({_server(target)})",
                    "vérifiez cette adresse avec le fournisseur et, si elle est la bonne, "
                    "déclarez-la",
                )
            url = target
        raise undelivered(
            self.source.address, "le serveur renvoie sans fin d'adresse en adresse", "prévenez-le"
        )

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}
        if self.part:
            headers["Range"] = f"bytes={self.part.received}-"
            headers["If-Range"] = self.part.validator
            return headers
        if self.known.etag:
            headers["If-None-Match"] = self.known.etag
        if self.known.last_modified:
            headers["If-Modified-Since"] = self.known.last_modified
        return headers

    def _taken(self, response: requests.Response) -> Delivery:
        name = file_name(unquote(PurePosixPath(urlsplit(self.source.url).path).name))
        status = response.status_code
        if status == HTTPStatus.NOT_MODIFIED and (self.known.etag or self.known.last_modified):
            return Delivery(name, None)
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and self.part:
            self.part = None
            raise self._cut_short()
        if status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
            raise self._refused(response)
        resumed = status == HTTPStatus.PARTIAL_CONTENT
        if resumed and not self._continues(response):
            self.part = None
            raise self._cut_short()
        self._receive(response, resumed=resumed)
        headers = response.headers
        return Delivery(name, self.path, headers.get("ETag"), headers.get("Last-Modified"))

    def _refused(self, response: requests.Response) -> Exception:
        status = response.status_code
        tries = settings().http_attempts
        reason = "".join(c for c in response.reason or "" if c.isprintable())
        what = f"le serveur répond « {status} {reason} »"
        if status in BUSY:
            after = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
            text = sentence(self.source.address, f"{what} (essais : {tries})")
            return PassingError(text, after)
        advice = "vérifiez l'adresse ou relancez plus tard"
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            named = self.source.token or self.source.password
            secret_named = f"le secret « {named} »" if named else "s'il faut un secret"
            advice = f"vérifiez {secret_named} avec le fournisseur"
        return undelivered(self.source.address, what, advice)

    def _cut_short(self) -> PassingError:
        error = requests.exceptions.ChunkedEncodingError()
        return interrupted(self.source.address, error)

    def _continues(self, response: requests.Response) -> bool:
        """Whether a partial answer is the rest of what was received."""
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        return (
            self.part is not None
            and match is not None
            and (int(match[1]), int(match[2])) == (self.part.received, self.part.total)
        )

    def _receive(self, response: requests.Response, *, resumed: bool) -> None:
        if resumed and self.part:
            received = self.part.received
            total: int | None = self.part.total
        else:
            received, total = 0, _length(response)
        largest = settings().export_max_bytes
        if total is not None and total > largest:
            raise too_large(self.source.address, largest)
        validator = _validator(response)
        with self.path.open("ab" if resumed else "wb") as file:
            file.truncate(received)
            try:
                for chunk in response.iter_content(_CHUNK):
                    received += len(chunk)
                    if received > largest:
                        raise too_large(self.source.address, largest)
                    file.write(chunk)
            finally:
                can_resume = total is not None and validator and 0 < received < total
                self.part = _Part(received, total or 0, validator or "") if can_resume else None
        if total is not None and received != total:
            raise self._cut_short()


def _length(response: requests.Response) -> int | None:
    """How long the whole file is; None if the server does not say it."""
    length = response.headers.get("Content-Length", "")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return None
    return int(length) if length.isdecimal() else None


def _validator(response: requests.Response) -> str | None:
    """What says for sure that a later answer is of the same version; None if nothing does."""
    etag = response.headers.get("ETag")
    if etag:
        return None if etag.startswith("W/") else etag
    modified, sent = response.headers.get("Last-Modified"), response.headers.get("Date")
    try:
        old = modified and sent and parsedate_to_datetime(modified) < parsedate_to_datetime(sent)
    except (TypeError, ValueError):
        return None
    return modified if old else None


def _server(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}"


def _same_server(url: str, target: str) -> bool:
    """Whether a redirection stays on the server; from http to https on it is a step up."""
    old, new = urlsplit(url), urlsplit(target)
    try:
        if old.hostname != new.hostname or "@" in new.netloc:
            return False
        ports = {"http": 80, "https": 443}
        before = (old.scheme, old.port or ports.get(old.scheme))
        after = (new.scheme, new.port or ports.get(new.scheme))
    except ValueError:
        return False
    return before == after or (before, after) == (("http", 80), ("https", 443))
