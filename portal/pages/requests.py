"""Rehearsals and reruns: asked for, followed while they run, and what came of them."""

import logging
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires, own_form
from portal.database import acting, as_account
from portal.dossiers import ADDRESS, Dossier, Named
from portal.rendering import page
from senacs.accounts import Account
from senacs.errors import ConfigurationError, RequestError
from senacs.rehearsal import REHEARSAL
from tasks import requests
from tasks.requests import RequestKind, RequestState
from tasks.uploads import uploads_of

router = APIRouter(prefix=f"{ADDRESS}/demandes")
_LOG = logging.getLogger(__name__)


@router.post("", dependencies=[Depends(own_form)])
def ask(
    request: Request,
    account: Annotated[Account, Depends(Requires(Act.CHANGE))],
    dossier: Named,
    quoi: Annotated[str, Form()] = "",
    envoi: Annotated[str, Form()] = "",
) -> Response:
    """Ask for a rehearsal or a rerun; pressed ten times it is asked for once."""
    try:
        kind = RequestKind(quoi)
        upload_id = UUID(envoi) if envoi else None
    except ValueError:
        raise HTTPException(422) from None
    try:
        return asked_for(request, account, dossier, kind, upload_id)
    except RequestError as error:
        return page(request, "request_refused.html.j2", 409, dossier=dossier, refused=str(error))


@router.get("/{request_id}", dependencies=[Depends(Requires(Act.TERRITORY))])
def follow(request: Request, dossier: Named, request_id: UUID) -> Response:
    """Where it stands, renewed while it runs; then what it found, or changed."""
    begin = acting(request.state.session_value)
    try:
        asked = requests.request_of(request_id, begin)
    except RequestError:
        raise HTTPException(404) from None
    if asked.key != dossier.key:
        raise HTTPException(404)
    with as_account(request.state.session_value) as connection:
        uploads = {one.upload_id: one for one in uploads_of(connection, dossier.key)}
        others = requests.requests_of(connection, dossier.key)
    rehearsed = asked if asked.kind is RequestKind.REHEARSAL else _rehearsal_of(asked, others)
    return page(
        request,
        "request_state.html.j2" if "hx-request" in request.headers else "request.html.j2",
        dossier=dossier,
        asked=asked,
        upload=uploads.get(asked.upload_id) if asked.upload_id else None,
        is_open=asked.state is RequestState.OPEN,
        is_rerun=asked.kind is RequestKind.RERUN,
        steps=requests.progress(asked, begin) if asked.kind is RequestKind.RERUN else (),
        found=REHEARSAL.validate_python(rehearsed.result)
        if rehearsed and rehearsed.result
        else None,
        failed=asked.state is RequestState.FAILED,
    )


def asked_for(
    request: Request, account: Account, dossier: Dossier, kind: RequestKind, upload_id: UUID | None
) -> Response:
    """Ask, and lead to the page where it is followed.

    Raises:
        RequestError: the upload cannot be taken, or another one's request is under way.
    """
    begin = acting(request.state.session_value)
    try:
        asked = requests.ask(dossier.key, kind, account.name, upload_id, begin)
    except ConfigurationError as error:
        _LOG.error("%s", error)
        # Prefect answers and does not know what to do: the request is kept, an engineer has to act.
        raise RequestError(
            "La demande est enregistrée, mais le service ne peut pas la prendre : prévenez "
            "l'équipe qui l'exploite."
        ) from error
    return RedirectResponse(f"{dossier.address}/demandes/{asked.request_id}", 303)


def _rehearsal_of(
    rerun: requests.Request, others: list[requests.Request]
) -> requests.Request | None:
    """The last rehearsal of what a rerun took: what it said is what the rerun has done."""
    return next(
        (
            one
            for one in others
            if one.kind is RequestKind.REHEARSAL
            and one.result
            and one.upload_id == rerun.upload_id
            and one.asked_at <= rerun.asked_at
        ),
        None,
    )
