"""Questions to the embedded Prefect server, without importing Prefect (seconds)."""

import http.client
import json
from typing import Any

from senacs.errors import ServiceError
from senacs.services.postgres import HOST

_PATIENCE = 10.0


def asked(port: int, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
    """What the server answers.

    Raises:
        ServiceError: it does not answer, or refuses.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE)
    text = None if body is None else json.dumps(body)
    try:
        connection.request(method, f"/api{path}", text, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise ServiceError(f"the Prefect server on port {port} does not answer: {error}") from error
    finally:
        connection.close()
    if response.status >= http.client.BAD_REQUEST:
        raise ServiceError(f"the Prefect server answers {response.status} to {path}")
    return json.loads(answer) if answer else None
