"""This process as a client of the embedded Prefect server."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator, Mapping

from senacs.errors import ServiceError

_DRAIN_PATIENCE = 10.0
"""Seconds for logs and events that are still on their way to the server."""


@contextlib.contextmanager
def directed(values: Mapping[str, str]) -> Iterator[None]:
    """Send this process's Prefect to our server for the duration of the block.

    Prefect reads its settings when it is imported. One that is imported inside the block finds
    them in the environment; one that was imported before is told, for this thread and what it
    starts. On the way out the logs and events still on their way are delivered.

    Args:
        values: Environment variables, see `prefect_env.client`.

    Raises:
        ServiceError: the server has stopped answering in the block.
    """
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        with _imported_prefect(values), _server_errors_told():
            try:
                yield
            finally:
                _deliver()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _imported_prefect(values: Mapping[str, str]) -> Iterator[None]:
    if "prefect.settings" not in sys.modules:
        yield
        return
    from prefect.settings import (  # noqa: PLC0415 - it is imported already, or we are not here
        PREFECT_API_AUTH_STRING,
        PREFECT_API_URL,
        PREFECT_CLIENT_MAX_RETRIES,
        PREFECT_CLIENT_RETRY_EXTRA_CODES,
        PREFECT_HOME,
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
        temporary_settings,
    )

    known = (
        PREFECT_API_AUTH_STRING,
        PREFECT_API_URL,
        PREFECT_CLIENT_MAX_RETRIES,
        PREFECT_CLIENT_RETRY_EXTRA_CODES,
        PREFECT_HOME,
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
    )
    with temporary_settings(updates={setting: values[setting.name] for setting in known}):
        yield


@contextlib.contextmanager
def _server_errors_told() -> Iterator[None]:
    """Say in a sentence that the server is gone: what the client raises is a traceback."""
    try:
        yield
    except Exception as error:
        from httpx import HTTPError  # noqa: PLC0415 - Prefect's client, imported if it failed

        if not isinstance(error, HTTPError):
            raise
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise ServiceError(
            f"The Prefect server stopped answering ({said}). What was loaded is whole; run the "
            "command again: it does what is left."
        ) from error


def _deliver() -> None:
    """Wait until what Prefect sends in the background has been sent.

    Otherwise it would find the server gone and complain on the terminal when Python ends.
    """
    loaded = [
        getattr(sys.modules[module], name)
        for module, name in (
            ("prefect.logging.handlers", "APILogWorker"),
            ("prefect.events.worker", "EventsWorker"),
        )
        if module in sys.modules
    ]

    def drain() -> None:
        for sender in loaded:
            sender.drain_all(timeout=_DRAIN_PATIENCE)

    # In a thread of its own it blocks, whether or not an event loop runs in this one.
    thread = threading.Thread(target=drain, daemon=True)
    thread.start()
    thread.join(2 * _DRAIN_PATIENCE)
