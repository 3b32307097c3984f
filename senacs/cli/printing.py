"""`senacs plaquettes` and `senacs structure-sheet`: what is made to be printed."""

from pathlib import Path
from typing import Annotated

import typer

Collection = Annotated[str, typer.Argument(help="Declared collection, such as senacs.")]
Year = Annotated[int, typer.Argument(help="Year of the activity described, not of the campaign.")]
Number = Annotated[
    int | None, typer.Option("--number", help="Which vintage; without it the newest.")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(rich_help_panel="Publication")(plaquettes)
    app.command("structure-sheet", rich_help_panel="Publication")(structure_sheet)


def plaquettes(
    collection: Collection,
    data_year: Year,
    *,
    number: Number = None,
    departement: Annotated[
        list[str] | None,
        typer.Option("--departement", help="Only its own and those of what holds it; repeatable."),
    ] = None,
) -> None:
    """Print the plaquettes of a released vintage: a PDF an area, beside the pages of its edition.

    senacs plaquettes senacs 2023 --departement 92
    """
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.codebook import load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    load_collection(settings().codebook, collection).campaign(data_year)
    with database_ready():
        from tasks.plaquettes import print_plaquettes  # noqa: PLC0415

        for path in print_plaquettes.fn(collection, data_year, number, departement):
            typer.echo(path)


def structure_sheet(
    collection: Collection,
    data_year: Year,
    structure: Annotated[
        str, typer.Argument(metavar="STRUCTURE", help="Its identifier in the register.")
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option("--to", dir_okay=False, help="The file; without it: se-situer-….pdf here."),
    ] = None,
    number: Number = None,
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
