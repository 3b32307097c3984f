"""What the doctor asks of Prefect: server, worker and deployments, where `senacs up` runs."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import yaml

from senacs.errors import ServiceError
from senacs.services import prefect_env, processes
from senacs.services.layout import Layout
from senacs.services.prefect_rest import PrefectRest
from senacs.services.prefect_server import PrefectServer
from senacs.services.worker import POOL, Worker
from senacs.settings import PROJECT_ROOT, Settings
from tasks.upkeep.checks import Check, holds, note, some, wrong

_AGAIN = "senacs up"
_PAGE = 200


def check_prefect(own: Settings) -> Iterator[Check]:
    """Nothing is started for this: what does not run and was never told to is a note."""
    layout = Layout.of(own.home)
    server, worker = PrefectServer(layout), Worker(layout)
    record = server.running()
    if record is None or record.port is None:
        kept = processes.read_record(layout.run / "prefect-server.json")
        if kept is not None and kept.keep:
            yield wrong("prefect", "`senacs up` started it and it does not run any more", _AGAIN)
        else:
            yield note("prefect", "it does not run; commands start their own", "")
        return
    try:
        api = prefect_env.rest(layout, record.port)
        found = api.ask("GET", "/admin/version")
        ours = version("prefect")
        if found == ours:
            yield holds("prefect", f"server {found} answers on port {record.port}")
        else:
            yield wrong(
                "prefect",
                f"the server is of version {found}, {ours} is installed",
                "senacs down, then senacs up",
            )
        if server.is_whole(record):
            yield from _check_worker(worker, api)
            yield from _check_deployments(api)
    except ServiceError as error:
        yield wrong("prefect", str(error), f"See {server.log}; senacs down, then senacs up.")


def _check_worker(worker: Worker, api: PrefectRest) -> Iterator[Check]:
    online = [
        one
        for one in api.ask("POST", f"/work_pools/{POOL}/workers/filter", {})
        if one["status"] == "ONLINE"
    ]
    if worker.running() is None or not online:
        yield wrong("worker", "it does not run: nothing that is due is started", _AGAIN)
    else:
        yield holds("worker", f"{online[0]['name']} is online")


def _check_deployments(api: PrefectRest) -> Iterator[Check]:
    declared = yaml.safe_load((PROJECT_ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    found: dict[str, dict[str, Any]] = {
        one["name"]: one for one in api.ask("POST", "/deployments/filter", {"limit": _PAGE})
    }
    lacking = [one["name"] for one in declared if one["name"] not in found]
    paused = [
        one["name"]
        for one in declared
        if (there := found.get(one["name"])) and (there["paused"] or _active(one) > _active(there))
    ]
    if lacking:
        yield wrong("deployments", f"not deployed: {some(lacking)}", _AGAIN)
    if paused:
        yield wrong(
            "deployments",
            f"paused: {some(paused)}",
            "Take up the schedule on Prefect's pages, or `senacs up`.",
        )
    if not (lacking or paused):
        yield holds("deployments", f"the {len(declared)} of prefect.yaml")


def _active(deployment: dict[str, Any]) -> int:
    return sum(bool(one.get("active", True)) for one in deployment.get("schedules") or ())
