"""Prefect's API by plain requests, where importing Prefect would cost seconds."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import requests

from senacs.errors import ServiceError

_PATIENCE = 30.0


@dataclass(frozen=True)
class PrefectRest:
    """A Prefect server.

    Attributes:
        api_url: such as http://127.0.0.1:4200/api.
        auth_string: `user:password` where it asks for one.
    """

    api_url: str
    auth_string: str | None = field(default=None, repr=False)

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
        """What the server answers; None where it says nothing.

        Raises:
            ServiceError: it does not answer, or refuses.
        """
        user, _, password = (self.auth_string or "").partition(":")
        with requests.Session() as session:
            session.trust_env = False
            if user:
                session.auth = (user, password)
            try:
                answer = session.request(
                    method, f"{self.api_url}{path}", json=body, timeout=_PATIENCE
                )
            except requests.RequestException as error:
                raise ServiceError(
                    f"The Prefect server at {self.api_url} does not answer ({type(error).__name__})"
                ) from error
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise ServiceError(
                f"The Prefect server refuses {method} {path}: {answer.status_code} "
                f"{answer.text[:500]}"
            )
        return answer.json() if answer.content else None
