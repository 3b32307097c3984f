"""A real provider of OpenID Connect: Authlib's server on Flask, with one person signed in."""

# ruff: noqa: ARG002 - the names and arguments are Authlib's

import contextlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "senacs", "un secret de client"


@dataclass
class Person:
    """Who is signed in at the provider."""

    sub: str
    email: str
    email_verified: object = True

    def get_user_id(self) -> str:
        return self.sub


@dataclass
class OidcServer:
    """Where it is, and who is signed in there.

    Attributes:
        claims: what it says besides, or otherwise.
        signs_with: another key than the one that it shows, for a forged statement.
    """

    issuer: str = ""
    back: str = ""
    person: Person | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    shown: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "a"}))
    signs_with: RSAKey | None = None
    codes: dict[str, Any] = field(default_factory=dict)
    tokens_asked: int = 0


class _Client(ClientMixin):
    """What the provider knows of us."""

    def __init__(self, kept: OidcServer) -> None:
        self._kept = kept
        self.client_id = CLIENT

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self._kept.back

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self._kept.back

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class _Code:
    """A code that was given out."""

    user: Person
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int = 0

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


def _grants(kept: OidcServer) -> tuple[type[AuthorizationCodeGrant], OpenIDCode]:
    class Codes(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]  # noqa: RUF012

        def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
            sent = request.payload.data
            kept.codes[code] = _Code(
                request.user, request.payload.redirect_uri, request.payload.scope,
                sent["nonce"], sent["code_challenge"], sent["code_challenge_method"],
            )  # fmt: skip

        def query_authorization_code(self, code: str, client: ClientMixin) -> _Code | None:
            return kept.codes.get(code)

        def delete_authorization_code(self, authorization_code: _Code) -> None:
            kept.codes = {k: v for k, v in kept.codes.items() if v is not authorization_code}

        def authenticate_user(self, authorization_code: _Code) -> Person:
            return authorization_code.user

    class Statement(OpenIDCode):
        def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
            return any(one.nonce == nonce for one in kept.codes.values())

        def resolve_client_private_key(self, client: ClientMixin) -> RSAKey:
            return kept.signs_with or kept.shown

        def get_client_algorithm(self, client: ClientMixin) -> str:
            return "RS256"

        def get_client_claims(self, client: ClientMixin) -> dict[str, str]:
            return {"iss": kept.claims.get("iss", kept.issuer)}

        def generate_user_info(self, user: Person, scope: str) -> UserInfo:
            said = {"sub": user.sub, "email": user.email, "email_verified": user.email_verified}
            return UserInfo({**said, **kept.claims})

    return Codes, Statement(require_nonce=True)


@contextlib.contextmanager
def oidc_server() -> Iterator[OidcServer]:
    """A provider on the loopback interface until the block ends."""
    kept = OidcServer()
    app = Flask("provider")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = AuthorizationServer(
        app, query_client=lambda _id: _Client(kept), save_token=lambda _token, _request: None
    )
    codes, statement = _grants(kept)
    server.register_grant(codes, [statement, CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def known() -> object:
        return jsonify(
            issuer=kept.issuer,
            authorization_endpoint=f"{kept.issuer}/authorize",
            token_endpoint=f"{kept.issuer}/token",
            jwks_uri=f"{kept.issuer}/keys",
        )

    @app.get("/keys")
    def keys() -> object:
        return jsonify(keys=[kept.shown.as_dict(private=False)])

    @app.get("/authorize")
    def authorize() -> object:
        grant = server.get_consent_grant(end_user=kept.person)
        return server.create_authorization_response(grant=grant, grant_user=kept.person)

    @app.post("/token")
    def token() -> object:
        kept.tokens_asked += 1
        return server.create_token_response()

    listening = make_server("127.0.0.1", 0, app, threaded=True)
    kept.issuer = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        listening.shutdown()
        thread.join()
