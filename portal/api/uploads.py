"""Exports and answered spreadsheets that a system sends in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from portal.api.answering import YEAR, also, router
from portal.api.words import Line, said
from portal.authorisation import Act, Requires, takes_file
from portal.database import acting, as_account
from portal.dossiers import Dossier, Named
from portal.incoming import check_not_too_many, room
from senacs.accounts import Account
from senacs.errors import RequestError
from tasks.returned import Taken
from tasks.uploads import Upload, take_upload, uploads_of, withdraw

uploads = router()
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "Le fichier, avec son nom.",
                        }
                    },
                }
            },
            "application/octet-stream": {
                "schema": {
                    "type": "string",
                    "format": "binary",
                    "description": "Le fichier ; son nom est dans `file_name`.",
                }
            },
        },
    }
}


class Sent(BaseModel):
    """An export that was sent in."""

    model_config = said("Un export envoyé. Il ne change rien avant qu’une relance le choisisse.")
    upload_id: UUID = Field(description="Son identifiant.")
    file_name: str = Field(description="Son nom.")
    bytes: int = Field(description="Sa taille.")
    sha256: str = Field(description="Son empreinte.")
    author: str = Field(description="Qui l’a envoyé.")
    uploaded_at: datetime = Field(description="Quand.")
    chosen_at: datetime | None = Field(description="Quand une relance l’a choisi.")
    in_place: bool = Field(description="Vrai si les traitements le prennent.")
    ending: str | None = Field(
        description="withdrawn (retiré), replaced (remplacé), overtaken (dépassé par la source)."
    )


class Received(BaseModel):
    """What became of a file."""

    model_config = said("Ce qu’est devenu un fichier envoyé.")
    upload_id: UUID | None = Field(
        description="L’identifiant de l’export ; nul si le fichier était un classeur de réponses."
    )
    recorded: int = Field(description="Réponses enregistrées, si c’était un classeur.")
    already: int = Field(description="Réponses qui l’étaient déjà.")
    refused: list[str] = Field(description="Lignes qui n’ont pu être prises, et pourquoi.")


@uploads.get(
    f"{YEAR}/uploads",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Les exports envoyés",
    description="Du plus récent au plus ancien.",
)
def listed(request: Request, dossier: Named) -> list[Sent]:
    """All that was sent in."""
    with as_account(request.state.session_value) as connection:
        return [_sent(one) for one in uploads_of(connection, dossier.key)]


@uploads.post(
    f"{YEAR}/uploads",
    status_code=201,
    dependencies=[Depends(takes_file)],
    summary="Envoyer un export ou un classeur de réponses",
    description="Le fichier est gardé tel quel. Un export ne change rien avant qu’une relance le "
    "choisisse ; essayez-le d’abord. Un classeur annoté ou un fichier YAML de réponses est "
    "reconnu : ses réponses sont enregistrées (200).",
    responses={200: {"model": Received, "description": "Des réponses."}, **also(409)},
    openapi_extra=_BODY,
)
async def send(
    request: Request,
    response: Response,
    dossier: Named,
    account: Annotated[Account, Depends(Requires(Act.CHANGE))],
    file_name: Annotated[Line, Query(description="Le nom du fichier, s’il est envoyé nu.")] = "",
) -> Received:
    """Take a file, bare or in a form."""
    name, data = await _file(request, file_name)
    taken = await run_in_threadpool(_taken, request, dossier, account, name, data)
    if isinstance(taken, Taken):
        response.status_code = 200
        return Received(
            upload_id=None, recorded=len(taken.new), already=taken.already, refused=taken.refused
        )
    response.headers["Location"] = f"{request.url.path}/{taken}"
    return Received(upload_id=taken, recorded=0, already=0, refused=[])


@uploads.get(
    f"{YEAR}/uploads/{{upload_id}}",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Un export envoyé",
    description="Ce qu’il est devenu.",
)
def one(request: Request, dossier: Named, upload_id: UUID) -> Sent:
    """One upload."""
    with as_account(request.state.session_value) as connection:
        for upload in uploads_of(connection, dossier.key):
            if upload.upload_id == upload_id:
                return _sent(upload)
    raise HTTPException(404)


@uploads.delete(
    f"{YEAR}/uploads/{{upload_id}}",
    status_code=204,
    summary="Retirer un export",
    description="Le traitement suivant reprend ce qu’a la source. Le fichier reste gardé.",
    responses=also(409),
)
def take_back(
    request: Request,
    dossier: Named,
    account: Annotated[Account, Depends(Requires(Act.CHANGE))],
    upload_id: UUID,
) -> None:
    """Withdraw an upload."""
    withdraw(dossier.key, upload_id, account.name, acting(request.state.session_value))


async def _file(request: Request, file_name: str) -> tuple[str, bytes]:
    """Name and content of what is sent.

    Raises:
        RequestError: no file is in the form, or it has no name.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        if not file_name.strip():
            raise RequestError("Dites le nom du fichier : « ?file_name=export.csv ».")
        return file_name, await request.body()
    async with request.form(max_files=1, max_fields=1) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise RequestError("Le formulaire n’a pas de fichier dans son champ « file ».")
        return sent.filename, await sent.read()


def _taken(
    request: Request, dossier: Dossier, account: Account, name: str, data: bytes
) -> UUID | Taken:
    value = request.state.session_value
    check_not_too_many(value, dossier.key, request.app.state.now())
    with room():
        return take_upload(dossier.key, data, name, account.name, acting(value))


def _sent(upload: Upload) -> Sent:
    receipt = upload.receipt
    return Sent(
        upload_id=upload.upload_id,
        file_name=receipt.file_name,
        bytes=receipt.bytes,
        sha256=receipt.sha256,
        author=upload.author,
        uploaded_at=upload.uploaded_at,
        chosen_at=upload.chosen_at,
        in_place=upload.in_place,
        ending=str(upload.ending) if upload.ending else None,
    )
