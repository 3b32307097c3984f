"""Reruns and rehearsals that persons ask for, through a real Prefect server and its worker."""

import contextvars
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags
from prefect.states import Running

from flows.indicators import indicators
from flows.territory import territory
from portal.app import create_app
from portal.authorisation import form_token
from senacs.accounts import Role, Scope
from senacs.deliveries import TerritoryYear
from senacs.demo_supplier import serving
from senacs.errors import RequestError, ServiceError
from senacs.rehearsal import REHEARSAL
from senacs.services import prefect_client, prefect_env, stack
from senacs.services.layout import Layout
from senacs.settings import Settings, settings
from senacs.warehouse import engine
from tasks import accounts, tokens
from tasks.locks import exclusive
from tasks.prepare import prepare
from tasks.requests import (
    STEPS,
    Request,
    RequestKind,
    RequestState,
    StepState,
    ask,
    follow,
    progress,
    request_of,
)
from tasks.uploads import take_upload
from tests.support.installation import SUPPLIER, plain, settings_in_environment
from tests.support.watching import unwatched

KEY = TerritoryYear("senacs", "92", 2012)
OTHER = TerritoryYear("senacs", "92", 2011)
EXPORT = SUPPLIER / "senacs" / "senacs_92_2012.csv"


@pytest.fixture(scope="module", autouse=True)
def _stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What `senacs up` starts, with the survey of both years loaded."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    home = tmp_path_factory.mktemp("requests") / "home"
    with (
        serving(SUPPLIER) as address,
        settings_in_environment(home=home, supplier_url=address),
    ):
        own = Settings(home=home, supplier_url=address, database_url=None, prefect_port=port)
        try:
            stack.up(own)
            unwatched(port)
            with prefect_client.directed(prefect_env.client(Layout.of(home), port)):
                load_all()
                yield
        finally:
            engine.warehouse().dispose()
            engine.warehouse_as_owner().dispose()
            engine._engine.cache_clear()
            stack.down(own)


def load_all() -> None:
    for collection in ("registre", "senacs"):
        prepare.fn(collection)
        for year in (2011, 2012):
            plain(territory)(collection, "92", year)
    for year in (2011, 2012):
        plain(indicators)("senacs", year)


def told(query: str, *parameters: object) -> list[tuple[object, ...]]:
    with engine.warehouse_as_owner().connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query, parameters or None)]


def ended(request: Request) -> Request:
    """The request once the worker has done it."""
    while (now := request_of(request.request_id)).state is RequestState.OPEN:
        assert follow(datetime.now(UTC)) == []
    return now


def flow_runs() -> list[str]:
    """Prefect's runs of reruns."""
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=["rerun"]))
        )
    return [str(one.id) for one in found]


def test_ten_presses_are_one_run_and_two_at_a_time_are_two():
    context = contextvars.copy_context()

    def press(key: TerritoryYear) -> Request:
        return context.copy().run(ask, key, RequestKind.RERUN, "Mme Essai")

    before = told("select count(*) from intake.run")[0][0]
    with ThreadPoolExecutor(12) as presses:
        asked = list(presses.map(press, [*[KEY] * 10, OTHER, OTHER]))

    assert len({one.request_id for one in asked[:10]}) == 1
    assert len({one.request_id for one in asked}) == 2
    for one in (asked[0], asked[-1]):
        assert ended(one).state is RequestState.DONE
    assert len(flow_runs()) == 2
    assert told("select count(*) from intake.run")[0][0] == before + 2


