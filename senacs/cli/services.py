"""`senacs up`, `down` and `status`: the embedded services."""

from datetime import datetime

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(rich_help_panel="Services")(up)
    app.command(rich_help_panel="Services")(down)
    app.command(rich_help_panel="Services")(status)


def up() -> None:
    """Start the stack for work: database, Prefect server with its pages, a worker, deployments.

    Everything listens on loopback only and stays until `senacs down`. Unless SENACS_SUPPLIER_URL
    names yours, the demonstration's supplier is started too, so that every deployment can run.
    """
    from senacs.services.layout import Layout  # noqa: PLC0415
    from senacs.services.stack import up as start  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    stack = start(settings(), typer.echo)
    typer.echo(f"Prefect's pages: {stack.prefect_ui_url}")
    password = Layout.of(settings().home).prefect_password
    typer.echo(f"They ask for a password: the line in {password}")
    typer.echo("Stop with: senacs down")


def down() -> None:
    """Stop what `senacs up` started; nothing is lost, whatever state it was in."""
    from senacs.services.stack import down as stop  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    stop(settings(), typer.echo)


def status() -> None:
    """Show which services run, where, and since when."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from senacs.services.stack import status as states  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    table = Table("service", "state", "pid", "address", "since")
    for state in states(settings()):
        since = (
            datetime.fromtimestamp(state.since).astimezone().isoformat(" ", "seconds")
            if state.since
            else ""
        )
        table.add_row(
            state.name,
            "running" if state.running else "stopped",
            str(state.pid or ""),
            state.url or "",
            since,
        )
    Console().print(table)
