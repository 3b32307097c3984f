"""`senacs access …`: who may read what in the warehouse, given and taken back."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

Login = Annotated[
    str, typer.Argument(metavar="LOGIN", help="A person's own login of the PostgreSQL server.")
]
Author = Annotated[str, typer.Option("--author", help="Who decides: it is kept with the act.")]
New = Annotated[
    bool,
    typer.Option("--new", help="Make the login. Its password is made too, and shown once."),
]
AskPassword = Annotated[
    bool, typer.Option("--ask-password", help="With --new: type the password instead.")
]
_DAY = ["%Y-%m-%d"]


class Group(StrEnum):
    """What a login can be let in as, beside correspondent."""

    ANALYST = "analyst"
    PUBLIC = "public"
    FLOWS = "flows"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Who may read what in the warehouse: correspondents their territories, the national "
        "team all, the public what is published.\n\n"
        "A right belongs to the login that a person connects to PostgreSQL with; nobody shares "
        "one. Each act is recorded for good, with who decided it: [bold]log[/bold]. These commands "
        "log in as the owner of the warehouse (SENACS_OWNER_DATABASE_URL).",
        no_args_is_help=True,
    )
    group.command()(grant)
    group.command()(admit)
    group.command()(revoke)
    group.command("list")(list_holders)
    group.command()(log)
    app.add_typer(group, name="access", rich_help_panel="Upkeep")


def grant(
    login: Login,
    *,
    territory: Annotated[
        list[str], typer.Option("--territory", help="Territory, such as 92. Repeatable.")
    ],
    author: Author,
    collection: Annotated[
        str | None, typer.Option(help="Only this collection, such as senacs; default: all.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day; default: today.")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, help="Last day; default: until it is taken back."),
    ] = None,
    new: New = False,
    ask_password: AskPassword = False,
) -> None:
    """Let a correspondent read the rows of territories, and no others.

    senacs access grant m.durand --territory 92 --until 2027-06-30 --author "Mme Martin" --new

    What is held already is renewed with the new days. Refused are logins that may more than a
    correspondent: no rule would hold them.
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    with _database():
        from senacs.access import Holding  # noqa: PLC0415
        from tasks import access  # noqa: PLC0415

        today = datetime.now(ZoneInfo("Europe/Paris"))
        first, last = (since or today).date(), until.date() if until else None
        holdings = [Holding(login, code, collection, first, last) for code in territory]
        if new:
            _make(login, author, ask=ask_password)
        access.give_territories(holdings, author)
    days = f"from {first}" + (f" until {last}" if last else "")
    what = f" of {collection}" if collection else ""
    typer.echo(f"{login} reads {', '.join(territory)}{what} {days}")


def admit(
    login: Login,
    group: Annotated[Group, typer.Argument(metavar="analyst|public|flows", help="As what.")],
    *,
    author: Author,
    new: New = False,
    ask_password: AskPassword = False,
) -> None:
    """Let a login in as what is no correspondent.

    analyst: the national team, reads all that was collected. public: figures after disclosure
    control, codebook, open reference data. flows: what SENACS_DATABASE_URL of the worker logs in
    as; reads and writes rows, changes no table and no right.
    """
    with _database():
        from senacs.access import Role  # noqa: PLC0415
        from tasks import access  # noqa: PLC0415

        if new:
            _make(login, author, ask=ask_password)
        access.give_role(login, Role(group), author)
    typer.echo(f"{login} is let in as {group}")


def revoke(
    login: Login,
    *,
    author: Author,
    territory: Annotated[
        list[str] | None,
        typer.Option("--territory", help="Only this territory. Repeatable; default: everything."),
    ] = None,
    collection: Annotated[
        str | None, typer.Option(help="Only what was given for this collection.")
    ] = None,
) -> None:
    """Take rights back at once: territories, or all that a login has in this warehouse.

    With the last one its sessions end and it cannot connect any more. The login stays: drop it on
    the server if no other database knows it.
    """
    with _database():
        from tasks import access  # noqa: PLC0415

        taken = access.take_back(login, author, territory or (), collection)
    typer.echo(f"taken from {login}: {taken} territories" + ("" if territory else ", and all else"))


def list_holders() -> None:
    """List who may what today, and from when until when."""
    with _database():
        from tasks import access  # noqa: PLC0415

        rows = access.holders()
    for row in rows:
        what = row["role"] or "no role"
        if row["territory"]:
            until = f" until {row['valid_until']}" if row["valid_until"] else ""
            what += (
                f" of {row['territory']} ({row['collection'] or 'all collections'}) from "
                f"{row['valid_from']}{until}, given by {row['given_by']}"
            )
        barred = "" if row["connects"] else ", cannot connect"
        typer.echo(f"{row['login']}: {what}{barred if row['is_there'] else ', no such login'}")
    if not rows:
        typer.echo("nobody but the owner may anything")


def log(
    login: Annotated[
        str | None, typer.Argument(metavar="[LOGIN]", help="Only of this one.")
    ] = None,
    *,
    last: Annotated[int, typer.Option(min=1, help="How many.")] = 50,
) -> None:
    """List what was given and taken back, newest first: when, whose, what, who decided."""
    with _database():
        from tasks import access  # noqa: PLC0415

        rows = access.events(login, last)
    for row in rows:
        what = " ".join(
            str(row[name]) for name in ("role", "territory", "collection") if row[name] is not None
        )
        days = f" {row['valid_from']} → {row['valid_until'] or '…'}" if row["valid_from"] else ""
        typer.echo(
            f"{row['at']:%Y-%m-%d %H:%M} {row['login']}: {row['act']} {what}{days}, "
            f"{row['author']} (as {row['connected_as']})"
        )
    if not rows:
        typer.echo("nothing was given yet")


def _make(login: str, author: str, *, ask: bool) -> None:
    """Make a login. A password is no option of a command: others would see it there."""
    from senacs.access import new_password  # noqa: PLC0415
    from tasks import access  # noqa: PLC0415

    if ask:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        access.make_login(login, password, author)
        return
    password = new_password()
    access.make_login(login, password, author)
    typer.echo(f"password of {login}, shown only now: {password}")


def _database() -> "AbstractContextManager[None]":
    """The warehouse, started for the command if it is not running, and at its newest revision."""
    from contextlib import contextmanager  # noqa: PLC0415

    from senacs.services.stack import database  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415
    from senacs.warehouse.engine import warehouse_as_owner  # noqa: PLC0415
    from senacs.warehouse.revisions import upgrade  # noqa: PLC0415

    @contextmanager
    def ready() -> "Iterator[None]":
        with database(settings()):
            upgrade(warehouse_as_owner())
            yield

    return ready()
