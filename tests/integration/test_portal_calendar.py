"""The portal's pages about campaigns: where territories stand, and who may move their days."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import ProgrammingError

from portal.app import create_app
from portal.database import as_account
from senacs.accounts import Role
from senacs.deliveries import TerritoryYear
from senacs.settings import settings
from tasks import accounts
from tasks.decisions import Subject, decide
from tests.support.installation import Installation, installation
from tests.support.postgres import Server

SITE = "http://testserver"
PASSWORD = "une phrase assez longue"
NOW = datetime(2013, 10, 8, 9, tzinfo=UTC)
KEY = TerritoryYear("senacs", "92", 2012)


def email(who: str) -> str:
    return f"{who}@exemple.fr"


@pytest.fixture(scope="module")
def house(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("calendar")) as made:
        made.run_all(("registre", "92", 2012), ("senacs", "92", 2012))
        for who in ("correspondent", "national", "admin"):
            accounts.make_account(email(who), f"<i>{who}</i>", Role(who), "tests", NOW)
            accounts.set_password(email(who), PASSWORD, "tests")
        accounts.give_territory(email("correspondent"), "92", "tests", date(2012, 1, 1))
        yield made


def value_of(who: str) -> str:
    return accounts.sign_in(email(who), PASSWORD, "127.0.0.1", datetime.now(UTC))


@pytest.fixture
def client(house: Installation, request: pytest.FixtureRequest) -> TestClient:  # noqa: ARG001
    """The portal, signed in as whom the test names."""
    app = create_app(settings(), lambda: datetime.now(UTC))
    made = TestClient(app, headers={"origin": SITE}, follow_redirects=False)
    made.cookies.set("senacs_session", value_of(request.param))
    return made


def form(client: TestClient, **given: str) -> dict[str, str]:
    token = re.search(r'name="jeton" value="(\w+)"', client.get("/").text)
    assert token
    said = {"collection": "senacs", "data_year": "2012", "territory": "92", "subject": "closes",
            "day": "2999-12-31", "reason": "<b>serveur</b> en panne"}  # fmt: skip
    return said | given | {"jeton": token[1]}


@pytest.mark.parametrize("client", ["national"], indirect=True)
class TestNational:
    def test_it_shows_every_territory_and_leads_to_it(self, client: TestClient):
        shown = client.get("/national?collecte=senacs&annee=2012")
        assert shown.status_code == 200
        assert "données simulées" in shown.text
        assert '<a href="/territoires/92">Hauts-de-Seine</a>' in shown.text
        assert "Hauts-de-Seine (92) : constats ouverts" in shown.text
        assert "<svg" in shown.text
        assert "style=" not in shown.text  # the policy allows none

    def test_it_is_narrowed_by_state(self, client: TestClient):
        some = client.get("/national?collecte=senacs&annee=2012&etat=queried").text
        none = client.get("/national?collecte=senacs&annee=2012&etat=late").text
        assert 'href="/territoires/92"' in some
        assert 'href="/territoires/92"' not in none
        assert "Aucun territoire dans cet état" in none

    @pytest.mark.parametrize("asked", ["collecte=x", "annee=1999", "annee=x", "etat=x"])
    def test_what_is_not_declared_is_not_there(self, client: TestClient, asked: str):
        assert client.get(f"/national?{asked}").status_code == 404

    def test_it_moves_no_day(self, client: TestClient, house: Installation):
        before = house.ask("select count(*) from intake.calendar_decision")
        assert client.get("/admin/calendrier").status_code == 403
        assert client.post("/admin/calendrier", data=form(client)).status_code == 403
        assert house.ask("select count(*) from intake.calendar_decision") == before


@pytest.mark.parametrize("client", ["admin"], indirect=True)
class TestAdmin:
    def test_a_day_is_moved_in_the_own_name_and_noted(
        self, client: TestClient, house: Installation
    ):
        assert client.post("/admin/calendrier", data=form(client)).status_code == 303
        assert house.ask(
            "select closes from quality.campaign_calendar where collection = 'senacs' "
            "and data_year = 2012"
        ) == [(date(2999, 12, 31),)]
        assert house.ask(
            "select author, reason from intake.calendar_decision order by decision_no desc limit 1"
        ) == [("<i>admin</i>", "<b>serveur</b> en panne")]
        assert house.ask(
            "select act, author, territory from portal.event order by event_no desc limit 1"
        ) == [("closing moved", email("admin"), "92")]
        page = client.get("/admin/calendrier").text
        assert "&lt;b&gt;serveur&lt;/b&gt; en panne" in page
        assert "<b>serveur" not in page
        assert "clôture déplacée" in client.get("/admin/journal").text

    @pytest.mark.parametrize(("given", "said"), [
        ({"day": "2013-01-01"}, "est passé"),
        ({"day": "demain"}, "un jour"),
        ({"reason": " "}, "pourquoi"),
        ({"territory": "13"}, "n’interroge"),
        ({"subject": "opens"}, "ce qui change"),
        ({"data_year": ""}, "une année"),
    ])  # fmt: skip
    def test_what_cannot_be_decided_is_told(
        self, client: TestClient, given: dict[str, str], said: str
    ):
        answer = client.post("/admin/calendrier", data=form(client, **given))
        assert answer.status_code == 422
        assert said in answer.text


@pytest.mark.parametrize("client", ["correspondent"], indirect=True)
def test_a_correspondent_sees_neither(client: TestClient):
    assert client.get("/national").status_code == 403
    assert client.get("/admin/calendrier").status_code == 403


@pytest.mark.usefixtures("house")
class TestPostgresql:
    @pytest.mark.parametrize("who", ["correspondent", "national"])
    def test_it_lets_nobody_else_decide(self, who: str):
        for author in (f"<i>{who}</i>", "<i>admin</i>"):
            with pytest.raises(ProgrammingError, match="row-level security"):  # noqa: SIM117
                with as_account(value_of(who)) as connection:
                    decide(connection, KEY, Subject.CLOSES, date(2999, 1, 1), author=author,
                           reason="x", now=NOW)  # fmt: skip

    def test_nor_an_administrator_in_another_name(self):
        with pytest.raises(ProgrammingError, match="row-level security"):  # noqa: SIM117
            with as_account(value_of("admin")) as connection:
                decide(connection, KEY, Subject.CLOSES, date(2999, 1, 1), author="M. Autre",
                       reason="x", now=NOW)  # fmt: skip

    def test_the_view_gives_what_the_account_may_read(self, house: Installation):
        query = "select distinct territory from quality.campaign_state order by 1"
        with as_account(value_of("correspondent")) as connection:
            assert connection.exec_driver_sql(query).scalars().all() == ["92"]
        with as_account("") as connection:
            assert connection.exec_driver_sql(query).scalars().all() == []
        with as_account(value_of("national")) as connection:
            seen = connection.exec_driver_sql(query).scalars().all()
        assert seen == [code for (code,) in house.ask(query)]
        assert len(seen) > 1
