"""The services around a command that runs flows, and how their outcomes are shown."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.markup import escape
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
        show_outcomes(self.console, outcomes)
        self.leave(outcomes)

    def leave(self, outcomes: Sequence[RunOutcome]) -> None:
        """Exit with the worst outcome's code, unless all is well."""
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

        def ready() -> None:
            boot.wait_ready()
            stack.enter_context(_without_heartbeat())

        yield Session(boot.stack, ready, shown)


@contextmanager
def database_ready() -> Iterator[str]:
    """The warehouse alone, started if it is not running, and at its newest revision; its URL."""
    from senacs.services.stack import database  # noqa: PLC0415
    from senacs.warehouse.engine import warehouse_as_owner  # noqa: PLC0415
    from senacs.warehouse.revisions import upgrade  # noqa: PLC0415

    with database(settings()) as url:
        upgrade(warehouse_as_owner())
        yield url


def _without_heartbeat() -> AbstractContextManager[object]:
    """Flows without the thread that tells Prefect they live: each would end up to 1 s later.

    A person looks at this command; runs of the worker keep their heartbeat.
    """
    from prefect.settings import (  # noqa: PLC0415 - flows have imported it by now
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    return temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


def show_outcomes(console: Console, outcomes: Sequence[RunOutcome]) -> None:
    """One line a territory: outcome, counts and findings; then why some are not loaded."""
    table = Table(title="Territories", title_justify="left")
    table.add_column("export")
    table.add_column("outcome")
    for name in ("records", "answers", "kept out"):
        table.add_column(name, justify="right")
    table.add_column("findings")
    for ended in outcomes:
        found = ", ".join(
            f"{ended.findings[severity]} {severity}"
            for severity in Severity
            if ended.findings.get(severity)
        )
        table.add_row(
            _export(ended),
            f"[{_COLOURS[ended.outcome]}]{ended.outcome}[/]",
            *(f"{count:,}" for count in (ended.records, ended.answers, ended.rejected)),
            found or "-",
        )
    console.print(table)
    show_reasons(console, outcomes)


def show_reasons(console: Console, outcomes: Sequence[RunOutcome]) -> None:
    """Why some territories are not loaded, and how many were begun more than once."""
    missing = sum(ended.outcome in _EXIT_CODES for ended in outcomes)
    if missing and len(outcomes) > 1:
        console.print(f"[red]{missing} of {len(outcomes)} are missing:[/red]")
    for ended in outcomes:
        if ended.outcome in _EXIT_CODES:
            console.print(f"[red]{_export(ended)}[/red]: {escape(ended.message)}")
    again = sum(ended.tries > 1 for ended in outcomes)
    if again:
        console.print(
            f"[yellow]{again} territories were begun again:[/yellow] the worker died that had them."
        )


def _export(ended: RunOutcome) -> str:
    return f"{ended.key.collection} {ended.key.territory} {ended.key.data_year}"


def _tell(console: Console, text: str) -> None:
    console.print(f"[dim]{text}[/dim]")


def _quiet_console() -> None:
    """Prefect's logs go to its server, not to this terminal; temporary files stay at home."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    temporary = settings().home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"] = str(temporary)
