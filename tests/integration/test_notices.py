"""What people are told: posted with its cause, once, to whom it concerns."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from senacs.errors import ConfigurationError
from senacs.notices.model import Notice
from senacs.warehouse.engine import warehouse
from tasks.notices import post
from tests.support.installation import Installation, installation
from tests.support.postgres import Server

REFUSED = Notice(
    "export-refused",
    "senacs",
    2012,
    "92",
    "abc",
    "Envoi refusé",
    "2 colonnes manquent.",
    "Corrigez.",
)


@pytest.fixture(scope="module")
def installed(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """One installation for all these tests: a database costs more than a test."""
    with installation(server.create(prepared), tmp_path_factory.mktemp("notices")) as made:
        yield made


@pytest.fixture
def desk(installed: Installation) -> Installation:
    """The same with an outbox that is empty."""
    with installed.engine.begin() as connection:
        connection.exec_driver_sql(
            "truncate notice.attempt, notice.delivery, notice.message, notice.subscription "
            "restart identity"
        )
    return installed


def subscribed(desk: Installation, audience: str, address: str, *narrowed: str | None) -> None:
    collection, territory = narrowed or (None, None)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into notice.subscription (audience, channel, address, collection, territory, "
            "author) values (%s, 'mail', %s, %s, %s, 'X')",
            (audience, address, collection, territory),
        )


def addressed(desk: Installation) -> list[str]:
    return [
        address
        for (address,) in desk.ask(
            "select s.address from notice.delivery join notice.subscription s "
            "using (subscription_no) order by 1"
        )
    ]


def posted(*notices: Notice) -> int:
    with warehouse().begin() as connection:
        return post(connection, notices)


@pytest.mark.usefixtures("desk")
class TestPosting:
    def test_a_cause_is_told_once_to_whom_it_concerns(self, desk: Installation):
        subscribed(desk, "territory", "nanterre@example.org", "senacs", "92")
        subscribed(desk, "territory", "toutes@example.org")
        subscribed(desk, "territory", "autre@example.org", "senacs", "75")
        subscribed(desk, "territory", "autre-collecte@example.org", "fonjep", "92")
        subscribed(desk, "national", "nationale@example.org")

        assert posted(REFUSED, REFUSED) == 1
        assert posted(REFUSED) == 0

        assert addressed(desk) == ["nanterre@example.org", "toutes@example.org"]

    def test_another_cause_is_another_message(self):
        others = [
            replace(REFUSED, key="abd"),
            replace(REFUSED, data_year=2011),
            replace(REFUSED, territory="75"),
            replace(REFUSED, collection=None, territory=None),
        ]
        assert posted(REFUSED, *others) == 5

    def test_an_address_that_is_named_twice_is_told_once(self, desk: Installation):
        subscribed(desk, "territory", "nanterre@example.org", "senacs", "92")
        subscribed(desk, "territory", "nanterre@example.org")

        posted(REFUSED)

        assert addressed(desk) == ["nanterre@example.org"]

    def test_what_did_not_happen_is_not_told(self, desk: Installation):
        with pytest.raises(ZeroDivisionError), warehouse().begin() as connection:  # noqa: PT012
            post(connection, [REFUSED])
            raise ZeroDivisionError
        assert desk.ask("select count(*) from notice.message") == [(0,)]

    def test_two_that_post_at_once_tell_once(self):
        counts: list[int] = []
        with warehouse().begin() as connection:
            other = threading.Thread(target=lambda: counts.append(posted(REFUSED)))
            counts.append(post(connection, [REFUSED]))
            other.start()
        other.join()
        assert sorted(counts) == [0, 1]

    def test_an_unknown_kind_is_a_fault_of_ours(self):
        with pytest.raises(ConfigurationError, match=r"kinds\.yml"):
            posted(replace(REFUSED, kind="rumour"))


@pytest.mark.parametrize(
    "wrong",
    [{"subject": " "}, {"next_step": ""}, {"subject": "a\nBcc: b"}, {"collection": None}],
)
def test_what_cannot_be_told_is_refused(wrong):
    with pytest.raises(ConfigurationError, match="notice"):
        replace(REFUSED, **wrong)
