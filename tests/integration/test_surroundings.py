"""Findings that depend on what was loaded before: they follow it, and what is loaded does not."""

import csv
import io

import pytest

from senacs.deliveries import Outcome
from tests.support.installation import CAMPAIGNS

REGISTER_2011, REGISTER_2012, SENACS_2011, SENACS_2012 = (
    key for key in CAMPAIGNS if key[0] in ("registre", "senacs")
)
EXPORT_2012 = "senacs/senacs_92_2012.csv"
LAST_YEAR = {"EVO-budget_total"}
"""The total of 92-039 was planted wrong about 2012: it is also far from that of 2011."""


@pytest.fixture
def registers(desk):
    desk.run_all(REGISTER_2011, REGISTER_2012)
    return desk


def found(desk, ended, *families: str) -> set[str]:
    """The rules of these families that found something."""
    rules = {str(finding["rule"]) for finding in desk.findings(ended)}
    return {rule for rule in rules if rule.startswith(families)}


def change(desk, act) -> None:
    """Let the supplier send another export about 2012: `act` gets its rows of cells."""
    path = desk.supplier / EXPORT_2012
    text = path.read_bytes().decode("cp1252")
    out = io.StringIO()
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    csv.writer(out, delimiter=";").writerows(act(rows))
    path.write_bytes(out.getvalue().encode("cp1252"))


class TestLastYear:
    def test_findings_follow_when_the_year_before_arrives_and_what_is_loaded_stays(self, registers):
        alone = registers.run(*SENACS_2012)
        assert found(registers, alone, "EVO", "STA", "IDN", "PRE") == set()
        registers.run(*SENACS_2011)
        state = registers.state()

        again = registers.run(*SENACS_2012)

        assert again.outcome is Outcome.LOADED
        assert found(registers, again, "EVO", "STA", "IDN", "PRE") == LAST_YEAR
        assert registers.state() == state
        assert registers.run(*SENACS_2012).outcome is Outcome.UNCHANGED

    def test_a_year_before_that_has_not_changed_asks_for_nothing(self, registers):
        registers.run(*SENACS_2011)
        first = registers.run(*SENACS_2012)

        assert found(registers, first, "EVO") == LAST_YEAR
        assert registers.run(*SENACS_2011).outcome is Outcome.UNCHANGED
        assert registers.run(*SENACS_2012).outcome is Outcome.UNCHANGED


class TestPreviousFile:
    def test_an_export_that_shrank_is_asked_about_until_another_comes(self, registers):
        registers.run(*SENACS_2012)
        column = "Bénévoles du CA"
        change(registers, lambda rows: without_column(rows[:-6], column))

        shrunk = registers.run(*SENACS_2012)

        assert shrunk.outcome is Outcome.LOADED
        assert found(registers, shrunk, "PRE") == {"PRE-01", "PRE-03"}
        gone = next(f for f in registers.findings(shrunk) if f["rule"] == "PRE-03")
        assert gone["question"] == "benevoles_admin"
        assert registers.run(*SENACS_2012).outcome is Outcome.UNCHANGED

        self.forget(registers)
        again = registers.run(*SENACS_2012)
        assert again.outcome is Outcome.LOADED
        assert found(registers, again, "PRE") == {"PRE-01", "PRE-03"}

    def test_a_column_that_emptied_is_asked_about(self, registers):
        registers.run(*SENACS_2012)

        def emptied(rows):
            at = rows[0].index("Bénévoles du CA")
            return [rows[0], *([*row[:at], "", *row[at + 1 :]] for row in rows[1:])]

        change(registers, emptied)
        ended = registers.run(*SENACS_2012)

        assert found(registers, ended, "PRE") == {"PRE-04"}

    def test_a_first_export_has_nothing_before_it(self, registers):
        ended = registers.run(*SENACS_2012)
        assert found(registers, ended, "PRE") == set()

    @staticmethod
    def forget(desk) -> None:
        """As if the findings had been made by an older version of the rules."""
        with desk.engine.begin() as connection:
            connection.exec_driver_sql("update intake.run set context = 'old'")


def without_column(rows, header):
    at = rows[0].index(header)
    return [row[:at] + row[at + 1 :] for row in rows]
