"""What all tests share: one PostgreSQL, and databases copied from prepared ones."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from senacs.services.stack import database, normalised
from senacs.settings import Settings
from tasks.prepare import prepare
from tests.support.installation import CAMPAIGNS, Installation, installation
from tests.support.postgres import OLDEST, Server, name_of, started, system_binaries


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product's own embedded PostgreSQL, once for all tests."""
    home = tmp_path_factory.mktemp("services") / "home"
    with database(Settings(home=home, database_url=None)) as url:
        running = Server(url)
        yield running
        running.close()


@pytest.fixture(scope="session")
def other_server() -> Iterator[Server]:
    """A PostgreSQL that is not ours: SENACS_TEST_DATABASE_URL, else the system's programs."""
    given = os.environ.get("SENACS_TEST_DATABASE_URL")
    if given:
        running = Server(normalised(given))
        yield running
        running.close()
        return
    binaries = system_binaries()
    if binaries is None:
        pytest.skip(
            f"no other PostgreSQL: set SENACS_TEST_DATABASE_URL (>= {OLDEST}, a role that may "
            "create databases) or install the system's"
        )
    with started(binaries) as url:
        running = Server(url)
        yield running
        running.close()


@pytest.fixture(scope="session")
def prepared(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a database, to be copied, with all collections prepared and nothing loaded."""
    url = server.create()
    with installation(url, tmp_path_factory.mktemp("prepared")):
        for collection in dict.fromkeys(key[0] for key in CAMPAIGNS):
            prepare.fn(collection)
    return name_of(url)


@pytest.fixture(scope="session")
def loaded_home(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A database with all that the demonstration holds, and the home of its archive."""
    url = server.create(prepared)
    home = tmp_path_factory.mktemp("loaded")
    with installation(url, home) as made:
        made.run_all(*CAMPAIGNS)
    return url, home


@pytest.fixture(scope="module")
def loaded(loaded_home: tuple[str, Path]) -> Iterator[Installation]:
    """All that the demonstration holds, loaded once: for reading only."""
    url, home = loaded_home
    with installation(url, home) as made:
        yield made


@pytest.fixture
def desk(server: Server, prepared: str, tmp_path: Path) -> Iterator[Installation]:
    """An installation of one's own: prepared, nothing loaded."""
    url = server.create(prepared)
    try:
        with installation(url, tmp_path) as made:
            yield made
    finally:
        server.drop(url)
