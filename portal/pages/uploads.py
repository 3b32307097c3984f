"""Files that a person sends in: exports, which wait until chosen, and answered spreadsheets."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from portal.authorisation import Act, Requires, own_form, takes_file
from portal.database import acting, as_account
from portal.dossiers import ADDRESS, Dossier, Named
from portal.incoming import check_not_too_many, room
from portal.pages.requests import asked_for
from portal.rendering import page
from senacs.accounts import Account
from senacs.errors import ReplyError, RequestError
from senacs.warehouse.statements import fetch
from tasks.requests import RequestKind
from tasks.uploads import largest_upload, take_upload, uploads_of, withdraw

router = APIRouter(prefix=f"{ADDRESS}/envois")
_SHOWN = 20


@router.get("", dependencies=[Depends(Requires(Act.TERRITORY))])
def sent(request: Request, dossier: Named, repris: int = 0) -> Response:
    """What was sent in, and the form to send more."""
    return _shown(request, dossier, taken=repris)


@router.post("", dependencies=[Depends(takes_file), Depends(own_form)])
def send(
    request: Request,
    account: Annotated[Account, Depends(Requires(Act.CHANGE))],
    dossier: Named,
    fichier: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep the file. Of an export a rehearsal is asked for at once: it changes nothing."""
    if fichier is None or not fichier.filename:
        return _shown(request, dossier, refused="Choisissez un fichier.")
    begin = acting(request.state.session_value)
    try:
        check_not_too_many(request.state.session_value, dossier.key, request.app.state.now())
        with room():
            data = fichier.file.read()
            taken = take_upload(dossier.key, data, fichier.filename, account.name, begin)
    except (RequestError, ReplyError) as error:
        return _shown(request, dossier, refused=str(error))
    if not isinstance(taken, UUID):
        return RedirectResponse(f"{dossier.address}/envois?repris=1#reponses", 303)
    try:
        return asked_for(request, account, dossier, RequestKind.REHEARSAL, taken)
    except RequestError as error:
        return _shown(request, dossier, refused=f"Le fichier est arrivé. {error}")


@router.post("/retirer", dependencies=[Depends(own_form)])
def take_out(
    request: Request,
    account: Annotated[Account, Depends(Requires(Act.CHANGE))],
    dossier: Named,
    envoi: Annotated[UUID, Form()],
) -> Response:
    """Let runs take the source's export again."""
    try:
        withdraw(dossier.key, envoi, account.name, acting(request.state.session_value))
    except RequestError as error:
        return _shown(request, dossier, refused=str(error))
    return RedirectResponse(f"{dossier.address}/envois", 303)


def _shown(request: Request, dossier: Dossier, refused: str = "", taken: int = 0) -> Response:
    with as_account(request.state.session_value) as connection:
        uploads = uploads_of(connection, dossier.key)
        back = fetch(connection, "portal/returned_files", **vars(dossier.key), most=_SHOWN)
    return page(
        request,
        "uploads.html.j2",
        422 if refused else 200,
        dossier=dossier,
        uploads=uploads[:_SHOWN],
        returned=back,
        refused=refused,
        taken=bool(taken),
        largest=largest_upload() // 1024 // 1024,
    )
