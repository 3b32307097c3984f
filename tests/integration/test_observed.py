"""What a monitor is told, and that it is told nothing else."""

import json

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from senacs.cli.main import app
from senacs.services.prefect_rest import PrefectRest
from tasks.observed import Wellness, health, metrics
from tests.support.installation import Installation, settings_in_environment
from tests.support.scripted_server import Answer, scripted


def measures() -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(metrics().decode())
        for sample in family.samples
    }


def states(**given: object) -> dict[str, str]:
    return {part.name: str(part.state) for part in health(**given).parts}


def test_runs_steps_and_notices_are_counted(desk: Installation):
    desk.run("registre", "92", 2012)
    desk.run("registre", "92", 2012)

    found = measures()

    assert found["senacs_up",] == 1
    assert found["senacs_runs", "registre", "loaded"] == 1
    assert found["senacs_runs", "registre", "unchanged"] == 1
    assert found["senacs_dead_runs",] == 0
    assert {key[-1] for key in found if key[0] == "senacs_steps"} == {
        "collect", "replies", "compare", "read", "identify", "validate", "load", "report",
    }  # fmt: skip
    assert 0 < found["senacs_step_seconds", "done", "load"] < 60
    assert states() == {"warehouse": "ok", "runs": "ok", "notices": "ok"}


def test_what_somebody_has_to_look_at_is_degraded(desk: Installation):
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into intake.run (run_id, collection, data_year, territory, codebook_version, "
            "started_at) values (gen_random_uuid(), 'registre', 2012, '92', '', now())"
        )
        connection.exec_driver_sql(
            "insert into notice.subscription (audience, channel, address, author) "
            "values ('national', 'mail', 'a@example.org', 'X');"
            "insert into notice.message (kind, key, subject, body, next_step, posted_at) "
            "values ('fault', '', 's', '', 'n', now() - interval '25 hours');"
            "insert into notice.delivery (message_no, subscription_no) select message_no, "
            "subscription_no from notice.message, notice.subscription"
        )
    assert states() == {"warehouse": "ok", "runs": "degraded", "notices": "degraded"}
    assert measures()["senacs_overdue_notices",] == 1

    asked = CliRunner().invoke(app, ["health", "--json"])
    assert asked.exit_code == 1
    assert json.loads(asked.output)["state"] == "degraded"
    printed = CliRunner().invoke(app, ["metrics"])
    assert "senacs_dead_runs 1.0" in printed.output


def test_a_server_of_prefect_that_does_not_answer_is_told(desk: Installation):
    with scripted() as server:
        server.say("/health", Answer(200, b"true"))
        assert states(prefect=PrefectRest(server.url))["prefect"] == "ok"
        server.say("/health", Answer(500))
        assert states(prefect=PrefectRest(server.url))["prefect"] == "degraded"
    assert desk.ask("select 1") == [(1,)]


def test_a_warehouse_of_another_revision_is_down(desk: Installation):
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '0001'")
    assert states()["warehouse"] == "down"


def test_a_warehouse_that_is_gone_is_down_and_raises_nothing(tmp_path):
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    with settings_in_environment(home=tmp_path, database_url=nowhere):
        assert health().state is Wellness.DOWN
        assert "senacs_up 0.0" in metrics().decode()
        assert CliRunner().invoke(app, ["health"]).exit_code == 2


def test_the_portals_login_may_ask_and_reads_no_row_by_it(desk: Installation):
    """The portal's process has no other login than that."""
    desk.run("registre", "92", 2012)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("drop role if exists monitor_of_test")
        connection.exec_driver_sql(
            "create role monitor_of_test login password 'x' in role senacs_gate"
        )
        connection.exec_driver_sql(
            f'grant connect on database "{desk.engine.url.database}" to monitor_of_test'
        )
    url = desk.engine.url.set(username="monitor_of_test", password="x")
    engine = create_engine(url)
    try:
        assert health(engine).state is Wellness.OK
        assert b"senacs_runs" in metrics(engine)
        with engine.connect() as connection, pytest.raises(ProgrammingError) as refused:
            connection.exec_driver_sql("select * from intake.run")
        assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)
    finally:
        engine.dispose()
        with desk.engine.begin() as connection:
            connection.exec_driver_sql("drop owned by monitor_of_test; drop role monitor_of_test")
