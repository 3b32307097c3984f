"""What tasks say while they work, on the terminal: a long step shows that it goes on."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from senacs.settings import PROJECT_ROOT

_TASKS = str(PROJECT_ROOT / "tasks")


@contextmanager
def told(console: Console) -> Iterator[None]:
    """Print what our own tasks log, and nothing that Prefect says of them, until the block ends."""
    logger = logging.getLogger("prefect.task_runs")
    handler = _Printed(console)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _Printed(logging.Handler):
    def __init__(self, console: Console) -> None:
        super().__init__(logging.INFO)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line of ours."""
        if record.pathname.startswith(_TASKS):
            self._console.print(f"[dim]{escape(record.getMessage())}[/dim]")
