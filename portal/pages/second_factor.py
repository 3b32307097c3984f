"""One's second factor: set up with a telephone, and given up."""

import io
from collections.abc import Sequence
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import SECOND_FACTOR, Act, Requires, own_form
from portal.rendering import page
from senacs.accounts import Account
from senacs.errors import AccountError
from tasks import accounts, second_factor

router = APIRouter(prefix=SECOND_FACTOR)
Self = Annotated[Account, Depends(Requires(Act.ENROL))]


@router.get("")
def shown(request: Request, account: Self) -> Response:
    """What there is; the secret of a new one, until it is confirmed."""
    return _shown(request, account)


@router.get("/code.svg")
def picture(request: Request, account: Self) -> Response:
    """What the telephone reads; nothing once it is confirmed."""
    factor = second_factor.begun(account, request.app.state.now())
    if factor.confirmed:
        raise HTTPException(404)
    drawn = io.BytesIO()
    segno.make_qr(factor.address(account.email)).save(drawn, kind="svg", scale=5, border=4)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


@router.post("", dependencies=[Depends(own_form)])
def confirm(request: Request, account: Self, code: Annotated[str, Form()] = "") -> Response:
    """Confirm it with a first code; the recovery codes are on the page, this once."""
    try:
        codes = second_factor.confirm(account, code, request.app.state.now())
    except AccountError as error:
        return _shown(request, account, 422, str(error))
    return _shown(request, account, codes=codes)


@router.post("/retirer", dependencies=[Depends(own_form)])
def forget(request: Request, account: Self, password: Annotated[str, Form()] = "") -> Response:
    """Give it up, for who knows the password."""
    address = request.client.host if request.client else ""
    try:
        accounts.check_password(account, password, address, request.app.state.now())
        second_factor.forget(account.email, account.email)
    except AccountError as error:
        return _shown(request, account, 422, str(error))
    return RedirectResponse(SECOND_FACTOR, 303)


def _shown(
    request: Request,
    account: Account,
    status: int = 200,
    refused: str = "",
    codes: Sequence[str] = (),
) -> Response:
    return page(
        request,
        "second_factor.html.j2",
        status,
        factor=second_factor.begun(account, request.app.state.now()),
        obliged=account.role in second_factor.required_of(),
        refused=refused,
        codes=codes,
    )
