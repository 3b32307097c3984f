"""One's tokens for other systems, and an administrator's view of everybody's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires, own_form
from portal.rendering import page
from senacs.accounts import LONGEST_TOKEN, Account, Scope
from senacs.errors import AccountError
from tasks import tokens

router = APIRouter()
_OWN, _ALL = "/jetons", "/admin/jetons"
Self = Annotated[Account, Depends(Requires(Act.OWN))]
Admin = Annotated[Account, Depends(Requires(Act.ADMINISTER))]
Text = Annotated[str, Form()]


@router.get(_OWN)
def own(request: Request, account: Self) -> Response:
    """The tokens of the account."""
    return _shown(request, account.email)


@router.post(_OWN, dependencies=[Depends(own_form)])
def make(
    request: Request,
    account: Self,
    *,
    label: Text = "",
    scope: Text = "",
    days: Text = "",
    codes: Text = "",
) -> Response:
    """Make a token; its value is on the page, this once."""
    return _made(request, account.email, account, (label, scope, days, codes), account.email)


@router.post(f"{_OWN}/revoquer", dependencies=[Depends(own_form)])
def revoke(request: Request, account: Self, number: Text = "") -> Response:
    """Revoke one of one's own."""
    now = request.app.state.now()
    return _done(
        request,
        account.email,
        _OWN,
        lambda: tokens.revoke_token(_number(number), account.email, now, of=account),
    )


@router.get(_ALL)
def every(request: Request, _account: Admin) -> Response:
    """The tokens of all accounts."""
    return _shown(request, None)


@router.post(_ALL, dependencies=[Depends(own_form)])
def make_for(
    request: Request,
    account: Admin,
    *,
    email: Text = "",
    label: Text = "",
    scope: Text = "",
    days: Text = "",
    codes: Text = "",
) -> Response:
    """Make a token that stands for somebody's account."""
    return _made(request, email, account, (label, scope, days, codes), None)


@router.post(f"{_ALL}/revoquer", dependencies=[Depends(own_form)])
def revoke_any(request: Request, account: Admin, number: Text = "") -> Response:
    """Revoke anybody's."""
    now = request.app.state.now()
    return _done(
        request,
        None,
        _ALL,
        lambda: tokens.revoke_token(_number(number), account.email, now),
    )


def _made(
    request: Request,
    email: str,
    author: Account,
    given: tuple[str, str, str, str],
    shown: str | None,
) -> Response:
    label, scope, days, codes = given
    try:
        value = tokens.make_token(
            email,
            label,
            _scope(scope),
            author.email,
            request.app.state.now(),
            lasts=timedelta(days=_number(days)),
            narrowed_to=codes.replace(",", " ").split(),
        )
    except AccountError as error:
        return _shown(request, shown, 422, refused=str(error))
    return _shown(request, shown, value=value)


def _done(request: Request, shown: str | None, back: str, act: Callable[[], None]) -> Response:
    try:
        act()
    except AccountError as error:
        return _shown(request, shown, 422, refused=str(error))
    return RedirectResponse(back, 303)


def _shown(
    request: Request, email: str | None, status: int = 200, refused: str = "", value: str = ""
) -> Response:
    """The page of one account's tokens, or of everybody's."""
    now = request.app.state.now()
    return page(
        request,
        "tokens.html.j2",
        status,
        tokens=tokens.tokens(email),
        everybody=email is None,
        action=_ALL if email is None else _OWN,
        scopes=list(Scope),
        longest=LONGEST_TOKEN.days,
        now=now,
        refused=refused,
        value=value,
    )


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - more fits no column
        raise AccountError(f"« {text[:20]} » n’est pas un nombre")
    return int(text)


def _scope(text: str) -> Scope:
    try:
        return Scope(text)
    except ValueError:
        raise AccountError("choisissez ce que le jeton permet") from None
