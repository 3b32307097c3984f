"""How a request is refused: problem details (RFC 9457), in French."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from portal.api.words import said

MEDIA_TYPE = "application/problem+json"
TITLES: Mapping[int, str] = {
    400: "Demande illisible",
    401: "Jeton absent ou sans effet",
    403: "Demande non permise",
    404: "Introuvable",
    405: "Demande qui ne se fait pas ainsi",
    409: "Demande contraire à l’état présent",
    411: "Longueur absente",
    413: "Envoi trop grand",
    422: "Demande incorrecte",
    429: "Trop de demandes",
    503: "Service indisponible",
}
DETAILS: Mapping[int, str] = {
    400: "Ce qui est envoyé ne se lit pas : du JSON en UTF-8, ou un formulaire entier.",
    401: "Donnez un jeton en vigueur : « Authorization: Bearer senacs_… ».",
    403: "Ce jeton ne permet pas cet acte.",
    404: "Cette adresse ne mène à rien, ou pas à ce qui est ouvert à ce jeton.",
    405: "Cette adresse ne se demande pas ainsi.",
    413: "Ce qui est envoyé est trop grand.",
}


class Fault(BaseModel):
    """Where something is wrong in a request, and why."""

    model_config = said("Où une demande est fausse, et pourquoi.")
    where: str = Field(description="Endroit de la demande, tel que « body.reason ».")
    why: str = Field(description="Ce qui n’y va pas, en français.")


class Problem(BaseModel):
    """Why a request was not done."""

    model_config = said("Pourquoi une demande n’a pas été faite (RFC 9457).")
    type: str = Field("about:blank", description="Toujours « about:blank » : le statut dit tout.")
    title: str = Field(description="Ce que dit le statut, en français.")
    status: int = Field(description="Le statut HTTP.")
    detail: str = Field(description="Ce qui s’est passé et ce qu’il faut faire, en français.")
    errors: list[Fault] = Field([], description="Les endroits fautifs, s’il y en a.")


def problem(
    status: int,
    detail: str = "",
    *,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer that says so; a status has a sentence of its own where none is given."""
    title = TITLES.get(status, HTTPStatus(status).phrase)
    made = Problem(
        title=title,
        status=status,
        detail=detail or DETAILS.get(status, title),
        errors=list(faults),
    )
    sent = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    return JSONResponse(
        made.model_dump(), status, {**sent, **(headers or {})}, media_type=MEDIA_TYPE
    )
