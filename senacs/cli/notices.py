"""`senacs notices …`: who is told what, what was told, and sending what waits."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from senacs.notices.kinds import Audience

if TYPE_CHECKING:
    from tasks.notices import Posted

Author = Annotated[str, typer.Option("--author", help="Who decides: it is kept.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Messages to correspondents, the national team and engineers. notices/kinds.yml says "
        "which audience is told what; subscriptions say who that is.",
        no_args_is_help=True,
    )
    group.command()(subscribe)
    group.command()(unsubscribe)
    group.command()(subscribers)
    group.command("list")(list_notices)
    group.command()(send)
    app.add_typer(group, name="notices", rich_help_panel="Upkeep")


def subscribe(
    audience: Annotated[Audience, typer.Argument(help="Whom it is about.")],
    address: Annotated[str, typer.Argument(help="Address of mail, or https:// URL of a webhook.")],
    *,
    author: Author,
    collection: Annotated[str | None, typer.Option(help="This collection alone.")] = None,
    territory: Annotated[str | None, typer.Option(help="This territory alone.")] = None,
    secret: Annotated[
        str | None, typer.Option(help="Of a webhook: name of the secret that signs its requests.")
    ] = None,
) -> None:
    """Tell an address from now on."""
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.notices.subscription import Channel, Subscription  # noqa: PLC0415

    with database_ready():
        from tasks import subscriptions  # noqa: PLC0415

        channel = Channel.WEBHOOK if "://" in address else Channel.MAIL
        wanted = Subscription(audience, channel, address, secret, collection, territory)
        number = subscriptions.subscribe(wanted, author)
    typer.echo("it is subscribed already" if number is None else f"subscription {number}")


def unsubscribe(
    number: Annotated[int, typer.Argument(help="See `senacs notices subscribers`.")],
    *,
    author: Author,
) -> None:
    """Tell an address no more; what waits for it is not sent."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import subscriptions  # noqa: PLC0415

        subscriptions.unsubscribe(number, author)
    typer.echo(f"subscription {number} has ended")


def subscribers() -> None:
    """List who is subscribed to what."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import subscriptions  # noqa: PLC0415

        found = subscriptions.subscriptions()
    for number, one in found.items():
        where = f"{one.collection or 'all collections'}, {one.territory or 'all territories'}"
        typer.echo(f"{number}  {one.audience:<9}  {one.channel:<7}  {one.address}  ({where})")
    if not found:
        typer.echo("nobody is subscribed: notices are kept, and told to nobody")


def list_notices(
    most: Annotated[int, typer.Option("--most", min=1, help="How many at most.")] = 50,
) -> None:
    """List what was told, newest first, and what became of it."""
    from senacs.cli.session import database_ready  # noqa: PLC0415
    from senacs.cli.tables import print_table  # noqa: PLC0415

    with database_ready():
        from tasks import notices  # noqa: PLC0415

        found = notices.messages(most)
    print_table(
        "Notices",
        ("no", "when (UTC)", "kind", "about", "subject", "delivered", "waits", "given up", "last"),
        [
            (
                str(one.message_no),
                f"{one.posted_at:%Y-%m-%d %H:%M}",
                one.kind,
                _about(one),
                one.subject,
                *(str(count or "") for count in (one.delivered, one.waiting, one.given_up)),
                one.reason,
            )
            for one in found
        ],
    )


def send() -> None:
    """Send now what waits and is due. The deployment `watch` does it every ten minutes."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    with database_ready():
        from tasks import notices  # noqa: PLC0415

        typer.echo(f"{notices.deliver.fn(datetime.now(UTC))} delivered")


def _about(one: "Posted") -> str:
    """Collection, territory and data year, as far as a message is about one."""
    return "/".join(str(part) for part in (one.collection, one.territory, one.data_year) if part)
