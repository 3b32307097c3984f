"""The files that an installation is made from hold together with the program."""

import asyncio
import json
import re
import shutil
import subprocess
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from prefect.server.schemas.schedules import CronSchedule

from senacs.services.worker import POOL
from senacs.settings import PROJECT_ROOT, Settings

DEPLOY = PROJECT_ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
ANALYZE = shutil.which("systemd-analyze")
TEMPLATES = sorted(DEPLOY.glob("*/base-job-template.json"))
EXAMPLES = sorted(DEPLOY.rglob("*.env.example"))


def lines(path: Path) -> dict[str, str]:
    return dict(
        line.split("=", 1)
        for line in path.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    )


@pytest.mark.parametrize(
    "path", [*EXAMPLES, DEPLOY / "docker" / "compose.yml"], ids=lambda p: p.name
)
def test_every_setting_of_an_example_is_one(path):
    named = set(re.findall(r"\b(SENACS_[A-Z_]+)[=:]", path.read_text("utf-8")))
    known = {f"SENACS_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in named if not name.startswith("SENACS_SECRET_")} <= known


def test_prefects_password_is_that_of_its_clients():
    server = lines(DEPLOY / "prefect-server.env.example")
    clients = lines(DEPLOY / "senacs.env.example")
    assert server["PREFECT_SERVER_API_AUTH_STRING"] == clients["PREFECT_API_AUTH_STRING"]
    assert server["PREFECT_SERVER_API_HOST"] == "127.0.0.1"


def test_the_automation_waits_longer_than_heartbeats_take():
    (file,) = (DEPLOY / "automations").glob("*.yaml")
    within = yaml.safe_load(file.read_text("utf-8"))["trigger"]["within"]
    every = int(lines(DEPLOY / "senacs.env.example")["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"])
    assert within >= 3 * every


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.parent.name)
def test_a_template_names_its_variables_and_no_others(path):
    template = json.loads(path.read_text("utf-8"))
    used = set(re.findall(r"\{\{ (\w+) \}\}", json.dumps(template["job_configuration"])))
    assert used == set(template["variables"]["properties"])


def test_the_pool_has_one_name_everywhere():
    declared = yaml.safe_load((PROJECT_ROOT / "prefect.yaml").read_text("utf-8"))
    assert {one["work_pool"]["name"] for one in declared["deployments"]} == {POOL}
    for path in (DEPLOY / "systemd" / "senacs-worker.service", DEPLOY / "docker" / "compose.yml",
                 DEPLOY / "kubernetes" / "senacs.yaml"):  # fmt: skip
        assert re.search(rf"--pool[, ]+{POOL}\b", path.read_text("utf-8"))


def test_schedules_have_slugs_and_say_not_whether_they_are_active():
    """An upgrade then finds them, and leaves what is paused alone."""
    declared = yaml.safe_load((PROJECT_ROOT / "prefect.yaml").read_text("utf-8"))
    schedules = [s for one in declared["deployments"] for s in one.get("schedules", ())]
    assert len(schedules) >= 3
    for schedule in schedules:
        # What comes more often than once a day knows no summer time.
        assert schedule["timezone"] == ("UTC" if "/" in schedule["cron"] else "Europe/Paris")
        assert schedule["slug"]
        assert "active" not in schedule


@pytest.mark.parametrize("change", ["2027-03-28", "2027-10-31"])
def test_summer_time_neither_drops_nor_doubles_a_round(change):
    """What Prefect plans around the nights in which the clock is changed."""
    declared = yaml.safe_load((PROJECT_ROOT / "prefect.yaml").read_text("utf-8"))
    start = datetime.fromisoformat(f"{change}T00:00:00+00:00") - timedelta(days=2)

    def planned(slug: str, times: int) -> list[datetime]:
        (own,) = [s for one in declared["deployments"] for s in one.get("schedules", ())
                  if s["slug"] == slug]  # fmt: skip
        schedule = CronSchedule(cron=own["cron"], timezone=own["timezone"])
        return asyncio.run(schedule.get_dates(n=times, start=start))

    (monday,) = planned("weekly", 1)
    assert monday.astimezone(ZoneInfo("Europe/Paris")).hour == 5
    for slug, minutes in (("daily", 30), ("ten-minutes", 10)):
        rounds = planned(slug, 4 * 24 * 60 // minutes)
        pauses = {b.timestamp() - a.timestamp() for a, b in pairwise(rounds)}
        assert pauses == {60.0 * minutes}


def test_what_may_meet_itself_waits_for_itself():
    declared = yaml.safe_load((PROJECT_ROOT / "prefect.yaml").read_text("utf-8"))
    strategies = {
        one["name"]: one.get("concurrency_limit", {}).get("collision_strategy")
        for one in declared["deployments"]
    }
    # The next round of these asks the same again.
    assert {name for name, how in strategies.items() if how == "CANCEL_NEW"} == {
        "watch",
        "check-up",
    }
    # Batches are as many as there are workers.
    assert {name for name, how in strategies.items() if how is None} == {"run-batch"}


@pytest.mark.skipif(ANALYZE is None, reason="no systemd here")
@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_a_unit_is_one(path, tmp_path):
    """With programs that are there: what is checked is the unit."""
    for unit in UNITS:
        text = re.sub(r"(ExecStart=)\S+", r"\1/bin/true", unit.read_text("utf-8"))
        (tmp_path / unit.name).write_text(re.sub(r"file://\S+", "man:true(1)", text), "utf-8")
    ended = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", tmp_path / path.name],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in ended.stderr.splitlines() if path.name in line]
    assert said == []
    assert ended.returncode == 0, ended.stderr


def test_manifest_and_compose_are_yaml():
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "senacs.yaml").read_text("utf-8")))
    assert {one["kind"] for one in documents} >= {"Deployment", "Role", "PersistentVolumeClaim"}
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.yml").read_text("utf-8"))
    for service in compose["services"].values():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")
