"""Who is told what, from runs that end in every way; and what their steps are noted as."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import yaml
from typer.testing import CliRunner

from flows.territory import territory
from senacs.cli.main import app
from senacs.deliveries import Outcome, Receipt, RunOutcome, TerritoryYear
from senacs.notices import campaign, occasions
from senacs.notices.kinds import notice_kinds
from tasks import archive
from tasks.prepare import prepare
from tasks.rehearsal import rehearsed
from tests.support.installation import Installation, installation
from tests.support.postgres import Server

PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head></html>"
KEY = TerritoryYear("registre", "92", 2012)


@pytest.fixture(scope="module")
def installed(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("telling")
    with installation(server.create(prepared), home, replies=home / "replies") as made:
        yield made


@pytest.fixture
def desk(installed: Installation) -> Iterator[Installation]:
    """The installation with no run, no notice, and the supplier's own files."""
    with installed.engine.begin() as connection:
        connection.exec_driver_sql("truncate intake.run, intake.step, notice.message cascade")
    kept = export(installed).read_bytes()
    yield installed
    export(installed).write_bytes(kept)
    (installed.home / "replies" / "registre" / "known_errors.yml").unlink(missing_ok=True)


def export(desk: Installation) -> Path:
    return desk.supplier / "registre" / "registre_92_2012.csv"


def run(desk: Installation, **replaced: object) -> RunOutcome:
    return desk.run(*vars(KEY).values(), **replaced)


def told(desk: Installation) -> list[tuple[str, str | None, str]]:
    return desk.ask("select kind, territory, key from notice.message order by message_no")


def steps(desk: Installation, run_id: UUID) -> list[tuple[str, str, str]]:
    return desk.ask(
        "select step, outcome, reason from quality.run_step where run_id = %s order by step_no",
        run_id,
    )


class TestRefused:
    def test_its_territory_is_told_once_an_export(self, desk: Installation):
        export(desk).write_bytes(PAGE)
        first = run(desk)
        run(desk)
        export(desk).write_bytes(PAGE + b"\n")
        assert run(desk).outcome is first.outcome is Outcome.REFUSED

        messages = told(desk)
        assert [(kind, code) for kind, code, _ in messages] == [("export-refused", "92")] * 2
        assert messages[0][2] != messages[1][2]
        ((body, next_step),) = desk.ask("select body, next_step from notice.message limit 1")
        assert "Maintenance" not in body  # what the file holds is in the report, not in a mail
        assert "rapport" in next_step

    def test_a_known_error_tells_nobody(self, desk: Installation):
        export(desk).write_bytes(PAGE)
        refused = run(desk)
        rules = {one["rule"] for one in desk.findings(refused) if one["severity"] == "blocking"}
        told_before = len(told(desk))
        known = desk.home / "replies" / "registre" / "known_errors.yml"
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text(yaml.safe_dump([
            {"territory": "92", "data_years": [2012], "rule": rule, "until": "2999-12-31",
             "reason": "serveur en travaux", "author": "Équipe nationale"}
            for rule in sorted(rules)
        ], allow_unicode=True), encoding="utf-8")  # fmt: skip
        export(desk).write_bytes(PAGE + b"\n\n")

        assert run(desk).outcome is Outcome.REFUSED
        assert len(told(desk)) == told_before == 1

    def test_a_rehearsal_tells_nobody_and_notes_no_step(self, desk: Installation):
        run(desk)
        before = desk.ask("select count(*) from intake.step")
        export(desk).write_bytes(PAGE)
        sha256 = archive.store(export(desk))
        receipt = Receipt(sha256, "registre.csv", len(PAGE), unchanged=False)
        with desk.engine.begin() as connection:
            connection.exec_driver_sql(
                "insert into intake.export values (%s, 1, now()) on conflict do nothing", (sha256,)
            )

        assert not rehearsed(KEY, receipt, prepare.fn("registre")).may_load

        assert told(desk) == []
        assert desk.ask("select count(*) from intake.step") == before


