"""`kill -9` of worker and PostgreSQL at random moments, and runs at once, through real Prefect.

`make crash` does it at 50 moments of each.
"""

import socket

import pytest

from tests.support.crashes import workshop

SEED = 3


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Services to be killed, with loads made ready."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    with workshop(tmp_path_factory.mktemp("killed"), port) as made:
        yield made


@pytest.mark.parametrize(
    ("number", "killed"),
    list(enumerate(["worker", "worker", "backend", "postmaster"])),
)
def test_after_a_kill_and_a_rerun_all_is_as_if_nothing_had_been(place, number, killed):
    done = place.round(SEED, number, killed)
    assert not done.wrong, done


def test_two_processes_at_once_give_what_one_gives(place):
    """Both run the same territories, in opposite orders: they wait for each other."""
    first = place.loads[0]
    registers, surveys = first.calls
    turned = [("rerun", ("registre", code, 2019)) for code in ("90", "48")]
    assert place.at_once(first, [registers, surveys], [*turned, surveys]) == []
