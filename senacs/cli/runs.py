"""`senacs run …`: a territory, a campaign or indicators, from the shell."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from senacs.codebook import Campaign

Collection = Annotated[str, typer.Argument(help="Declared collection, such as senacs.")]
Year = Annotated[int, typer.Argument(help="Year of the activity described, not of the campaign.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Run a flow here and now, on the embedded services or those that `up` started.",
        no_args_is_help=True,
    )
    group.command()(territory)
    group.command()(campaign)
    group.command()(indicators)
    app.add_typer(group, name="run", rich_help_panel="Collection")


def territory(
    collection: Collection,
    code: Annotated[str, typer.Argument(metavar="TERRITORY", help="Territory, such as 92.")],
    data_year: Year,
) -> None:
    """Collect one territory again and touch no other; then refresh the year's indicators.

    Ends with 0 if it is loaded or unchanged, 2 if the export is refused, 3 if it could not be had.
    """
    from senacs.cli.session import working  # noqa: PLC0415

    _declared(collection, data_year).territory(code)
    with working() as session:
        from flows.rerun import rerun  # noqa: PLC0415
        from senacs.deliveries import TerritoryYear  # noqa: PLC0415
        from tasks.campaigns import outcome_of  # noqa: PLC0415

        session.ready()
        key = TerritoryYear(collection, code, data_year)
        session.show([outcome_of(key, rerun(**vars(key), return_state=True))])


def campaign(collection: Collection, data_year: Year) -> None:
    """Collect every territory of a campaign, then refresh its indicators.

    Ends with 0 if every territory is loaded or unchanged, 2 if one is refused, 3 if one failed.
    """
    from senacs.cli.session import working  # noqa: PLC0415

    _declared(collection, data_year)
    with working() as session:
        from flows.campaign import campaign as collect  # noqa: PLC0415

        session.ready()
        session.show(collect(collection, data_year))


def indicators(collection: Collection, data_year: Year) -> None:
    """Recompute the indicators of a data year from what is loaded."""
    from senacs.cli.session import working  # noqa: PLC0415

    _declared(collection, data_year)
    with working() as session:
        from flows.indicators import indicators as refresh  # noqa: PLC0415

        session.ready()
        typer.echo(f"{refresh(collection, data_year)} cells")


def _declared(collection: str, data_year: int) -> "Campaign":
    """The campaign; a wrong name is told before any service is started."""
    from senacs.codebook import load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    return load_collection(settings().codebook, collection).campaign(data_year)
