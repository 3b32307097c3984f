"""What it depends on whether a simulated structure answers."""

import numpy as np
import pytest
from typer.testing import CliRunner

from senacs.cli.main import app
from senacs.simulation.campaign.response import USUAL, Nonresponse, responding
from senacs.simulation.campaign.structures import departements, structures_of

YEAR, SEED = 2019, 5


@pytest.fixture(scope="module")
def centres():
    return [structures_of(SEED, departement, YEAR)[0] for departement in departements()]


def answered(centres, nonresponse):
    """Of all centres of France: who answered, who is a member, how large each is."""
    told = [
        (responding(SEED, block, nonresponse), block.federated, block.size) for block in centres
    ]
    return (np.concatenate(column) for column in zip(*told, strict=True))


def rates(centres, nonresponse):
    """Response of members and of others, then of the larger half and of the smaller."""
    who, members, size = answered(centres, nonresponse)
    large = size > np.median(size)
    return [float(who[some].mean()) for some in (members, ~members, large, ~large)]


def test_it_may_depend_on_nothing(centres):
    members, others, large, small = rates(centres, Nonresponse(federation=False, by_size=0))
    assert members == pytest.approx(others, abs=0.035)
    assert large == pytest.approx(small, abs=0.035)


def test_it_may_depend_on_membership_alone(centres):
    members, others, large, small = rates(centres, Nonresponse(federation=True, by_size=0))
    assert members - others == pytest.approx(0.95 - 0.76, abs=0.035)
    assert large == pytest.approx(small, abs=0.035)


def test_it_may_depend_on_size_alone(centres):
    members, others, large, small = rates(centres, Nonresponse(federation=False, by_size=0.25))
    assert members == pytest.approx(others, abs=0.035)
    assert large - small > 0.1


def test_as_many_answer_whatever_it_depends_on(centres):
    together = [
        float(next(iter(answered(centres, n))).mean())
        for n in (Nonresponse(federation=False, by_size=0), Nonresponse(by_size=0), USUAL)
    ]
    assert max(together) - min(together) < 0.03


@pytest.mark.parametrize("said", ["federation,size", "federation", "size", "none"])
def test_the_command_takes_it(tmp_path, said):
    line = ["simulate", str(tmp_path / "out"), "--year", "2015", "--territories", "48"]
    assert CliRunner().invoke(app, [*line, "--nonresponse", said]).exit_code == 0


def test_the_command_refuses_what_it_does_not_know(tmp_path):
    line = ["simulate", str(tmp_path / "out"), "--year", "2015", "--territories", "48"]
    done = CliRunner().invoke(app, [*line, "--nonresponse", "weather"])
    assert done.exit_code == 2
    assert "weather: known are federation" in done.output
    assert not (tmp_path / "out").exists()
