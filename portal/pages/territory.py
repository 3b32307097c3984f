"""A territory: the collections and years that it is asked, and where each stands."""

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from portal.authorisation import Act, Requires
from portal.database import as_account
from portal.dossiers import name_of
from portal.rendering import page
from senacs.deliveries import TerritoryYear
from senacs.warehouse.statements import fetch

router = APIRouter(prefix="/territoires")


@router.get("/{territory}", dependencies=[Depends(Requires(Act.TERRITORY))])
def dossiers(request: Request, territory: str) -> Response:
    """The data years of a territory."""
    with as_account(request.state.session_value) as connection:
        found = fetch(connection, "portal/dossiers", territory=territory)
    if not found:
        raise HTTPException(404)
    newest = TerritoryYear(found[0]["collection"], territory, found[0]["data_year"])
    return page(
        request,
        "territory.html.j2",
        territory=territory,
        label=name_of(newest),
        dossiers=found,
    )
