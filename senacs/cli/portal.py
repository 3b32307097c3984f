"""`senacs portal …` and `senacs account …`: the portal, and who may sign in to it."""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from senacs.accounts import INVITATION, Role
from senacs.cli import tokens

Email = Annotated[
    str, typer.Argument(metavar="EMAIL", help="Address that the person signs in with.")
]
Author = Annotated[str, typer.Option("--author", help="Who decides: it is kept with the act.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    portal = typer.Typer(help="The portal of correspondents.", no_args_is_help=True)
    portal.command()(run)
    app.add_typer(portal, name="portal", rich_help_panel="Services")
    account = typer.Typer(
        help="Who may sign in to the portal. Each act is recorded for good.", no_args_is_help=True
    )
    account.command()(create)
    account.command("list")(list_accounts)
    account.command()(invite)
    account.command()(disable)
    account.command()(password)
    account.command()(territories)
    tokens.add_to(account)
    app.add_typer(account, name="account", rich_help_panel="Upkeep")


def run(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8300,
) -> None:
    """Serve the portal until Ctrl-C. Beyond this machine: behind a proxy that speaks https."""
    import uvicorn  # noqa: PLC0415 - imports are paid where they are used

    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.services.stack import at_hand  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    with database_ready(), at_hand(settings()):
        from portal.app import create_app  # noqa: PLC0415 - Prefect is told where to go by now

        uvicorn.run(
            create_app(settings()),
            host=host,
            port=port,
            server_header=False,
            log_level="warning",
            proxy_headers=True,
            forwarded_allow_ips="127.0.0.1",
        )


def create(
    email: Email,
    *,
    name: Annotated[str, typer.Option("--name", help="Name of the person.")],
    role: Annotated[Role, typer.Option("--role", help="What the account is.")],
    author: Author,
) -> None:
    """Make an account; the link by which its person chooses a password is shown once."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import accounts  # noqa: PLC0415

        value = accounts.make_account(email, name, role, author, datetime.now(UTC))
    _show_link(email, value)


def invite(email: Email, *, author: Author) -> None:
    """Make another link to choose a password: the one before ended, or it was forgotten."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import invitations  # noqa: PLC0415

        value = invitations.invite(email, author, datetime.now(UTC))
    _show_link(email, value)


def _show_link(email: str, value: str) -> None:
    from senacs.settings import settings  # noqa: PLC0415

    base = (settings().portal_url or "http://127.0.0.1:8300").rstrip("/")
    typer.echo(
        f"{email} chooses a password by this link, shown this once, for {INVITATION.days} days:\n"
        f"{base}/invitation/{value}"
    )


def list_accounts() -> None:
    """List accounts with their territories."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import accounts  # noqa: PLC0415

        for one in accounts.accounts():
            state = "" if one["active"] else " (shut out)"
            held = ", ".join(one["territories"]) or "-"
            typer.echo(f"{one['email']}  {one['role']}  {held}  {one['name']}{state}")


def disable(email: Email, *, author: Author) -> None:
    """Shut an account out; its sessions end."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import accounts  # noqa: PLC0415

        accounts.shut_out(email, author)
    typer.echo(f"{email} is shut out")


def password(email: Email, *, author: Author) -> None:
    """Type a new password for an account; its sessions end."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    given = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with database_ready():
        from tasks import accounts  # noqa: PLC0415

        accounts.set_password(email, given, author)
    typer.echo(f"{email} has another password")


def territories(
    email: Email,
    *,
    author: Author,
    give: Annotated[list[str] | None, typer.Option(help="Territory to give. Repeatable.")] = None,
    take: Annotated[list[str] | None, typer.Option(help="Territory to take. Repeatable.")] = None,
) -> None:
    """Give territories from today on, or take them back."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import accounts  # noqa: PLC0415

        today = datetime.now(ZoneInfo("Europe/Paris")).date()
        for code in give or ():
            accounts.give_territory(email, code, author, today)
        for code in take or ():
            accounts.take_territory(email, code, author)
    typer.echo(f"{email}: {len(give or ())} given, {len(take or ())} taken")
