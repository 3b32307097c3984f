"""The services together: what a command calls to have a database, Prefect, or both.

Commands share the services of a home. The last command to leave stops what none of them needs any
more; what `up` started stays until `down`. Both hold however a command ends; after a kill -9 the
next command, or `down`, puts things right.
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from senacs.errors import ConfigurationError, ServiceError
from senacs.services import locks, prefect_client, prefect_env, signals
from senacs.services.layout import Layout
from senacs.services.postgres import HOST, PREFECT, WAREHOUSE, Postgres
from senacs.services.prefect_server import PrefectServer
from senacs.services.processes import Record
from senacs.services.supplier import Supplier
from senacs.services.worker import Worker
from senacs.settings import PROJECT_ROOT, Settings

Progress = Callable[[str], None]


def _silent(_message: str) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Stack:
    """Where the services are."""

    database_url: str = field(repr=False)
    """The warehouse (with its password, hence not shown), for SQLAlchemy with psycopg 3."""
    prefect_api_url: str | None = None
    prefect_ui_url: str | None = None
    """Prefect's pages; None while the server runs without them."""


@dataclass(frozen=True)
class ServiceStatus:
    """One service as it is now."""

    name: str
    running: bool
    pid: int | None = None
    url: str | None = None
    since: float | None = None
    """When it started, in seconds since 1970."""


@dataclass(frozen=True)
class Boot:
    """Services of which the Prefect server may not answer yet."""

    stack: Stack
    wait_ready: Callable[[], None]
    """Block until the Prefect server answers; ServiceError if it does not."""


def warehouse_url(settings: Settings) -> str:
    """The warehouse's URL: `settings.database_url`, else the embedded PostgreSQL, which must run.

    Raises:
        ConfigurationError: `settings.database_url` is not the URL of a PostgreSQL.
        ServiceError: The embedded PostgreSQL does not run, or its password cannot be read.
    """
    if settings.database_url is not None:
        return normalised(settings.database_url.get_secret_value())
    postgres = Postgres.of(settings)
    record = postgres.running()
    if record is None:
        raise ServiceError("The embedded PostgreSQL does not run; start it with `senacs up`.")
    return _embedded_url(postgres, record)


def owner_url(settings: Settings) -> str:
    """The same warehouse as its owner: `settings.owner_database_url`, else `warehouse_url`.

    Raises:
        ConfigurationError: `settings.owner_database_url` is not the URL of a PostgreSQL.
        ServiceError: The embedded PostgreSQL does not run, or its password cannot be read.
    """
    if settings.owner_database_url is None:
        return warehouse_url(settings)
    return normalised(settings.owner_database_url.get_secret_value(), "SENACS_OWNER_DATABASE_URL")


def normalised(url: str, variable: str = "SENACS_DATABASE_URL") -> str:
    """The same database with the one driver that this product uses, psycopg 3.

    Args:
        url: of any spelling.
        variable: the setting it is from, for the message.

    Raises:
        ConfigurationError: Not a PostgreSQL, or a driver that is not this product's.
    """
    scheme, mark, rest = url.strip().partition("://")
    if not mark or not re.fullmatch(
        r"postgres|postgresql|postgresql\+psycopg2?", scheme, re.IGNORECASE
    ):
        # Only the scheme is repeated: the rest may hold a password.
        named = f"starts with {scheme!r}" if mark else "is not a URL"
        raise ConfigurationError(
            f"{variable} {named}; it must be a PostgreSQL: "
            "postgresql://user:password@host:port/database."
        )
    return f"postgresql+psycopg://{rest}"


def _embedded_url(postgres: Postgres, record: Record) -> str:
    return postgres.url(WAREHOUSE, driver="psycopg", port=_port(record))


def _port(record: Record) -> int:
    if record.port is None:
        raise ServiceError("The state of the services is damaged; run `senacs down`, then again.")
    return record.port


