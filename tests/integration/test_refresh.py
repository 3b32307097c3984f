"""The indicators: what a load changes is computed again, and comes out as if all were."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import tasks.refresh
from tests.support.cloned import ILE_DE_FRANCE, clone, loaded_anew, move, touch, withdraw
from tests.support.installation import CAMPAIGNS, Installation, installation
from tests.support.postgres import name_of

DERIVED = (
    "indicator.part",
    "indicator.region_part",
    "indicator.stored_cell",
    "indicator.panel_part",
    "indicator.panel",
    "national.imputed",
    "indicator.estimate_part",
    "indicator.estimate",
)
YEARS = (2011, 2012)
SOME = ("75", "92", "93")
WHOLE = "collection = 'senacs' and level = 'surveyed' and breakdown = 'all' and population = 'CS'"


@pytest.fixture(scope="module")
def region(server, prepared, tmp_path_factory):
    """Name of a database with the survey of all the Île-de-France, its indicators fresh."""
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("region")) as made:
        for key in CAMPAIGNS:
            if key[0] != "adulte_relais":
                made.run(*key)
        clone(made, [code for code in ILE_DE_FRANCE if code != "92"])
        refreshed()
        made.leave()
    return name_of(url)


@pytest.fixture
def desk(server, region, tmp_path):
    url = server.create(region)
    with installation(url, tmp_path) as made:
        yield made
    server.drop(url)


def refreshed() -> int:
    return sum(tasks.refresh.refresh.fn("senacs", year) for year in YEARS)


def figures(made: Installation) -> dict[str, list[str]]:
    return {
        table: sorted(
            row
            for (row,) in made.ask(f"select t::text from {table} t where collection = 'senacs'")  # noqa: S608
        )
        for table in DERIVED
    }


def rebuilt(made: Installation) -> dict[str, list[str]]:
    """The figures computed from nothing, all at once."""
    with made.engine.begin() as connection:
        for table in (*DERIVED, "indicator.basis"):
            connection.exec_driver_sql(f"delete from {table} where collection = 'senacs'")  # noqa: S608
    refreshed()
    return figures(made)


def reasons(made: Installation, indicator: str, data_year: int, area: str) -> list[str]:
    """Why a figure of everyone in an area changed, at the last of its changes."""
    rows = made.ask(
        "select reasons from indicator.change where collection = 'senacs' and indicator = %s "
        "and data_year = %s and area = %s and breakdown = 'all' order by change_no desc limit 1",
        indicator,
        data_year,
        area,
    )
    return sorted(rows[0][0]) if rows else []


def test_a_whole_region_is_shown_and_france_is_not(desk):
    levels = {level for (level,) in desk.ask(
        "select distinct level from indicator.cell where collection = 'senacs'"
    )}  # fmt: skip
    assert levels >= {"departement", "region", "region_today", "surveyed"}
    assert "france" not in levels


def test_years_side_by_side_are_years_one_after_the_other(desk):
    expected = figures(desk)
    with desk.engine.begin() as connection:
        for table in (*DERIVED, "indicator.basis"):
            connection.exec_driver_sql(f"delete from {table} where collection = 'senacs'")  # noqa: S608
        # Both years then name the same series anew.
        connection.exec_driver_sql("delete from indicator.series where collection = 'senacs'")
    assert tasks.refresh.refresh_years.fn("senacs") > 0
    assert figures(desk) == expected
    assert tasks.refresh.refresh_years.fn("senacs") == 0


STEPS = st.one_of(
    st.tuples(st.just("other numbers"), st.sampled_from(SOME), st.sampled_from(YEARS)),
    st.tuples(st.just("gone"), st.sampled_from(SOME), st.sampled_from(YEARS)),
    st.tuples(st.just("fewer in scope"), st.sampled_from(SOME), st.sampled_from(YEARS)),
    st.tuples(st.just("another manager"), st.sampled_from(SOME), st.sampled_from(YEARS)),
    st.tuples(st.just("moved"), st.sampled_from(SOME), st.sampled_from(YEARS)),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=1, max_size=3))
@example(steps=[("moved", "93", 2011), ("other numbers", "93", 2012)])
def test_step_by_step_is_all_at_once(server, region, tmp_path_factory, steps):
    url = server.create(region)
    with installation(url, tmp_path_factory.mktemp("steps")) as made:
        for what, code, data_year in steps:
            happen(made, what, code, data_year)
            tasks.refresh.refresh.fn("senacs", data_year)
        found = figures(made)
        assert found == rebuilt(made)
        assert all(found.values())
        made.leave()
    server.drop(url)


def happen(made: Installation, what: str, code: str, data_year: int) -> None:
    if what == "other numbers":
        touch(made, code, data_year, "number = number * 3")
    elif what == "gone":
        withdraw(made, code, data_year)
    elif what == "moved":
        move(made, code, data_year)
    else:
        change = {
            "fewer in scope": "in_scope = false, responded = false, usable = false",
            "another manager": "manager = 'un seul'",
        }[what]
        with made.engine.begin() as connection:
            connection.exec_driver_sql(
                f"update national.unit set {change} where collection = 'senacs' "  # noqa: S608
                "and territory = %s and data_year = %s and unit_id < %s",
                (code, data_year, f"{code}-020"),
            )
            loaded_anew(connection, code, data_year)


def test_what_has_not_changed_is_not_written(desk):
    versions = "select sum(xmin::text::bigint), count(*) from indicator.stored_cell"
    before = desk.ask(versions)

    assert refreshed() == 0
    assert desk.ask(versions) == before


def test_only_areas_of_the_territory_are_written(desk):
    which = (
        "select area, level from indicator.stored_cell where xmin::text::bigint > %s group by 1, 2"
    )
    (now,) = desk.ask("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")[0]
    touch(desk, "93", 2012, "number = number + 7", "variable = 'budget_total'")

    assert refreshed() > 0

    areas = set(desk.ask(which, now - 1))
    assert {level for _, level in areas} >= {"departement", "region", "surveyed"}
    assert {area for area, level in areas if level == "departement"} == {"93"}


def test_the_next_years_evolution_follows(desk):
    value = (
        "select value_before from indicator.panel where collection = 'senacs' and data_year = 2012 "
        "and indicator = 'budget_cumule' and level = 'departement' and area = '93' "
        "and population = 'CS'"
    )
    ((before,),) = desk.ask(value)
    touch(desk, "93", 2011, "number = number + 10", "variable = 'budget_total'")

    tasks.refresh.refresh.fn("senacs", 2011)

    ((after,),) = desk.ask(value)
    (n_panel,) = desk.ask(value.replace("value_before", "n_panel"))[0]
    assert after - before == 10 * n_panel


def test_readers_are_not_held_up_and_see_all_or_nothing(desk, monkeypatch):
    """Looked at from another connection, when all is written and nothing committed."""
    before = figures(desk)
    seen = []
    note = tasks.refresh._note

    def look(*given):
        with desk.engine.connect() as other:
            other.exec_driver_sql("set statement_timeout = '5s'")
            other.commit()
        seen.append(figures(desk))
        note(*given)

    monkeypatch.setattr(tasks.refresh, "_note", look)
    touch(desk, "93", 2012, "number = number + 1")
    refreshed()

    assert seen == [before]
    assert figures(desk) != before


class TestWhyAFigureChanged:
    def test_other_answers_of_the_same_structures_are_a_correction(self, desk):
        touch(desk, "93", 2012, "number = number + 5", "variable = 'budget_total'")
        refreshed()

        for area in ("93", "11", "*"):
            assert reasons(desk, "budget_cumule", 2012, area) == ["correction"]
        assert reasons(desk, "budget_cumule", 2012, "75") == []
        assert reasons(desk, "salaries_total", 2012, "93") == []

    def test_an_answer_that_a_correspondent_confirmed_says_so_beside_a_late_one(self, desk):
        touch(
            desk, "93", 2012, "status = 'corrected', number = 1",
            "variable = 'budget_total' and unit_id < '93-020'",
        )  # fmt: skip
        touch(desk, "93", 2012, "status = 'missing', number = null",
              "variable = 'budget_total' and unit_id > '93-035'")  # fmt: skip
        refreshed()

        assert reasons(desk, "budget_cumule", 2012, "93") == ["correction", "late_reply"]

    def test_a_structure_that_answers_late(self, desk):
        with desk.engine.begin() as connection:
            connection.exec_driver_sql(
                "update national.unit set responded = true, delivered = true where "
                "collection = 'senacs' and data_year = 2012 and territory = '93' and not responded"
            )
            loaded_anew(connection, "93", 2012)
        refreshed()

        assert reasons(desk, "repondants", 2012, "93") == ["late_reply"]

    def test_a_late_answer_is_late_by_what_units_declare_as_well(self, desk):
        """It moves its unit from `inconnu` to a category; the perimeter is what it was."""
        touch(desk, "93", 2012, "number = null, status = 'missing'",
              "variable = 'etp_total' and unit_id < '93-020'")  # fmt: skip
        refreshed()

        said = desk.ask(
            "select distinct unnest(reasons) from indicator.change where collection = 'senacs' "
            "and data_year = 2012 and area = '93' and breakdown = 'taille'"
        )
        assert said == [("late_reply",)]

    def test_a_structure_that_is_asked_no_longer(self, desk):
        happen(desk, "fewer in scope", "93", 2012)
        refreshed()

        assert reasons(desk, "repondants", 2012, "93") == ["late_reply", "perimeter"]

    def test_another_definition(self, desk):
        with desk.engine.begin() as connection:
            connection.exec_driver_sql(
                "update codebook.indicator set variable = 'etp_total' "
                "where collection = 'senacs' and indicator = 'salaries_total'"
            )
            connection.exec_driver_sql(
                "update codebook.collection set version = 'another' where collection = 'senacs'"
            )
        refreshed()

        assert "method" in reasons(desk, "salaries_total", 2012, "93")
        assert reasons(desk, "budget_cumule", 2012, "93") == []

    def test_the_record_is_kept(self, desk):
        touch(desk, "93", 2012, "number = number + 5", "variable = 'budget_total'")
        refreshed()

        with pytest.raises(Exception, match="never changed"), desk.engine.begin() as connection:
            connection.exec_driver_sql("delete from indicator.change")


def test_a_territory_that_is_withdrawn_leaves_no_figure(desk):
    withdraw(desk, "93", 2012)
    refreshed()

    assert desk.ask(
        "select count(*) from indicator.cell where data_year = 2012 and collection = 'senacs' "
        "and (area = '93' or level in ('region', 'region_today'))"
    ) == [(0,)]


def test_managers_of_several_departements_count_once(desk):
    """Three are counted, no more; one that runs structures in two départements is one."""
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "update national.unit set manager = case territory when '75' then 'B' else 'A' end "
            "where collection = 'senacs' and data_year = 2012"
        )
        for code in ILE_DE_FRANCE:
            loaded_anew(connection, code, 2012)
    refreshed()

    counted = dict(desk.ask(
        f"select area, n_managers from indicator.cell where {WHOLE.replace('surveyed', 'region')} "  # noqa: S608
        "and data_year = 2012 and indicator = 'budget_cumule' "
        "union select area, n_managers from indicator.cell where collection = 'senacs' "
        "and level = 'departement' and breakdown = 'all' and data_year = 2012 "
        "and indicator = 'budget_cumule' and population = 'CS'"
    ))  # fmt: skip
    assert counted == {"11": 2} | dict.fromkeys(ILE_DE_FRANCE, 1)
