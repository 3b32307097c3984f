"""The application: pages, who is asking, and the headers that every answer has."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from portal.api import guard
from portal.api.answering import refused as problem_of
from portal.api.routes import ROUTERS
from portal.authorisation import check_declared, largest_body
from portal.pages import (
    admin,
    calendar,
    dossier,
    findings,
    invitation,
    monitored,
    national,
    own,
    requests,
    second_factor,
    sign_in,
    territory,
    tokens,
    uploads,
)
from portal.provider import Provider
from portal.rendering import page
from senacs.errors import ConfigurationError
from senacs.settings import Settings
from tasks import accounts

Clock = Callable[[], datetime]

_SAFE = {"GET", "HEAD", "OPTIONS"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_SENTENCES = {
    403: "Vous n’avez pas accès à cette page.",
    404: "Cette page n’existe pas, ou n’est pas la vôtre.",
    405: "Cette page ne se demande pas ainsi.",
    413: "Ce formulaire est trop grand.",
    422: "Il manque quelque chose dans ce formulaire.",
}


def create_app(settings: Settings, now: Clock = lambda: datetime.now(UTC)) -> FastAPI:
    """The portal. `now` is the one clock that its requests read.

    Raises:
        ConfigurationError: a route says not who may call it, or nobody could sign in.
    """
    app = FastAPI(title="Senacs", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.now = now
    app.state.https = settings.portal_https
    app.state.url = settings.portal_url
    app.state.passwords = settings.portal_passwords
    app.state.provider = Provider(settings) if settings.oidc_issuer else None
    app.state.provider_label = settings.oidc_label
    if not (settings.portal_passwords or settings.oidc_issuer):
        raise ConfigurationError(
            "nobody could sign in: set SENACS_OIDC_ISSUER, or leave SENACS_PORTAL_PASSWORDS out"
        )
    app.state.metrics_token = (
        settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    )
    for pages in (
        sign_in,
        invitation,
        own,
        second_factor,
        tokens,
        territory,
        dossier,
        findings,
        uploads,
        requests,
        national,
        calendar,
        admin,
        monitored,
    ):
        # Not include_router: it keeps routes to itself, and each has to say who may call it.
        app.router.routes.extend(pages.router.routes)
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    check_declared(app)
    app.mount("/statique", StaticFiles(directory=Path(__file__).parent / "static"))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if guard.is_asked(request):
            return problem_of(error.status_code)
        if error.status_code == 401:  # noqa: PLR2004
            return RedirectResponse("/connexion", 303)
        if error.status_code == 303 and error.headers:  # noqa: PLR2004
            return RedirectResponse(error.headers["Location"], 303)
        sentence = _SENTENCES.get(error.status_code, "Cette demande ne peut être faite.")
        return page(request, "refused.html.j2", status=error.status_code, sentence=sentence)

    @app.exception_handler(RequestValidationError)
    async def misshapen(request: Request, error: RequestValidationError) -> Response:
        in_address = any(fault["loc"][0] in ("path", "query") for fault in error.errors())
        status = 404 if in_address else 422
        return page(request, "refused.html.j2", status=status, sentence=_SENTENCES[status])

    @app.middleware("http")
    async def guarded(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        answered = guard.answered if guard.is_asked(request) else _answered
        answer = await answered(request, call_next, now())
        for name, text in _HEADERS.items():
            answer.headers.setdefault(name, text)
        if settings.portal_https:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        return answer

    return app


async def _answered(
    request: Request, call_next: Callable[[Request], Awaitable[Response]], now: datetime
) -> Response:
    """The answer to the owner of a cookie, or to nobody in particular."""
    foreign = _of_another_site(request)
    if foreign is not None:
        return foreign
    value = request.cookies.get(sign_in.COOKIE, "")
    request.state.session_value, request.state.by_token = value, False
    request.state.account = (
        await run_in_threadpool(accounts.signed_in, value, now) if value else None
    )
    return _too_large(request) or await call_next(request)


def _of_another_site(request: Request) -> Response | None:
    """A request that changes something comes from our own pages."""
    if request.method in _SAFE:
        return None
    origin = request.headers.get("origin")
    if origin is None or urlsplit(origin).netloc != request.headers.get("host"):
        return PlainTextResponse("Demande refusée : elle ne vient pas de cette page.", 403)
    return None


def _too_large(request: Request) -> Response | None:
    """A request that changes something is not without end."""
    if request.method in _SAFE:
        return None
    length = request.headers.get("content-length", "")
    # Without a length a body could grow for ever.
    if not length.isdecimal() or int(length) > largest_body(request):
        return PlainTextResponse(_SENTENCES[413], 413)
    return None
