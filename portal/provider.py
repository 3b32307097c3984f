"""Signing in by a provider of OpenID Connect: code flow with state, nonce and PKCE.

State, nonce and verifier are made from one random value that the browser's cookie keeps, so that
only the browser that set out can come back, and nothing waits in a table. Which provider it is, is
a setting: no address comes from a request.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from senacs.errors import AccountError, ConfigurationError
from senacs.settings import Settings, secret

SECRET = "oidc"  # noqa: S105 - its name
"""Our own is in SENACS_SECRET_OIDC, or in the file that SENACS_SECRET_OIDC_FILE names."""
BACK = "/connexion/fournisseur/retour"
_SCOPE = "openid email"
_ALGORITHMS = ["RS256", "ES256", "PS256"]
_LEEWAY = 60
"""Seconds that the provider's clock may be wrong."""
_SILENT = "Le fournisseur d’identité ne répond pas : réessayez, ou demandez à l’équipe nationale."
_UNKNOWN = "Le fournisseur d’identité n’a pas confirmé qui vous êtes : recommencez."


@dataclass(frozen=True)
class Person:
    """Who the provider says has come.

    Attributes:
        subject: issuer and subject: the same person for ever.
        email: address that the provider has verified; empty where it has not.
    """

    subject: str
    email: str


class Provider:
    """The provider of the settings."""

    def __init__(self, settings: Settings) -> None:
        """Remember which it is.

        Raises:
            ConfigurationError: a setting that it needs is missing, or it is asked in the clear.
        """
        if not (settings.oidc_issuer and settings.oidc_client and settings.portal_url):
            raise ConfigurationError(
                "OpenID Connect needs SENACS_OIDC_ISSUER, SENACS_OIDC_CLIENT and SENACS_PORTAL_URL"
            )
        self._issuer = settings.oidc_issuer
        self._client = settings.oidc_client
        self._back = settings.portal_url.rstrip("/") + BACK
        self._patience = settings.http_connect_timeout
        if not self._issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ConfigurationError("SENACS_OIDC_ISSUER has to be asked by https")

    def address(self, value: str) -> str:
        """Where the browser is sent, for the random value that its cookie keeps.

        Raises:
            AccountError: the provider does not answer.
        """
        url, _ = self._session().create_authorization_url(
            self._known()["authorization_endpoint"],
            state=_derived("state", value),
            nonce=_derived("nonce", value),
            code_verifier=_derived("verifier", value),
        )
        return str(url)

    def person(self, value: str, query: str, now: datetime) -> Person:
        """Who has come back, by the query of the address that the browser was sent back to.

        Raises:
            AccountError: it is not the answer to what this browser asked, or it does not hold.
        """
        known = self._known()
        keys = self._keys(known)
        if not value or "code=" not in query:
            raise AccountError(_UNKNOWN)
        try:
            token = self._session().fetch_token(
                known["token_endpoint"],
                authorization_response=f"{self._back}?{query}",
                state=_derived("state", value),
                code_verifier=_derived("verifier", value),
                timeout=self._patience,
            )
            claims = jwt.decode(str(token.get("id_token", "")), keys, algorithms=_ALGORITHMS).claims
        except requests.RequestException as error:
            raise AccountError(_SILENT) from error
        except Exception as error:  # whatever an answer is that is none
            raise AccountError(_UNKNOWN) from error
        self._check(claims, value, now)
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Person(
            f"{self._issuer} {claims['sub']}",
            email.strip().lower() if isinstance(email, str) else "",
        )

    def _session(self) -> OAuth2Session:
        made = OAuth2Session(
            self._client,
            secret(SECRET).get_secret_value(),
            scope=_SCOPE,
            redirect_uri=self._back,
            code_challenge_method="S256",
        )
        # No proxy and no password of this machine's: the provider is asked by its own address.
        made.trust_env = False
        return made

    def _known(self) -> dict[str, Any]:
        """What the provider says of itself.

        Raises:
            AccountError: it does not answer, or speaks for another one.
        """
        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        known = self._asked(address)
        if known.get("issuer") != self._issuer:
            raise AccountError(_UNKNOWN)
        return known

    def _keys(self, known: dict[str, Any]) -> KeySet:
        return KeySet.import_key_set(self._asked(known["jwks_uri"]))  # type: ignore[arg-type]

    def _asked(self, address: str) -> dict[str, Any]:
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.get(address, timeout=self._patience, allow_redirects=False)
                answer.raise_for_status()
                told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise AccountError(_SILENT) from error
        if not isinstance(told, dict):
            raise AccountError(_SILENT)
        return told

    def _check(self, claims: dict[str, Any], value: str, now: datetime) -> None:
        """Refuse a statement that is not this provider's, for us, now, and about this sign-in."""
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": _derived("nonce", value)},
        )
        try:
            rules.validate(claims)
        except JoseError as error:
            raise AccountError(_UNKNOWN) from error
        if not isinstance(claims["sub"], str) or claims.get("azp", self._client) != self._client:
            raise AccountError(_UNKNOWN)


def _derived(what: str, value: str) -> str:
    """One of the values of a sign-in, which tells nothing of the others."""
    digest = hashlib.sha256(f"{what}:{value}".encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
