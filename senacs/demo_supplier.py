"""A small supplier for the demo: a read-only HTTP server of a folder, with conditional answers.

`python -m senacs.demo_supplier --port 8092 demo/supplier` runs it in the foreground; tests and the
demo use `serving`.
"""

import argparse
import hashlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOOPBACK = "127.0.0.1"

CONTENT_TYPES = {".csv": "text/csv"}
"""Without a charset: what encoding a territory's file is in is the reader's to find out."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "senacs-demo-supplier"
    sys_version = ""

    def __init__(self, folder: Path, *args: object, **kwargs: object) -> None:
        # Before super().__init__, which already answers the request.
        self._folder = folder
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: what was fetched is told by whoever fetches."""

    def _answer(self, *, with_body: bool) -> None:
        path = self._file()
        if path is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        try:
            body, modified = path.read_bytes(), path.stat().st_mtime
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        known = self._known(etag)
        self.send_response(HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK)
        self.send_header("ETag", etag)
        self.send_header("Last-Modified", formatdate(modified, usegmt=True))
        if not known:
            content_type = CONTENT_TYPES.get(path.suffix, "application/octet-stream")
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body and not known:
            self.wfile.write(body)

    def _known(self, etag: str) -> bool:
        """Whether the client says that it already has this version."""
        sent = self.headers.get("If-None-Match", "")
        return any(tag.strip().removeprefix("W/") in {etag, "*"} for tag in sent.split(","))

    def _file(self) -> Path | None:
        """The file asked for; None if there is none, or if it lies outside the folder."""
        asked = unquote(urlsplit(self.path).path).lstrip("/")
        try:
            path = (self._folder / asked).resolve()
            inside = path.is_relative_to(self._folder) and path.is_file()
        except (OSError, ValueError):  # a name that no file system takes
            return None
        return path if inside else None


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is its own business; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _server(folder: Path, port: int) -> _Server:
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    return _Server((LOOPBACK, port), partial(_Handler, folder.resolve()))


def _url(server: _Server) -> str:
    return f"http://{LOOPBACK}:{server.server_port}"


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve the folder on the loopback interface until the block ends.

    Args:
        folder: what to serve; files changed meanwhile are served as they are.
        port: 0 takes a free one.

    Yields:
        The base URL, without a final slash.
    """
    with _server(folder, port) as server:
        thread = threading.Thread(
            target=partial(server.serve_forever, poll_interval=0.05), daemon=True
        )
        thread.start()
        try:
            yield _url(server)
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    """Serve a folder in the foreground until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m senacs.demo_supplier", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--port", type=int, default=0, metavar="N")
    options = parser.parse_args()
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is not a folder")
    with _server(options.folder, options.port) as server:
        sys.stdout.write(f"{_url(server)}\n")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
