"""How routes of the interface are made: each by token, each refusal a problem in French."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from portal.api.guard import PREFIX
from portal.api.problems import MEDIA_TYPE, TITLES, Fault, problem
from portal.authorisation import by_token
from senacs.errors import (
    ConfigurationError,
    ReplyError,
    RequestError,
    ServiceError,
)

YEAR = "/territories/{territory}/collections/{collection}/years/{data_year}"
"""The address of a territory's data year."""
_BEARER = HTTPBearer(
    scheme_name="jeton",
    description="Un jeton, fait sur la page « Mes jetons » du portail.",
    auto_error=False,
)
_WHYS = {
    "missing": "manque",
    "extra_forbidden": "n’est pas connu",
    "int_parsing": "n’est pas un nombre entier",
    "uuid_parsing": "n’est pas un identifiant (UUID)",
    "json_invalid": "n’est pas du JSON",
    "string_too_long": "est trop long",
    "string_pattern_mismatch": "contient des signes qui ne sont pas admis",
    "enum": "n’est pas l’une des valeurs admises",
    "literal_error": "n’est pas l’une des valeurs admises",
}


class Answered(APIRoute):
    """A route whose refusals are problems, whoever refuses."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, with its refusals turned into answers."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                return problem(422, "La demande est incorrecte.", faults=_faults(error))
            except HTTPException as error:
                return refused(error.status_code)
            except (RequestError, ReplyError) as error:
                return problem(409, str(error))
            except (ServiceError, ConfigurationError):
                # The sentence is for engineers, in English, and may name their machines.
                return problem(503, "Le service n’est pas prêt : réessayez plus tard.")

        return handled


def router() -> APIRouter:
    """A router of the interface: by token only."""
    return APIRouter(
        prefix=PREFIX,
        route_class=Answered,
        dependencies=[Depends(by_token), Security(_BEARER)],
        responses=_refusals(401, 403, 404, 422, 429),
    )


def also(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Further refusals of a route to which something is sent, for its description."""
    return _refusals(400, 411, 413, *statuses)


def refused(status: int) -> Response:
    """The problem that a refusal by status is; who lacks a second factor is told so."""
    if status == 303:  # noqa: PLR2004
        return problem(
            403, "Ce compte doit d’abord activer la double authentification sur le portail."
        )
    return problem(status)


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": TITLES[status], "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }


def _faults(error: RequestValidationError) -> list[Fault]:
    """Where and why; what was sent is not repeated."""
    return [_fault(one) for one in error.errors()]


def _fault(one: Mapping[str, Any]) -> Fault:
    return Fault(
        where=".".join(str(part) for part in one["loc"]),
        why=_WHYS.get(one["type"], "n’est pas une valeur admise"),
    )