def test_two_people_and_ten_presses_in_the_portal_are_one_run():
    before = told("select count(*) from intake.run")[0][0]
    runs_before = len(flow_runs())
    app = create_app(settings())
    people = [signed_in(app, email) for email in ("a@exemple.fr", "b@exemple.fr")]
    context = contextvars.copy_context()

    def press(number: int) -> tuple[int, str]:
        browser, token = people[number % 2]
        form = {"jeton": token, "quoi": "rerun", "envoi": ""}
        answer = context.copy().run(browser.post, "/territoires/92/senacs/2012/demandes", data=form)
        return answer.status_code, answer.headers["location"]

    with ThreadPoolExecutor(10) as presses:
        answers = set(presses.map(press, range(10)))

    ((status, address),) = answers
    assert status == 303
    request = request_of(UUID(address.rpartition("/")[2]))
    assert "en cours" in people[0][0].get(address).text
    assert ended(request).state is RequestState.DONE
    assert "Terminée" in people[1][0].get(address).text
    assert len(flow_runs()) == runs_before + 1
    assert told("select count(*) from intake.run")[0][0] == before + 1
    assert told("select author, about from portal.event where act = 'rerun asked'") == [
        (f"{request.author}@exemple.fr", str(request.request_id))
    ]


def signed_in(app: FastAPI, email: str) -> tuple[TestClient, str]:
    """A browser of an account that holds the territory, and the token of its forms."""
    accounts.make_account(
        email, email.partition("@")[0], Role.CORRESPONDENT, "tests", datetime.now(UTC)
    )
    accounts.set_password(email, "une phrase assez longue", "tests")
    accounts.give_territory(email, "92", "tests", date(2012, 1, 1))
    value = accounts.sign_in(email, "une phrase assez longue", "127.0.0.1", datetime.now(UTC))
    browser = TestClient(app, headers={"origin": "http://testserver"}, follow_redirects=False)
    browser.cookies.set("senacs_session", value)
    return browser, form_token(value)


def test_an_upload_is_rehearsed_then_put_in_place():
    text = EXPORT.read_bytes().decode("cp1252").replace("environ 40", "41")
    upload = take_upload(KEY, text.encode("cp1252"), "corrige.csv", "Mme Essai")
    assert isinstance(upload, UUID)

    said = ended(ask(KEY, RequestKind.REHEARSAL, "Mme Essai", upload))

    assert said.state is RequestState.DONE, said.message
    found = REHEARSAL.validate_python(said.result)
    assert (found.may_load, found.new, found.changed, found.gone) == (True, 0, 1, 0)
    assert told("select chosen_at from intake.upload") == [(None,)]

    request = ask(KEY, RequestKind.RERUN, "Mme Essai", upload)
    assert progress(request)[0].state is StepState.DONE
    with pytest.raises(RequestError, match="en cours"):
        ask(KEY, RequestKind.RERUN, "M. Essai")
    done = ended(request)

    assert (done.state, done.message) == (RequestState.DONE, found.message)
    assert [(one.name, one.state) for one in progress(done)] == [
        (name, StepState.DONE) for name in STEPS
    ]
    assert told("select raw from department.answer where (data_year, unit_id, question) = "
                "(2012, '92-037', 'benevoles_activite')") == [("41",)]  # fmt: skip
    assert told("select d.sha256 = u.sha256 from department.delivery d join intake.upload u "
                "using (collection, data_year, territory)") == [(True,)]  # fmt: skip


def test_what_prefect_could_not_be_given_is_given_later():
    nobody = prefect_env.client(Layout.of(settings().home), 9)
    with prefect_client.directed(nobody):
        request = ask(OTHER, RequestKind.RERUN, "Mme Essai")
        assert (request.state, request.flow_run) == (RequestState.OPEN, None)
        assert ask(OTHER, RequestKind.RERUN, "Mme Essai").request_id == request.request_id
        assert follow(datetime.now(UTC)) == []

    assert request_of(request.request_id).flow_run is None
    assert ended(request).state is RequestState.DONE
    assert request_of(request.request_id).flow_run