class TestFault:
    def test_the_engineers_are_told_once_a_day_and_nothing_of_the_data(self, desk: Installation):
        def broken(*_: object) -> None:
            raise ZeroDivisionError("structure 92-001 : 12 bénévoles")

        for _ in range(2):
            assert run(desk, fingerprint_of=broken).outcome is Outcome.FAILED

        ((kind, code, key),) = told(desk)
        assert (kind, code) == ("fault", None)
        assert "ZeroDivisionError" in key
        texts = desk.ask("select subject || body || next_step from notice.message")[0][0]
        assert "bénévoles" not in texts
        assert "92-001" not in texts

    def test_the_place_is_one_of_ours(self):
        try:
            export(Installation(Path("a"), Path("b"))).read_bytes()
        except OSError as error:
            notice = occasions.fault(KEY, error, None, datetime.now(UTC).date())
        assert "une bibliothèque" in notice.body  # tests are not ours in that sense


class TestSilence:
    def test_a_run_tells_of_no_silent_source(self, desk: Installation):
        """The calendar does, once an outage: tests/integration/test_campaign_year.py."""
        export(desk).unlink()
        for _ in range(3):
            assert run(desk).outcome is Outcome.FAILED
        assert told(desk) == []


class TestSteps:
    ROAD = ("collect", "replies", "compare", "read", "identify", "validate")

    def test_every_step_of_a_run_is_noted(self, desk: Installation):
        ended = run(desk)

        assert [(step, outcome) for step, outcome, _ in steps(desk, ended.run_id)] == [
            (step, "done") for step in (*self.ROAD, "load", "report")
        ]
        counts = dict(desk.ask("select step, counts from intake.step"))
        assert counts["collect"]["bytes"] == export(desk).stat().st_size
        assert counts["load"]["records"] == ended.records
        assert counts["validate"] == {"accepted": 1}
        assert counts["read"]["answers"] == ended.answers
        taken = desk.ask("select sum(seconds), max(together) from intake.step")[0]
        whole = desk.ask("select extract(epoch from finished_at - started_at) from intake.run")
        assert taken[0] > 0
        assert taken[1] == 1
        assert float(whole[0][0]) > 0

        again = run(desk)
        assert [step for step, _, _ in steps(desk, again.run_id)] == [
            "collect", "replies", "compare", "report",
        ]  # fmt: skip

    def test_a_step_that_fails_is_noted_with_its_class_alone(self, desk: Installation):
        export(desk).unlink()
        ended = run(desk)
        assert steps(desk, ended.run_id) == [
            ("collect", "failed", "SourceError"),
            ("report", "done", ""),
        ]

    def test_they_are_shown(self, desk: Installation):
        ended = run(desk)
        shown = CliRunner().invoke(
            app, ["runs", "steps", str(ended.run_id)], env={"COLUMNS": "200"}
        )
        assert shown.exit_code == 0, shown.output
        for step in self.ROAD:
            assert step in shown.output
        listed = CliRunner().invoke(app, ["runs", "list", "--most", "1"])
        assert f"{ended.run_id}  " in listed.output
        assert "loaded     registre/92/2012" in listed.output
        unknown = CliRunner().invoke(app, ["runs", "steps", str(uuid4())])
        assert unknown.exit_code == 1

    def test_a_refresh_is_noted_as_of_no_run(self, desk: Installation):
        run(desk)
        desk.refresh("registre", 2012)
        found = desk.ask(
            "select run_id, territory, outcome from intake.step where step = 'refresh'"
        )
        assert set(found) == {(None, None, "done")}

    def test_the_flow_keeps_its_steps_in_their_order(self):
        """What `observed` hides from nobody: Prefect reads parameters from the function itself."""
        collect = territory.fn.__globals__["collect"]
        assert collect.name == "collect"
        assert [*collect.fn.__wrapped__.__annotations__] == ["run", "folder", "return"]


def test_every_kind_that_is_told_is_declared():
    source = Path(occasions.__file__).read_text("utf-8")
    declared = notice_kinds()
    assert {kind for kind in declared if f'"{kind}"' in source} >= {
        "export-refused", "fault", "worker-died", "given-up", "flow-given-up",
    }  # fmt: skip
    calendar = Path(campaign.__file__).read_text("utf-8")
    assert {kind for kind in declared if f'"{kind}"' in calendar} == {
        "campaign-opens", "territory-opens", "reminder", "source-silent", "territory-closes",
        "campaign-closes", "campaign-partial", "edition",
    }  # fmt: skip
