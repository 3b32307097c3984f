"""Same input, same state: replays, any order, changed exports, and crashes at every step."""

import csv
import io
import signal

import pytest

from senacs.deliveries import Outcome
from senacs.settings import PROJECT_ROOT
from tasks.validate import validate
from tests.support.crashing import exit_code_of_a_run
from tests.support.installation import CAMPAIGNS, installation
from tests.support.postgres import name_of

SURVEY = tuple(key for key in CAMPAIGNS if key[0] != "adulte_relais")
REGISTER_2011, REGISTER_2012, SENACS_2011, SENACS_2012 = SURVEY

STEPS = ("prepare", "open_run", "collect", "read", "validate", "load", "report")
PLACES = [
    *(f"after {step}" for step in STEPS),
    "inside _fill_national",
    "inside write_outcome",
]


@pytest.fixture(scope="module")
def steps_loaded(server, prepared, tmp_path_factory):
    """Databases to be copied, with ever more of the survey; and the state with all of it."""
    names = []
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("survey")) as made:
        for keys in ((REGISTER_2011, REGISTER_2012), (SENACS_2012,), (SENACS_2011,)):
            made.run_all(*keys)
            state = made.state()
            made.leave()
            names.append(name_of(server.create(name_of(url))))
    return names, state


@pytest.fixture(scope="module")
def survey_state(steps_loaded):
    """What the registers and the survey give, run once, each in turn."""
    return steps_loaded[1]


@pytest.fixture
def survey_desk(server, steps_loaded, tmp_path):
    """An installation of one's own with the registers loaded."""
    yield from desk_on(server, steps_loaded[0][0], tmp_path)


@pytest.fixture
def last_desk(server, steps_loaded, tmp_path):
    """An installation of one's own with all but the survey of 2011 loaded."""
    yield from desk_on(server, steps_loaded[0][1], tmp_path)


@pytest.fixture
def full_desk(server, steps_loaded, tmp_path):
    """An installation of one's own with registers and survey loaded."""
    yield from desk_on(server, steps_loaded[0][2], tmp_path)


def desk_on(server, template, home):
    url = server.create(template)
    with installation(url, home) as made:
        yield made
    server.drop(url)


def deliver(desk, key, change) -> None:
    """Let the supplier send another export: `change` gets the rows of cells of the present one."""
    collection, code, data_year = key
    path = desk.supplier / collection / f"{collection}_{code}_{data_year}.csv"
    data = path.read_bytes()
    encoding = "cp1252" if (collection, data_year) == ("senacs", 2012) else "utf-8-sig"
    rows = list(csv.reader(io.StringIO(data.decode(encoding), newline=""), delimiter=";"))
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(change(rows))
    path.write_bytes(out.getvalue().encode(encoding))


def test_running_twice_is_running_once(survey_desk, survey_state):
    first = survey_desk.run_all(SENACS_2011, SENACS_2012)
    assert {ended.outcome for ended in first} == {Outcome.LOADED}
    assert survey_desk.state() == survey_state

    second = survey_desk.run_all(REGISTER_2011, REGISTER_2012, SENACS_2011, SENACS_2012)

    assert {ended.outcome for ended in second} == {Outcome.UNCHANGED}
    assert survey_desk.state() == survey_state
    counts = [(ended.records, ended.answers, ended.rejected) for ended in second[2:]]
    assert counts == [(ended.records, ended.answers, ended.rejected) for ended in first]


def test_loading_again_is_the_same(full_desk, survey_state):
    """As if the fingerprint had been made by an older version of the code."""
    with full_desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "update department.delivery set fingerprint = 'old' where collection = 'senacs'"
        )

    again = full_desk.run_all(SENACS_2011, SENACS_2012)

    assert {ended.outcome for ended in again} == {Outcome.LOADED}
    assert full_desk.state() == survey_state


@pytest.mark.parametrize(
    "order",
    [
        (REGISTER_2012, SENACS_2012, REGISTER_2011, SENACS_2011),
        (REGISTER_2012, REGISTER_2011, SENACS_2011, SENACS_2012),
        (REGISTER_2011, SENACS_2011, REGISTER_2012, SENACS_2012),
    ],
    ids=lambda order: " ".join(f"{key[0]}{key[2]}" for key in order),
)
def test_the_order_of_arrival_does_not_matter(desk, survey_state, order):
    desk.run_all(*order)
    assert desk.state() == survey_state