@contextlib.contextmanager
def database(settings: Settings, *, progress: Progress = _silent) -> Iterator[str]:
    """The warehouse's URL, with its PostgreSQL running for the duration of the block.

    Raises:
        ConfigurationError: `settings.database_url` is not the URL of a PostgreSQL.
        ServiceError: The embedded PostgreSQL cannot be started.
    """
    if settings.database_url is not None:
        yield warehouse_url(settings)
        return
    layout = Layout.of(settings.home)
    with _user_of_services(settings, layout):
        postgres = Postgres.of(settings)
        with locks.changing(layout.run):
            record = postgres.start(keep=False, progress=progress)
        yield _embedded_url(postgres, record)


@contextlib.contextmanager
def booting(settings: Settings, *, progress: Progress = _silent) -> Iterator[Boot]:
    """`running`, but the block begins while the Prefect server still boots (some seconds).

    The port is decided and the environment is set when the block begins: the caller may import
    Prefect and flows meanwhile, and calls `wait_ready` before it runs the first flow.

    Raises:
        ConfigurationError: `settings.database_url` is not the URL of a PostgreSQL.
        ServiceError: A service cannot be started.
    """
    external = None if settings.database_url is None else warehouse_url(settings)
    layout = Layout.of(settings.home)
    with _user_of_services(settings, layout):
        postgres, server = Postgres.of(settings), PrefectServer(layout)
        with locks.changing(layout.run):
            base = postgres.start(keep=False, progress=progress)
            record = _start_server(settings, postgres, server, base, progress, whole=False)
        stack = _stack(external or _embedded_url(postgres, base), server, record)
        with prefect_client.directed(prefect_env.client(layout, _port(record))):
            yield Boot(stack, lambda: server.wait_ready(record))


