"""The demonstration's supplier as a service of `senacs up`, so that every deployment can run."""

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from senacs.errors import ServiceError
from senacs.services import processes, signals
from senacs.services.layout import Layout
from senacs.services.postgres import HOST
from senacs.services.processes import Record
from senacs.settings import PROJECT_ROOT

FILES = PROJECT_ROOT / "demo" / "supplier"
_STOP_PATIENCE = 5.0


@dataclass(frozen=True)
class Supplier:
    """The supplier of one home."""

    layout: Layout
    files: Path = FILES

    @property
    def _record_file(self) -> Path:
        return self.layout.run / "supplier.json"

    @property
    def _mark(self) -> str:
        return f"supplier of {self.layout.home}"

    def running(self) -> Record | None:
        """The record of the running supplier; None if it does not run."""
        record = processes.read_record(self._record_file)
        return record if record is not None and record.alive else None

    def url(self, record: Record) -> str:
        """Where it answers: what `{supplier}` stands for."""
        return f"http://{HOST}:{record.port}"

    def start(self, progress: Callable[[str], None]) -> Record:
        """Start it on a free port, or find the one that runs.

        Raises:
            ServiceError: It cannot be started.
        """
        record = self.running()
        if record is not None:
            return record
        progress("Starting the demonstration's supplier")
        with socket.create_server((HOST, 0)) as free:
            port = int(free.getsockname()[1])
        command = [sys.executable, "-m", "senacs.demo_supplier", "--port", str(port)]
        log = self.layout.logs / "supplier.log"
        with signals.deferred():
            process = processes.start(
                [*command, str(self.files)],
                env=processes.marked(os.environ, self._mark),
                cwd=PROJECT_ROOT,
                log=log,
            )
            born = processes.birth(process.pid)
            if born is None:
                raise ServiceError(f"The supplier ended while it started; its log is {log}.")
            record = Record(process.pid, born, port=port, keep=True)
            processes.write_record(self._record_file, record)
        return record

    def stop(self) -> bool:
        """Stop it; False if it did not run."""
        record = self.running()
        if record is not None:
            processes.stop(record, patience=_STOP_PATIENCE, mark=self._mark)
        self._record_file.unlink(missing_ok=True)
        return record is not None