def test_without_its_register_the_survey_fails_and_loads_nothing(desk, survey_state):
    ended = desk.run(*SENACS_2011)
    assert ended.outcome is Outcome.FAILED
    assert desk.ask("select count(*) from department.answer") == [(0,)]

    desk.run_all(*SURVEY)
    assert desk.state() == survey_state


def test_a_changed_register_is_noticed_by_the_survey(survey_desk):
    survey_desk.run_all(SENACS_2011)
    assert survey_desk.run(*SENACS_2011).outcome is Outcome.UNCHANGED

    def one_leaves(rows):
        at = rows[0].index("Adhérent à la Fédération des centres sociaux")
        return [[*r[:at], "Non", *r[at + 1 :]] if r[0] == "92-001" else r for r in rows]

    deliver(survey_desk, REGISTER_2011, one_leaves)
    survey_desk.run_all(REGISTER_2011)
    (ended,) = survey_desk.run_all(SENACS_2011)

    assert ended.outcome is Outcome.LOADED
    assert survey_desk.ask(
        "select n_scope, n_responded from indicator.cell "
        "where (collection, data_year, indicator, level, breakdown) "
        "= ('senacs', 2011, 'repondants', 'surveyed', 'all')"
    ) == [(23, 23)]


def test_a_register_that_changes_during_a_run_is_noticed_by_the_next(survey_desk):
    """What was checked against the old register must not pass for checked against the new one."""

    def register_comes_in_between(group):
        accepted = validate.fn(group)

        def one_closes(rows):
            return [row for row in rows if row[0] != "92-001"]

        deliver(survey_desk, REGISTER_2011, one_closes)
        assert survey_desk.run(*REGISTER_2011).outcome is Outcome.LOADED
        return accepted

    survey_desk.run(*SENACS_2011, validate=register_comes_in_between)

    assert survey_desk.run(*SENACS_2011).outcome is Outcome.LOADED
    assert survey_desk.ask(
        "select count(*) from department.record "
        "where collection = 'senacs' and unit_id = '92-001' and accepted"
    ) == [(0,)]


def test_a_shrunk_export_leaves_nothing_of_the_former_one(full_desk, survey_state):
    deliver(full_desk, SENACS_2011, lambda rows: [row for row in rows if row[1] != "92-001"])
    (ended,) = full_desk.run_all(SENACS_2011)

    assert (ended.outcome, ended.records) == (Outcome.LOADED, 23)
    for table in ("department.answer", "department.record", "national.observation"):
        assert full_desk.ask(
            f"select count(*) from {table} where collection = 'senacs' "  # noqa: S608
            "and data_year = 2011 and unit_id = '92-001'"
        ) == [(0,)]
    assert full_desk.ask(
        "select in_scope, responded from national.unit where collection = 'senacs' "
        "and data_year = 2011 and unit_id = '92-001'"
    ) == [(True, False)]
    untouched = [row for row in survey_state["department.answer"] if ",2012,92," in row]
    assert untouched
    assert [r for r in full_desk.state()["department.answer"] if ",2012,92," in r] == untouched

    former = PROJECT_ROOT / "demo" / "supplier" / "senacs" / "senacs_92_2011.csv"
    (full_desk.supplier / "senacs" / former.name).write_bytes(former.read_bytes())
    full_desk.run_all(SENACS_2011)
    assert full_desk.state() == survey_state


@pytest.mark.parametrize("place", PLACES)
def test_a_crash_and_a_rerun_give_what_a_run_gives(last_desk, survey_state, place):
    before = last_desk.state()

    assert exit_code_of_a_run(place, SENACS_2011) == -signal.SIGKILL

    if place not in {"after load", "after report"}:
        assert last_desk.state() == before, "readers see the former state"
    left_open = last_desk.ask("select outcome from intake.run where outcome = 'running'")
    assert len(left_open) == (0 if place in {"after prepare", "after load", "after report"} else 1)

    last_desk.run_all(SENACS_2011)

    assert last_desk.state() == survey_state
    assert last_desk.ask("select count(*) from intake.run where outcome = 'running'") == [(0,)]
    if left_open:
        assert last_desk.ask(
            "select outcome, message from intake.run where collection = 'senacs' "
            "and data_year = 2011 order by started_at limit 1"
        ) == [("failed", "Interrompu avant la fin.")]


def test_a_run_leaves_no_working_files(survey_desk):
    survey_desk.run(*SENACS_2011)
    assert list((survey_desk.home / "work").iterdir()) == []