@contextlib.contextmanager
def at_hand(settings: Settings) -> Iterator[None]:
    """Send this process's Prefect to the home's server, whether it runs yet or not.

    Enter before Prefect is imported. Where PREFECT_API_URL names a server, that one it is.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    layout = Layout.of(settings.home)
    layout.make()
    record = PrefectServer(layout).running()
    port = settings.prefect_port if record is None else _port(record)
    with prefect_client.directed(prefect_env.client(layout, port)):
        yield


@contextlib.contextmanager
def running(settings: Settings, *, progress: Progress = _silent) -> Iterator[Stack]:
    """The warehouse's PostgreSQL and a Prefect server, for the duration of the block.

    For that long the environment of this process sends Prefect there: PREFECT_API_URL,
    PREFECT_HOME, SENACS_HOME and the switches that keep Prefect from starting a server of its own
    or reporting to anyone. Prefect reads them when it is imported, hence enter before that; a
    Prefect that is imported already is told in another way, which holds for this thread.

    Raises:
        ConfigurationError: `settings.database_url` is not the URL of a PostgreSQL.
        ServiceError: A service cannot be started.
    """
    with booting(settings, progress=progress) as boot:
        boot.wait_ready()
        yield boot.stack


def _start_server(
    settings: Settings,
    postgres: Postgres,
    server: PrefectServer,
    base: Record,
    progress: Progress,
    *,
    whole: bool,
) -> Record:
    return server.start(
        database_url=postgres.url(PREFECT, driver="asyncpg", port=_port(base)),
        database_port=_port(base),
        preferred_port=settings.prefect_port,
        progress=progress,
        whole=whole,
    )


def _stack(database_url: str, server: PrefectServer, record: Record) -> Stack:
    api = prefect_env.api_url(_port(record))
    ui = api.removesuffix("/api") if server.is_whole(record) else None
    return Stack(database_url, api, ui)


@contextlib.contextmanager
def _user_of_services(settings: Settings, layout: Layout) -> Iterator[None]:
    """Use the services; on the way out stop those that nobody needs any more."""
    layout.make()
    with signals.unwinding():
        try:
            with locks.using(layout.run):
                yield
        finally:
            with signals.deferred(), locks.changing(layout.run):
                if locks.unused(layout.run):
                    _stop_unneeded(settings, layout)


def _stop_unneeded(settings: Settings, layout: Layout) -> None:
    server = PrefectServer(layout)
    record = server.running()
    if record is not None and not record.keep:
        server.stop()
        record = None
    postgres = Postgres.of(settings)
    base = postgres.running()
    if base is not None and not base.keep and record is None:
        postgres.stop()


def up(settings: Settings, progress: Progress = _silent, *, project: Path = PROJECT_ROOT) -> Stack:
    """Start database, Prefect server with its pages, worker; deploy the flows. They stay.

    Where the settings name no supplier, the demonstration's is started too.

    What runs already is left as it is; the deployments are brought up to date each time.

    Args:
        settings: Home, ports, warehouse.
        progress: Told what is being done.
        project: Folder of `prefect.yaml`; without that file nothing is deployed.

    Raises:
        ConfigurationError: `settings.database_url` is not the URL of a PostgreSQL.
        ServiceError: A service cannot be started, a deployment is refused, or another command
            uses a Prefect server that has to make room for the whole one.
    """
    external = None if settings.database_url is None else warehouse_url(settings)
    layout = Layout.of(settings.home)
    layout.make()
    postgres, server, worker = Postgres.of(settings), PrefectServer(layout), Worker(layout)
    with signals.unwinding():
        with locks.changing(layout.run):
            lean = server.running()
            if lean is not None and not server.is_whole(lean) and not locks.unused(layout.run):
                raise ServiceError(
                    "Another command uses a Prefect server of its own in this home; "
                    "wait until it has ended, then try again."
                )
            base = postgres.start(keep=True, progress=progress)
            record = _start_server(settings, postgres, server, base, progress, whole=True)
        port = _port(record)
        server.wait_ready(record)
        with locks.changing(layout.run):
            if settings.supplier_url is None:
                supplier = Supplier(layout)
                url = supplier.url(supplier.start(progress))
                settings = settings.model_copy(update={"supplier_url": url})
            started = worker.start(settings, project, port, progress)
        worker.wait_ready(started, port)
        if (project / "prefect.yaml").exists():
            progress("Deploying the flows")
            worker.deploy(settings, project, port)
    return _stack(external or _embedded_url(postgres, base), server, record)


def down(settings: Settings, progress: Progress = _silent) -> None:
    """Stop worker, Prefect server and database, in this order; what does not run is no error.

    Raises:
        ServiceError: A service belongs to another account or does not end; the others are stopped.
    """
    layout = Layout.of(settings.home)
    if not layout.run.exists():
        return

    def stop(service: Worker | Supplier | PrefectServer | Postgres, name: str) -> None:
        if service.stop():
            progress(f"Stopped {name}")

    with signals.unwinding(), locks.changing(layout.run), contextlib.ExitStack() as steps:
        # The last one pushed goes first, and each goes even if the one before it failed.
        steps.callback(stop, Postgres.of(settings), "PostgreSQL")
        steps.callback(stop, PrefectServer(layout), "the Prefect server")
        steps.callback(stop, Supplier(layout), "the demonstration's supplier")
        steps.callback(stop, Worker(layout), "the worker")


def status(settings: Settings) -> list[ServiceStatus]:
    """What runs: database, Prefect server, worker, the demonstration's supplier.

    Raises:
        ServiceError: The services belong to another account.
    """
    layout = Layout.of(settings.home)
    server, worker, supplier = PrefectServer(layout), Worker(layout), Supplier(layout)
    base, record, started = Postgres.of(settings).running(), server.running(), worker.running()
    serving = supplier.running()
    database = None if base is None else f"postgresql://{HOST}:{base.port}/{WAREHOUSE}"
    pages = None if record is None else f"http://{HOST}:{record.port}"
    return [
        _status("postgres", base, database),
        _status("prefect-server", record, pages),
        _status("prefect-worker", started, None),
        _status("demo-supplier", serving, None if serving is None else supplier.url(serving)),
    ]


def _status(name: str, record: Record | None, url: str | None) -> ServiceStatus:
    if record is None:
        return ServiceStatus(name, running=False)
    return ServiceStatus(name, running=True, pid=record.pid, url=url, since=record.since)
