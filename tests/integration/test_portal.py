"""The portal: every route as every role on every territory, and what tries to get round it."""

# ruff: noqa: ARG001 - the house is there, whether a test names it or not

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy.exc import DatabaseError, DBAPIError

from portal.app import create_app
from portal.authorisation import Act, act_of, by_token, check_declared, depends_on
from portal.database import as_account
from senacs.accounts import IDLE, LONGEST_SESSION, TRIES_OF_ACCOUNT, Holding, Role
from senacs.deliveries import TerritoryYear
from senacs.errors import AccountError, ConfigurationError
from senacs.settings import settings
from senacs.warehouse.engine import warehouse_of_portal
from senacs.warehouse.statements import execute
from tasks import accounts
from tests.support.installation import Installation, installation
from tests.support.postgres import Server
from tests.support.watching import without_prefect

SITE = "http://testserver"
PLACES = (
    TerritoryYear("senacs", "92", 2012),
    TerritoryYear("registre", "92", 2012),
    TerritoryYear("adulte_relais", "france", 2022),
    TerritoryYear("senacs", "france", 2012),
    TerritoryYear("senacs", "92", 1999),
    TerritoryYear("senacs", "nulle-part", 2012),
    TerritoryYear("nulle_part", "92", 2012),
)
THERE_ARE = PLACES[:3]
WHO = {
    "of 92": (Role.CORRESPONDENT, Holding("92")),
    "of the register": (Role.CORRESPONDENT, Holding("92", "registre")),
    "of france": (Role.CORRESPONDENT, Holding("france")),
    "of none": (Role.CORRESPONDENT, None),
    "national": (Role.NATIONAL, None),
    "admin": (Role.ADMIN, None),
}
ALLOWED = {
    Act.ENROL: set(WHO),
    Act.OWN: set(WHO),
    Act.NATIONAL: {"national", "admin"},
    Act.ADMINISTER: {"admin"},
}
PASSWORD = "une phrase assez longue"


def email(who: str) -> str:
    return f"{who.replace(' ', '.')}@exemple.fr"


