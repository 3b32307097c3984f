"""The one place that decides who may what; every route names its act, or the portal does not start.

PostgreSQL decides again which rows a transaction gets (`portal/database.py`).
"""

import hashlib
import hmac
from collections.abc import Iterator
from enum import Enum, auto
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Match, Mount

from senacs.accounts import Account, Role
from senacs.errors import ConfigurationError
from tasks.uploads import largest_upload

LARGEST_FORM = 64 * 1024
"""Bytes of a form without a file."""

SECOND_FACTOR = "/double-authentification"
"""Where who has to have a second factor sets it up."""


class Act(Enum):
    """What a route lets its caller do."""

    ANYONE = auto()
    """Sign in, see that the portal lives: no account is needed."""
    ENROL = auto()
    """Set up one's second factor, and leave: all that is open to who has to have one first."""
    OWN = auto()
    """See and change one's own account."""
    TERRITORY = auto()
    """Read the territory that the address names in `{territory}`, of its `{collection}`."""
    CHANGE = auto()
    """Send in, answer and ask for reruns in the territory that the address names."""
    NATIONAL = auto()
    """Read all territories side by side."""
    ADMINISTER = auto()
    """Make accounts, shut them out, give territories; read who did what."""


_ROLES = {
    Act.ENROL: frozenset(Role),
    Act.OWN: frozenset(Role),
    Act.TERRITORY: frozenset(Role),
    Act.CHANGE: frozenset(Role),
    Act.NATIONAL: frozenset({Role.NATIONAL, Role.ADMIN}),
    Act.ADMINISTER: frozenset({Role.ADMIN}),
}


_OF_ONESELF = frozenset({Act.ENROL, Act.OWN})
_OF_A_TERRITORY = frozenset({Act.TERRITORY, Act.CHANGE})


def may(
    account: Account | None,
    act: Act,
    territory: str | None = None,
    collection: str | None = None,
) -> bool:
    """Whether the account may do that; for a territory, whether it may there, today.

    Without a collection, whether it may for any.
    """
    if act is Act.ANYONE:
        return True
    if account is None or account.role not in _ROLES[act]:
        return False
    if account.lacks_factor or act in _OF_ONESELF:
        return act is Act.ENROL or not account.lacks_factor
    if act in _OF_A_TERRITORY:
        opened = territory is not None and account.opens(territory, collection)
        return opened and (account.changes or act is Act.TERRITORY)
    return account.narrowed_to is None


class Requires:
    """A dependency: the request goes on where its account may do the act, and ends otherwise."""

    def __init__(self, act: Act) -> None:
        self.act = act

    def __call__(self, request: Request) -> Account | None:
        """The account.

        Raises:
            HTTPException: 401 where nobody is signed in, 404 for a territory that is not its own,
                303 to the page where a second factor is set up, 403 for anything else.
        """
        account: Account | None = request.state.account
        asked = request.path_params
        if may(account, self.act, asked.get("territory"), asked.get("collection")):
            return account
        if account is None:
            raise HTTPException(401)
        if account.lacks_factor:
            raise HTTPException(303, headers={"Location": SECOND_FACTOR})
        reads = may(account, Act.TERRITORY, asked.get("territory"), asked.get("collection"))
        # Not 403: whether another territory exists is not told.
        raise HTTPException(404 if self.act in _OF_A_TERRITORY and not reads else 403)


def form_token(session_value: str) -> str:
    """What a form of this session carries: made from the cookie, which no other site reads."""
    return hashlib.sha256(b"form:" + session_value.encode()).hexdigest()


def own_form(request: Request, jeton: Annotated[str, Form()] = "") -> None:
    """A dependency of each form of somebody signed in: 403 unless our own page sent it."""
    if not hmac.compare_digest(jeton.encode(), form_token(request.state.session_value).encode()):
        raise HTTPException(403)


def by_token(request: Request) -> None:
    """A dependency of each route that other systems ask: 401 unless by a token, so never a cookie.

    No browser sends a token by itself, so there is no form to be forged.
    """
    if not request.state.by_token:
        raise HTTPException(401)


def takes_file() -> None:
    """A dependency that says of a route that what is sent to it may be as large as an export."""


def largest_body(request: Request) -> int:
    """Bytes that may be sent with this request, settled before any of them is read.

    A file is taken by the routes that say so, from whoever may call them; anything else is a form.
    """
    account: Account | None = request.state.account
    for route in request.app.routes:
        if not isinstance(route, APIRoute) or takes_file not in _calls(route.dependant):
            continue
        match, scope = route.matches(request.scope)
        if match is Match.FULL:
            asked = scope["path_params"]
            allowed = may(account, act_of(route), asked.get("territory"), asked.get("collection"))
            return largest_upload() + LARGEST_FORM if allowed else LARGEST_FORM
    return LARGEST_FORM


def depends_on(route: APIRoute, call: object) -> bool:
    """Whether a route has that dependency."""
    return call in _calls(route.dependant)


def check_declared(app: FastAPI) -> None:
    """Every route has named its act, and whatever changes something how forgery is stopped.

    Raises:
        ConfigurationError: one has not.
    """
    for route in app.routes:
        if isinstance(route, Mount):
            continue  # files that are everybody's
        if not isinstance(route, APIRoute):
            raise ConfigurationError(f"the route {route} cannot say who may call it")
        act = act_of(route)
        writes = (route.methods or set()) - {"GET", "HEAD"}
        guarded = {own_form, by_token} & set(_calls(route.dependant))
        if writes and act is not Act.ANYONE and not guarded:
            raise ConfigurationError(f"{route.path} takes forms and does not ask for their token")


def act_of(route: APIRoute) -> Act:
    """The act that a route has declared.

    Raises:
        ConfigurationError: none, or several.
    """
    acts = [call.act for call in _calls(route.dependant) if isinstance(call, Requires)]
    if len(acts) != 1:
        raise ConfigurationError(f"{route.path} has to declare one act, not {len(acts)}")
    return acts[0]


def _calls(dependant: Dependant) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
