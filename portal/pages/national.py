"""All territories, for the national team."""

from fastapi import APIRouter, Depends, Request, Response

from portal.authorisation import Act, Requires
from portal.database import as_account
from portal.rendering import page
from senacs.warehouse.statements import fetch

router = APIRouter()


@router.get("/national", dependencies=[Depends(Requires(Act.NATIONAL))])
def territories(request: Request) -> Response:
    """Every territory that a campaign asks."""
    with as_account(request.state.session_value) as connection:
        found = fetch(connection, "portal/territories")
    return page(request, "home.html.j2", title="Tous les territoires", territories=found)
