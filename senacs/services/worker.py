"""The Prefect worker of `senacs up`: it starts the runs that fall due, each in its process."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from senacs import logs
from senacs.errors import ServiceError
from senacs.services import deploying, prefect_env, processes, signals
from senacs.services.layout import Layout
from senacs.services.processes import Record
from senacs.settings import Settings

POOL = "senacs"
"""The work pool; `prefect.yaml` names it too."""
_NAME = "senacs-worker"
_LIMIT = "4"
"""Runs at a time: each is a process of some 300 MB, and territories queue well."""
_NICE = 10
"""Runs give way to the portal: people wait for its pages, and nobody for a core to be idle."""
_START_PATIENCE = 120.0
_STOP_PATIENCE = 20.0
"""Seconds that the worker has to end its runs as cancelled before it is killed."""
_DEPLOY_PATIENCE = 300.0
_POLL = 0.2


@dataclass(frozen=True)
class Worker:
    """The worker of one home."""

    layout: Layout

    @property
    def log(self) -> Path:
        """The file that holds what it and its runs say."""
        return self.layout.logs / "prefect-worker.log"

    @property
    def _record_file(self) -> Path:
        return self.layout.run / "prefect-worker.json"

    @property
    def _mark(self) -> str:
        return f"worker of {self.layout.home}"

    def running(self) -> Record | None:
        """The record of the running worker; None if it does not run."""
        record = processes.read_record(self._record_file)
        return record if record is not None and record.alive else None

    def start(
        self, settings: Settings, project: Path, port: int, progress: Callable[[str], None]
    ) -> Record:
        """Start the worker, which makes the pool if there is none, or find the one that runs.

        Args:
            settings: Handed to the runs, so that they find the same home and warehouse.
            project: Folder that the runs start in.
            port: The Prefect server's; a worker of a server on another port is replaced.
            progress: Told what is being done.

        Raises:
            ServiceError: It cannot be started.
        """
        record = self.running()
        if record is not None:
            if record.facts.get("server_port") == str(port):
                return record
            self.stop()
        progress("Starting the worker")
        with signals.deferred():
            process = processes.start(
                [
                    sys.executable,
                    "-m",
                    "prefect",
                    "--no-prompt",
                    "worker",
                    "start",
                    "--pool",
                    POOL,
                    "--type",
                    "process",
                    "--name",
                    _NAME,
                    "--limit",
                    _LIMIT,
                ],
                env=processes.marked(_environment(self.layout, settings, port), self._mark),
                cwd=project,
                log=self.log,
                nice=_NICE,
            )
            born = processes.birth(process.pid)
            if born is None:
                raise self._death()
            record = Record(process.pid, born, keep=True, facts={"server_port": str(port)})
            processes.write_record(self._record_file, record)
        return record

    def wait_ready(self, record: Record, port: int) -> None:
        """Block until the server knows the worker as online, hence also the pool.

        Raises:
            ServiceError: The worker ended, or did not report within two minutes.
        """
        server = prefect_env.rest(self.layout, port)
        deadline = time.monotonic() + _START_PATIENCE
        while record.alive:
            # Until the worker has made it there is no such pool.
            with contextlib.suppress(ServiceError):
                found = server.ask("POST", f"/work_pools/{POOL}/workers/filter", {})
                if any(one["name"] == _NAME and one["status"] == "ONLINE" for one in found):
                    return
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"The Prefect worker did not report within {_START_PATIENCE:.0f} s; "
                    f"its log is {self.log}."
                )
            time.sleep(_POLL)
        raise self._death()

    def _death(self) -> ServiceError:
        return ServiceError(
            f"The Prefect worker ended while it started. The last lines of {self.log}:\n"
            f"{processes.tail(self.log)}"
        )

    def deploy(self, settings: Settings, project: Path, port: int) -> None:
        """Bring the server's deployments and automations to what the project's files say.

        Raises:
            ServiceError: Prefect refuses; the message has what it said.
        """
        server = prefect_env.rest(self.layout, port)
        with deploying.paused_kept(server):
            self._deploy(settings, project, port)
        deploying.apply_automations(server, project)

    def _deploy(self, settings: Settings, project: Path, port: int) -> None:
        log = self.layout.logs / "prefect-deploy.log"
        before = processes.size(log)
        process = processes.start(
            [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"],
            env=_environment(self.layout, settings, port),
            cwd=project,
            log=log,
        )
        try:
            code = process.wait(_DEPLOY_PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise ServiceError(
                f"`prefect deploy --all` took more than {_DEPLOY_PATIENCE:.0f} s; see {log}."
            ) from error
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if code != 0:
            said = processes.tail(log, since=before)
            raise ServiceError(f"`prefect deploy --all` failed. The last lines of {log}:\n{said}")

    def stop(self) -> bool:
        """Stop the worker with its runs, and the runs that a crash of it left; whether it ran."""
        record = processes.read_record(self._record_file)
        if record is None:
            return False
        ran = record.alive
        # The worker gives each run a session of its own: only the mark finds those that it left.
        processes.stop(record, patience=_STOP_PATIENCE, mark=self._mark)
        shutil.rmtree(self.layout.temporary, ignore_errors=True)
        processes.write_record(self._record_file, replace(record, keep=False))
        return ran


def _environment(layout: Layout, settings: Settings, port: int) -> dict[str, str]:
    """Prefect's variables, and every setting that was set, wherever it came from."""
    ours: dict[str, str] = {}
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        if value is None:
            continue
        if isinstance(value, SecretStr):
            text = value.get_secret_value()
        elif isinstance(value, Path):
            text = os.fspath(value.absolute())
        else:
            text = str(value)
        ours[f"SENACS_{name.upper()}"] = text
    quiet = {"PREFECT_LOGGING_COLORS": "false", "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
    if settings.log_format == "json":
        quiet["PREFECT_LOGGING_SETTINGS_PATH"] = os.fspath(logs.SETTINGS_FILE)
    own = {**ours, **quiet, **prefect_env.client(layout, port)}
    return prefect_env.service(layout, own)
