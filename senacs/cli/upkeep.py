"""`senacs doctor`, `backup`, `restore` and `upkeep`: what keeps an installation well."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from tasks.upkeep.checks import Check

_PANEL = "Upkeep"
_LeftoverDays = Annotated[
    int, typer.Option(min=1, metavar="DAYS", help="Untouched folders of killed runs.")
]
_LogDays = Annotated[int, typer.Option(min=1, metavar="DAYS", help="Logs that were set aside.")]
_FlowRunDays = Annotated[
    int, typer.Option(min=1, metavar="DAYS", help="Ended flow runs on Prefect's pages.")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(rich_help_panel=_PANEL)(doctor)
    app.command(rich_help_panel=_PANEL)(backup)
    app.command(rich_help_panel=_PANEL)(restore)
    app.command(rich_help_panel=_PANEL)(upkeep)


def doctor(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Read a sample of 50 archived exports, not all.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON for machines, on one line.")] = False,
) -> None:
    """Check the whole installation: a line for what holds, and for what does not, with what to do.

    Settings, free disk, codebook, secrets that campaigns name, PostgreSQL, clocks, migrations,
    schemas and roles, materialised views, runs left open, the archive (every export there, with
    its SHA-256), Prefect with its worker and deployments. Nothing is changed; the embedded
    PostgreSQL is started if it does not run.

    Ends with 0 if all is well, 1 if there is something to do.
    """
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415

    checks = []
    console = Console(highlight=False, stderr=json)
    # On the console of the lines: a bar on another one would be written over them.
    with _progress(console) as progress:
        for check in _examined(progress, quick=quick):
            checks.append(check)
            if not json:
                advice = f"\n       → {escape(check.todo)}" if check.todo else ""
                colour = _COLOURS[check.state]
                console.print(
                    f"[{colour}]{check.state:<6}[/] [bold]{check.name}[/]: "
                    f"{escape(check.says)}{advice}",
                    soft_wrap=True,
                )
    todo = sum(check.state == "todo" for check in checks)
    if json:
        from json import dumps  # noqa: PLC0415

        typer.echo(dumps({"well": not todo, "checks": [vars(check) for check in checks]}))
    else:
        typer.echo("All is well." if not todo else f"{todo} to do.")
    if todo:
        raise typer.Exit(1)


_COLOURS = {"holds": "green", "note": "cyan", "todo": "red"}


def _examined(progress: "Callable[[str, int, int], None]", *, quick: bool) -> "Iterator[Check]":
    from pydantic import ValidationError  # noqa: PLC0415

    from senacs.settings import settings  # noqa: PLC0415
    from tasks.upkeep.checks import wrong  # noqa: PLC0415

    try:
        own = settings()
    except ValidationError as error:
        # Not the input: it may be a password.
        for one in error.errors(include_input=False):
            name = "_".join(str(part) for part in one["loc"]).upper()
            yield wrong("settings", f"SENACS_{name}: {one['msg']}", "Set it right.")
        return
    from tasks.upkeep.doctor import examine  # noqa: PLC0415

    yield from examine(own, progress, quick=quick)


def backup(
    target: Annotated[
        Path,
        typer.Argument(metavar="FOLDER|FILE.tar", help="A folder for many backups, or a new file."),
    ],
) -> None:
    """Back up warehouse, archive and codebook, as one moment saw them.

    Into a folder: a backup of its own date, and the folder `archive` that all backups share, to
    which only new exports are copied. Into a file whose name ends in .tar: all in one. Runs may go
    on meanwhile. The backup appears under its name when it is whole, each file with its SHA-256 in
    its manifest. It holds personal data as the archive does. Settings, passwords and Prefect's own
    database are not in it.

    Ends with 1 if the archive had lost or damaged exports, which are named; the rest is backed up.
    """
    from senacs.services.stack import database  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415
    from tasks.upkeep.backup import back_up  # noqa: PLC0415
    from tasks.upkeep.checks import human  # noqa: PLC0415

    with _progress() as progress, database(settings()):
        made = back_up(target, progress)
    manifest = made.manifest
    rows = sum(manifest.tables.values())
    typer.echo(
        f"{made.place}\n"
        f"  warehouse: {rows:,} rows in {len(manifest.tables)} tables, revision "
        f"{manifest.revision}, {human(manifest.files['warehouse.dump'].bytes)}\n"
        f"  archive: {len(manifest.archive):,} exports, {human(sum(manifest.archive.values()))}; "
        f"{made.copied:,} copied, the others were there"
    )
    if manifest.lacking:
        lost = "  the archive had lost or damaged these exports, and the backup lacks them:"
        typer.secho(lost, fg=typer.colors.RED)
        for sha256 in manifest.lacking:
            typer.echo(f"    {sha256}")
        raise typer.Exit(1)


def restore(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="BACKUP", help="A .tar file, a backup, or a folder of backups: its newest."
        ),
    ],
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only read it through and compare every checksum.")
    ] = False,
    archive_only: Annotated[
        bool,
        typer.Option("--archive-only", help="Only give the archive what it lacks or has damaged."),
    ] = False,
) -> None:
    """Restore a backup into an empty warehouse: a new SENACS_HOME, or a new SENACS_DATABASE_URL.

    The backup is read through before anything is changed. Refused are: a damaged one, one of a
    newer revision than this version of senacs knows, a warehouse that holds something. An older
    one is brought up to date. The warehouse comes in one transaction; cut off, do it again. The
    server may be of another version of PostgreSQL, also an older one (from 15 on).
    """
    from senacs.services.stack import database  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415
    from tasks.upkeep import restore as restoring  # noqa: PLC0415

    if check and archive_only:
        raise typer.BadParameter("--check changes nothing: leave out --archive-only")
    if check:
        with _progress() as progress:
            manifest = restoring.verify(source, progress)
        typer.echo(
            f"whole: {len(manifest.everything):,} files, revision {manifest.revision}, made "
            f"{manifest.made_at:%Y-%m-%d %H:%M} UTC"
        )
        return
    if archive_only:
        with _progress() as progress:
            mended = restoring.restore_archive(source, progress)
        typer.echo(f"{mended.exports} exports were missing or damaged and are back")
        return
    with _progress() as progress, database(settings()):
        done = restoring.restore(source, progress)
    typer.echo(
        f"restored the backup of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC: "
        f"{sum(done.manifest.tables.values()):,} rows, {len(done.manifest.archive):,} exports"
    )
    if done.upgraded:
        typer.echo(f"brought from revision {done.manifest.revision} to {done.upgraded}")
    if done.manifest.lacking:
        typer.echo(f"{len(done.manifest.lacking)} exports were lost before the backup was made")
    if done.passwordless:
        typer.echo(f"set passwords for the roles {', '.join(done.passwordless)}")
    if done.other_codebook:
        typer.echo(
            f"the codebook here is not the backup's for {', '.join(done.other_codebook)}: the next "
            "runs read those exports again; the backup's own is in its folder `codebook`"
        )
    typer.echo("now: senacs doctor")


def upkeep(
    *,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete it; otherwise it is only said.")
    ] = False,
    leftover_days: _LeftoverDays = 7,
    log_days: _LogDays = 90,
    flow_run_days: _FlowRunDays = 400,
) -> None:
    """Say what has had its time and may be deleted; delete it with --delete.

    That is: folders that killed runs and commands left, logs that were set aside, Prefect's ended
    flow runs (while its server runs). Never: the archive, a row of the warehouse, reports, pages,
    backups.
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from senacs.services.stack import database  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415
    from tasks.upkeep import retention  # noqa: PLC0415

    limits = retention.Limits(leftover_days, log_days, flow_run_days)
    now = datetime.now(UTC)
    with database(settings()):
        found = retention.expired(settings(), limits, now)
        if delete:
            found = retention.delete(settings(), found, limits, now)
    for thing in found:
        typer.echo(f"{'deleted' if delete else 'may go'}: {retention.told(thing)}")
    if not found:
        typer.echo("nothing has had its time")
    elif not delete:
        typer.echo("delete it with: senacs upkeep --delete")


@contextmanager
def _progress(on: "Console | None" = None) -> "Iterator[Callable[[str, int, int], None]]":
    """A bar, gone at the end, by default on the error stream; nothing where it is no terminal."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
    )

    console = on or Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as shown:
        bar = shown.add_task("", total=None)
        yield lambda what, done, of: shown.update(
            bar, description=what, completed=done, total=of or None
        )