@pytest.fixture(scope="module")
def house(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Two territories loaded, with an account of each kind."""
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("portal")) as made:
        made.run_all(
            ("registre", "92", 2012), ("senacs", "92", 2012), ("adulte_relais", "france", 2022)
        )
        for who, (role, held) in WHO.items():
            accounts.make_account(email(who), f"<b>{who}</b>", role, "tests", datetime.now(UTC))
            accounts.set_password(email(who), PASSWORD, "tests")
            if held:
                accounts.give_territory(
                    email(who),
                    held.territory,
                    "tests",
                    date(2012, 1, 1),
                    collection=held.collection,
                )
        yield made


def may_see(who: str, key: TerritoryYear) -> bool:
    role, held = WHO[who]
    if role is not Role.CORRESPONDENT:
        return True
    return (
        held is not None
        and held.territory == key.territory
        and held.collection in (None, key.collection)
    )


@pytest.fixture
def app(house: Installation) -> FastAPI:
    return create_app(settings())


def client(app: FastAPI, who: str | None = None) -> TestClient:
    made = TestClient(app, headers={"origin": SITE}, follow_redirects=False)
    if who:
        value = accounts.sign_in(email(who), PASSWORD, "127.0.0.1", datetime.now(UTC))
        made.cookies.set("senacs_session", value)
    return made


def routes(app: FastAPI) -> list[tuple[str, APIRoute]]:
    found = [
        route
        for route in app.routes
        if isinstance(route, APIRoute) and not depends_on(route, by_token)
    ]
    assert len(found) > 10
    return [(method, route) for route in found for method in sorted(route.methods)]


@pytest.fixture(scope="module")
def parts(house: Installation) -> dict[TerritoryYear, dict[str, str]]:
    """What addresses name in each place: something that is there, where anything is."""
    made = {}
    for key in PLACES:
        (item,) = house.ask(
            "select max(item_key) from query.state where (collection, territory, data_year) "
            "= (%s, %s, %s) and state = 'open'", key.collection, key.territory, key.data_year
        )  # fmt: skip
        asked = uuid4()
        if key in THERE_ARE:
            with house.engine.begin() as connection:
                connection.exec_driver_sql(
                    "insert into intake.request (request_id, collection, data_year, territory, "
                    "kind, author, asked_at, state, ended_at, message) "
                    "values (%s, %s, %s, %s, 'rerun', 'X', now(), 'failed', now(), 'non')",
                    (asked, key.collection, key.data_year, key.territory),
                )
        made[key] = {"item_key": item[0] or "0" * 16, "request_id": str(asked), "kind": "rapport"}
    return made


def test_each_route_as_each_role_on_each_territory(
    app: FastAPI, parts: dict[TerritoryYear, dict[str, str]]
) -> None:
    for who in (None, *WHO):
        asked = client(app, who)
        token = _token(asked) if who else ""
        for method, route in routes(app):
            act = act_of(route)
            if act is Act.ANYONE or route.path == "/deconnexion":
                continue
            for key in PLACES if "{territory}" in route.path else PLACES[:1]:
                address = route.path.format(**vars(key), **parts[key])
                answer = asked.request(method, address, data={"jeton": token})
                case = f"{who} {method} {address}: {answer.status_code}"
                if who is None:
                    assert answer.status_code in (303, 403), case
                    assert answer.headers.get("location", "/connexion") == "/connexion", case
                elif act in (Act.TERRITORY, Act.CHANGE):
                    assert answer.status_code in _wanted(who, act, route, key, parts[key]), case
                elif who in ALLOWED[act]:
                    assert answer.status_code in (200, 303, 422), case
                else:
                    assert answer.status_code == 403, case


def _wanted(
    who: str, act: Act, route: APIRoute, key: TerritoryYear, there: dict[str, str]
) -> set[int]:
    """The statuses that are right where an empty form, if any, is sent."""
    if "{collection}" not in route.path:
        territories = {one.territory for one in THERE_ARE if may_see(who, one)}
        return {200} if key.territory in territories else {404}
    if key not in THERE_ARE or not may_see(who, key):
        return {404}
    if "{item_key}" in route.path and there["item_key"] == "0" * 16:
        return {404}
    return {200} if act is Act.TERRITORY else {422}


WRITTEN = """
    select 'upload', collection, territory, data_year, upload_id::text from intake.upload
    union all
    select 'request', collection, territory, data_year, request_id::text from intake.request
    union all
    select 'reply', collection, territory, data_year, reply_id from query.reply
    union all
    select 'file', collection, territory, data_year, file_no::text from query.returned_file
    union all
    select 'ending', collection, territory, data_year, upload_id::text from intake.upload
     where ending is not null
    union all
    select 'event', i.collection, i.territory, i.data_year, e.event_no::text
      from query.event e join query.item i using (item_key)
    union all
    select 'act', collection, territory, data_year, event_no::text from portal.event
     where data_year is not null
"""


def test_nobody_writes_beyond_what_is_theirs_through_any_route(
    app: FastAPI, house: Installation, parts: dict[TerritoryYear, dict[str, str]]
) -> None:
    with without_prefect(house.home):
        for who in WHO:
            asked = client(app, who)
            token = _token(asked)
            for key in PLACES:
                before = set(house.ask(WRITTEN))
                sent = {one[1:4]: one[4] for one in sorted(before) if one[0] == "upload"}
                statuses = {
                    asked.post(address, data={"jeton": token} | form, files=files).status_code
                    for address, form, files in _writing(key, parts[key], sent)
                }
                new = set(house.ask(WRITTEN)) - before
                case = f"{who} {key}: {statuses} {new}"
                if key in THERE_ARE and may_see(who, key):
                    assert "upload" in {one[0] for one in new}, case
                    assert {TerritoryYear(*one[1:4]) for one in new} == {key}, case
                else:
                    assert statuses == {404}, case
                    assert not new, case


def _writing(
    key: TerritoryYear, there: dict[str, str], uploads: dict[tuple, str]
) -> Iterator[tuple]:
    """What somebody could send there, with an upload of every place."""
    place = f"/territoires/{key.territory}/{key.collection}/{key.data_year}"
    answer = {"version": "1", "reponse": "corrected", "valeur": "1"}
    yield f"{place}/constats/{there['item_key']}", answer, None
    yield f"{place}/envois", {}, {"fichier": ("export.csv", b"a;b\n1;2\n")}
    yield f"{place}/demandes", {"quoi": "rerun", "envoi": ""}, None
    for owner, upload in uploads.items():
        if TerritoryYear(*owner) != key:
            yield f"{place}/demandes", {"quoi": "rerun", "envoi": upload}, None
        yield f"{place}/envois/retirer", {"envoi": upload}, None


def test_only_who_may_send_there_sends_much(app: FastAPI) -> None:
    place = "/territoires/92/senacs/2012"
    large = {"fichier": ("export.csv", b"x" * 100_000)}
    for who, status in (("of 92", 403), ("of the register", 413), ("of france", 413)):
        answer = client(app, who).post(f"{place}/envois", files=large)
        assert answer.status_code == status, who
        assert client(app, who).post(f"{place}/demandes", files=large).status_code == 413


def test_what_a_run_wrote_is_kept_and_not_shown(app: FastAPI) -> None:
    place = "/territoires/92/senacs/2012/fichiers"
    for kind, begins in (("rapport", b"<!doctype"), ("classeur", b"pk"), ("constats", b"\xef\xbb")):
        answer = client(app, "of 92").get(f"{place}/{kind}")
        assert answer.content.lower().startswith(begins)
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"
    for kind in ("nulle-part", "..%2f..%2fregistre%2f92%2f2012.html", "2012.html"):
        assert client(app, "of 92").get(f"{place}/{kind}").status_code == 404


def _token(asked: TestClient) -> str:
    found = re.search(r'name="jeton" value="(\w+)"', asked.get("/").text)
    assert found
    return found[1]


@pytest.mark.parametrize("who", WHO)
def test_postgresql_gives_the_rows_of_the_account_whatever_is_asked(
    house: object, who: str
) -> None:
    role, held = WHO[who]
    territory = held and held.territory
    value = accounts.sign_in(email(who), PASSWORD, "127.0.0.1", datetime.now(UTC))
    for table in ("intake.run", "department.answer", "national.unit", "query.item"):
        with as_account(value) as connection:
            seen = set(
                connection.exec_driver_sql(f"select distinct territory from {table}").scalars()  # noqa: S608
            )
        if role is Role.CORRESPONDENT:
            assert seen <= {territory}
        elif table == "intake.run":
            assert {"92", "france"} <= seen
        if held and held.collection is None and table == "national.unit":
            assert seen == {territory}


@pytest.mark.parametrize("value", ["", "x", "' or true --", "0" * 64])
def test_no_row_without_somebodys_cookie(house: object, value: str) -> None:
    with as_account(value) as connection:
        assert connection.exec_driver_sql("select count(*) from national.unit").scalar() == 0
        assert connection.exec_driver_sql("select count(*) from intake.finding").scalar() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "select * from portal.account",
        "select * from portal.session",
        "insert into portal.session select sha256('x'), 1, now(), now(), now() + interval '1 day'",
        "update portal.account set role = 'admin'",
        "insert into portal.account_territory values (1, '92', null, '2012-01-01', null)",
        "delete from national.unit",
        "update department.answer set status = status",
        "update intake.request set author = 'x'",
        "update intake.upload set author = 'x'",
        "delete from query.reply",
        "update query.reply set value = '1'",
        "insert into portal.event (act, account_no, author) values ('signed in', 1, 'x')",
        "select * from portal.event",
        "select * from indicator.cell",
        "select * from access.event",
    ],
)
def test_a_page_reaches_nothing_of_accounts_and_writes_nothing(
    house: object, statement: str
) -> None:
    value = accounts.sign_in(email("of 92"), PASSWORD, "127.0.0.1", datetime.now(UTC))
    with pytest.raises(DatabaseError, match="permission denied"), as_account(value) as connection:
        connection.exec_driver_sql(statement)


HERE = "'senacs', 2012, '92'"
THERE = "'adulte_relais', 2022, 'france'"
UPLOAD = (
    "insert into intake.upload (collection, data_year, territory, upload_id, sha256, file_name, "
    "author, uploaded_at) select {key}, gen_random_uuid(), sha256, 'a.csv', {author}, now() "
    "from intake.export limit 1"
)
REQUEST = (
    "insert into intake.request (collection, data_year, territory, request_id, kind, author, "
    "asked_at) values ({key}, gen_random_uuid(), 'rehearsal', {author}, now())"
)
REPLY = (
    "insert into query.reply (collection, data_year, territory, reply_id, address, rule, unit_id, "
    "question, kind, value, reason, author, given, source) values ({key}, 'r', 'a', '', 'u', 'q', "
    "'corrected', '1', '', {author}, '', {source})"
)
RETURNED = (
    "insert into query.returned_file (collection, data_year, territory, sha256, file_name, bytes, "
    "author, recorded, already, refused) values ({key}, repeat('0', 64), 'a', 1, {author}, 0, 0, "
    "'{{}}')"
)
OWN, FORGED = "portal.current_name()", "'<b>admin</b>'"
BROUGHT = "'a.xlsx (repris par ' || portal.current_name() || ')'"
ITEM = "(select item_key from query.item where rule = 'DOM-01' limit 1)"
EVENT = (
    "insert into query.event (item_key, state, kind, reply_id, author, reason) values ({item}, "
    "'{state}', 'corrected', 'r', portal.current_name(), '')"
)


@pytest.mark.parametrize(
    "statement",
    [
        *(
            one.format(key=key, author=author, source=source)
            for one in (UPLOAD, REQUEST, REPLY, RETURNED)
            for key, author, source in (
                (THERE, OWN, "'portail'"),
                (THERE, OWN, BROUGHT),
                (HERE, FORGED, "'portail'"),
                (HERE, FORGED, "'a.xlsx (repris par <b>admin</b>)'"),
            )
        ),
        EVENT.format(item=ITEM, state="accepted"),
        EVENT.format(item=ITEM, state="answered"),  # there is no such reply
        EVENT.format(item="repeat('0', 16)", state="answered"),
        "insert into intake.receipt select gen_random_uuid(), collection, data_year, territory, "
        "sha256, 'https://source', 'a', null, null, now() from intake.receipt limit 1",
        "insert into intake.receipt select gen_random_uuid(), collection, data_year, territory, "
        "sha256, 'portail', 'a', null, null, now() from intake.receipt limit 1",
    ],
)
def test_nobody_writes_for_another_territory_or_in_anothers_name(
    house: object, statement: str
) -> None:
    value = accounts.sign_in(email("of 92"), PASSWORD, "127.0.0.1", datetime.now(UTC))
    with (
        pytest.raises(DatabaseError, match="violates row-level security policy"),
        as_account(value) as connection,
    ):
        connection.exec_driver_sql(statement)


def test_who_sent_something_and_who_chose_it_stay(house: Installation) -> None:
    value = accounts.sign_in(email("of 92"), PASSWORD, "127.0.0.1", datetime.now(UTC))
    # Its own of this moment: others have sent some before.
    choosing = (
        "update intake.upload set chosen_at = {at}, chosen_by = {author} where uploaded_at = now()"
    )
    ending = (
        "update intake.upload set ending = 'overtaken', ended_at = now(), ended_by = {author} "
        "where uploaded_at = now()"
    )
    with as_account(value) as connection:
        connection.exec_driver_sql(UPLOAD.format(key=HERE, author=OWN))
        for statement, why in (
            (choosing.format(at="now()", author=FORGED), "row-level security"),
            (ending.format(author=OWN), "row-level security"),
            (choosing.format(at="now()", author=OWN), None),
            (choosing.format(at="'2000-01-01'", author=OWN), "never changed"),
        ):
            if why is None:
                connection.exec_driver_sql(statement)
                continue
            with pytest.raises(DatabaseError, match=why), connection.begin_nested():
                connection.exec_driver_sql(statement)
        connection.rollback()


def test_another_territorys_uploads_are_not_there_to_be_changed(house: Installation) -> None:
    theirs = accounts.sign_in(email("of france"), PASSWORD, "127.0.0.1", datetime.now(UTC))
    ours = accounts.sign_in(email("of 92"), PASSWORD, "127.0.0.1", datetime.now(UTC))
    with as_account(theirs) as connection:
        sent = connection.exec_driver_sql(
            UPLOAD.format(key=THERE, author=OWN) + " returning upload_id"
        ).scalar_one()
    with as_account(ours) as connection:
        done = connection.exec_driver_sql(
            "update intake.upload set ending = 'withdrawn', ended_at = now(), "
            "ended_by = portal.current_name() where upload_id = %s",
            (sent,),
        )
        assert done.rowcount == 0
    assert house.ask("select ending from intake.upload where upload_id = %s", sent) == [(None,)]
    acts = house.ask("select act, author, territory, collection, data_year from portal.event "
                     "where about = %s", str(sent))  # fmt: skip
    assert acts == [("export sent", email("of france"), "france", "adulte_relais", 2022)]


@pytest.mark.parametrize("table", ["department.answer", "national.unit", "intake.run"])
def test_the_gate_reads_nothing_of_territories(house: object, table: str) -> None:
    with warehouse_of_portal().connect() as connection:
        execute(connection, "portal/take_role", role="senacs_gate", value="")
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.exec_driver_sql(f"select * from {table}")  # noqa: S608


@pytest.mark.parametrize("what", ["update portal.event set author = 'x'", "truncate portal.event"])
def test_the_record_is_kept_even_from_its_owner(house: Installation, what: str) -> None:
    with pytest.raises(DatabaseError, match="never changed"), house.engine.begin() as connection:
        connection.exec_driver_sql(what)


def test_a_role_is_given_back_with_the_transaction(house: object) -> None:
    with as_account("x"):
        pass
    with warehouse_of_portal().connect() as connection:
        assert connection.exec_driver_sql("select current_user = session_user").scalar()
        assert not connection.exec_driver_sql(
            "select current_setting('senacs.session', true)"
        ).scalar()


def test_a_session_ends_idle_late_and_with_the_account(desk: Installation) -> None:
    start = datetime.now(UTC) - timedelta(minutes=1)
    accounts.make_account("a@exemple.fr", "A", Role.ADMIN, "tests", start)
    accounts.set_password("a@exemple.fr", PASSWORD, "tests")
    value = accounts.sign_in("A@exemple.fr ", PASSWORD, "127.0.0.1", start)
    assert accounts.signed_in(value, start + IDLE + timedelta(seconds=1)) is None
    at = start
    while at + IDLE / 2 < start + LONGEST_SESSION:
        at += IDLE / 2
        assert accounts.signed_in(value, at) is not None
    assert accounts.signed_in(value, start + LONGEST_SESSION) is None
    accounts.shut_out("a@exemple.fr", "tests")
    assert accounts.signed_in(value, start + IDLE / 2) is None
    with pytest.raises(AccountError):
        accounts.sign_in("a@exemple.fr", PASSWORD, "127.0.0.1", start)


def test_too_many_tries_wait_known_or_not(desk: Installation) -> None:
    now = datetime.now(UTC)
    accounts.make_account("a@exemple.fr", "A", Role.ADMIN, "tests", now)
    accounts.set_password("a@exemple.fr", PASSWORD, "tests")
    said = set()
    for address in ("a@exemple.fr", "personne@exemple.fr"):
        for _ in range(TRIES_OF_ACCOUNT + 1):
            with pytest.raises(AccountError) as refused:
                accounts.sign_in(address, "faux", "10.0.0.1", now)
            said.add(str(refused.value))
    assert len(said) == 1
    with pytest.raises(AccountError):
        accounts.sign_in("a@exemple.fr", PASSWORD, "10.0.0.2", now)
    assert accounts.sign_in("a@exemple.fr", PASSWORD, "10.0.0.2", now + timedelta(minutes=16))


def test_sign_in_through_the_form(app: FastAPI) -> None:
    browser = TestClient(app, headers={"origin": SITE}, follow_redirects=False)
    wrong = browser.post("/connexion", data={"email": email("of 92"), "password": "faux"})
    assert wrong.status_code == 401
    assert "set-cookie" not in wrong.headers
    right = browser.post("/connexion", data={"email": email("of 92"), "password": PASSWORD})
    assert right.status_code == 303
    assert "HttpOnly" in right.headers["set-cookie"]
    assert "SameSite=lax" in right.headers["set-cookie"]
    page = browser.get("/")
    assert "/territoires/92" in page.text
    assert "france" not in page.text
    assert "<b>" not in page.text
    value = browser.cookies["senacs_session"]
    assert browser.post("/deconnexion", data={"jeton": _token(browser)}).status_code == 303
    browser.cookies.set("senacs_session", value)
    assert browser.get("/").headers["location"] == "/connexion"


def test_forms_of_other_sites_are_refused(app: FastAPI) -> None:
    admin = client(app, "admin")
    form = {"email": "x@exemple.fr", "name": "X", "role": "admin"}
    token = _token(admin)
    for headers in ({"origin": "http://ailleurs.example"}, {"origin": "null"}, {"origin": ""}):
        answer = admin.post("/admin/comptes", data={**form, "jeton": token}, headers=headers)
        assert answer.status_code == 403
    assert admin.post("/admin/comptes", data=form).status_code == 403
    assert "x@exemple.fr" not in admin.get("/admin/comptes").text
    large = admin.post("/admin/comptes", data={**form, "name": "x" * 70_000, "jeton": token})
    assert large.status_code == 413


def test_every_answer_has_the_headers(app: FastAPI) -> None:
    for path in ("/connexion", "/", "/nulle-part", "/statique/portal.css"):
        headers = client(app).get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_a_monitor_learns_one_word_and_measures_with_its_token(house: Installation) -> None:
    told = TestClient(create_app(settings())).get("/sante")
    assert (told.status_code, told.json()) == (200, {"etat": "ok"})
    assert TestClient(create_app(settings())).get("/metrics").status_code == 404
    given = settings().model_copy(update={"metrics_token": SecretStr("un-jeton")})
    monitor = TestClient(create_app(given))
    for header in ("", "Bearer ", "Bearer faux", "Basic un-jeton"):
        assert monitor.get("/metrics", headers={"authorization": header}).status_code == 404
    measures = monitor.get("/metrics", headers={"authorization": "Bearer un-jeton"})
    assert measures.status_code == 200
    assert "senacs_up 1.0" in measures.text
    assert "92" not in re.findall(r'"([^"]*)"', measures.text)


def test_https_makes_cookies_secure(house: Installation) -> None:
    app = create_app(settings().model_copy(update={"portal_https": True}))
    answer = client(app).post("/connexion", data={"email": email("admin"), "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_route_that_declares_nothing_stops_the_portal() -> None:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    router = APIRouter()
    router.add_api_route("/oubli", lambda: "", methods=["GET"])
    app.router.routes.extend(router.routes)
    with pytest.raises(ConfigurationError, match="/oubli"):
        check_declared(app)


def test_an_admin_makes_an_account_and_gives_a_territory(app: FastAPI) -> None:
    admin = client(app, "admin")
    token = _token(admin)
    form = {"jeton": token, "email": "neuf@exemple.fr", "name": "N", "role": "correspondent"}
    made = admin.post("/admin/comptes", data=form)
    link = re.search(r"<code>http://testserver(/invitation/\S+)</code>", made.text)
    assert link
    chosen = TestClient(app, headers={"origin": SITE}, follow_redirects=False).post(
        link[1], data={"new": PASSWORD, "again": PASSWORD}
    )
    assert chosen.headers["location"] == "/connexion"
    given = {"jeton": token, "email": "neuf@exemple.fr", "code": "92", "act": "give"}
    assert admin.post("/admin/comptes/territoires", data=given).status_code == 303
    value = accounts.sign_in("neuf@exemple.fr", PASSWORD, "127.0.0.1", datetime.now(UTC))
    account = accounts.signed_in(value, datetime.now(UTC))
    assert account is not None
    assert account.territories == ("92",)
    log = admin.get("/admin/journal").text
    assert "territoire donné" in log
    assert email("admin") in log


def test_a_territory_that_no_campaign_asks_is_not_given(house: Installation) -> None:
    with pytest.raises(AccountError, match="nulle-part"):
        accounts.give_territory(email("of none"), "nulle-part", "tests", date(2012, 1, 1))
    assert house.ask("select 1 from portal.account_territory where territory = 'nulle-part'") == []


def test_a_password_is_changed_by_who_knows_it(house: Installation) -> None:
    now = datetime.now(UTC)
    accounts.make_account("change@exemple.fr", "C", Role.CORRESPONDENT, "tests", now)
    accounts.set_password("change@exemple.fr", PASSWORD, "tests")
    open_before = accounts.sign_in("change@exemple.fr", PASSWORD, "127.0.0.1", now)
    with pytest.raises(AccountError):
        accounts.change_password(
            "change@exemple.fr", "pas celui-là", "autre phrase longue", "::1", now
        )
    assert accounts.signed_in(open_before, now) is not None

    accounts.change_password("change@exemple.fr", PASSWORD, "autre phrase longue", "::1", now)

    assert accounts.signed_in(open_before, now) is None
    assert accounts.sign_in("change@exemple.fr", "autre phrase longue", "127.0.0.1", now)
    with pytest.raises(AccountError):
        accounts.sign_in("change@exemple.fr", PASSWORD, "127.0.0.1", now)


def test_simulated_collections_say_so_and_real_ones_do_not(app: FastAPI) -> None:
    asked = client(app, "national")
    for territory, simulated in (("92", True), ("france", False)):
        cells = re.findall(r"<td .*?</td>", asked.get(f"/territoires/{territory}").text, re.S)
        rows = [cell for cell in cells if 'data-label="Collecte"' in cell]
        assert rows
        assert {"données simulées" in row for row in rows} == {simulated}
    assert "données simulées" in asked.get("/national").text
