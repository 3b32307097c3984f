"""`senacs deploy`: deployments and automations on a Prefect server of yours."""

import os
import subprocess
import sys
from typing import Annotated

import typer

from senacs.errors import ConfigurationError, ServiceError


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(rich_help_panel="Services")(deploy)


def deploy(
    only: Annotated[
        list[str] | None, typer.Option("--only", help="This deployment alone. Repeatable.")
    ] = None,
) -> None:
    """Bring the Prefect server at PREFECT_API_URL to what prefect.yaml and deploy/ say.

    For a server of yours, after installing and after each upgrade; `senacs up` does it for the
    embedded one. Said again it changes nothing, and what somebody has paused stays paused.
    """
    from senacs.services.deploying import apply_automations, paused_kept  # noqa: PLC0415
    from senacs.services.prefect_rest import PrefectRest  # noqa: PLC0415
    from senacs.settings import PROJECT_ROOT  # noqa: PLC0415

    api_url = os.environ.get("PREFECT_API_URL")
    if not api_url:
        raise ConfigurationError(
            "PREFECT_API_URL names no Prefect server: set it to one of yours, or use `senacs up`"
        )
    chosen = [part for name in only or () for part in ("--name", name)] or ["--all"]
    server = PrefectRest(api_url.rstrip("/"), os.environ.get("PREFECT_API_AUTH_STRING"))
    with paused_kept(server):
        ended = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", "deploy", *chosen],
            cwd=PROJECT_ROOT,
            check=False,
        )
    if ended.returncode:
        raise ServiceError("`prefect deploy` failed: what it said is above")
    for name in apply_automations(server, PROJECT_ROOT):
        typer.echo(f"automation {name}")
