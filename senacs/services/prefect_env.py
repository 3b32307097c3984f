"""The environment variables that Prefect's server, worker and clients run with."""

import contextlib
import os
import secrets
from collections.abc import Mapping

from senacs.errors import ServiceError
from senacs.services.layout import Layout
from senacs.services.prefect_rest import PrefectRest

_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Without it Prefect starts a server of its own, on SQLite, whenever it does not find ours.
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}


def api_url(port: int) -> str:
    """Where the Prefect server that listens on `port` answers its clients."""
    return f"http://127.0.0.1:{port}/api"


def auth_string(layout: Layout) -> str:
    """`user:password` that our server asks for, made when it is first asked for.

    Loopback is everybody's on this machine: without it another account could start our flows.

    Raises:
        ServiceError: its file cannot be read or written.
    """
    file = layout.prefect_password
    try:
        with contextlib.suppress(FileNotFoundError):
            return file.read_text(encoding="ascii").strip()
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as text:
            text.write(f"senacs:{secrets.token_urlsafe(24)}\n")
        # Of two that make it at once the first wins, and nobody reads half of it.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ServiceError(f"The password of Prefect's API cannot be kept: {error}") from error


def rest(layout: Layout, port: int) -> PrefectRest:
    """Our server's API by plain requests.

    Raises:
        ServiceError: the file of its password cannot be read or written.
    """
    return PrefectRest(api_url(port), auth_string(layout))


def client(layout: Layout, port: int) -> dict[str, str]:
    """What a process needs to talk to our server and to nobody else's.

    Raises:
        ServiceError: the file of its password cannot be read or written.
    """
    return {
        **_QUIET,
        "PREFECT_HOME": str(layout.prefect),
        "PREFECT_API_URL": api_url(port),
        "PREFECT_API_AUTH_STRING": auth_string(layout),
        # The server says 500 while its PostgreSQL starts again after a crash: asked again after
        # 2, 4 and 8 s. Prefect's own five times would keep a run that has lost it for minutes.
        "PREFECT_CLIENT_RETRY_EXTRA_CODES": "500",
        "PREFECT_CLIENT_MAX_RETRIES": "3",
        "SENACS_HOME": str(layout.home),
    }


def service(layout: Layout, own: Mapping[str, str]) -> dict[str, str]:
    """The environment of a service: ours without its PREFECT_* variables, and its own.

    A PREFECT_API_URL or key of Prefect Cloud in the user's shell must not reach our services, and
    what Prefect and the runs leave in their temporary folder must not pile up in the system's.
    """
    layout.temporary.mkdir(mode=0o700, exist_ok=True)
    base = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**base, "TMPDIR": str(layout.temporary), **own}
