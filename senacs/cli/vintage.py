"""`senacs vintage …`: freeze the figures of a data year, look at them, publish them."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from senacs.vintages.checklist import Checklist
    from tasks.vintages import Proposal

Collection = Annotated[str, typer.Argument(help="Declared collection, such as senacs.")]
Year = Annotated[int, typer.Argument(help="Year of the activity described, not of the campaign.")]


class Kinds(StrEnum):
    """What may be said of a vintage; `senacs.vintages.model.Kind`, without its imports."""

    PROVISIONAL = "provisional"
    FINAL = "final"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Vintages: the figures of a data year as published. They are protected, attacked and "
        "frozen (propose), looked at (check) and published by a person's decision (release); what "
        "is released never changes, a correction is another vintage.",
        no_args_is_help=True,
    )
    group.command()(propose)
    group.command()(check)
    group.command()(release)
    group.command("list")(list_vintages)
    group.command()(verify)
    app.add_typer(group, name="vintage", rich_help_panel="Publication")


def propose(collection: Collection, data_year: Year) -> None:
    """Freeze the figures of a data year as they are now, and show what to look at.

    Hides what would tell of one structure or one manager, and tries to find it again from all that
    was ever published: some minutes for all of France. Replaces what was proposed and not released.
    """
    from senacs.cli.session import working  # noqa: PLC0415

    _known(collection, data_year)
    with working() as session:
        from flows.vintage import vintage  # noqa: PLC0415
        from senacs.cli.telling import told  # noqa: PLC0415

        session.ready()
        with told(session.console):
            proposal = vintage(collection, data_year)
        _show(proposal)


def check(collection: Collection, data_year: Year) -> None:
    """Show what to look at before the newest vintage is released.

    Ends with 1 if something forbids it.
    """
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.errors import VintageError  # noqa: PLC0415

    _known(collection, data_year)
    with database_ready():
        from tasks.vintages import vintages  # noqa: PLC0415

        found = vintages(collection, data_year)
    if not found:
        raise VintageError(
            f"{collection} {data_year} has no vintage; first: "
            f"senacs vintage propose {collection} {data_year}"
        )
    _show(found[-1])
    if list(found[-1].checklist.obstacles()):
        raise typer.Exit(1)


def release(
    collection: Collection,
    data_year: Year,
    *,
    kind: Annotated[
        Kinds, typer.Option("--kind", help="provisional: more is expected; final: it is not.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, in French: it is published.")],
    author: Annotated[str, typer.Option("--author", help="Who decides: it is published.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Publish the vintage that is proposed: it never changes from now on.

    Shows the checklist and asks. The pages are written by the deployment `publish`.
    """
    from senacs.calendar import paris_day  # noqa: PLC0415
    from senacs.cli.session import database_ready  # noqa: PLC0415

    _known(collection, data_year)
    with database_ready():
        from senacs.vintages.model import Kind  # noqa: PLC0415
        from tasks.vintages import release_vintage, vintages  # noqa: PLC0415

        found = vintages(collection, data_year)
        if found and found[-1].released is None:
            _show(found[-1])
            if not yes:
                typer.confirm("Release it? It cannot be taken back", abort=True)
        released = release_vintage.fn(
            collection, data_year, kind=Kind(kind.value), reason=reason, decided_by=author,
            day=paris_day(datetime.now(UTC)),
        )  # fmt: skip
    typer.echo(f"{released.name} is released as {released.kind}")


def list_vintages(
    collection: Collection,
    data_year: Annotated[
        int | None, typer.Argument(help="Year of the activity described; all if none is given.")
    ] = None,
) -> None:
    """List the vintages: what was published when, why, by whose decision."""
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.cli.tables import print_table  # noqa: PLC0415

    with database_ready():
        from tasks.vintages import vintages  # noqa: PLC0415

        found = vintages(collection, data_year)
    print_table(
        f"Vintages of {collection}",
        ("data year", "number", "kind", "released on", "decided by", "reason"),
        [_line(one) for one in found],
    )


def verify(
    folder: Annotated[
        Path, typer.Argument(help="Folder of an edition: <home>/site/editions/senacs-2023-v1.")
    ],
) -> None:
    """Hold an edition's folder against its manifest: every file, by its hash and size.

    Needs no database, so a copy can be checked anywhere. Names each file that is missing, other, or
    not in the manifest, and ends with 1 if there is one.
    """
    from tasks.manifest import verify as differing  # noqa: PLC0415

    found = differing(folder)
    for line in found:
        typer.secho(line, fg=typer.colors.RED)
    if found:
        raise typer.Exit(1)
    typer.echo(f"{folder}: as its manifest says")


def _known(collection: str, data_year: int) -> None:
    from senacs.codebook import load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    load_collection(settings().codebook, collection).campaign(data_year)


def _line(one: "Proposal") -> tuple[str, ...]:
    if one.released is None:
        return (str(one.data_year), str(one.number), "proposed", "", "", "")
    decision = one.released
    return (
        str(one.data_year), str(one.number), decision.kind, f"{decision.released_on:%Y-%m-%d}",
        decision.decided_by, decision.reason,
    )  # fmt: skip


def _show(one: "Proposal") -> None:
    from senacs.cli.tables import print_table  # noqa: PLC0415

    state = "released" if one.released else "proposed"
    print_table(
        f"{one.collection} {one.data_year}, vintage {one.number} ({state})",
        ("what", "found"),
        list(_checks(one)),
    )
    if one.checklist.movements:
        _show_movements(one.checklist)
    for obstacle in one.checklist.obstacles():
        typer.secho(f"It cannot be released: {obstacle}", fg=typer.colors.RED)


def _show_movements(said: "Checklist") -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=f"Furthest from {said.compared_with}", title_justify="left")
    table.add_column("indicator", overflow="fold")
    for name in ("", "before", "now", "change"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in said.movements:
        numbers = (f"{value:,.5g}" for value in (one.before, one.after))
        table.add_row(one.label, one.population, *numbers, f"{one.share:+.0%}")
    Console().print(table)


def _checks(one: "Proposal") -> "Iterator[tuple[str, str]]":
    said = one.checklist
    yield "territories loaded", f"{said.territories - len(said.missing)} of {said.territories}"
    if said.missing:
        yield "missing", ", ".join(said.missing)
    if said.refused:
        yield "newest export refused", ", ".join(said.refused)
    yield "findings that wait for an answer", str(said.queries)
    for population in said.response:
        rate = population.n_responded / population.n_scope if population.n_scope else 0.0
        yield (
            f"response {population.population}",
            f"{population.n_responded:,} of {population.n_scope:,} ({rate:.1%})",
        )
    yield "sums that add up", f"{said.sums:,}"
    hiding = said.hiding
    if hiding.n_cells:
        yield (
            "hidden sums",
            f"{hiding.n_hidden:,} of {hiding.n_cells:,}, by a rule {hiding.n_primary:,}",
        )
        yield (
            "information hidden",
            f"{hiding.weight / hiding.total_weight:.1%}; by rules "
            f"{hiding.primary_weight / hiding.total_weight:.1%}, at least "
            f"{hiding.least / hiding.total_weight:.1%}",
        )
        yield "the attack finds", str(hiding.breaches) if hiding.breaches else "nothing"
