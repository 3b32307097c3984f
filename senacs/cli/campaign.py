"""`senacs campaign …`: where every territory stands, and what persons decide about its days."""

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from senacs.deliveries import TerritoryYear
    from senacs.pages.standing import StandingPage
    from tasks.decisions import Subject

Collection = Annotated[str, typer.Argument(help="Declared collection, such as senacs.")]
Territory = Annotated[str, typer.Argument(metavar="TERRITORY", help="Territory, such as 92.")]
Year = Annotated[int, typer.Argument(help="Year of the activity described, not of the campaign.")]
Author = Annotated[str, typer.Option("--author", help="Who decides: it is kept.")]
Reason = Annotated[str, typer.Option("--reason", help="Why: it is kept.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A day, such as 2027-11-15.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="The campaigns. campaigns.yml says when each opens, reminds, closes; the deployment "
        "`scheduled-collection` does what is due.",
        no_args_is_help=True,
    )
    group.command()(status)
    group.command()(reopen)
    group.command()(postpone)
    group.command()(decisions)
    app.add_typer(group, name="campaign", rich_help_panel="Collection")


def status(
    collection: Annotated[
        str | None, typer.Argument(help="Declared collection; all if none is named.")
    ] = None,
    data_year: Annotated[
        int | None,
        typer.Argument(help="Year of the activity described; the last declared if none is given."),
    ] = None,
    *,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="The day to consider; today if not given."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
) -> None:
    """Show where every territory of a campaign stands, and what comes next."""
    from senacs.calendar import PARIS, paris_day  # noqa: PLC0415
    from senacs.cli.session import database_ready  # noqa: PLC0415

    campaigns = _campaigns(collection, data_year)
    now = datetime.combine(on.date(), time(12), PARIS) if on else datetime.now(UTC)
    with database_ready():
        from tasks.prepare import prepare  # noqa: PLC0415
        from tasks.standing import standing_of  # noqa: PLC0415

        for name in dict.fromkeys(name for name, _ in campaigns):
            prepare.fn(name)
        pages = [standing_of(name, year, paris_day(now)) for name, year in campaigns]
    if json:
        _as_json(pages)
        return
    for page in pages:
        _as_table(page)


def reopen(
    collection: Collection,
    code: Territory,
    data_year: Year,
    *,
    until: Day,
    author: Author,
    reason: Reason,
) -> None:
    """Take a closed territory's export again, until the end of a day; or close it later."""
    from senacs.deliveries import TerritoryYear  # noqa: PLC0415
    from tasks.decisions import Subject  # noqa: PLC0415

    key = TerritoryYear(collection, code, data_year)
    _decide(key, Subject.CLOSES, until.date(), author=author, reason=reason)
    typer.echo(f"{collection} {data_year}: {code} is open until the end of {until:%Y-%m-%d}")


def postpone(
    collection: Collection,
    code: Territory,
    data_year: Year,
    *,
    to: Day,
    author: Author,
    reason: Reason,
) -> None:
    """Move the deadline of a territory; it closes when it did."""
    from senacs.deliveries import TerritoryYear  # noqa: PLC0415
    from tasks.decisions import Subject  # noqa: PLC0415

    key = TerritoryYear(collection, code, data_year)
    _decide(key, Subject.DEADLINE, to.date(), author=author, reason=reason)
    typer.echo(f"{collection} {data_year}: {code} is expected by {to:%Y-%m-%d}")


def decisions(
    most: Annotated[int, typer.Option("--most", min=1, help="How many at most.")] = 50,
) -> None:
    """List what was decided about the days of territories, newest first."""
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.cli.tables import print_table  # noqa: PLC0415

    with database_ready():
        from senacs.warehouse.engine import warehouse  # noqa: PLC0415
        from tasks.decisions import decisions as decided  # noqa: PLC0415

        with warehouse().connect() as connection:
            found = decided(connection, most)
    print_table(
        "Decisions",
        ("no", "when (UTC)", "territory", "what", "day", "author", "reason"),
        [
            (
                str(one.decision_no),
                f"{one.decided_at.astimezone(UTC):%Y-%m-%d %H:%M}",
                str(one.key),
                str(one.subject),
                one.day.isoformat(),
                one.author,
                one.reason,
            )
            for one in found
        ],
    )


def _decide(
    key: "TerritoryYear", subject: "Subject", day: date, *, author: str, reason: str
) -> None:
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from senacs.warehouse.engine import in_warehouse  # noqa: PLC0415
        from tasks.decisions import decide  # noqa: PLC0415

        now = datetime.now(UTC)
        with in_warehouse() as connection:
            decide(connection, key, subject, day, author=author, reason=reason, now=now)


def _campaigns(collection: str | None, data_year: int | None) -> list[tuple[str, int]]:
    """The campaigns that are asked for; a wrong name is told before any service is started."""
    from senacs.codebook import in_order, load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    codebook = settings().codebook
    found = []
    for name in [collection] if collection else in_order(codebook)[::-1]:
        declared = load_collection(codebook, name)
        newest = max((campaign.data_year for campaign in declared.campaigns), default=None)
        year = data_year or newest
        if year is not None:
            found.append((name, declared.campaign(year).data_year))
    return found


def _as_json(pages: "list[StandingPage]") -> None:
    import json  # noqa: PLC0415

    said = [
        {
            "collection": page.collection,
            "data_year": page.data_year,
            "simulated": page.simulated,
            "on": page.today.isoformat(),
            "territories": [
                {
                    "territory": one.territory,
                    "label": one.label,
                    "state": str(one.state),
                    "deadline": one.deadline.isoformat(),
                    "closes": one.closes.isoformat(),
                    "closed": one.closed,
                    "received": one.received.isoformat() if one.received else None,
                    "records": one.records,
                    "open_findings": one.asked,
                    "answered_findings": one.answered,
                    "note": one.note,
                    "next": one.next_words,
                    "next_day": one.next_day.isoformat() if one.next_day else None,
                }
                for one in page.lines
            ],
        }
        for page in pages
    ]
    typer.echo(json.dumps(said, ensure_ascii=False, indent=1))


def _as_table(page: "StandingPage") -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    simulated = " (données simulées)" if page.simulated else ""
    # It is to stand on a terminal of 80 columns.
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("territoire", "état"):
        table.add_column(name)
    for name in ("échéance", "reçu", "constats", "clôture"):
        table.add_column(name, no_wrap=True)
    table.add_column("suite")
    for one in page.lines:
        table.add_row(
            escape(f"{one.territory} {one.label}"),
            escape(f"{one.word} ; {one.note}" if one.note else one.word),
            _short(one.deadline),
            _short(one.received),
            f"{one.asked} / {one.answered}" if one.asked or one.answered else "",
            f"{_short(one.closes)}{' close' if one.closed else ''}",
            f"{one.next_words} {_short(one.next_day)}".strip(),
        )
    console = Console()
    console.print(
        f"{page.label}, données {page.data_year}{simulated}, au {page.today:%d/%m/%Y}",
        markup=False,
        highlight=False,
    )
    console.print(page.summary, highlight=False)
    console.print(table)


def _short(day: date | None) -> str:
    return f"{day:%d/%m/%y}" if day else ""
