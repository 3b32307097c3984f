"""What monitors ask: whether the installation is well, and its measures."""

import hmac

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from portal.authorisation import Act, Requires
from senacs.warehouse.engine import warehouse_of_portal
from tasks.observed import Wellness, health, metrics

router = APIRouter(dependencies=[Depends(Requires(Act.ANYONE))])


@router.get("/sante")
def sante() -> Response:
    """How well the installation is, in one word: 503 where it does not work."""
    state = health(warehouse_of_portal()).state
    return JSONResponse({"etat": str(state)}, 503 if state is Wellness.DOWN else 200)


@router.get("/metrics")
def measures(request: Request) -> Response:
    """Every measure as Prometheus reads it, for who has the token of the settings; else 404."""
    token = request.app.state.metrics_token
    given = request.headers.get("authorization", "")
    if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise HTTPException(404)
    return PlainTextResponse(metrics(warehouse_of_portal()), media_type=CONTENT_TYPE_LATEST)
