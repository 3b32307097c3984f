"""Who is subscribed to what is told."""

from senacs.errors import ConfigurationError
from senacs.notices.kinds import Audience
from senacs.notices.subscription import Channel, Subscription
from senacs.notices.wording import checked_address
from senacs.settings import secret
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks.channels import webhook


def subscribe(wanted: Subscription, author: str) -> int | None:
    """Let an address be told from now on; its number, None where it is subscribed already.

    Raises:
        ConfigurationError: no such address, or a webhook without the secret that it names.
    """
    if wanted.channel is Channel.MAIL:
        checked_address(wanted.address)
    else:
        webhook.checked_url(wanted.address)
        if not wanted.secret:
            raise ConfigurationError("name the secret that signs the webhook's requests")
        secret(wanted.secret)
    with warehouse().begin() as connection:
        rows = fetch(connection, "notice/insert_subscription", **vars(wanted), author=author)
    return int(rows[0]["subscription_no"]) if rows else None


def unsubscribe(number: int, author: str) -> None:
    """Tell an address no more; what waits for it is given up.

    Raises:
        ConfigurationError: no subscription in force has this number.
    """
    with warehouse().begin() as connection:
        ended = execute(
            connection, "notice/end_subscription", subscription_no=number, author=author
        ).rowcount
        if not ended:
            raise ConfigurationError(f"no subscription {number} is in force")


def subscriptions() -> dict[int, Subscription]:
    """The subscriptions in force, by number."""
    with warehouse().connect() as connection:
        rows = fetch(connection, "notice/subscriptions")
    return {
        row["subscription_no"]: Subscription(
            Audience(row["audience"]),
            Channel(row["channel"]),
            row["address"],
            row["secret"],
            row["collection"],
            row["territory"],
        )
        for row in rows
    }
