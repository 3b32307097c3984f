"""`senacs demo`: the main job, end to end, on the exports that the project ships."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console
    from rich.table import Table

    from senacs.cli.session import Session
    from senacs.deliveries import RunOutcome


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(rich_help_panel="Start here")(demo)


def demo() -> None:
    """Run the main job on real and simulated exports: files over HTTP to published indicators.

    A local server serves the exports in demo/supplier as a supplier would. Each goes through the
    real flows: collect, archive, read, validate, load the department and national layers, refresh
    indicators. Figures are protected and frozen as a vintage, and French pages written from it.
    Run it again: nothing has changed, so nothing is loaded or frozen again. The Senacs survey in
    it is simulated and says so; the adulte-relais posts are real.
    """
    from rich.console import Console  # noqa: PLC0415

    from senacs.cli.session import show_outcomes, working  # noqa: PLC0415

    console = Console()
    with working(console) as session:
        outcomes = list(_collect_everything(session))
        show_outcomes(console, outcomes)
        index = _publish(console)
        from tasks.overview import finding_summary, headline_figures  # noqa: PLC0415

        console.print(_findings_table(finding_summary()))
        for table in _figure_tables(headline_figures()):
            console.print(table)
        reports = [Path(ended.report) for ended in outcomes if ended.report]
    console.print(f"Pages of results:      {index}")
    if reports:
        console.print(f"Reports by territory:  {reports[0].parents[2]}")
    console.print("Look into the runs:    senacs up   (Prefect's pages; stop with: senacs down)")


def _collect_everything(session: "Session") -> "Iterator[RunOutcome]":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    declared = _declared()
    session.console.print("[dim]Loading Prefect and Great Expectations[/dim]")
    import great_expectations  # noqa: F401, PLC0415 - while the server boots, on the other core

    from flows.campaign import campaign  # noqa: PLC0415
    from tasks.campaigns import outcomes_in  # noqa: PLC0415

    session.ready()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=session.console, transient=True) as progress:
        bar = progress.add_task("", total=len(declared))
        for name, data_year in declared:
            progress.update(bar, description=f"Collecting {name} {data_year}")
            yield from outcomes_in(campaign(name, data_year, return_state=True))
            progress.advance(bar)


def _publish(console: "Console") -> str:
    """Freeze what was collected, release it in the demonstration's name, and write the pages."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from flows.publication import publication  # noqa: PLC0415
    from flows.vintage import vintage  # noqa: PLC0415
    from senacs.calendar import paris_day  # noqa: PLC0415
    from senacs.vintages.model import Kind  # noqa: PLC0415
    from tasks.vintages import release_vintage  # noqa: PLC0415

    today = paris_day(datetime.now(UTC))
    for name, data_year in _declared(published=True):
        console.print(f"[dim]Protecting the figures of {name} {data_year}[/dim]")
        if vintage(name, data_year).released is None:
            release_vintage.fn(
                name, data_year, kind=Kind.PROVISIONAL, reason="Démonstration.",
                decided_by="senacs demo", day=today,
            )  # fmt: skip
    return publication()


def _declared(*, published: bool = False) -> "list[tuple[str, int]]":
    """Every collection (that is published) and data year, a register before what needs it."""
    from senacs.codebook import in_order, load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    collections = [load_collection(settings().codebook, n) for n in in_order(settings().codebook)]
    return [
        (one.collection, campaign.data_year)
        for one in collections
        for campaign in one.campaigns
        if one.published or not published
    ]


def _findings_table(rows: "Sequence[Mapping[str, Any]]") -> "Table":
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(title="What the rules found (first of each kind)", title_justify="left")
    table.add_column("export")
    table.add_column("rule")
    table.add_column("severity")
    table.add_column("times", justify="right")
    table.add_column("row", justify="right")
    table.add_column("first message", overflow="fold")
    colours = {"blocking": "red", "error": "red", "query": "yellow", "info": "dim"}
    for row in rows:
        table.add_row(
            f"{row['collection']} {row['territory']} {row['data_year']}",
            row["rule"],
            f"[{colours[row['severity']]}]{row['severity']}[/]",
            str(row["times"]),
            str(row["row_number"] or ""),
            escape(row["message"]),
        )
    return table


def _figure_tables(rows: "Sequence[Mapping[str, Any]]") -> "Iterator[Table]":
    """One table a collection: a line an indicator, a column a data year."""
    from itertools import groupby  # noqa: PLC0415

    from rich.table import Table  # noqa: PLC0415

    for name, group in groupby(rows, key=lambda row: str(row["collection"])):
        own = list(group)
        years = sorted({row["data_year"] for row in own})
        mark = " [yellow](simulated)[/yellow]" if own[0]["simulated"] else ""
        table = Table(
            title=f"{name}{mark}: {own[0]['area_label']}, value and n / N", title_justify="left"
        )
        table.add_column("indicator", overflow="fold", min_width=30)
        for year in years:
            table.add_column(str(year), justify="right", no_wrap=True)
        for label in dict.fromkeys(row["label"] for row in own):
            cells = {row["data_year"]: _figure(row) for row in own if row["label"] == label}
            table.add_row(label, *(cells.get(year, "") for year in years))
        yield table


def _figure(row: "Mapping[str, Any]") -> str:
    from senacs.french import number, quantity  # noqa: PLC0415

    words = {"hidden": "secret", "no_answer": "no answer", "no_base": "nobody"}
    value = words.get(row["status"]) or quantity(float(row["value"]), row["unit"], row["decimals"])
    base = row["n_responded"] if row["n_item"] is None else row["n_item"]
    return f"{value}\n[dim]{number(base, 0)} / {number(row['n_scope'], 0)}[/dim]"
