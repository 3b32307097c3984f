"""What the interface says of itself: OpenAPI 3.1, and a page to read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from portal.api.guard import PREFIX
from portal.api.problems import Fault, Problem
from portal.authorisation import Act, Requires, by_token, depends_on
from portal.rendering import page
from senacs.accounts import REQUESTS_OF_ADDRESS, REQUESTS_OF_TOKEN

description = APIRouter(prefix=PREFIX, dependencies=[Depends(Requires(Act.ANYONE))])
_TEXT = f"""Pour le système d’une Caf ou d’une fédération : ce que fait le portail, sans navigateur.

Chaque demande porte un jeton (`Authorization: Bearer senacs_…`), fait sur la page « Mes jetons » du
portail. Il vaut pour son compte, jamais pour davantage ; un jeton qui lit ne change rien. Au plus
{REQUESTS_OF_TOKEN} demandes par minute et par jeton, {REQUESTS_OF_ADDRESS} par adresse : au-delà,
429 et `Retry-After`. Tout refus est un « problem details » (RFC 9457) en français."""

_IN_ADDRESS = {
    "territory": "Code du territoire, tel que 92.",
    "collection": "Code de la collecte, tel que senacs.",
    "data_year": "Année de l’activité décrite, non celle de la campagne.",
    "upload_id": "Identifiant de l’export envoyé.",
    "request_id": "Identifiant de la demande.",
    "kind": "Lequel.",
}
"""What the parts of addresses are: several routes share them."""


@description.get("/openapi.json")
def openapi(request: Request) -> Response:
    """The description that programs read."""
    return JSONResponse(described(request.app.routes, request.app.state.url))


@description.get("")
def readable(request: Request) -> Response:
    """The description that people read."""
    made = described(request.app.routes, request.app.state.url)
    return page(
        request,
        "api.html.j2",
        text=_TEXT.split("\n\n"),
        operations=list(_operations(made)),
        models=made["components"]["schemas"],
    )


def described(routes: Sequence[object], url: str | None) -> dict[str, Any]:
    """The OpenAPI document of the routes that ask for a token."""
    asked = [
        route for route in routes if isinstance(route, APIRoute) and depends_on(route, by_token)
    ]
    made = get_openapi(
        title="Senacs",
        version="1",
        openapi_version="3.1.0",
        description=_TEXT,
        routes=asked,
        servers=[{"url": url or "/", "description": "Ce portail."}],
    )
    for said in (said for methods in made["paths"].values() for said in methods.values()):
        for parameter in said.get("parameters", ()):
            parameter.setdefault("description", _IN_ADDRESS.get(parameter["name"], ""))
        for answer in said["responses"].values():
            if answer["description"] == "Successful Response":
                answer["description"] = "Fait"
    schemas = made["components"]["schemas"]
    _, shared = models_json_schema(
        [(Problem, "serialization"), (Fault, "serialization")],
        ref_template="#/components/schemas/{model}",
    )
    schemas.update(shared["$defs"])
    for schema in schemas.values():
        if "enum" in schema:
            schema.pop(
                "description", None
            )  # in English, for engineers: fields say what values mean
    for left_over in ("HTTPValidationError", "ValidationError"):
        schemas.pop(left_over, None)
    return made


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked.

    Attributes:
        body: name of the model that is sent; empty for none, or for a file.
        answers: by status, what it says and the name of the model; empty for none.
    """

    method: str
    path: str
    summary: str
    description: str
    parameters: Sequence[Mapping[str, Any]]
    body: str
    answers: Mapping[str, tuple[str, str]]


def _operations(made: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in made["paths"].items():
        for method, said in methods.items():
            yield Operation(
                method.upper(),
                path,
                said["summary"],
                said["description"],
                said.get("parameters", ()),
                _model(said.get("requestBody", {})),
                {
                    status: (answer["description"], _model(answer))
                    for status, answer in sorted(said["responses"].items())
                },
            )


def _model(said: Mapping[str, Any]) -> str:
    """The name of the model in a body."""
    for content in said.get("content", {}).values():
        schema = content.get("schema", {})
        name: str = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
        return name.rpartition("/")[2]
    return ""
