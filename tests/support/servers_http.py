"""A real web server of one export that can be cut, busy, moved, closed to strangers, or changed."""

import contextlib
import hashlib
import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PATH = "/exports/centres%20sociaux.csv"
MODIFIED = "Mon, 06 May 2013 10:00:00 GMT"


@dataclass
class ExportServer:
    """What the server has and how it behaves; tests change it between requests.

    Attributes:
        busy: answers to give first, each a status and its headers.
        cuts: after how many bytes to hang up, one for each of the first answers with a body.
        then: contents that replace the current one after each answer with a body.
        lengthless: send no Content-Length, in chunks.
        ranges: honour Range; `shifted` answers with the wrong part, `parts` with less than asked:
            at most that many bytes in each of the first such answers.
        asks: the Authorization header it wants.
        moved: redirections, path to address.
    """

    content: bytes
    etag: str | None = '"v1"'
    modified: str | None = MODIFIED
    busy: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    then: list[tuple[bytes, str]] = field(default_factory=list)
    lengthless: bool = False
    ranges: bool = True
    shifted: int = 0
    parts: list[int] = field(default_factory=list)
    asks: str | None = None
    moved: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{PATH}"

    def sent(self, name: str) -> list[str | None]:
        """What each request said in that header."""
        return [headers.get(name) for _, headers in self.requests]


def _handler(state: ExportServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.requests.append((self.path, dict(self.headers)))
            if state.asks and self.headers.get("Authorization") != state.asks:
                self._say(401, {"WWW-Authenticate": "Basic"})
            elif state.busy:
                self._say(*state.busy.pop(0))
            elif self.path in state.moved:
                self._say(302, {"Location": state.moved[self.path]})
            elif self._known():
                self._say(304, {})
            else:
                self._send()

        def _say(self, status: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", "0")
            self.end_headers()

        def _known(self) -> bool:
            if self.headers.get("Range"):
                return False
            if self.headers.get("If-None-Match"):
                return self.headers["If-None-Match"] == state.etag
            return bool(state.modified) and self.headers.get("If-Modified-Since") == state.modified

        def _send(self) -> None:
            body, start, end = state.content, 0, len(state.content)
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            if (
                asked
                and state.ranges
                and self.headers.get("If-Range")
                in {
                    state.etag,
                    state.modified,
                }
            ):
                start = int(asked[1]) + state.shifted
                end = min(end, start + state.parts.pop(0)) if state.parts else end
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(body)}")
            else:
                self.send_response(200)
            if state.etag:
                self.send_header("ETag", state.etag)
            if state.modified:
                self.send_header("Last-Modified", state.modified)
            part = body[start:end]
            cut = state.cuts.pop(0) if state.cuts else None
            if state.lengthless:
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                shown = part[:cut]
                self.wfile.write(f"{len(shown):x}\r\n".encode() + shown + b"\r\n")
                self.wfile.write(b"0\r\n\r\n" if cut is None else b"")
            else:
                self.send_header("Content-Length", str(len(part)))
                self.end_headers()
                self.wfile.write(part[:cut])
            self.close_connection = cut is not None
            if state.then:
                state.content, state.etag = state.then.pop(0)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    return Handler


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *args: object) -> None:
        """A client that hangs up or refuses our certificate is part of the tests."""


@contextlib.contextmanager
def serving_export(state: ExportServer, certificate: Path | None = None) -> Iterator[ExportServer]:
    """Serve it on the loopback interface until the block ends; over TLS with a certificate."""
    with _Quiet(("127.0.0.1", 0), _handler(state)) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            state.scheme = "https"
        state.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def strong(content: bytes) -> str:
    """A strong ETag of that content."""
    return f'"{hashlib.sha256(content).hexdigest()[:12]}"'
