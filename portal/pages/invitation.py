"""The page behind a link: who was invited, or has forgotten it, chooses a password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires
from portal.rendering import page
from senacs.errors import AccountError
from tasks import invitations

router = APIRouter(prefix="/invitation", dependencies=[Depends(Requires(Act.ANYONE))])


@router.get("/{value}")
def form(request: Request, value: str) -> Response:
    """The form. To look at it uses nothing: programs that read mail follow links as well."""
    return _shown(request, value)


@router.post("/{value}")
def choose(
    request: Request,
    value: str,
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set the password and use the link."""
    if new != again:
        return _shown(request, value, 422, "les deux mots de passe diffèrent")
    try:
        invitations.accept(value, new, request.app.state.now())
    except AccountError as error:
        return _shown(request, value, 422, str(error))
    return RedirectResponse("/connexion", 303)


def _shown(request: Request, value: str, status: int = 200, refused: str = "") -> Response:
    try:
        whose = invitations.invitation(value, request.app.state.now())
    except AccountError as error:
        return page(request, "refused.html.j2", status=404, sentence=str(error))
    return page(
        request, "invitation.html.j2", status, email=whose["email"], value=value, refused=refused
    )
