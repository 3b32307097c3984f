"""Signing in by a real provider of OpenID Connect, and what tries to pass for it."""

# ruff: noqa: ARG001 - the house is there, whether a test names it or not

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey

from portal.app import create_app
from portal.provider import BACK, Provider
from senacs.accounts import Role
from senacs.errors import ConfigurationError
from senacs.settings import Settings, settings
from tasks import accounts, second_factor
from tests.support.installation import Installation, installation
from tests.support.postgres import Server
from tests.support.servers_oidc import CLIENT, SECRET, OidcServer, Person, oidc_server

SITE = "http://testserver"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def house(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    url = server.create(prepared)
    with (
        installation(url, tmp_path_factory.mktemp("oidc")) as made,
        pytest.MonkeyPatch.context() as env,
    ):
        env.setenv("SENACS_SECRET_OIDC", SECRET)
        for who, role in (("a", "correspondent"), ("b", "correspondent"), ("nat", "national")):
            accounts.make_account(f"{who}@exemple.fr", who, Role(role), "tests", NOW)
        yield made


@pytest.fixture
def provider() -> Iterator[OidcServer]:
    with oidc_server() as kept:
        kept.back = SITE + BACK
        kept.person = Person("1", "A@exemple.fr")
        yield kept


def own(provider: OidcServer, **other: object) -> Settings:
    given = {"portal_url": SITE, "oidc_issuer": provider.issuer, "oidc_client": CLIENT}
    return settings().model_copy(update={**given, **other})


def browser(provider: OidcServer, **other: object) -> TestClient:
    app = create_app(own(provider, **other))
    return TestClient(app, headers={"origin": SITE}, follow_redirects=False)


def sent_back(asked: TestClient) -> str:
    """The address that the provider sends the browser back to."""
    out = asked.get("/connexion/fournisseur")
    assert out.status_code == 303
    answer = requests.get(out.headers["location"], allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def test_a_person_whose_account_was_made_comes_in(
    house: Installation, provider: OidcServer
) -> None:
    asked = browser(provider, oidc_label="Annuaire")
    assert "Se connecter par Annuaire" in asked.get("/connexion").text
    back = sent_back(asked)
    answer = asked.get(back)
    assert answer.headers["location"] == "/"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert asked.get("/").status_code == 200
    assert house.ask("select subject from portal.account where email = 'a@exemple.fr'") == [
        (f"{provider.issuer} 1",)
    ]
    # The same person with another address; and what was used is of no use again.
    provider.person = Person("1", "autre@exemple.fr", email_verified=False)
    again = browser(provider)
    assert again.get(sent_back(again)).headers["location"] == "/"
    assert browser(provider).get(back).status_code == 401


@pytest.mark.parametrize(
    "person",
    [
        Person("9", "inconnu@exemple.fr"),
        Person("9", "b@exemple.fr", email_verified=False),
        Person("9", "b@exemple.fr", email_verified="true"),
        Person("9", ""),
    ],
)
def test_no_account_is_made_and_none_taken_by_an_address_that_is_not_verified(
    house: Installation, provider: OidcServer, person: Person
) -> None:
    before = house.ask("select count(*), count(subject) from portal.account")
    provider.person = person
    asked = browser(provider)
    answer = asked.get(sent_back(asked))
    assert answer.status_code == 401
    assert "senacs_session" not in asked.cookies
    assert house.ask("select count(*), count(subject) from portal.account") == before


def test_an_account_that_is_somebodys_is_not_another_ones_of_the_same_address(
    house: Installation, provider: OidcServer
) -> None:
    accounts.sign_in_known("ailleurs 5", "b@exemple.fr", NOW)
    provider.person = Person("6", "b@exemple.fr")
    asked = browser(provider)
    assert asked.get(sent_back(asked)).status_code == 401


def test_another_browser_cannot_come_back(house: Installation, provider: OidcServer) -> None:
    back = sent_back(browser(provider))
    victim = browser(provider)
    assert victim.get(back).status_code == 401
    victim.get("/connexion/fournisseur")
    assert victim.get(back).status_code == 401
    assert provider.tokens_asked == 0


def test_who_declines_and_who_makes_the_answer_up_stay_outside(
    house: Installation, provider: OidcServer
) -> None:
    asked = browser(provider)
    state = parse_qs(urlsplit(sent_back(asked)).query)["state"][0]
    for query in ("", "error=access_denied", f"state={state}", f"code=x&state={state}", "code=x"):
        assert asked.get(f"{BACK}?{query}").status_code == 401
        asked.get("/connexion/fournisseur")


@pytest.mark.parametrize(
    "claims",
    [{"iss": "https://ailleurs.example"}, {"aud": ["autre"]}, {"exp": 1}, {"nonce": "autre"},
     {"azp": "autre"}, {"sub": ""}],
)  # fmt: skip
def test_a_statement_that_is_not_for_us_now_opens_nothing(
    house: Installation, provider: OidcServer, claims: dict[str, object]
) -> None:
    provider.claims = claims
    asked = browser(provider)
    assert asked.get(sent_back(asked)).status_code == 401


def test_a_statement_signed_by_another_key_opens_nothing(
    house: Installation, provider: OidcServer
) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "a"})
    asked = browser(provider)
    assert asked.get(sent_back(asked)).status_code == 401


def test_the_providers_own_codes_stand_for_ours(house: Installation, provider: OidcServer) -> None:
    value = accounts.sign_in_known("ailleurs 7", "nat@exemple.fr", NOW)
    admin = accounts.signed_in(value, NOW)
    assert admin is not None
    second_factor.require(Role.NATIONAL, admin, NOW, required=True)
    assert not admin.lacks_factor
    asked = browser(provider)
    asked.cookies.set("senacs_session", value)
    assert asked.get("/national").status_code == 200


def test_the_door_of_passwords_can_be_shut(house: Installation, provider: OidcServer) -> None:
    accounts.set_password("b@exemple.fr", "une phrase assez longue", "tests")
    form = {"email": "b@exemple.fr", "password": "une phrase assez longue"}
    assert browser(provider).post("/connexion", data=form).status_code == 303
    shut = browser(provider, portal_passwords=False)
    assert "password" not in shut.get("/connexion").text
    assert shut.post("/connexion", data=form).status_code == 404


def test_a_provider_that_is_silent_is_said(house: Installation) -> None:
    with oidc_server() as gone:
        gone.back = SITE + BACK
    answer = browser(gone).get("/connexion/fournisseur")
    assert answer.status_code == 503
    assert "ne répond pas" in answer.text


def test_settings_that_open_no_door_or_ask_in_the_clear_stop_the_portal(
    house: Installation,
) -> None:
    with pytest.raises(ConfigurationError, match="nobody"):
        create_app(settings().model_copy(update={"portal_passwords": False}))
    clear = {"portal_url": SITE, "oidc_issuer": "http://example.org", "oidc_client": CLIENT}
    with pytest.raises(ConfigurationError, match="https"):
        Provider(settings().model_copy(update=clear))
    with pytest.raises(ConfigurationError, match="OIDC_CLIENT"):
        Provider(settings().model_copy(update={"oidc_issuer": "https://example.org"}))


def test_without_a_provider_there_is_no_such_page(house: Installation) -> None:
    asked = TestClient(create_app(settings()), follow_redirects=False)
    assert asked.get("/connexion/fournisseur").status_code == 404
    assert asked.get(BACK).status_code == 404
