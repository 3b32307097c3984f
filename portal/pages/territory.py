"""A territory: what came in last."""

from fastapi import APIRouter, Depends, Request, Response

from portal.authorisation import Act, Requires
from portal.database import as_account
from portal.rendering import page
from senacs.warehouse.statements import fetch

router = APIRouter(prefix="/territoires")


@router.get("/{territory}", dependencies=[Depends(Requires(Act.TERRITORY))])
def runs(request: Request, territory: str) -> Response:
    """The last runs of a territory."""
    with as_account(request.state.session_value) as connection:
        found = fetch(connection, "portal/runs", territory=territory)
    return page(request, "territory.html.j2", territory=territory, runs=found)
