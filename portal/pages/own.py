"""What belongs to whoever is signed in: the first page, the password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires, own_form
from portal.database import as_account
from portal.rendering import page
from senacs.accounts import Account
from senacs.errors import AccountError
from senacs.warehouse.statements import fetch
from tasks import accounts

router = APIRouter()


@router.get("/", dependencies=[Depends(Requires(Act.OWN))])
def home(request: Request) -> Response:
    """The territories of the account."""
    with as_account(request.state.session_value) as connection:
        territories = fetch(connection, "portal/territories")
    return page(request, "home.html.j2", title="Vos territoires", territories=territories)


@router.get("/mot-de-passe", dependencies=[Depends(Requires(Act.OWN))])
def password_form(request: Request) -> Response:
    """The form to change the password."""
    return page(request, "password.html.j2", refused="")


@router.post("/mot-de-passe", dependencies=[Depends(own_form)])
def change_password(
    request: Request,
    account: Annotated[Account, Depends(Requires(Act.OWN))],
    current: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
) -> Response:
    """Set another password for whoever knows the one of today; every session ends."""
    address = request.client.host if request.client else ""
    try:
        accounts.change_password(account.email, current, new, address, request.app.state.now())
    except AccountError as error:
        return page(request, "password.html.j2", 422, refused=str(error))
    return RedirectResponse("/connexion", 303)
