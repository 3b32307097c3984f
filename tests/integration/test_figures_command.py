"""`senacs figures …` on what the demonstration loads."""

import pytest
from typer.testing import CliRunner

from senacs.cli.main import app
from senacs.errors import CodebookError

pytestmark = pytest.mark.usefixtures("loaded")


def figures(*arguments: str, code: int = 0) -> list[list[str]]:
    done = CliRunner().invoke(app, ["figures", *arguments, "--csv"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return [line.split(";") for line in done.output.splitlines()]


def test_a_figure_with_what_it_rests_on():
    header, line = figures(
        "list", "senacs", "2012", "--level", "surveyed", "--indicator", "budget_cumule"
    )
    found = dict(zip(header, line, strict=True))
    assert found["base"] == "33 / 33 / 33 / 40"
    assert found["same structures"].endswith("(22)")
    assert found["estimate"]
    assert "–" in found["interval"]


def test_what_a_rule_hides_is_not_shown():
    header, *lines = figures(
        "list", "senacs", "2012", "--area", "92", "--level", "departement",
        "--indicator", "budget_moyen", "--breakdown", "gestion",
    )  # fmt: skip
    shown = {line[header.index("category")]: line[header.index("value")] for line in lines}
    assert shown["Autre gestion"] == "s"
    assert shown["Gestion associative"].endswith("€")


def test_what_figures_are_made_of():
    header, line = figures("sources", "senacs", "2012", "surveyed", "*")
    found = dict(zip(header, line, strict=True))
    assert (found["territory"], found["file_name"]) == ("92", "senacs_92_2012.csv")
    assert len(found["sha256"]) == 64


def test_nothing_has_changed_since_the_first_load():
    assert len(figures("changes", "senacs", "2012")) == 1


def test_simulated_figures_say_so():
    done = CliRunner().invoke(app, ["figures", "list", "senacs", "2012", "--level", "surveyed"])
    assert "senacs 2012 (simulated)" in done.output


def test_a_year_that_is_not_declared():
    with pytest.raises(CodebookError, match="no data year 1999"):
        figures("list", "senacs", "1999")
