"""The application: pages, who is asking, and the headers that every answer has."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from portal.authorisation import check_declared
from portal.pages import (
    admin,
    invitation,
    national,
    own,
    second_factor,
    sign_in,
    territory,
    tokens,
)
from portal.provider import Provider
from portal.rendering import page
from senacs.errors import ConfigurationError
from senacs.settings import Settings
from tasks import accounts

Clock = Callable[[], datetime]

_SAFE = {"GET", "HEAD", "OPTIONS"}
_LARGEST_FORM = 64 * 1024
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
            "nobody could sign in: set SENACS_OIDC_ISSUER, or let passwords be"
        )
    for pages in (
        sign_in,
        invitation,
        own,
        second_factor,
        tokens,
        territory,
        national,
        admin,
    ):
        # Not include_router: it keeps routes to itself, and each has to say who may call it.
        app.router.routes.extend(pages.router.routes)
    check_declared(app)
    app.mount("/statique", StaticFiles(directory=Path(__file__).parent / "static"))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code == 401:  # noqa: PLR2004
            return RedirectResponse("/connexion", 303)
        if error.status_code == 303 and error.headers:  # noqa: PLR2004
            return RedirectResponse(error.headers["Location"], 303)
        sentence = _SENTENCES.get(error.status_code, "Cette demande ne peut être faite.")
        return page(request, "refused.html.j2", status=error.status_code, sentence=sentence)

    @app.middleware("http")
    async def guarded(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        answer = _turned_away(request)
        if answer is None:
            value = request.cookies.get(sign_in.COOKIE, "")
            request.state.session_value = value
            request.state.account = (
                await run_in_threadpool(accounts.signed_in, value, now()) if value else None
            )
            answer = await call_next(request)
        for name, text in _HEADERS.items():
            answer.headers.setdefault(name, text)
        if settings.portal_https:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        return answer

    return app


def _turned_away(request: Request) -> Response | None:
    """A request that changes something comes from our own pages, and is not without end."""
    if request.method in _SAFE:
        return None
    origin = request.headers.get("origin")
    if origin is None or urlsplit(origin).netloc != request.headers.get("host"):
        return PlainTextResponse("Demande refusée : elle ne vient pas de cette page.", 403)
    length = request.headers.get("content-length", "")
    # Without a length a body could grow for ever.
    if not length.isdecimal() or int(length) > _LARGEST_FORM:
        return PlainTextResponse(_SENTENCES[413], 413)
    return None