class TestDead:
    """A run whose process is no more, as Prefect and the record of runs show it."""

    @pytest.fixture
    def lost(self) -> Request:
        """A rerun that Prefect believes to be running, with its run still open."""
        with get_client(sync_client=True) as client:
            deployment = client.read_deployment_by_name("rerun/rerun-territory")
            flow_run = client.create_flow_run_from_deployment(
                deployment.id, parameters={**vars(OTHER)}, state=Running()
            )
        request_id, run_id = uuid4(), uuid4()
        with engine.warehouse_as_owner().begin() as connection:
            connection.exec_driver_sql(
                "insert into intake.request (request_id, collection, data_year, territory, kind, "
                "author, asked_at, flow_run) values (%s, %s, %s, %s, 'rerun', 'X', now(), %s)",
                (request_id, OTHER.collection, OTHER.data_year, OTHER.territory, str(flow_run.id)),
            )
            connection.exec_driver_sql(
                "insert into intake.run (run_id, collection, data_year, territory, flow_run, "
                "codebook_version, started_at) values (%s, %s, %s, %s, %s, '', clock_timestamp())",
                (run_id, OTHER.collection, OTHER.data_year, OTHER.territory, str(flow_run.id)),
            )
        return request_of(request_id)

    def test_it_is_noticed_by_its_lock_and_may_be_asked_for_again(self, lost):
        later = datetime.now(UTC) + timedelta(seconds=1)
        nobody = prefect_env.client(Layout.of(settings().home), 9)
        with prefect_client.directed(nobody), pytest.raises(ServiceError, match="requests wait"):
            follow(later)
        with exclusive([OTHER]):
            assert follow(later) == []
            assert progress(lost)[2].state is StepState.UNDER_WAY

        (closed,) = follow(later)

        assert (closed.request_id, closed.state) == (lost.request_id, RequestState.FAILED)
        assert "relancez" in closed.message
        assert lost.flow_run
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(UUID(lost.flow_run)).state
        assert state is not None
        assert state.is_crashed()
        assert StepState.FAILED in [one.state for one in progress(closed)]

        again = ask(OTHER, RequestKind.RERUN, "Mme Essai")
        assert again.request_id != lost.request_id
        assert ended(again).state is RequestState.DONE
        assert told("select count(*) from intake.run where outcome = 'running'") == [(0,)]


def test_a_file_that_never_came_cannot_be_rehearsed():
    with pytest.raises(RequestError, match="pas un envoi"):
        ask(KEY, RequestKind.REHEARSAL, "Mme Essai", uuid4())


def test_a_system_corrects_and_reruns_its_territory_by_token():
    now = datetime.now(UTC)
    accounts.make_account("systeme@exemple.fr", "Système de la Caf", Role.CORRESPONDENT, "t", now)
    accounts.give_territory("systeme@exemple.fr", "92", "tests", now.date())
    token = tokens.make_token("systeme@exemple.fr", "essai", Scope.CHANGE, "tests", now)
    asked = TestClient(create_app(settings()), headers={"authorization": f"Bearer {token}"})
    year = "/api/v1/territories/92/collections/senacs/years/2012"
    text = EXPORT.read_bytes().decode("cp1252").replace("environ 40", "43").encode("cp1252")

    sent = asked.post(f"{year}/uploads", params={"file_name": "corrige.csv"}, content=text)
    chosen = {"upload_id": sent.json()["upload_id"]}
    done = {}
    for what in ("rehearsals", "reruns"):
        answer = asked.post(f"{year}/{what}", json=chosen)
        assert answer.status_code == 202
        again = asked.post(f"{year}/{what}", json=chosen)
        assert again.headers["location"] == answer.headers["location"]
        ended(request_of(UUID(answer.json()["request_id"])))
        done[what] = asked.get(answer.headers["location"]).json()

    assert done["rehearsals"]["state"] == done["reruns"]["state"] == "done"
    assert done["rehearsals"]["result"]["may_load"]
    assert {one["state"] for one in done["reruns"]["steps"]} == {"fait"}
    standing = asked.get(year).json()
    assert standing["upload_in_place"] == chosen["upload_id"]
    assert standing["last_run"]["outcome"] == "loaded"
    assert standing["last_run"]["file_name"] == "corrige.csv"
    acts = told(
        "select act from portal.event where author = 'systeme@exemple.fr' order by event_no"
    )
    assert acts == [("export sent",), ("rehearsal asked",), ("rerun asked",)]
