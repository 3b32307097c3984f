"""`senacs findings …`: what is asked of correspondents, what they reply, who decides."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from senacs.cli.tables import write_csv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from senacs.deliveries import TerritoryYear
    from tasks.returned import Taken

Collection = Annotated[str, typer.Argument(help="Declared collection, such as senacs.")]
Territory = Annotated[str, typer.Argument(metavar="TERRITORY", help="Territory, such as 92.")]
Year = Annotated[int, typer.Argument(help="Year of the activity described, not of the campaign.")]
Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        help="Reference of the finding, or its beginning: see `senacs findings list`.",
    ),
]
Author = Annotated[str, typer.Option("--author", help="Who decides: it is kept with the decision.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="The query loop: what is asked of a territory's correspondent, what is replied, and "
        "who decided what when.\n\n"
        "A run opens findings. The correspondent corrects or confirms, in the annotated "
        "spreadsheet that lies beside the report or in a YAML file; [bold]import[/bold] takes it "
        "back. The next run of the territory applies it: a correction is read as a delivered cell "
        "and checked again, a confirmed value is not asked about until it changes.",
        no_args_is_help=True,
    )
    group.command("list")(list_findings)
    group.command()(show)
    group.command("import")(import_file)
    group.command()(accept)
    group.command()(reopen)
    group.command()(summary)
    app.add_typer(group, name="findings", rich_help_panel="Collection")


def list_findings(
    collection: Collection,
    code: Territory,
    data_year: Year,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is accepted, known or resolved.")
    ] = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Semicolon-separated values instead of a table.")
    ] = False,
) -> None:
    """List the findings of a territory's data year that wait for someone, with their reference."""
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.deliveries import TerritoryYear  # noqa: PLC0415

    with database_ready():
        from senacs.warehouse.engine import warehouse  # noqa: PLC0415
        from tasks.replies import states_of  # noqa: PLC0415

        key = TerritoryYear(collection, code, data_year)
        _check(key)
        with warehouse().connect() as connection:
            rows = list(states_of(connection, key).values())
    done = {"accepted", "known", "resolved"}
    shown = [row for row in rows if everything or row["state"] not in done]
    header = ("key", "state", "severity", "rule", "row", "unit", "question", "raw", "message")
    table = [_line(row) for row in shown]
    if csv:
        write_csv(header, table)
        return
    for line in table:
        _say(dict(zip(header, line, strict=True)))
    counted = {state: sum(r["state"] == state for r in rows) for state in sorted(
        {r["state"] for r in rows})}  # fmt: skip
    typer.echo(", ".join(f"{n} {state}" for state, n in counted.items()) or "no finding")


def _say(line: "Mapping[str, str]") -> None:
    """A finding on two lines: a table would leave its sentence no room."""
    where = " ".join(filter(None, (line["row"] and f"row {line['row']}", line["unit"],
                                   line["question"])))  # fmt: skip
    typer.secho(f"{line['key']}  {line['state']:<9} {line['severity']:<9} {line['rule']}  {where}",
                bold=True)  # fmt: skip
    typer.echo(f"          {line['message']}")


