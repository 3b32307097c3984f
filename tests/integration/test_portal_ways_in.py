"""Invitations, second factors and tokens: each opens what it should, once or until it ends."""

# ruff: noqa: ARG001 - the house is there, whether a test names it or not

import re
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from portal.app import create_app
from portal.authorisation import Act, may
from portal.database import as_account
from senacs.accounts import (
    INVITATION,
    LONGEST_TOKEN,
    REQUESTS_OF_ADDRESS,
    REQUESTS_OF_TOKEN,
    TRIES_OF_ACCOUNT,
    Account,
    Holding,
    Role,
    Scope,
)
from senacs.cli.main import app as commands
from senacs.errors import AccountError, ConfigurationError, TooOftenError
from senacs.settings import settings
from tasks import accounts, invitations, second_factor, tokens
from tests.support.installation import Installation, installation
from tests.support.postgres import Server
from tests.support.servers_smtp import mail_server

SITE = "http://testserver"
PASSWORD = "une phrase assez longue"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def house(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Accounts, and territories that campaigns ask; nothing is loaded."""
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("ways")) as made:
        for who, role in (("ca", "correspondent"), ("nat", "national"), ("adm", "admin")):
            accounts.make_account(f"{who}@exemple.fr", who, Role(role), "tests", NOW)
            accounts.set_password(f"{who}@exemple.fr", PASSWORD, "tests")
        accounts.give_territory("ca@exemple.fr", "92", "tests", date(2012, 1, 1))
        yield made


@pytest.fixture
def app(house: Installation) -> FastAPI:
    return create_app(settings())


@pytest.fixture
def fresh(house: Installation) -> str:
    """An account of its own, with a password."""
    email = f"{uuid4().hex}@exemple.fr"
    accounts.make_account(email, "N", Role.CORRESPONDENT, "tests", NOW)
    accounts.set_password(email, PASSWORD, "tests")
    return email


def browser(app: FastAPI, email: str | None = None, code: str = "") -> TestClient:
    made = TestClient(app, headers={"origin": SITE}, follow_redirects=False)
    if email:
        value = accounts.sign_in(email, PASSWORD, "127.0.0.1", datetime.now(UTC), code)
        made.cookies.set("senacs_session", value)
    return made


def form_token(page: str) -> str:
    found = re.search(r'name="jeton" value="(\w+)"', page)
    assert found
    return found[1]


def signed_in(email: str, now: datetime = NOW, code: str = "") -> Account:
    account = accounts.signed_in(accounts.sign_in(email, PASSWORD, "::1", now, code), now)
    assert account is not None
    return account


# --- Invitations


def test_an_invitation_is_used_once_and_no_password_opens_the_account_before(
    house: Installation,
) -> None:
    value = accounts.make_account("inv@exemple.fr", "I", Role.CORRESPONDENT, "tests", NOW)
    for guessed in ("", value, "inv@exemple.fr"):
        with pytest.raises(AccountError):
            accounts.sign_in("inv@exemple.fr", guessed, "::1", NOW)
    with pytest.raises(AccountError, match="caractères"):
        invitations.accept(value, "court", NOW)
    invitations.accept(value, PASSWORD, NOW)
    assert signed_in("inv@exemple.fr").email == "inv@exemple.fr"
    with pytest.raises(AccountError, match="déjà servi"):
        invitations.accept(value, "une autre phrase longue", NOW)
    assert house.ask("select count(*) from portal.invitation where made_by = 'inv'") == [(0,)]


def test_an_invitation_ends_is_replaced_and_goes_with_its_account(fresh: str) -> None:
    first = invitations.invite(fresh, "tests", NOW)
    second = invitations.invite(fresh, "tests", NOW)
    with pytest.raises(AccountError):
        invitations.invitation(first, NOW)
    assert invitations.invitation(second, NOW + INVITATION - timedelta(seconds=1))["email"] == fresh
    with pytest.raises(AccountError):
        invitations.accept(second, PASSWORD, NOW + INVITATION)
    assert signed_in(fresh)  # the password of today works until another one is chosen
    accounts.shut_out(fresh, "tests")
    with pytest.raises(AccountError):
        invitations.accept(second, PASSWORD, NOW)
    with pytest.raises(AccountError, match="fermé"):
        invitations.invite(fresh, "tests", NOW)


def test_a_chosen_password_ends_sessions_and_links(fresh: str) -> None:
    session = accounts.sign_in(fresh, PASSWORD, "::1", NOW)
    value = invitations.invite(fresh, "tests", NOW)
    accounts.set_password(fresh, "encore une phrase longue", "tests")
    assert accounts.signed_in(session, NOW) is None
    with pytest.raises(AccountError):
        invitations.accept(value, PASSWORD, NOW)


def test_the_page_of_a_link_uses_it_only_by_the_form(app: FastAPI, fresh: str) -> None:
    value, reader = invitations.invite(fresh, "tests", datetime.now(UTC)), browser(app)
    for _ in range(3):
        assert fresh in reader.get(f"/invitation/{value}").text
    new = {"new": "la phrase que j’ai choisie", "again": "la phrase que j’ai choisie"}
    apart = reader.post(f"/invitation/{value}", data={**new, "again": "une autre"})
    assert (apart.status_code, "diffèrent" in apart.text) == (422, True)
    foreign = reader.post(f"/invitation/{value}", data=new, headers={"origin": "http://x.example"})
    assert foreign.status_code == 403
    assert reader.post(f"/invitation/{value}", data=new).status_code == 303
    assert reader.post(f"/invitation/{value}", data=new).status_code == 404
    assert reader.get("/invitation/autre").status_code == 404


def test_an_admin_mails_a_link_that_no_table_keeps(house: Installation, fresh: str) -> None:
    with mail_server() as server, pytest.MonkeyPatch.context() as env:
        env.setenv("SENACS_SMTP_HOST", "127.0.0.1")
        env.setenv("SENACS_SMTP_PORT", str(server.port))
        env.setenv("SENACS_SMTP_SECURITY", "none")
        env.setenv("SENACS_MAIL_FROM", "senacs@exemple.fr")
        settings.cache_clear()
        admin = browser(create_app(settings()), "adm@exemple.fr")
        token = form_token(admin.get("/admin/comptes").text)
        asked = {"jeton": token, "email": fresh, "way": "mail"}
        page = admin.post("/admin/comptes/inviter", data=asked).text
    settings.cache_clear()
    (mail,) = server.mails
    assert mail["To"] == fresh
    link = re.search(r"http://testserver/invitation/(\S+)", mail.get_content())
    assert link
    assert link[1] not in page
    assert invitations.invitation(link[1], datetime.now(UTC))["email"] == fresh
    assert house.ask("select count(*) from notice.message") == [(0,)]


def test_without_a_mail_server_the_link_is_on_the_page(app: FastAPI, fresh: str) -> None:
    admin = browser(app, "adm@exemple.fr")
    token = form_token(admin.get("/admin/comptes").text)
    asked = {"jeton": token, "email": fresh, "way": "mail"}
    page = admin.post("/admin/comptes/inviter", data=asked).text
    assert "pas réglé" in page
    assert "/invitation/" in page


# --- Second factors


def secret_of(account: Account) -> pyotp.TOTP:
    factor = second_factor.begun(account, NOW)
    assert factor.secret
    return pyotp.TOTP(factor.secret)


def test_a_second_factor_is_asked_for_once_confirmed_and_each_code_is_taken_once(
    house: Installation, fresh: str
) -> None:
    account = signed_in(fresh)
    totp = secret_of(account)
    assert signed_in(fresh)  # begun is not confirmed
    with pytest.raises(AccountError):
        second_factor.confirm(account, "000000" if totp.at(NOW) != "000000" else "1", NOW)
    codes = second_factor.confirm(account, totp.at(NOW), NOW)
    assert len(set(codes)) == 10
    with pytest.raises(AccountError):
        second_factor.confirm(account, totp.at(NOW), NOW)
    assert second_factor.begun(account, NOW).secret is None

    later = NOW + timedelta(minutes=1)
    for wrong in ("", "123", totp.at(NOW), totp.at(NOW + timedelta(minutes=5))):
        with pytest.raises(AccountError):
            accounts.sign_in(fresh, PASSWORD, "::1", later, wrong)
    right = totp.at(later)
    assert accounts.sign_in(fresh, PASSWORD, "::1", later, f" {right[:3]} {right[3:]}")
    with pytest.raises(AccountError):
        accounts.sign_in(fresh, PASSWORD, "::1", later, right)
    assert accounts.sign_in(fresh, PASSWORD, "::1", later, codes[0].upper())
    with pytest.raises(AccountError):
        accounts.sign_in(fresh, PASSWORD, "::1", later, codes[0])
    assert second_factor.begun(account, NOW).recovery_codes == 9
    kept = house.ask(
        "select convert_from(secret, 'UTF8') from portal.second_factor f "
        "join portal.account a using (account_no) where a.email = %s", fresh
    )  # fmt: skip
    assert totp.secret not in kept[0][0]


def test_wrong_codes_count_as_wrong_passwords_do(fresh: str) -> None:
    account = signed_in(fresh)
    totp = secret_of(account)
    second_factor.confirm(account, totp.at(NOW), NOW)
    later = NOW + timedelta(minutes=2)
    said = set()
    for password in [PASSWORD] * TRIES_OF_ACCOUNT + ["faux"]:
        with pytest.raises(AccountError) as refused:
            accounts.sign_in(fresh, password, "10.9.9.9", later, "zzz")
        said.add(str(refused.value))
    assert len(said) == 1
    with pytest.raises(AccountError):
        accounts.sign_in(fresh, PASSWORD, "10.9.9.8", later, totp.at(later))
    after = later + timedelta(minutes=16)
    assert accounts.sign_in(fresh, PASSWORD, "10.9.9.8", after, totp.at(after))


def test_who_has_to_have_one_reaches_nothing_else_in_portal_and_postgresql(
    house: Installation, app: FastAPI
) -> None:
    admin = signed_in("adm@exemple.fr")
    token = tokens.make_token("nat@exemple.fr", "essai", Scope.READ, "tests", NOW)
    with pytest.raises(AccountError):
        second_factor.require(Role.CORRESPONDENT, admin, NOW, required=True)
    second_factor.require(Role.NATIONAL, admin, NOW, required=True)
    try:
        value = accounts.sign_in("nat@exemple.fr", PASSWORD, "127.0.0.1", datetime.now(UTC))
        national = browser(app)
        national.cookies.set("senacs_session", value)
        for path in ("/", "/national", "/territoires/92", "/jetons", "/mot-de-passe"):
            assert national.get(path).headers["location"] == "/double-authentification"
        for opened in (value, token):
            with as_account(opened) as connection:
                assert not territories_of(connection)
        bearer = tokens.bearer(token, "::1", datetime.now(UTC))
        assert bearer is not None
        assert not may(bearer, Act.TERRITORY, "92")

        page = national.get("/double-authentification").text
        assert "rien d’autre" in page
        picture = national.get("/double-authentification/code.svg")
        assert picture.headers["content-type"] == "image/svg+xml"
        secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
        assert secret
        code = pyotp.TOTP(secret[1]).now()
        given = {"jeton": form_token(page), "code": code}
        confirmed = national.post("/double-authentification", data=given).text
        assert len(re.findall(r"<code>[a-z2-7-]{19}</code>", confirmed)) == 10
        assert national.get("/double-authentification/code.svg").status_code == 404
        assert national.get("/national").status_code == 200
        with as_account(token) as connection:
            assert territories_of(connection)

        given = {"jeton": form_token(page), "password": "faux"}
        assert national.post("/double-authentification/retirer", data=given).status_code == 422
        given["password"] = PASSWORD
        assert national.post("/double-authentification/retirer", data=given).status_code == 303
        assert national.get("/national").headers["location"] == "/double-authentification"
    finally:
        second_factor.require(Role.NATIONAL, admin, NOW, required=False)
    assert national.get("/national").status_code == 200


def territories_of(connection: object) -> set[str]:
    query = "select distinct territory from reference.campaign_departement"
    return set(connection.exec_driver_sql(query).scalars())  # type: ignore[attr-defined]


def test_an_admin_takes_a_lost_factor_away(app: FastAPI, fresh: str) -> None:
    account = signed_in(fresh)
    second_factor.confirm(account, secret_of(account).at(NOW), NOW)
    with pytest.raises(AccountError):
        accounts.sign_in(fresh, PASSWORD, "::1", NOW)
    admin = browser(app, "adm@exemple.fr")
    token = form_token(admin.get("/admin/comptes").text)
    asked = {"jeton": token, "email": fresh}
    assert admin.post("/admin/comptes/code", data=asked).status_code == 303
    assert accounts.sign_in(fresh, PASSWORD, "::1", NOW)
    assert admin.post("/admin/comptes/code", data=asked).status_code == 422


def test_the_key_of_codes_is_its_owners_alone_and_another_one_is_noticed(
    house: Installation, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = signed_in(fresh)
    second_factor.begun(account, NOW)
    key = settings().home / "portal.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    monkeypatch.setenv("SENACS_SECRET_PORTAL", "A" * 43 + "=")
    with pytest.raises(ConfigurationError, match=re.escape("portal.key")):
        second_factor.begun(account, NOW)
    monkeypatch.setenv("SENACS_SECRET_PORTAL", "court")
    with pytest.raises(ConfigurationError, match="44"):
        second_factor.begun(account, NOW)


def test_a_secret_opens_for_its_account_only(house: Installation, fresh: str) -> None:
    theirs, ours = signed_in(fresh), signed_in("ca@exemple.fr")
    second_factor.begun(theirs, NOW)
    second_factor.begun(ours, NOW)
    with house.engine.begin() as connection:
        connection.exec_driver_sql(
            "update portal.second_factor f set secret = g.secret from portal.second_factor g "
            "where f.account_no = %s and g.account_no = %s", (theirs.number, ours.number)
        )  # fmt: skip
    with pytest.raises(ConfigurationError, match="another account"):
        second_factor.begun(theirs, NOW)


# --- Tokens


def test_a_token_opens_what_its_account_holds_and_ends(house: Installation) -> None:
    value = tokens.make_token("ca@exemple.fr", "robot", Scope.READ, "tests", NOW)
    account = tokens.bearer(value, "::1", NOW)
    assert account is not None
    assert account.territories == ("92",)
    assert not account.changes
    assert tokens.bearer(value, "::1", NOW + LONGEST_TOKEN) is None
    assert tokens.bearer(f"{value}x", "::1", NOW) is None
    with as_account(value) as connection:
        assert territories_of(connection) == {"92"}
    (number,) = [one.number for one in tokens.tokens("ca@exemple.fr") if one.opens(NOW)]
    nobody = signed_in("nat@exemple.fr")
    with pytest.raises(AccountError):
        tokens.revoke_token(number, "nat@exemple.fr", NOW, of=nobody)
    tokens.revoke_token(number, "tests", NOW)
    assert tokens.bearer(value, "::1", NOW) is None
    with as_account(value) as connection:
        assert territories_of(connection) == set()
    with pytest.raises(AccountError):
        tokens.revoke_token(number, "tests", NOW)


def test_a_token_loses_what_its_account_loses(fresh: str) -> None:
    accounts.give_territory(fresh, "92", "tests", date(2012, 1, 1))
    value = tokens.make_token(fresh, "robot", Scope.CHANGE, "tests", NOW, narrowed_to=["92"])
    accounts.take_territory(fresh, "92", "tests")
    account = tokens.bearer(value, "::1", NOW)
    assert account is not None
    assert account.territories == ()
    with as_account(value) as connection:
        assert territories_of(connection) == set()
    accounts.shut_out(fresh, "tests")
    assert tokens.bearer(value, "::1", NOW) is None


@pytest.mark.parametrize(
    ("label", "days", "codes"),
    [("", 30, []), ("x" * 101, 30, []), ("a\0b", 30, []), ("x", 0, []), ("x", 367, []),
     ("x", 30, ["france"]), ("x", 30, ["nulle-part"]), ("x", 30, ["92", "'"])],
)  # fmt: skip
def test_no_token_beyond_its_account(
    house: object, label: str, days: int, codes: list[str]
) -> None:
    before = tokens.tokens("ca@exemple.fr")
    with pytest.raises(AccountError):
        tokens.make_token(
            "ca@exemple.fr", label, Scope.READ, "tests", NOW,
            lasts=timedelta(days=days), narrowed_to=codes,
        )  # fmt: skip
    assert tokens.tokens("ca@exemple.fr") == before


def test_a_national_token_can_be_narrowed_and_then_reads_no_more_in_postgresql(
    house: Installation,
) -> None:
    every = tokens.make_token("nat@exemple.fr", "tout", Scope.READ, "tests", NOW)
    one = tokens.make_token(
        "nat@exemple.fr", "un", Scope.READ, "tests", NOW, narrowed_to=["france"]
    )
    with as_account(every) as connection:
        assert {"92", "france"} <= territories_of(connection)
    with as_account(one) as connection:
        assert territories_of(connection) == {"france"}


WRITES = [
    "insert into intake.export (sha256, bytes, first_received) values (repeat('0', 64), 1, now())",
    "insert into intake.request (collection, data_year, territory, request_id, kind, author, "
    "asked_at) values ('senacs', 2012, '92', gen_random_uuid(), 'rehearsal', "
    "portal.current_name(), now())",
    "insert into query.reply (collection, data_year, territory, reply_id, address, rule, unit_id, "
    "question, kind, value, reason, author, given, source) values ('senacs', 2012, '92', 'r', 'a', "
    "'', 'u', 'q', 'corrected', '1', '', portal.current_name(), '', 'portail')",
]


@pytest.mark.parametrize("statement", WRITES)
def test_a_token_that_reads_writes_nothing_whatever_is_run(house: object, statement: str) -> None:
    reads = tokens.make_token("ca@exemple.fr", "lit", Scope.READ, "tests", NOW)
    changes = tokens.make_token("ca@exemple.fr", "change", Scope.CHANGE, "tests", NOW)
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        as_account(reads) as connection,
    ):
        connection.exec_driver_sql(statement)
    with as_account(changes) as connection:
        assert connection.exec_driver_sql(statement).rowcount == 1
        connection.rollback()


def test_every_table_that_the_portal_writes_refuses_tokens_that_read(house: Installation) -> None:
    open_to_it = house.ask(
        "select c.oid::regclass::text from pg_class c where c.relkind in ('r', 'p') and "
        "(has_any_column_privilege('senacs_portal', c.oid, 'insert, update') "
        " or has_table_privilege('senacs_portal', c.oid, 'delete')) "
        "and c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')"
    )
    guarded = house.ask(
        "select polrelid::regclass::text from pg_policy where not polpermissive "
        "and polcmd in ('a', 'w', 'd') group by 1 having count(*) = 3"
    )
    assert set(open_to_it) <= set(guarded)
    assert len(open_to_it) >= 5


def test_a_token_that_asks_too_often_waits_for_the_next_minute(house: Installation) -> None:
    value = tokens.make_token("ca@exemple.fr", "vite", Scope.READ, "tests", NOW)
    minute = NOW.replace(second=20) + timedelta(minutes=30)
    for _ in range(REQUESTS_OF_TOKEN):
        assert tokens.bearer(value, "10.1.1.1", minute)
    with pytest.raises(TooOftenError) as refused:
        tokens.bearer(value, "10.1.1.2", minute)
    assert refused.value.wait == 40
    assert tokens.bearer(value, "10.1.1.1", minute + timedelta(seconds=40))


def test_an_address_is_counted_whatever_it_shows(house: Installation) -> None:
    minute = NOW.replace(second=0) + timedelta(minutes=60)
    for number in range(REQUESTS_OF_ADDRESS):
        assert tokens.bearer(f"faux{number}", "10.2.2.2", minute) is None
    with pytest.raises(TooOftenError):
        tokens.bearer("faux", "10.2.2.2", minute)
    assert tokens.bearer("faux", "10.2.2.3", minute) is None
    assert house.ask("select count(*) from portal.rate where who = 'address 10.1.1.1'") == [(0,)]


def test_a_person_makes_and_revokes_tokens_on_a_page(app: FastAPI, house: Installation) -> None:
    own = browser(app, "ca@exemple.fr")
    token = form_token(own.get("/jetons").text)
    asked = {
        "jeton": token,
        "label": "<i>robot</i>",
        "scope": "change",
        "days": "30",
        "codes": "92",
    }
    made = own.post("/jetons", data=asked)
    value = re.search(r"<code>(senacs_\S+)</code>", made.text)
    assert value
    assert "<i>" not in made.text
    assert value[1] not in own.get("/jetons").text
    account = tokens.bearer(value[1], "::1", datetime.now(UTC))
    assert account is not None
    assert account.changes
    for wrong in ({"scope": "admin"}, {"days": "-1"}, {"days": "9" * 30}, {"codes": "france"}):
        assert own.post("/jetons", data={**asked, **wrong}).status_code == 422
    (mine,) = [one for one in tokens.tokens("ca@exemple.fr") if one.label == "<i>robot</i>"]
    other = browser(app, "nat@exemple.fr")
    theirs = {"jeton": form_token(other.get("/jetons").text), "number": str(mine.number)}
    assert other.post("/jetons/revoquer", data=theirs).status_code == 422
    assert tokens.bearer(value[1], "::1", datetime.now(UTC)) is not None
    done = own.post("/jetons/revoquer", data={"jeton": token, "number": str(mine.number)})
    assert done.status_code == 303
    assert tokens.bearer(value[1], "::1", datetime.now(UTC)) is None


def test_an_admin_sees_makes_and_revokes_everybodys(app: FastAPI) -> None:
    admin = browser(app, "adm@exemple.fr")
    token = form_token(admin.get("/admin/jetons").text)
    asked = {"jeton": token, "email": "ca@exemple.fr", "label": "par admin", "scope": "read",
             "days": "1", "codes": ""}  # fmt: skip
    made = admin.post("/admin/jetons", data=asked).text
    value = re.search(r"<code>(senacs_\S+)</code>", made)
    assert value
    assert "ca@exemple.fr" in made
    (one,) = [one for one in tokens.tokens() if one.label == "par admin"]
    done = admin.post("/admin/jetons/revoquer", data={"jeton": token, "number": str(one.number)})
    assert done.status_code == 303
    assert tokens.bearer(value[1], "::1", datetime.now(UTC)) is None
    log = admin.get("/admin/journal").text
    assert "jeton créé" in log
    assert "jeton révoqué" in log


def test_a_cookie_is_no_token_and_a_token_no_cookie(app: FastAPI, house: Installation) -> None:
    now = datetime.now(UTC)
    session = accounts.sign_in("ca@exemple.fr", PASSWORD, "::1", now)
    token = tokens.make_token("ca@exemple.fr", "robot", Scope.READ, "tests", now)
    assert tokens.bearer(session, "::1", now) is None
    assert accounts.signed_in(token, now) is None


def test_the_command_line_makes_lists_and_revokes(house: Installation) -> None:
    run = CliRunner()
    who = ["--author", "tests"]
    made = run.invoke(
        commands,
        [
            "account",
            "token",
            "create",
            "ca@exemple.fr",
            "--label",
            "cli",
            "--territory",
            "92",
            *who,
        ],
    )
    value = re.search(r"senacs_\S+", made.output)
    assert value, made.output
    account = tokens.bearer(value[0], "::1", datetime.now(UTC))
    assert account is not None
    (one,) = [one for one in tokens.tokens() if one.label == "cli"]
    listed = run.invoke(commands, ["account", "token", "list", "ca@exemple.fr"]).output
    assert f"{one.number}  ca@exemple.fr  read  92" in listed
    assert value[0] not in listed
    assert (
        run.invoke(commands, ["account", "token", "revoke", str(one.number), *who]).exit_code == 0
    )
    assert tokens.bearer(value[0], "::1", datetime.now(UTC)) is None
    link = run.invoke(commands, ["account", "invite", "ca@exemple.fr", *who]).output
    assert "/invitation/" in link


CODES = st.sampled_from(["92", "75", "france"])
ACCOUNTS = st.builds(
    Account,
    st.just(1),
    st.just("a@exemple.fr"),
    st.just("A"),
    st.sampled_from(Role),
    st.frozensets(st.builds(Holding, CODES, st.sampled_from([None, "senacs"]))),
)


@given(ACCOUNTS, st.sets(CODES), st.booleans(), st.sampled_from(Act), CODES)
def test_a_token_never_opens_more_than_its_account(
    account: Account, narrowed: set[str], changes: bool, act: Act, territory: str
) -> None:
    held = frozenset(one for one in account.holdings if not narrowed or one.territory in narrowed)
    token = Account(
        **{
            **vars(account),
            "holdings": held,
            "narrowed_to": tuple(narrowed) or None,
            "changes": changes,
        }
    )
    if may(token, act, territory):
        assert may(account, act, territory)
        assert act in (Act.ANYONE, Act.OWN, Act.ENROL) or not narrowed or territory in narrowed
