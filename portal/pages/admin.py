"""Accounts, their territories, and who did what."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires, own_form
from portal.rendering import page
from senacs.accounts import INVITATION, Account, Role
from senacs.errors import AccountError
from tasks import accounts, invitations, second_factor

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
    request: Request,
    account: Admin,
    *,
    email: Text = "",
    name: Text = "",
    role: Text = "",
    way: Text = "",
) -> Response:
    """Make an account; the link for its person is on the page, this once, or mailed."""
    try:
        kind = Role(role)
    except ValueError:
        return _shown(request, 422, refused="choisissez un rôle")
    try:
        value = accounts.make_account(email, name, kind, account.email, request.app.state.now())
    except AccountError as error:
        return _shown(request, 422, refused=str(error))
    return _invited(request, email, value, way)


@router.post("/comptes/inviter", dependencies=[Depends(own_form)])
def invite(request: Request, account: Admin, email: Text = "", way: Text = "") -> Response:
    """Make another link: the one before has ended, or the password was forgotten."""
    try:
        value = invitations.invite(email, account.email, request.app.state.now())
    except AccountError as error:
        return _shown(request, 422, refused=str(error))
    return _invited(request, email, value, way)


@router.post("/comptes/code", dependencies=[Depends(own_form)])
def forget_factor(request: Request, account: Admin, email: Text = "") -> Response:
    """Ask an account for no code any more: telephone and recovery codes are lost."""
    try:
        second_factor.forget(email, account.email)
    except AccountError as error:
        return _shown(request, 422, refused=str(error))
    return RedirectResponse("/admin/comptes", 303)


@router.post("/comptes/codes", dependencies=[Depends(own_form)])
def require_factor(
    request: Request, account: Admin, role: Text = "", required: Text = ""
) -> Response:
    """Oblige the accounts of a role to have a second factor, or let them choose again."""
    try:
        second_factor.require(
            Role(role), account, request.app.state.now(), required=required == "yes"
        )
    except ValueError:
        return _shown(request, 422, refused="choisissez un rôle")
    except AccountError as error:
        return _shown(request, 422, refused=str(error))
    return RedirectResponse("/admin/comptes", 303)


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


def _invited(request: Request, email: str, value: str, way: str) -> Response:
    """The page with the link, once it has been mailed where that was asked for."""
    base = request.app.state.url or str(request.base_url)
    link, sent = f"{base.rstrip('/')}/invitation/{value}", False
    try:
        if way == "mail":
            invitations.mail_link(email.strip().lower(), link, request.app.state.now())
            sent = True
    except AccountError as error:
        return _shown(request, refused=str(error), invited=email, link=link)
    return _shown(request, invited=email, link="" if sent else link)


def _shown(
    request: Request, status: int = 200, refused: str = "", invited: str = "", link: str = ""
) -> Response:
    return page(
        request,
        "accounts.html.j2",
        status,
        accounts=accounts.accounts(),
        required=second_factor.required_of(),
        days=INVITATION.days,
        refused=refused,
        invited=invited,
        link=link,
    )