def show(key: Key) -> None:
    """Show a finding and its life: who changed what, when and why."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from senacs.warehouse.engine import warehouse  # noqa: PLC0415
        from senacs.warehouse.statements import fetch  # noqa: PLC0415
        from tasks.replies import find_item  # noqa: PLC0415

        with warehouse().connect() as connection:
            item = find_item(connection, key)
            events = fetch(connection, "query/history", item_key=item["item_key"])
    for name in ("item_key", "collection", "territory", "data_year", "rule", "severity", "state",
                 "unit_id", "question", "header", "row_number", "raw", "delivered", "about",
                 "message", "advice"):  # fmt: skip
        if item[name] is not None:
            typer.echo(f"{name}: {item[name]}")
    for event in events:
        what = f"{event['state']} ({event['kind']})" if event["kind"] else event["state"]
        value = f" « {event['value']} »" if event["value"] is not None else ""
        source = f" [{event['source']}]" if event["source"] else ""
        why = f"{event['author']}: {event['reason']}{source}"
        typer.echo(f"{event['at']:%Y-%m-%d %H:%M} {what}{value}, {why}")


def import_file(
    file: Annotated[
        Path, typer.Argument(help="Annotated spreadsheet (XLSX, ODS) or YAML.", exists=True)
    ],
    author: Annotated[
        str, typer.Option("--author", help="Who replies, where a line does not say so.")
    ],
    owner: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="COLLECTION/TERRITORY/YEAR",
            help="Refuse the file unless it replies for these.",
        ),
    ] = "",
    rerun: Annotated[
        bool, typer.Option("--run", help="Then run the territory, which applies the replies.")
    ] = False,
) -> None:
    """Take back what a correspondent replies; a line that cannot be taken is told, in French.

    Nothing is overwritten: a new reply to the same finding counts instead of the former, which is
    kept. The same file twice is once. Ends with 0 if all is taken, 2 if a line is not.
    """
    expected = _key(owner)
    if rerun:
        _import_and_run(file, author, expected)
        return
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks.returned import take_file  # noqa: PLC0415

        taken = take_file.fn(file.read_bytes(), file.name, author, expected)
    _tell(taken)
    if taken.refused:
        raise typer.Exit(2)


def _import_and_run(file: Path, author: str, expected: "TerritoryYear | None") -> None:
    from senacs.cli.session import working  # noqa: PLC0415

    with working() as session:
        from flows.rerun import rerun  # noqa: PLC0415
        from senacs.warehouse.engine import warehouse_as_owner  # noqa: PLC0415
        from senacs.warehouse.revisions import upgrade  # noqa: PLC0415
        from tasks.campaigns import outcome_of  # noqa: PLC0415
        from tasks.returned import take_file  # noqa: PLC0415

        session.ready()
        upgrade(warehouse_as_owner())
        taken = take_file.fn(file.read_bytes(), file.name, author, expected)
        _tell(taken, then=False)
        session.show([outcome_of(taken.key, rerun(**vars(taken.key), return_state=True))])
    if taken.refused:
        raise typer.Exit(2)


def _key(text: str) -> "TerritoryYear | None":
    from senacs.deliveries import TerritoryYear  # noqa: PLC0415

    if not text:
        return None
    parts = text.split("/")
    if len(parts) != 3 or not parts[2].isdecimal():  # noqa: PLR2004
        raise typer.BadParameter("expected collection/territory/year, such as senacs/92/2012")
    key = TerritoryYear(parts[0], parts[1], int(parts[2]))
    _check(key)
    return key


def _tell(taken: "Taken", *, then: bool = True) -> None:
    key = taken.key
    typer.echo(
        f"{key}: {len(taken.new)} recorded, {taken.already} recorded before, "
        f"{len(taken.refused)} refused"
    )
    for sentence in taken.refused:
        typer.secho(f"  {sentence}", fg=typer.colors.YELLOW)
    if taken.new and then:
        typer.echo(
            f"to apply: senacs run territory {key.collection} {key.territory} {key.data_year}"
        )


def accept(
    key: Key,
    author: Author,
    reason: Annotated[str, typer.Option("--reason", help="Why, in French.")] = "",
) -> None:
    """Accept the reply to a finding."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks.replies import accept as decide  # noqa: PLC0415

        item = decide(key, author, reason)
    typer.echo(f"{item['item_key']} {item['state']}: {item['message']}")


def reopen(
    key: Key,
    author: Author,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in French: the correspondent reads it.")
    ],
) -> None:
    """Ask again: the reply counts no more from the territory's next run on."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks.replies import reopen as decide  # noqa: PLC0415

        item = decide(key, author, reason)
    typer.echo(f"{item['item_key']} {item['state']}: {item['message']}")


def summary(collection: Collection, data_year: Year) -> None:
    """Write the French summary of a campaign for the national team; print where it is."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from senacs.codebook import load_collection  # noqa: PLC0415
        from senacs.settings import settings  # noqa: PLC0415
        from tasks.summary import summarise  # noqa: PLC0415

        load_collection(settings().codebook, collection).campaign(data_year)
        typer.echo(summarise.fn(collection, data_year))


def _check(key: "TerritoryYear") -> None:
    from senacs.codebook import load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    load_collection(settings().codebook, key.collection).campaign(key.data_year).territory(
        key.territory
    )


def _line(row: "Mapping[str, Any]") -> tuple[str, ...]:
    return (
        row["item_key"][:8], row["state"], row["severity"], row["rule"],
        str(row["row_number"] or ""), row["unit_id"] or "", row["question"] or "",
        (row["raw"] or "")[:40], row["message"],
    )  # fmt: skip
