"""`senacs health` and `senacs metrics`: what a monitor asks."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from senacs.services.prefect_rest import PrefectRest


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(rich_help_panel="Upkeep")(health)
    app.command(rich_help_panel="Upkeep")(metrics)


def health(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """Say whether the installation is well, without starting anything.

    Ends with 0 if all is well, 1 if it works and somebody has to look, 2 if it does not work.
    """
    import json  # noqa: PLC0415

    from tasks.observed import Wellness  # noqa: PLC0415
    from tasks.observed import health as ask  # noqa: PLC0415

    found = ask(prefect=_prefect())
    if as_json:
        parts = [{"part": p.name, "state": p.state, "message": p.message} for p in found.parts]
        typer.echo(json.dumps({"state": found.state, "parts": parts}, ensure_ascii=False))
    else:
        for part in found.parts:
            typer.echo(f"{part.name:<10} {part.state:<9} {part.message}")
    raise typer.Exit(list(Wellness).index(found.state))


def metrics() -> None:
    """Print every measure in the format of Prometheus, without starting anything."""
    from tasks.observed import metrics as ask  # noqa: PLC0415

    typer.echo(ask().decode(), nl=False)


def _prefect() -> "PrefectRest | None":
    """The Prefect server that the environment names, if it does."""
    from senacs.services.prefect_rest import PrefectRest  # noqa: PLC0415

    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return None
    return PrefectRest(url.rstrip("/"), os.environ.get("PREFECT_API_AUTH_STRING"))
