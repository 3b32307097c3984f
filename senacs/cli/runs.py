"""`senacs run …`: a territory, a campaign, many years or indicators, from the shell."""

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
    group.command()(backfill)
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

    declared = _declared(collection, data_year)
    with working() as session:
        from flows.campaign import campaign as collect  # noqa: PLC0415
        from senacs.cli.following import following  # noqa: PLC0415
        from tasks.campaigns import outcomes_in  # noqa: PLC0415

        session.ready()
        expected = {(collection, data_year): len(declared.territories)}
        with following(session.console, expected):
            outcomes = outcomes_in(collect(collection, data_year, return_state=True))
        session.show(outcomes)


def backfill(
    collections: Annotated[
        list[str], typer.Argument(metavar="COLLECTION...", help="Declared collections.")
    ],
    years: Annotated[str, typer.Argument(metavar="YEARS", help="Data years: 2010-2024, or 2012.")],
) -> None:
    """Collect many years, the oldest first, each with its indicators.

    In each year the register comes before the survey that needs it, asked for or not. Years
    without a declared campaign are left out. A territory that is refused or fails stops neither
    the others nor later years.

    Interrupted, whatever the way, the same command goes on where it was: what is loaded is
    unchanged. SENACS_RUNNER says where batches of territories run: threads of this process
    (default), dask, or pool.

    Ends with 0 if every territory is loaded or unchanged, 2 if one is refused, 3 if one failed.

    senacs run backfill senacs 2010-2024
    """
    from senacs.cli.session import show_reasons, working  # noqa: PLC0415
    from senacs.cli.years import years_in  # noqa: PLC0415

    span = years_in([years])
    expected = _expected(collections, span[0], span[-1])
    with working() as session:
        from flows.backfill import backfill as collect  # noqa: PLC0415
        from senacs.cli.following import following, table_by_campaign  # noqa: PLC0415

        session.ready()
        with following(session.console, expected) as followed:
            outcomes = collect(collections, span[0], span[-1])
        session.console.print(table_by_campaign(outcomes, followed.seconds))
        show_reasons(session.console, outcomes)
        session.leave(outcomes)


def indicators(
    collection: Collection,
    data_year: Annotated[
        int | None, typer.Argument(help="Year of the activity described; without it, every year.")
    ] = None,
) -> None:
    """Recompute the indicators of a data year, or of all, from what is loaded.

    Only what depends on something that has changed: a load, the codebook, a statement.
    """
    from senacs.cli.session import working  # noqa: PLC0415

    if data_year is None:
        from senacs.codebook import load_collection  # noqa: PLC0415
        from senacs.settings import settings  # noqa: PLC0415

        load_collection(settings().codebook, collection)
    else:
        _declared(collection, data_year)
    with working() as session:
        from flows.indicators import indicators as refresh  # noqa: PLC0415

        session.ready()
        typer.echo(f"{refresh(collection, data_year):,} figures changed")


def _expected(collections: list[str], first: int, last: int) -> dict[tuple[str, int], int]:
    """How many territories each campaign has; a wrong name is told before any service starts."""
    from senacs.codebook import declared_between  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    found = declared_between(settings().codebook, collections, first, last)
    return {(name, campaign.data_year): len(campaign.territories) for name, campaign in found}


def _declared(collection: str, data_year: int) -> "Campaign":
    """The campaign; a wrong name is told before any service is started."""
    from senacs.codebook import load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    return load_collection(settings().codebook, collection).campaign(data_year)
