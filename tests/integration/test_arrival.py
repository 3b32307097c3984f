"""Order of arrival and repetition do not change one byte of the layers."""

import shutil

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from senacs.deliveries import Outcome
from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.world import World, simulate
from tests.support import dumps
from tests.support.installation import installation
from tests.support.postgres import name_of

YEARS = (2018, 2019)
KEYS = [
    (collection, territory, data_year)
    for collection in ("registre", "senacs")
    for data_year in YEARS
    for territory in ("48", "90")
]
"""Two territories, two years; in this order none waits for its register."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Simulated campaigns: their codebook and what is delivered."""
    folder = tmp_path_factory.mktemp("arrival")
    made = World(7, YEARS, {"48": ("48",), "90": ("90",)}, 0.004, 0.0, ())
    list(simulate(made, folder / "world", PROJECT_ROOT / "codebook"))
    return folder


@pytest.fixture(scope="module")
def delivered(server, world):
    """Run a list of territories' years on a database of its own: layers, then what is asked."""
    template: list[str] = []

    def run(keys):
        url = server.create(*template)
        home = world / "home"
        own = {
            "codebook": world / "world" / "codebook",
            "drop_folder": world / "world" / "exports",
            "replies": world / "none",
        }
        with installation(url, home, **own) as made:
            late = [key for key in keys if made.run(*key).outcome is Outcome.FAILED]
            # What came before its register, once more; then what has not come at all.
            made.run_all(*late, *(key for key in KEYS if key not in keys or key in late))
            for collection, _, data_year in KEYS:
                made.refresh(collection, data_year)
            layers = dumps.layers(dumps.dump(made.engine))
            # Findings look at the year before: what came ahead of it is judged again.
            made.run_all(*KEYS)
            again = dumps.dump(made.engine)
            unclean = dumps.unclean(made.engine)
        assert dumps.layers(again) == layers
        assert unclean == []
        shutil.rmtree(home)
        server.drop(url)
        return layers, again

    url = server.create()
    with installation(url, world / "prepared", codebook=world / "world" / "codebook") as made:
        for collection in ("registre", "senacs"):
            made.refresh(collection, 2018)
    template.append(name_of(url))
    return run


@pytest.fixture(scope="module")
def in_order(delivered):
    return delivered(KEYS)


def asked(found):
    """The findings of now, and what of the query loop still waits: not what is settled."""
    standing = [line for line in found["query.event"] if b"\tresolved\t" not in line]
    return found["intake.finding"], standing


@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    # No shrinking: an example takes half a minute.
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(KEYS), min_size=4, max_size=10).flatmap(st.permutations))
def test_any_order_and_any_repetition_give_the_same_bytes(delivered, in_order, keys):
    layers, again = delivered(keys)

    assert dumps.difference(layers, in_order[0]) == []
    assert asked(again) == asked(in_order[1])


def test_a_dump_tells_one_missing_row(in_order):
    """So that equal dumps mean something."""
    layers, _ = in_order
    table = "national.observation"
    spoilt = {**layers, table: layers[table][1:]}

    assert [line.partition(":")[0] for line in dumps.difference(spoilt, layers)] == [table]
    assert len(dumps.torn(spoilt, layers)) == 1
    assert dumps.torn(layers, layers) == []
