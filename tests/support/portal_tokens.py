"""A portal with accounts and tokens of every kind, asked as other systems ask it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from portal.app import create_app
from senacs.accounts import Role, Scope
from senacs.settings import settings
from tasks import accounts, tokens
from tests.support.installation import Installation

NOW = datetime.now(UTC)
ACCOUNTS = {
    "of 92": (Role.CORRESPONDENT, "92"),
    "of france": (Role.CORRESPONDENT, "france"),
    "of none": (Role.CORRESPONDENT, None),
    "national": (Role.NATIONAL, None),
    "admin": (Role.ADMIN, None),
}


@dataclass
class Clock:
    """A minute later each time it is looked at, so that no rate is reached by asking much."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@dataclass(frozen=True)
class Shown:
    """A token as a test knows it.

    Attributes:
        territories: those that it opens; None: all.
        value: what is sent.
    """

    territories: frozenset[str] | None
    changes: bool
    value: str = field(repr=False)


def email(who: str) -> str:
    return f"{who.replace(' ', '.')}@exemple.fr"


def make_accounts() -> None:
    for who, (role, territory) in ACCOUNTS.items():
        accounts.make_account(email(who), f"<b>{who}</b>", role, "tests", NOW)
        if territory:
            accounts.give_territory(email(who), territory, "tests", date(2012, 1, 1))


def made_tokens() -> dict[str, Shown]:
    """A token of each kind, with what it opens."""

    def of(who: str, scope: Scope, now: datetime = NOW, *only: str) -> str:
        return tokens.make_token(
            email(who), "essai", scope, "tests", now, lasts=timedelta(days=30), narrowed_to=only
        )

    nothing: frozenset[str] = frozenset()
    revoked, shut = of("of 92", Scope.CHANGE), "shut@exemple.fr"
    tokens.revoke_token(tokens.tokens(email("of 92"))[0].number, "tests", NOW)
    accounts.make_account(shut, "S", Role.ADMIN, "tests", NOW)
    of_shut = tokens.make_token(shut, "essai", Scope.CHANGE, "tests", NOW)
    accounts.shut_out(shut, "tests")
    accounts.set_password(email("admin"), "une phrase assez longue", "tests")
    cookie = accounts.sign_in(email("admin"), "une phrase assez longue", "::1", NOW)
    return {
        "reads 92": Shown(frozenset({"92"}), False, of("of 92", Scope.READ)),
        "changes 92": Shown(frozenset({"92"}), True, of("of 92", Scope.CHANGE)),
        "changes france": Shown(frozenset({"france"}), True, of("of france", Scope.CHANGE)),
        "changes nothing": Shown(nothing, True, of("of none", Scope.CHANGE)),
        "reads all": Shown(None, False, of("national", Scope.READ)),
        "changes all": Shown(None, True, of("admin", Scope.CHANGE)),
        "narrowed": Shown(frozenset({"france"}), True, of("national", Scope.CHANGE, NOW, "france")),
        "ended": Shown(nothing, False, of("admin", Scope.CHANGE, NOW - timedelta(days=31))),
        "revoked": Shown(nothing, False, revoked),
        "shut out": Shown(nothing, False, of_shut),
        "a cookie": Shown(nothing, False, cookie),
        "made up": Shown(nothing, False, "senacs_" + "A" * 43),
        "none": Shown(nothing, False, ""),
    }


DEAD = frozenset({"ended", "revoked", "shut out", "a cookie", "made up", "none"})
"""Those that open nothing, whatever is asked."""


@contextmanager
def without_prefect() -> Iterator[None]:
    """Requests are kept, and handed over by nobody: Prefect's address leads nowhere."""
    nowhere = {PREFECT_API_URL: "http://127.0.0.1:9/api", PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(nowhere):
        yield


def portal(_house: Installation) -> FastAPI:
    return create_app(settings(), Clock())


def asking(app: FastAPI, shown: Shown) -> TestClient:
    headers = {"authorization": f"Bearer {shown.value}"} if shown.value else {}
    return TestClient(app, headers=headers, follow_redirects=False, raise_server_exceptions=False)
