"""`senacs simulate`: campaigns of the survey to try the pipeline on, with the truth beside them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from senacs.cli.years import years_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from senacs.simulation.campaign.response import Nonresponse
    from senacs.simulation.campaign.world import Made, World

_ALL = "all"


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(rich_help_panel="Collection")(simulate)


def simulate(
    out: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.")],
    *,
    year: Annotated[
        list[str], typer.Option(help="Data year, or years: 2015, 2010-2024. Repeatable.")
    ],
    territories: Annotated[
        str,
        typer.Option(
            help="Départements, comma-separated, each a territory; a group: RA=01+07+26. "
            "`all`: all 101."
        ),
    ] = _ALL,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    defects: Annotated[
        float, typer.Option(min=0, max=0.2, help="Share of cells that are spoilt on purpose.")
    ] = 0.002,
    refused: Annotated[
        float, typer.Option(min=0, max=1, help="Share of territories whose file is unreadable.")
    ] = 0.0,
    formats: Annotated[
        str, typer.Option(help="Formats that territories use, comma-separated; default: all.")
    ] = "",
    times: Annotated[
        float, typer.Option(min=0.1, max=100, help="How many times as many structures as exist.")
    ] = 1,
    nonresponse: Annotated[
        str,
        typer.Option(
            help="What it depends on whether a structure answers: federation, size, both "
            "comma-separated, or `none`: all of a type alike."
        ),
    ] = "federation,size",
) -> None:
    """Simulate campaigns of the survey: exports as territories send them, and what is in them.

    Structures, managers, SIRETs and answers are invented; only the communes are real.
    Answers are calibrated on published figures and stay with a structure from year to year.
    Each territory writes in its own format, titles, spellings and dirt.

    FOLDER gets `exports` (register and survey), `codebook` (the declared collections that read
    them) and `truth`: what each cell means, the defects planted with the rule that is to find
    each, and what those who did not answer would have said.

    All of France for one year, about 2,400 centres and 1,700 espaces, takes some 15 s:

    senacs simulate /tmp/france --year 2019 --defects 0.001
    """
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    from senacs.settings import settings  # noqa: PLC0415
    from senacs.simulation.campaign.world import World  # noqa: PLC0415
    from senacs.simulation.campaign.world import simulate as simulated  # noqa: PLC0415

    world = World(
        seed,
        years_in(year),
        _territories(territories),
        defects,
        refused,
        _formats(formats),
        times,
        _nonresponse(nonresponse),
    )
    console = Console()
    made: list[Made] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("exports", total=len(world.data_years) * len(world.territories))
        for export in simulated(world, out, settings().codebook):
            made.append(export)
            progress.update(bar, advance=1, description=export.path.name)
    _tell(console.print, world, made, out)


def _tell(echo: "Callable[..., None]", world: "World", made: "Sequence[Made]", out: Path) -> None:
    for year in world.data_years:
        own = [export for export in made if export.data_year == year]
        structures, responded = (sum(getattr(e, n) for e in own) for n in _COUNTED)
        echo(
            f"{year}: {len(own)} exports, {responded} of {structures} structures answered, "
            f"{sum(e.cells for e in own)} cells, {sum(e.planted for e in own)} things planted"
        )
    echo(f"\nSIMULATED data in {out}. To run it through the pipeline:", markup=False)
    echo(f"  export SENACS_CODEBOOK={out.resolve()}/codebook", soft_wrap=True)
    echo(f"  export SENACS_DROP_FOLDER={out.resolve()}/exports", soft_wrap=True)
    echo(f"  export SENACS_HOME={out.resolve()}/home", soft_wrap=True)
    for collection in ("registre", "senacs"):
        echo(f"  senacs run campaign {collection} {world.data_years[0]}")


_COUNTED = ("structures", "responded")


def _territories(said: str) -> dict[str, tuple[str, ...]]:
    from senacs.simulation.campaign.structures import departements  # noqa: PLC0415

    if said == _ALL:
        return {code: (code,) for code in departements()}
    territories: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for part in filter(None, map(str.strip, said.split(","))):
        code, equals, group = part.partition("=")
        own = tuple(group.split("+")) if equals else (code,)
        if unknown := [d for d in own if d not in departements()]:
            raise typer.BadParameter(f"no département {', '.join(unknown)}")
        if code in territories or taken & set(own):
            raise typer.BadParameter(f"{part!r} is named twice, or holds one that is")
        territories[code] = own
        taken |= set(own)
    if not territories:
        raise typer.BadParameter("no territory is named")
    return territories


def _formats(said: str) -> tuple[str, ...]:
    from senacs.simulation.campaign.dialects import FORMATS  # noqa: PLC0415

    names = tuple(filter(None, map(str.strip, said.split(","))))
    if unknown := [name for name in names if name not in FORMATS]:
        raise typer.BadParameter(f"no format {', '.join(unknown)}; known: {', '.join(FORMATS)}")
    return names


def _nonresponse(said: str) -> "Nonresponse":
    from senacs.simulation.campaign.response import BY_SIZE, Nonresponse  # noqa: PLC0415

    names = set(filter(None, map(str.strip, said.split(",")))) - {"none"}
    if unknown := sorted(names - {"federation", "size"}):
        raise typer.BadParameter(f"{', '.join(unknown)}: known are federation, size and none")
    return Nonresponse("federation" in names, BY_SIZE if "size" in names else 0.0)
