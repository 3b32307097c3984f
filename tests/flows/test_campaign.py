"""Whole campaigns through a real Prefect server."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.exceptions import ParameterTypeError

from flows.campaign import campaign
from flows.collection_round import collection_round
from flows.rerun import rerun
from flows.returned import returned
from flows.territory import territory
from senacs.deliveries import Outcome
from senacs.errors import ReplyError
from senacs.services.stack import running
from senacs.settings import PROJECT_ROOT, Settings
from tests.support.crashing import exit_code_of_a_run
from tests.support.installation import Installation, installation

CODES = ("75", "93", "92")
KEY = ("registre", "92", 2011)
PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head></html>"

CAMPAIGNS = """
- data_year: 2011
  campaign_year: 2012
  opens: 2012-01-02
  closes: 2012-12-31
  perimeter: export
  territories:
""" + "".join(
    f"""
    - code: "{code}"
      label: Territoire {code}
      departements: ["{code}"]
      source: {{url: "{{supplier}}/registre/registre_{code}_2011.csv"}}
"""
    for code in CODES
)


@pytest.fixture(scope="module", autouse=True)
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One Prefect server for all tests here, on the product's own services."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    home = tmp_path_factory.mktemp("prefect") / "home"
    with running(Settings(home=home, database_url=None, prefect_port=port)):
        yield


@pytest.fixture
def desk(server, prepared, tmp_path) -> Iterator[Installation]:
    """Three territories deliver their register of 2011; only that of the 92 is as it should be."""
    codebook = tmp_path / "codebook"
    shutil.copytree(PROJECT_ROOT / "codebook", codebook)
    (codebook / "registre" / "campaigns.yml").write_text(CAMPAIGNS, encoding="utf-8")
    shutil.rmtree(codebook / "pactes")  # its days are those of the register
    url = server.create(prepared)
    with installation(url, tmp_path, codebook=codebook) as made:
        file_of(made, "93").write_bytes(PAGE)
        yield made
    server.drop(url)


def file_of(desk: Installation, code: str) -> Path:
    return desk.supplier / "registre" / f"registre_{code}_2011.csv"


def corrected(desk: Installation, code: str) -> None:
    """Let a territory deliver three structures of its own."""
    lines = file_of(desk, "92").read_text("utf-8-sig").splitlines()[:4]
    changed = "\n".join(lines).replace("92-0", f"{code}-0").replace(";92002;", f";{code}001;")
    file_of(desk, code).write_text(changed.replace(";92004;", f";{code}001;"), encoding="utf-8")


def run_each(desk: Installation) -> None:
    """What the campaign does, without its Prefect server."""
    for code in CODES:
        desk.run("registre", code, 2011)
    desk.refresh("registre", 2011)


def shown(*names: str) -> list[str | None]:
    """The state of the newest task run of each name, as Prefect's pages show it.

    Its server writes what tasks tell it a second later: asked until all of them have ended.
    """
    latest = time.monotonic() + 30
    while True:
        with get_client(sync_client=True) as client:
            runs = client.read_task_runs(limit=200)
        ordered = sorted(runs, key=lambda run: run.expected_start_time)
        states = {run.name: run.state for run in ordered if run.state}
        found = [states.get(name) for name in names]
        if all(state and state.is_final() for state in found) or time.monotonic() > latest:
            return [state.type.value if state else None for state in found]


def test_each_territory_ends_as_it_must_and_none_stops_another(desk):
    outcomes = campaign("registre", 2011)

    assert [(ended.key.territory, ended.outcome) for ended in outcomes] == [
        ("75", Outcome.FAILED),
        ("93", Outcome.REFUSED),
        ("92", Outcome.LOADED),
    ]
    assert "404" in outcomes[0].message
    assert "Maintenance" in outcomes[1].message
    assert desk.ask("select level, area, value::int from indicator.figure "
                    "where indicator = 'structures' order by 1") == [
        ("departement", "92", 40),
        ("surveyed", "*", 40),
    ]  # fmt: skip
    states = shown(*(f"registre/{code}/2011" for code in CODES))
    assert states == ["FAILED", "FAILED", "COMPLETED"]
    assert all(Path(ended.report).is_file() for ended in outcomes)


def test_the_round_collects_what_is_due_and_the_next_one_has_nothing_to_do(desk):
    """Days of the collections that are not the test's own are long over at that moment."""
    morning = datetime(2012, 2, 1, 8, tzinfo=UTC)
    assert collection_round(now=morning - timedelta(days=31)) == []  # a day before it opens

    outcomes = collection_round(now=morning)
    again = collection_round(now=morning + timedelta(minutes=30))

    assert [(ended.key.territory, ended.outcome) for ended in outcomes] == [
        ("75", Outcome.FAILED),
        ("93", Outcome.REFUSED),
        ("92", Outcome.LOADED),
    ]
    assert again == []
    assert desk.ask("select territory, kind from intake.calendar_step order by 1 nulls last") == [
        ("75", "open"), ("92", "open"), ("93", "open"), (None, "open"),
    ]  # fmt: skip
    assert desk.ask("select territory, silent_since from intake.calendar_visit order by 1") == [
        ("75", date(2012, 2, 1)), ("92", None), ("93", None),
    ]  # fmt: skip


