"""`senacs runs …`: what was run, and what each step of a run did and took."""

from typing import Annotated
from uuid import UUID

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="What was run, from the record in PostgreSQL.", no_args_is_help=True)
    group.command("list")(list_runs)
    group.command()(steps)
    app.add_typer(group, name="runs", rich_help_panel="Collection")


def list_runs(
    most: Annotated[int, typer.Option("--most", min=1, help="How many at most.")] = 30,
) -> None:
    """List the newest runs of territories."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks.steps import latest_runs  # noqa: PLC0415

        found = latest_runs(most)
    for run in found:
        key = f"{run['collection']}/{run['territory']}/{run['data_year']}"
        outcome = "abandoned" if run["abandoned"] else run["outcome"]
        typer.echo(
            f"{run['run_id']}  {run['started_at']:%Y-%m-%d %H:%M:%S}  {outcome:<9}  {key}  "
            f"{run['message']}"
        )
    if not found:
        typer.echo("no run")


def steps(
    run: Annotated[UUID, typer.Argument(metavar="RUN", help="See `senacs runs list`.")],
) -> None:
    """Show what each step of a run did and took.

    Exports are read and judged together: `shared by` says how many territories the seconds are of.
    """
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.cli.tables import print_table  # noqa: PLC0415

    with database_ready():
        from tasks.steps import steps_of  # noqa: PLC0415

        found = steps_of(run)
    if not found:
        typer.echo("no step: there is no such run, or its process died in it")
        raise typer.Exit(1)
    print_table(
        str(run),
        ("step", "outcome", "reason", "counts", "seconds", "shared by"),
        [
            (
                step["step"],
                step["outcome"],
                step["reason"],
                ", ".join(f"{count:,} {name}" for name, count in step["counts"].items()),
                f"{step['seconds']:.3f}",
                str(step["together"]),
            )
            for step in found
        ],
    )
