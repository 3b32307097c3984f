"""A double of LimeSurvey's RemoteControl 2: JSON-RPC, with its sessions and its errors."""

import base64
import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/index.php/admin/remotecontrol"


@dataclass
class LimeSurvey:
    """One LimeSurvey and its surveys.

    Attributes:
        surveys: content of each survey's export, semicolon-separated; None: not activated.
        forbidden: surveys that the user may not export.
        raw: answers to give first in place of the protocol's, each a status and a body.
        fail_on: methods that answer HTTP 500.
    """

    surveys: dict[int, bytes | None]
    user: str = "caf92"
    password: str = "motdepasse"
    forbidden: set[int] = field(default_factory=set)
    raw: list[tuple[int, bytes]] = field(default_factory=list)
    fail_on: set[str] = field(default_factory=set)
    result: object = None
    sessions: set[str] = field(default_factory=set)
    opened: int = 0
    calls: list[tuple[str, list]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"

    def call(self, method: str, params: list) -> object:
        self.calls.append((method, params))
        if method == "get_session_key":
            if params[:2] != [self.user, self.password]:
                return {"status": "Invalid user name or password"}
            self.opened += 1
            key = f"session{self.opened}"
            self.sessions.add(key)
            return key
        key, *rest = params
        if method == "release_session_key":
            self.sessions.discard(key)
            return "OK"
        if key not in self.sessions:
            return {"status": "Invalid session key"}
        if method == "export_responses":
            return self._export(*rest)
        raise LookupError(method)

    def _export(self, survey: int, *asked: object) -> object:
        """Its further arguments: kind, language, completion, heading, answers, …, options."""
        if self.result is not None:
            return self.result
        if survey not in self.surveys:
            return {"status": "Invalid survey ID"}
        if survey in self.forbidden:
            return {"status": "No permission"}
        kind, language, completion, heading, answers, _first, _last, _fields, options = asked
        if language not in {None, "fr"}:
            return {"status": "Language code not found for this survey."}
        content = self.surveys[survey]
        if content is None:
            return {"status": "No Data, survey table does not exist."}
        wanted = (kind, completion, heading, answers, options["csvFieldSeparator"])
        if wanted != ("csv", "complete", "code", "short", ";"):
            raise LookupError(wanted)
        return base64.b64encode(content).decode()


@contextlib.contextmanager
def serving_limesurvey(state: LimeSurvey) -> Iterator[LimeSurvey]:
    """Serve it on the loopback interface until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if state.raw:
                self._say(*state.raw.pop(0))
                return
            if asked["method"] in state.fail_on:
                self._say(500, b"<h1>Internal Server Error</h1>")
                return
            result = state.call(asked["method"], asked["params"])
            answer = {"id": asked["id"], "result": result, "error": None}
            self._say(200, json.dumps(answer).encode())

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