def test_what_was_refused_is_loaded_once_corrected_and_the_rest_left_alone(desk):
    run_each(desk)
    before = desk.state()

    again = campaign("registre", 2011)
    assert [ended.outcome for ended in again] == [
        Outcome.FAILED,
        Outcome.REFUSED,
        Outcome.UNCHANGED,
    ]
    assert desk.state() == before

    corrected(desk, "93")
    third = campaign("registre", 2011)
    assert [ended.outcome for ended in third] == [
        Outcome.FAILED,
        Outcome.LOADED,
        Outcome.UNCHANGED,
    ]
    after = desk.state()
    assert set(before["national.observation"]) < set(after["national.observation"])
    assert desk.ask("select area, value::int from indicator.cell "
                    "where indicator = 'structures' and breakdown = 'all' and population = 'CS' "
                    "order by 1") == [
        ("*", 43),
        ("92", 40),
        ("93", 3),
    ]  # fmt: skip


def test_a_rerun_touches_its_own_territory_only(desk):
    run_each(desk)
    before = desk.ask("select count(*) from intake.run where territory <> '93'")
    corrected(desk, "93")

    ended = rerun("registre", "93", 2011)

    assert (ended.outcome, ended.records) == (Outcome.LOADED, 3)
    assert desk.ask("select count(*) from intake.run where territory <> '93'") == before
    assert desk.ask("select value::int from indicator.figure "
                    "where indicator = 'structures' and level = 'surveyed'") == [(43,)]  # fmt: skip


def test_a_returned_file_is_taken_and_applied_to_its_own_territory(desk, tmp_path):
    run_each(desk)
    others = [row for row in desk.state()["department.answer"] if ",92,92-001," not in row]
    ((raw,),) = desk.ask("select raw from department.answer where unit_id = '92-001' "
                         "and question = 'nom'")  # fmt: skip
    file = tmp_path / "retour.yml"
    file.write_text(
        'collection: registre\nterritory: "92"\ndata_year: 2011\ncorrections:\n'
        f"  - {{unit: 92-001, question: nom, received: {raw}, value: Le Phare, author: A, "
        "on: 2012-05-02}\n",
        encoding="utf-8",
    )

    ended = returned("registre", "92", 2011, str(file), "Mme A")

    assert ended.outcome is Outcome.LOADED
    assert desk.ask("select raw, text, status from department.answer where unit_id = '92-001' "
                    "and question = 'nom'") == [(raw, "Le Phare", "corrected")]  # fmt: skip
    rest = [row for row in desk.state()["department.answer"] if ",92,92-001," not in row]
    assert rest == others
    assert (desk.home / "reports" / "registre" / "2011.html").is_file()
    with pytest.raises(ReplyError, match="et non pour registre/93/2011"):
        returned("registre", "93", 2011, str(file), "Mme A")


@pytest.mark.parametrize("flow", [campaign, lambda *key: rerun(key[0], "92", key[1])])
def test_indicators_that_a_crash_has_left_behind_are_made_by_the_next_run(desk, flow):
    """Killed after its data were loaded and before the indicators: nothing is left to load."""
    assert exit_code_of_a_run("after load", KEY) < 0
    assert desk.ask("select count(*) from indicator.cell") == [(0,)]

    flow("registre", 2011)

    assert desk.ask("select value::int from indicator.figure "
                    "where indicator = 'structures' and area = '92'") == [(40,)]  # fmt: skip


@pytest.mark.parametrize(("collection", "data_year"), [("no-such", 2011), ("registre", 11)])
def test_parameters_that_make_no_sense_are_refused_before_anything_runs(
    desk, collection, data_year
):
    with pytest.raises(ParameterTypeError):
        campaign(collection, data_year)
    assert desk.ask("select count(*) from intake.run") == [(0,)]


def test_a_second_run_of_a_territory_waits_for_the_first(desk):
    opened_meanwhile = []
    ended = threading.Event()

    def let_go_once_it_waits(holder):
        waiting = (
            "select count(*) from pg_locks where locktype = 'advisory' and not granted "
            "and database = (select oid from pg_database where datname = current_database())"
        )
        while desk.ask(waiting) == [(0,)] and not ended.is_set():
            pass
        opened_meanwhile.extend(desk.ask("select count(*) from intake.run"))
        holder.exec_driver_sql("select pg_advisory_unlock_all()")

    with desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holder:
        holder.exec_driver_sql("select pg_advisory_lock(hashtextextended('registre/92/2011', 0))")
        other = threading.Thread(target=let_go_once_it_waits, args=(holder,))
        other.start()
        state = territory(*KEY, return_state=True)
        ended.set()
        other.join()

    assert state.result().outcome is Outcome.LOADED
    assert opened_meanwhile == [(0,)]


def test_another_territory_does_not_wait(desk):
    with desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holder:
        holder.exec_driver_sql("select pg_advisory_lock(hashtextextended('registre/75/2011', 0))")
        assert desk.run(*KEY).outcome is Outcome.LOADED
