"""`senacs uploads …`: exports that persons send in themselves, and which of them runs take."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

if TYPE_CHECKING:
    from senacs.rehearsal import Rehearsal

Collection = Annotated[str, typer.Argument(help="Declared collection, such as senacs.")]
Territory = Annotated[str, typer.Argument(metavar="TERRITORY", help="Territory, such as 92.")]
Year = Annotated[int, typer.Argument(help="Year of the activity described, not of the campaign.")]
Author = Annotated[str, typer.Option("--author", help="Who does it: it is kept with the upload.")]
Id = Annotated[UUID, typer.Argument(metavar="UPLOAD", help="See `senacs uploads list`.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Exports that a person sends in. One changes nothing until it is chosen; then runs of "
        "its territory take it in place of what the source has, until the source has something "
        "newer, another upload is chosen, or it is withdrawn.",
        no_args_is_help=True,
    )
    group.command("list")(list_uploads)
    group.command()(send)
    group.command()(choose)
    group.command()(withdraw)
    app.add_typer(group, name="uploads", rich_help_panel="Collection")


def list_uploads(collection: Collection, code: Territory, data_year: Year) -> None:
    """List what was sent in about a territory's data year, newest first."""
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.deliveries import TerritoryYear  # noqa: PLC0415

    with database_ready():
        from senacs.warehouse.engine import warehouse  # noqa: PLC0415
        from tasks.uploads import uploads_of  # noqa: PLC0415

        with warehouse().connect() as connection:
            found = uploads_of(connection, TerritoryYear(collection, code, data_year))
    for one in found:
        state = str(one.ending or ("in place" if one.in_place else "waiting"))
        name = f"{one.receipt.file_name} ({one.author}, {one.uploaded_at:%Y-%m-%d %H:%M} UTC)"
        typer.echo(f"{one.upload_id}  {state:<9}  {name}")
    if not found:
        typer.echo("no upload")


def send(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The export.")],
    collection: Collection,
    code: Territory,
    data_year: Year,
    author: Author,
) -> None:
    """Send an export in and say what a rerun with it would change; nothing else changes.

    An annotated spreadsheet is taken as what it is: replies, which the next run applies.
    """
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.deliveries import TerritoryYear  # noqa: PLC0415

    with database_ready():
        from senacs.warehouse.engine import warehouse  # noqa: PLC0415
        from tasks.prepare import prepare  # noqa: PLC0415
        from tasks.rehearsal import rehearsed  # noqa: PLC0415
        from tasks.returned import Taken  # noqa: PLC0415
        from tasks.uploads import take_upload, upload_to_choose  # noqa: PLC0415

        key = TerritoryYear(collection, code, data_year)
        version = prepare.fn(collection)
        taken = take_upload(key, file.read_bytes(), file.name, author)
        if isinstance(taken, Taken):
            typer.echo(f"{len(taken.new)} replies taken, {taken.already} were there already")
            for refused in taken.refused:
                typer.echo(refused)
            return
        typer.echo(f"upload {taken}")
        with warehouse().connect() as connection:
            receipt = upload_to_choose(connection, key, taken).receipt
        _tell(rehearsed(key, receipt, version))
    typer.echo(
        f"To put it in place: senacs uploads choose {collection} {code} {data_year} {taken}, "
        f"then senacs run {collection} {code} {data_year}"
    )


def choose(
    collection: Collection, code: Territory, data_year: Year, upload: Id, author: Author
) -> None:
    """Let runs take an upload in place of what the source has."""
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.deliveries import TerritoryYear  # noqa: PLC0415

    with database_ready():
        from senacs.warehouse.engine import warehouse  # noqa: PLC0415
        from tasks import uploads  # noqa: PLC0415

        with warehouse().begin() as connection:
            uploads.choose(connection, TerritoryYear(collection, code, data_year), upload, author)
    typer.echo("in place; the next run takes it")


def withdraw(
    collection: Collection, code: Territory, data_year: Year, upload: Id, author: Author
) -> None:
    """Let runs take the source's export again."""
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.deliveries import TerritoryYear  # noqa: PLC0415

    with database_ready():
        from tasks import uploads  # noqa: PLC0415

        uploads.withdraw(TerritoryYear(collection, code, data_year), upload, author)
    typer.echo("withdrawn; the next run takes what the source has")


def _tell(found: "Rehearsal") -> None:
    """What a rerun would change, in some lines."""
    typer.echo(f"A rerun would {'load it' if found.may_load else 'refuse it'}: {found.message}")
    typer.echo(
        f"structures {found.structures_before} → {found.structures_after}; answers "
        f"{found.answers_before} → {found.answers_after} "
        f"({found.new} new, {found.changed} changed, {found.gone} gone)"
    )
    for one in found.findings:
        typer.echo(f"findings {one.rule} ({one.severity}): {one.new} new, {one.gone} gone")
    for figure in found.figures:
        if figure.moves:
            typer.echo(
                f"{figure.label} ({figure.population}, {figure.area_label}): "
                f"{figure.value_before} → {figure.value_after}, base {figure.n_item_before} → "
                f"{figure.n_item_after} of {figure.n_scope_after} in scope"
            )
