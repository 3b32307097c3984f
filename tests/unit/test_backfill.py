"""Which campaigns a backfill takes, and how they are shown while it runs; no service is started."""

import io
from pathlib import Path

import pytest
import typer
import yaml
from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TextColumn
from typer.testing import CliRunner

from senacs.cli.following import Followed, table_by_campaign
from senacs.cli.main import app
from senacs.cli.years import years_in
from senacs.codebook import declared_between
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.errors import CodebookError, ConfigurationError
from senacs.settings import PROJECT_ROOT, Settings
from tasks.campaigns import not_ended
from tasks.pool import DEPLOYMENT, agreed_territories
from tasks.progress import Progress

CODEBOOK = PROJECT_ROOT / "codebook"


def taken(*names: str, years: tuple[int, int]) -> list[tuple[str, int]]:
    return [(name, one.data_year) for name, one in declared_between(CODEBOOK, names, *years)]


def test_years_come_oldest_first_and_each_register_before_its_survey():
    assert taken("senacs", years=(2010, 2024)) == [
        ("registre", 2011),
        ("senacs", 2011),
        ("registre", 2012),
        ("senacs", 2012),
    ]


def test_what_is_asked_for_twice_is_taken_once_and_several_share_a_year():
    both = taken("senacs", "registre", "adulte_relais", years=(2012, 2020))
    assert both == [("registre", 2012), ("senacs", 2012), ("adulte_relais", 2020)]


@pytest.mark.parametrize(
    ("name", "told"),
    [("senacs", "senacs declares no campaign about 2013-2024; it declares: 2011, 2012"),
     ("no-such", "no collection 'no-such'")],
)  # fmt: skip
def test_years_without_a_campaign_and_unknown_names_are_told(name, told):
    with pytest.raises(CodebookError, match=told):
        taken(name, years=(2013, 2024))


@pytest.mark.parametrize(
    ("said", "meant"),
    [(["2012"], (2012,)), (["2010-2012"], (2010, 2011, 2012)), (["2010–2011"], (2010, 2011)),
     (["2012", "2010-2011"], (2010, 2011, 2012))],
)  # fmt: skip
def test_years_as_they_are_written(said, meant):
    assert years_in(said) == meant


@pytest.mark.parametrize("said", ["", "some", "2012-2010", "2010-2012-2014"])
def test_what_names_no_year_is_refused(said):
    with pytest.raises(typer.BadParameter):
        years_in([said])


def test_the_command_tells_a_wrong_name_before_it_starts_anything(tmp_path, monkeypatch):
    monkeypatch.setenv("SENACS_HOME", str(tmp_path / "home"))
    done = CliRunner().invoke(app, ["run", "backfill", "senacs", "no-such", "2011"])
    assert isinstance(done.exception, CodebookError)
    assert "no-such" in str(done.exception)
    assert not (tmp_path / "home").exists()


def ended(name: str, code: str, outcome: Outcome) -> RunOutcome:
    return RunOutcome(None, TerritoryYear(name, code, 2012), outcome, "", answers=7, rejected=1)


def shown(*steps: list[Progress], terminal: bool) -> tuple[Followed, str]:
    console = Console(file=io.StringIO(), width=100, force_terminal=terminal)
    bars = Bars(
        TextColumn("{task.description} {task.completed} {task.fields[outcomes]}"),
        console=console,
        auto_refresh=False,
        disable=not terminal,
    )
    with bars:
        followed = Followed(bars, {("registre", 2012): 2, ("senacs", 2012): 4})
        for step in steps:
            followed.show(step)
            bars.refresh()
    return followed, console.file.getvalue()


FIRST = Progress("registre", 2012, {Outcome.LOADED: 2}, 3.4)
HALF = Progress("senacs", 2012, {Outcome.LOADED: 1, Outcome.REFUSED: 1}, 5.0)
WHOLE = Progress("senacs", 2012, {Outcome.LOADED: 3, Outcome.REFUSED: 1}, 9.6)


@pytest.fixture(params=[True, False], ids=["terminal", "file"])
def terminal(request: pytest.FixtureRequest) -> bool:
    return request.param


def test_a_campaign_that_is_done_becomes_a_line_once(terminal):
    followed, said = shown(
        [FIRST], [FIRST, HALF], [FIRST, WHOLE], [FIRST, WHOLE], terminal=terminal
    )
    assert said.count("registre 2012: 2 loaded in 3 s") == 1
    assert said.count("senacs 2012: 3 loaded, 1 refused in 10 s") == 1
    assert followed.seconds == {("registre", 2012): 3.4, ("senacs", 2012): 9.6}


def test_what_is_under_way_and_the_whole_have_their_bars_on_a_terminal_only(terminal):
    _, said = shown([FIRST, HALF], terminal=terminal)
    assert ("senacs 2012 2 1 loaded, 1 refused" in said) is terminal
    assert ("all 4 3 loaded, 1 refused" in said) is terminal


def test_the_last_table_counts_each_campaign_and_fits_a_small_terminal():
    console = Console(file=io.StringIO(), width=80)
    several = [
        ended("registre", "92", Outcome.UNCHANGED),
        ended("senacs", "92", Outcome.LOADED),
        ended("senacs", "93", Outcome.REFUSED),
        ended("senacs", "94", Outcome.LOADED),
    ]
    console.print(table_by_campaign(several, {("senacs", 2012): 12.3}))
    lines = [line.split() for line in console.file.getvalue().splitlines()]
    assert ["registre", "2012", "-", "1", "-", "-", "7", "1"] in lines
    assert ["senacs", "2012", "2", "-", "1", "-", "21", "3", "12"] in lines
    assert "…" not in console.file.getvalue()


def test_the_deployment_that_batches_are_sent_to_is_declared():
    declared = yaml.safe_load((PROJECT_ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    flow, _, name = DEPLOYMENT.partition("/")
    (found,) = [one for one in declared["deployments"] if one["name"] == name]
    path, _, function = found["entrypoint"].partition(":")
    assert function == flow
    assert (PROJECT_ROOT / path).is_file()


def test_a_worker_with_another_codebook_takes_no_batch():
    with pytest.raises(ConfigurationError, match="same version"):
        agreed_territories("senacs", 2012, ["92"], "another")


def test_a_territory_without_an_outcome_has_failed_with_a_reason():
    key = TerritoryYear("senacs", "92", 2012)
    lost = not_ended(key, "son lot n'a pas abouti.", 3)
    assert (lost.key, lost.outcome, lost.tries) == (key, Outcome.FAILED, 3)
    assert lost.message == "Erreur interne : son lot n'a pas abouti."


@pytest.mark.parametrize("name", ["BATCH_SIZE", "RUNNER_WORKERS"])
def test_there_is_always_somebody_at_work(monkeypatch, name):
    monkeypatch.setenv(f"SENACS_{name}", "0")
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        Settings(home=Path("none"))
