"""The root of the command line, and how an error of ours ends it."""

import sys

import typer

from senacs.cli import (
    access,
    campaign,
    codebook,
    demo,
    deploying,
    figures,
    findings,
    history,
    notices,
    observing,
    portal,
    printing,
    rules,
    runs,
    services,
    simulate,
    upkeep,
    uploads,
    vintage,
)

app = typer.Typer(
    name="senacs",
    help="Collects the yearly exports of the centres sociaux survey and publishes indicators.\n\n"
    "Start with [bold]senacs demo[/bold]: it runs the main job on real and simulated exports.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
)
demo.add_to(app)
services.add_to(app)
deploying.add_to(app)
runs.add_to(app)
campaign.add_to(app)
history.add_to(app)
simulate.add_to(app)
findings.add_to(app)
uploads.add_to(app)
figures.add_to(app)
vintage.add_to(app)
codebook.add_to(app)
rules.add_to(app)
printing.add_to(app)
upkeep.add_to(app)
access.add_to(app)
portal.add_to(app)
notices.add_to(app)
observing.add_to(app)


def main() -> None:
    """Run the command; an error of ours is one sentence and exit code 1, never a traceback."""
    from senacs.errors import SenacsError  # noqa: PLC0415 - imports are paid where they are used

    try:
        app()
    except SenacsError as error:
        typer.secho(f"senacs: {error}", fg=typer.colors.RED, err=True)
        sys.exit(1)
