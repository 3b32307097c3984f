"""The services around a command that runs flows, and how their outcomes are shown."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.table import Table

from senacs.deliveries import Outcome, RunOutcome
from senacs.findings import Severity
from senacs.services.stack import Stack, booting
from senacs.settings import PROJECT_ROOT, settings

DEMO_FILES = PROJECT_ROOT / "demo" / "supplier"
_EXIT_CODES = {Outcome.REFUSED: 2, Outcome.FAILED: 3}
_COLOURS = {
    Outcome.LOADED: "green",
    Outcome.UNCHANGED: "cyan",
    Outcome.REFUSED: "red",
    Outcome.FAILED: "red",
}


@dataclass(frozen=True)
class Session:
    """A command's services while it runs flows."""

    stack: Stack
    ready: Callable[[], None]
    """Wait for the Prefect server; call it after importing flows, which takes as long."""
    console: Console

    def show(self, outcomes: Sequence[RunOutcome]) -> None:
        """Print how territories ended; exit with the worst outcome's code."""
        self.console.print(outcome_table(outcomes))
        code = max((_EXIT_CODES.get(ended.outcome, 0) for ended in outcomes), default=0)
        if code:
            raise typer.Exit(code)


@contextmanager
def working(console: Console | None = None) -> Iterator[Session]:
    """Database and Prefect server for the block; the demonstration's supplier if none is set."""
    shown = console or Console()
    _quiet_console()
    with ExitStack() as stack:
        if settings().supplier_url is None:
            from senacs.demo_supplier import serving  # noqa: PLC0415 - only where it serves

            os.environ["SENACS_SUPPLIER_URL"] = stack.enter_context(serving(DEMO_FILES))
            stack.callback(os.environ.pop, "SENACS_SUPPLIER_URL", None)
            settings.cache_clear()
        boot = stack.enter_context(booting(settings(), progress=lambda text: _tell(shown, text)))
        yield Session(boot.stack, boot.wait_ready, shown)


def outcome_table(outcomes: Sequence[RunOutcome]) -> Table:
    """One line a territory: outcome, counts, findings and where its report is."""
    table = Table(title="Territories", title_justify="left")
    for name in ("collection", "territory", "data year", "outcome"):
        table.add_column(name)
    for name in ("records", "answers", "kept out", "findings"):
        table.add_column(name, justify="right")
    table.add_column("message", overflow="fold")
    for ended in outcomes:
        found = " ".join(
            f"{ended.findings[severity]} {severity}"
            for severity in Severity
            if ended.findings.get(severity)
        )
        table.add_row(
            ended.key.collection,
            ended.key.territory,
            str(ended.key.data_year),
            f"[{_COLOURS[ended.outcome]}]{ended.outcome}[/]",
            str(ended.records),
            str(ended.answers),
            str(ended.rejected),
            found or "-",
            ended.message,
        )
    return table


def _tell(console: Console, text: str) -> None:
    console.print(f"[dim]{text}[/dim]")


def _quiet_console() -> None:
    """Prefect's logs go to its server, not to this terminal; temporary files stay at home."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    temporary = settings().home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"] = str(temporary)
