"""Who asks: the bearer of a token, however many cookies a browser may have sent along."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from portal.api.problems import problem
from portal.authorisation import largest_body
from senacs.errors import TooOftenError
from tasks import tokens

PREFIX = "/api/v1"
_LONGEST_VALUE = 200


def is_asked(request: Request) -> bool:
    """Whether the request is for the interface, and not for a page."""
    return request.url.path == PREFIX or request.url.path.startswith(f"{PREFIX}/")


async def answered(
    request: Request,
    call_next: Callable[[Request], Awaitable[Response]],
    now: datetime,
) -> Response:
    """The answer to the bearer of a token; a token that opens nothing is like none."""
    request.state.session_value, request.state.account = "", None
    request.state.by_token = False
    value = _given(request)
    if value:
        address = request.client.host if request.client else ""
        try:
            account = await run_in_threadpool(tokens.bearer, value, address, now)
        except TooOftenError as error:
            return problem(429, str(error), headers={"Retry-After": str(error.wait)})
        if account is not None:
            request.state.session_value, request.state.account = value, account
            request.state.by_token = True
    return _without_end(request) or await call_next(request)


def _given(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    value = value.strip()
    return value if scheme.lower() == "bearer" and len(value) <= _LONGEST_VALUE else ""


def _without_end(request: Request) -> Response | None:
    """A refusal of what is sent without saying how much, or too much of it."""
    without_body = "0" if "transfer-encoding" not in request.headers else ""
    length = request.headers.get("content-length", without_body)
    if not length.isdecimal():
        return problem(411, "Dites la longueur de ce que vous envoyez (Content-Length).")
    if int(length) > largest_body(request):
        return problem(413)
    return None
