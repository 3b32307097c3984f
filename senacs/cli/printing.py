"""`senacs structure-sheet`: the sheet of one structure."""

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("structure-sheet", rich_help_panel="Publication")(structure_sheet)


def structure_sheet(
    collection: Annotated[str, typer.Argument(help="Declared collection, such as senacs.")],
    data_year: Annotated[int, typer.Argument(help="Year of the activity described.")],
    structure: Annotated[
        str, typer.Argument(metavar="STRUCTURE", help="Its identifier in the register.")
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option("--to", dir_okay=False, help="The file; without it: se-situer-….pdf here."),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("--number", help="The vintage to compare with; without it the newest."),
    ] = None,
) -> None:
    """Write the sheet « se situer »: a structure's own answers beside the published figures.

    It is for the structure and for those who may read its answers. Of other structures it holds
    nothing but what is published.

    senacs structure-sheet senacs 2023 CS-92-001 --to fiche.pdf
    """
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.codebook import load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    load_collection(settings().codebook, collection).campaign(data_year)
    with database_ready():
        from tasks.pages import replace_bytes  # noqa: PLC0415
        from tasks.structure_sheet import sheet_of  # noqa: PLC0415

        made = sheet_of(collection, data_year, structure, number)
    path = to or Path(f"se-situer-{structure.casefold()}-{data_year}.pdf")
    replace_bytes(path, made)
    typer.echo(path)
