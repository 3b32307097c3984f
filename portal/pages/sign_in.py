"""Signing in and out."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires, own_form
from portal.provider import BACK, Provider
from portal.rendering import page
from senacs.accounts import LONGEST_SESSION, Account
from senacs.errors import AccountError
from tasks import accounts

router = APIRouter()
COOKIE = "senacs_session"
UNDER_WAY = "senacs_fournisseur"
"""The cookie of a sign-in by the provider that is under way."""


@router.get("/connexion", dependencies=[Depends(Requires(Act.ANYONE))])
def form(request: Request) -> Response:
    """The form."""
    return _shown(request)


@router.post("/connexion", dependencies=[Depends(Requires(Act.ANYONE))])
def enter(
    request: Request,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
) -> Response:
    """A session of its own for each sign-in; the same answer for whatever is wrong."""
    if not request.app.state.passwords:
        raise HTTPException(404)
    address = request.client.host if request.client else ""
    try:
        value = accounts.sign_in(email, password, address, request.app.state.now(), code)
    except AccountError as error:
        return _shown(request, 401, str(error), email)
    return opened(request, value)


@router.get("/connexion/fournisseur", dependencies=[Depends(Requires(Act.ANYONE))])
def set_out(request: Request) -> Response:
    """On to the provider, with what only this browser can come back with."""
    value = secrets.token_urlsafe(32)
    try:
        answer = RedirectResponse(_provider(request).address(value), 303)
    except AccountError as error:
        return _shown(request, 503, str(error))
    answer.set_cookie(
        UNDER_WAY,
        value,
        max_age=600,
        path="/connexion",
        httponly=True,
        secure=request.app.state.https,
        samesite="lax",
    )
    return answer


@router.get(BACK, dependencies=[Depends(Requires(Act.ANYONE))])
def come_back(request: Request) -> Response:
    """Back from the provider: a session for an account that an administrator has made."""
    value, now = request.cookies.get(UNDER_WAY, ""), request.app.state.now()
    try:
        person = _provider(request).person(value, request.url.query, now)
        answer = opened(request, accounts.sign_in_known(person.subject, person.email, now))
    except AccountError as error:
        answer = _shown(request, 401, str(error))
    answer.delete_cookie(UNDER_WAY, path="/connexion")
    return answer


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise HTTPException(404)
    return provider


def _shown(request: Request, status: int = 200, refused: str = "", email: str = "") -> Response:
    state = request.app.state
    return page(
        request,
        "sign_in.html.j2",
        status,
        refused=refused,
        email=email,
        passwords=state.passwords,
        provider=state.provider_label if state.provider else "",
    )


def opened(request: Request, value: str) -> Response:
    """The answer that brings a new session to the browser; the one it had ends."""
    if request.state.account is not None:
        accounts.sign_out(request.state.session_value, request.state.account)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        COOKIE,
        value,
        max_age=int(LONGEST_SESSION.total_seconds()),
        httponly=True,
        secure=request.app.state.https,
        samesite="lax",
    )
    return answer


@router.post("/deconnexion", dependencies=[Depends(own_form)])
def leave(request: Request, account: Annotated[Account, Depends(Requires(Act.ENROL))]) -> Response:
    """End the session, here and in the database."""
    accounts.sign_out(request.state.session_value, account)
    answer = RedirectResponse("/connexion", 303)
    answer.delete_cookie(COOKIE)
    return answer
