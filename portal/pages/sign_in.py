"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires, own_form
from portal.rendering import page
from senacs.accounts import LONGEST_SESSION, Account
from senacs.errors import AccountError
from tasks import accounts

router = APIRouter()
COOKIE = "senacs_session"


@router.get("/connexion", dependencies=[Depends(Requires(Act.ANYONE))])
def form(request: Request) -> Response:
    """The form."""
    return page(request, "sign_in.html.j2", refused="", email="")


@router.post("/connexion", dependencies=[Depends(Requires(Act.ANYONE))])
def enter(
    request: Request,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
) -> Response:
    """A session of its own for each sign-in; the same answer for whatever is wrong."""
    address = request.client.host if request.client else ""
    try:
        value = accounts.sign_in(email, password, address, request.app.state.now(), code)
    except AccountError as error:
        return page(request, "sign_in.html.j2", 401, refused=str(error), email=email)
    return opened(request, value)


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
