"""The days of territories: what administrators have moved, and the form to move another."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires, own_form
from portal.database import as_account
from portal.rendering import page
from senacs.accounts import Account
from senacs.codebook import in_order, load_collection
from senacs.deliveries import TerritoryYear
from senacs.errors import RequestError
from senacs.settings import settings
from tasks.decisions import Subject, decide, decisions

router = APIRouter(prefix="/admin/calendrier")
_SHOWN = 100
Text = Annotated[str, Form()]


@router.get("", dependencies=[Depends(Requires(Act.ADMINISTER))])
def decided(request: Request) -> Response:
    """What was decided, and the form."""
    return _shown(request)


@router.post("", dependencies=[Depends(own_form)])
def move(
    request: Request,
    account: Annotated[Account, Depends(Requires(Act.ADMINISTER))],
    *,
    collection: Text = "",
    territory: Text = "",
    data_year: Text = "",
    subject: Text = "",
    day: Text = "",
    reason: Text = "",
) -> Response:
    """Move a deadline or a closing; a closing past today opens a closed territory again."""
    try:
        key = TerritoryYear(collection, territory.strip(), int(data_year))
        moved, until = Subject(subject), date.fromisoformat(day)
    except ValueError:
        return _shown(request, 422, "Choisissez une collecte, une année, ce qui change et un jour.")
    try:
        with as_account(request.state.session_value) as connection:
            now = request.app.state.now()
            decide(connection, key, moved, until, author=account.name, reason=reason, now=now)
    except RequestError as error:
        return _shown(request, 422, str(error))
    return RedirectResponse("/admin/calendrier", 303)


def _shown(request: Request, status: int = 200, refused: str = "") -> Response:
    with as_account(request.state.session_value) as connection:
        found = decisions(connection, _SHOWN)
    codebook = settings().codebook
    return page(
        request,
        "calendar.html.j2",
        status,
        refused=refused,
        decisions=found,
        subjects=list(Subject),
        collections=[load_collection(codebook, name) for name in in_order(codebook)[::-1]],
    )
