"""Accounts, their territories, and who did what."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires, own_form
from portal.rendering import page
from senacs.accounts import Account, Role
from senacs.errors import AccountError
from tasks import accounts

router = APIRouter(prefix="/admin")
_EVENTS = 200
Admin = Annotated[Account, Depends(Requires(Act.ADMINISTER))]
Text = Annotated[str, Form()]


@router.get("/comptes")
def every_account(request: Request, _account: Admin) -> Response:
    """All accounts."""
    return _shown(request)


@router.post("/comptes", dependencies=[Depends(own_form)])
def make(
    request: Request, account: Admin, email: Text = "", name: Text = "", role: Text = ""
) -> Response:
    """Make an account; its first password is on the page, this once."""
    try:
        kind = Role(role)
    except ValueError:
        return _shown(request, 422, refused="choisissez un rôle")
    try:
        password = accounts.make_account(email, name, kind, account.email, request.app.state.now())
    except AccountError as error:
        return _shown(request, 422, refused=str(error))
    return _shown(request, made=email, password=password)


@router.post("/comptes/fermer", dependencies=[Depends(own_form)])
def shut_out(request: Request, account: Admin, email: Text = "") -> Response:
    """Shut an account out. Not one's own: somebody has to be left."""
    if email.strip().lower() == account.email:
        return _shown(request, 422, refused="un compte ne se ferme pas lui-même")
    try:
        accounts.shut_out(email, account.email)
    except AccountError as error:
        return _shown(request, 422, refused=str(error))
    return RedirectResponse("/admin/comptes", 303)


@router.post("/comptes/territoires", dependencies=[Depends(own_form)])
def territories(
    request: Request, account: Admin, email: Text = "", code: Text = "", act: Text = ""
) -> Response:
    """Give a territory from today on, or take it back."""
    try:
        if act == "take":
            accounts.take_territory(email, code, account.email)
        else:
            accounts.give_territory(email, code, account.email, _today(request))
    except AccountError as error:
        return _shown(request, 422, refused=str(error))
    return RedirectResponse("/admin/comptes", 303)


@router.get("/journal")
def log(request: Request, _account: Admin) -> Response:
    """Who did what."""
    return page(request, "events.html.j2", events=accounts.events(_EVENTS))


def _today(request: Request) -> date:
    today: date = request.app.state.now().astimezone(ZoneInfo("Europe/Paris")).date()
    return today


def _shown(
    request: Request, status: int = 200, refused: str = "", made: str = "", password: str = ""
) -> Response:
    return page(
        request,
        "accounts.html.j2",
        status,
        accounts=accounts.accounts(),
        refused=refused,
        made=made,
        password=password,
    )
