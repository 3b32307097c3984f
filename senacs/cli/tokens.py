"""`senacs account token …`: tokens that other systems show in place of a password."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from senacs.accounts import LONGEST_TOKEN, Scope

Author = Annotated[str, typer.Option("--author", help="Who decides: it is kept with the act.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Tokens for the systems of a Caf or a federation (docs/api.md). A token stands for an "
        "account and never for more.",
        no_args_is_help=True,
    )
    group.command()(create)
    group.command("list")(list_tokens)
    group.command()(revoke)
    app.add_typer(group, name="token")


def create(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Account that it stands for.")],
    *,
    label: Annotated[str, typer.Option("--label", help="What it is for.")],
    scope: Annotated[
        Scope, typer.Option(help="read; change: also send in, answer, ask for reruns.")
    ] = Scope.READ,
    territory: Annotated[
        list[str] | None,
        typer.Option("--territory", help="Only this territory. Repeatable; default: all it holds."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=LONGEST_TOKEN.days, help="How long.")] = 366,
    author: Author,
) -> None:
    """Make a token; its value is shown once."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import tokens  # noqa: PLC0415

        value = tokens.make_token(
            email,
            label,
            scope,
            author,
            datetime.now(UTC),
            lasts=timedelta(days=days),
            narrowed_to=territory or (),
        )
    typer.echo(f"{email}: token, shown this once: {value}")


def list_tokens(
    email: Annotated[
        str | None, typer.Argument(metavar="[EMAIL]", help="Only of this account.")
    ] = None,
) -> None:
    """List tokens, the newest first, with what they open and when they were last used."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import tokens  # noqa: PLC0415

        now, found = datetime.now(UTC), tokens.tokens(email)
    for one in found:
        held = ", ".join(one.narrowed_to) if one.narrowed_to else "all it holds"
        used = f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else "never"
        state = "" if one.opens(now) else " (revoked)" if one.revoked_at else " (ended)"
        typer.echo(
            f"{one.number}  {one.email}  {one.scope}  {held}  until {one.ends_at:%Y-%m-%d}  "
            f"used {used}  {one.label}{state}"
        )
    if not found:
        typer.echo("no token")


def revoke(
    number: Annotated[int, typer.Argument(help="Number of the token, see list.")],
    *,
    author: Author,
) -> None:
    """Revoke a token; it opens nothing from now on."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import tokens  # noqa: PLC0415

        tokens.revoke_token(number, author, datetime.now(UTC))
    typer.echo(f"token {number} is revoked")
