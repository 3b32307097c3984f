"""The interface for systems: every route with every token on every territory, and its answers."""

# ruff: noqa: ARG001 - the house is there, whether a test names it or not

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.app import create_app
from portal.authorisation import Act, act_of, by_token, check_declared, depends_on
from senacs.accounts import REQUESTS_OF_TOKEN
from senacs.deliveries import TerritoryYear
from senacs.errors import ConfigurationError
from senacs.rehearsal import REHEARSAL, Rehearsal
from senacs.settings import PROJECT_ROOT, settings
from tasks.requests import RequestState, close
from tests.support.installation import SUPPLIER, Installation, installation
from tests.support.portal_tokens import (
    DEAD,
    Shown,
    asking,
    made_tokens,
    make_accounts,
    portal,
    without_prefect,
)
from tests.support.postgres import Server

HERE = TerritoryYear("senacs", "92", 2012)
THERE = TerritoryYear("adulte_relais", "france", 2022)
PLACES = (HERE, THERE, TerritoryYear("senacs", "nulle-part", 2012),
          TerritoryYear("nulle_part", "92", 2012), TerritoryYear("senacs", "92", 1999))  # fmt: skip
YEAR = "/api/v1/territories/{territory}/collections/{collection}/years/{data_year}"
EXPORT = SUPPLIER / "senacs" / "senacs_92_2012.csv"
WRITTEN = ("intake.upload", "intake.request", "query.reply", "query.returned_file", "query.event")


@pytest.fixture(scope="module")
def house(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    url = server.create(prepared)
    with (
        installation(url, tmp_path_factory.mktemp("api")) as made,
        without_prefect(),
    ):
        made.run_all(
            ("registre", "92", 2012), ("senacs", "92", 2012), ("adulte_relais", "france", 2022)
        )
        make_accounts()
        yield made


@pytest.fixture(scope="module")
def shown(house: Installation) -> dict[str, Shown]:
    return made_tokens()


@pytest.fixture(scope="module")
def app(house: Installation) -> FastAPI:
    return portal(house)


def at(key: TerritoryYear, *more: str) -> str:
    return "/".join([YEAR.format(**vars(key)), *more])


def lines(house: Installation) -> dict[str, list[tuple[Any, ...]]]:
    """Who wrote what where."""
    return {
        table: house.ask(f"select t.territory, count(*) from {table} t group by 1 order by 1")  # noqa: S608
        for table in WRITTEN
        if table != "query.event"
    }


def routes(app: FastAPI) -> list[tuple[str, APIRoute]]:
    found = [one for one in app.routes if isinstance(one, APIRoute) and depends_on(one, by_token)]
    assert len(found) > 10
    return [(method, route) for route in found for method in sorted(route.methods)]


# --- Who may what


def test_each_route_with_each_token_on_each_territory(
    app: FastAPI, house: Installation, shown: dict[str, Shown]
) -> None:
    for name, token in shown.items():
        asked = asking(app, token)
        for method, route in routes(app):
            places = PLACES if "{territory}" in route.path and name not in DEAD else PLACES[:1]
            for key in places:
                address = route.path.format(
                    **vars(key), upload_id=uuid4(), request_id=uuid4(), kind="rapport"
                )
                before = lines(house)
                answer = asked.request(method, address, json={})
                case = f"{name} {method} {address}: {answer.status_code} {answer.text}"
                wanted = {401} if name in DEAD else expected(token, method, route, key)
                assert answer.status_code in wanted, case
                if answer.status_code >= 400:
                    assert answer.headers["content-type"] == "application/problem+json", case
                    assert answer.json()["status"] == answer.status_code, case
                if not (token.changes and opens(token, key)):
                    assert lines(house) == before, case
    close_all(house)


def close_all(house: Installation) -> None:
    """Close the requests that nobody does here."""
    for (number,) in house.ask("select request_id from intake.request where state = 'open'"):
        close(number, RequestState.FAILED, "")


def opens(token: Shown, key: TerritoryYear) -> bool:
    return token.territories is None or key.territory in token.territories


def expected(token: Shown, method: str, route: APIRoute, key: TerritoryYear) -> set[int]:
    """The statuses that are right where an empty object, if anything, is sent."""
    act, is_there = act_of(route), key in (HERE, THERE)
    if act is Act.OWN:
        return {200}
    if opens(token, key) and act is Act.CHANGE and not token.changes:
        return {403} if is_there else {403, 404}
    if not opens(token, key) or not is_there or "{request_id}" in route.path:
        return {404}
    if "{upload_id}" in route.path:
        return {404} if method == "GET" else {409}
    return {"POST": {202, 409, 422}}.get(method, {200})


def test_the_list_has_what_the_token_opens_and_no_more(
    app: FastAPI, shown: dict[str, Shown]
) -> None:
    for name, token in shown.items():
        if name in DEAD:
            continue
        listed = {one["territory"] for one in asking(app, token).get("/api/v1/territories").json()}
        assert listed == token.territories or (token.territories is None and len(listed) > 1), name


def test_a_cookie_opens_no_route_of_the_interface(app: FastAPI, shown: dict[str, Shown]) -> None:
    asked = asking(create_app(settings()), shown["none"])
    asked.cookies.set("senacs_session", shown["a cookie"].value)
    assert asked.get("/").status_code == 200
    for method, route in routes(app):
        address = route.path.format(**vars(HERE), upload_id=uuid4(), request_id=uuid4(), kind="x")
        assert asked.request(method, address, json={}).status_code == 401


def test_a_token_opens_no_page(app: FastAPI, shown: dict[str, Shown]) -> None:
    asked = asking(app, shown["changes all"])
    asked.cookies.set("senacs_session", shown["changes all"].value)
    for path in ("/", "/national", "/admin/comptes", "/jetons", "/territoires/92"):
        assert asked.get(path).headers["location"] == "/connexion"


def test_what_is_of_one_territory_is_not_found_through_another(
    app: FastAPI, house: Installation, shown: dict[str, Shown]
) -> None:
    theirs = asking(app, shown["changes france"])
    sent = theirs.post(at(THERE, "uploads"), params={"file_name": "a.csv"}, content=b"a;b\n1;2\n")
    upload = sent.json()["upload_id"]
    asked = theirs.post(at(THERE, "rehearsals"), json={"upload_id": upload})
    assert asked.status_code == 202
    number = asked.json()["request_id"]
    for name in ("changes 92", "changes all"):
        ours = asking(app, shown[name])
        assert ours.get(at(HERE, "uploads", upload)).status_code == 404
        assert ours.get(at(HERE, "rehearsals", number)).status_code == 404
        assert ours.delete(at(HERE, "uploads", upload)).status_code == 409
        for what in ("reruns", "rehearsals"):
            assert ours.post(at(HERE, what), json={"upload_id": upload}).status_code == 409
    assert theirs.get(at(THERE, "reruns", number)).status_code == 404
    assert theirs.get(at(THERE, "rehearsals", number)).json()["state"] == "open"
    assert theirs.get(at(THERE, "uploads", upload)).json()["ending"] is None
    close_all(house)


def test_a_route_that_is_neither_form_nor_by_token_stops_the_portal() -> None:
    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    router = APIRouter()
    from fastapi import Depends  # noqa: PLC0415

    from portal.authorisation import Requires  # noqa: PLC0415

    router.add_api_route(
        "/oubli", lambda: "", methods=["POST"], dependencies=[Depends(Requires(Act.OWN))]
    )
    made.router.routes.extend(router.routes)
    with pytest.raises(ConfigurationError, match="/oubli"):
        check_declared(made)


# --- What it does


def test_an_export_is_sent_rehearsed_and_chosen_by_a_rerun(
    app: FastAPI, house: Installation, shown: dict[str, Shown]
) -> None:
    asked = asking(app, shown["changes 92"])
    files = {"file": ("corrigé.csv", EXPORT.read_bytes(), "text/csv")}
    sent = asked.post(at(HERE, "uploads"), files=files)
    assert sent.status_code == 201, sent.text
    upload = asked.get(sent.headers["location"]).json()
    assert upload["file_name"] == "corrigé.csv"
    assert upload["author"] == "<b>of 92</b>"
    bare = asked.post(
        at(HERE, "uploads"), params={"file_name": "../nu.csv"}, content=EXPORT.read_bytes()
    )
    again = asked.get(bare.headers["location"]).json()
    assert (again["file_name"], again["sha256"]) == ("nu.csv", upload["sha256"])

    unknown = asked.post(at(HERE, "rehearsals"), json=sent.json())
    assert unknown.status_code == 422  # only what is known is taken
    chosen = {"upload_id": upload["upload_id"]}
    presses = [asked.post(at(HERE, "rehearsals"), json=chosen) for _ in range(4)]
    assert {one.status_code for one in presses} == {202}
    assert len({one.headers["location"] for one in presses}) == 1
    other = asked.post(at(HERE, "rehearsals"), json={})
    assert other.status_code == 409
    assert "en cours" in other.json()["detail"]
    found = Rehearsal(True, "ok", 2, 2, 10, 10, 0, 1, 0, (), ())
    number = UUID(presses[0].json()["request_id"])
    close(number, RequestState.DONE, "ok", REHEARSAL.dump_json(found).decode())
    told = asked.get(presses[0].headers["location"]).json()
    assert (told["state"], told["result"]["changed"]) == ("done", 1)

    rerun = asked.post(at(HERE, "reruns"), json=chosen)
    assert rerun.status_code == 202
    steps = asked.get(rerun.headers["location"]).json()["steps"]
    assert [one["name"] for one in steps][:2] == ["demandé", "commencé"]
    standing = asked.get(at(HERE)).json()
    assert standing["upload_in_place"] == upload["upload_id"]
    assert standing["under_way"] == [rerun.json()["request_id"]]
    assert standing["simulated"]
    assert asked.delete(at(HERE, "uploads", upload["upload_id"])).status_code == 204
    assert asked.get(at(HERE)).json()["upload_in_place"] is None
    done = {(one["who"], one["what"]) for one in asked.get(at(HERE, "history")).json()}
    assert {("<b>of 92</b>", what) for what in ("sent", "chosen", "ended", "rerun")} <= done
    close_all(house)


def test_findings_are_filtered_paged_and_answered_once(
    app: FastAPI, house: Installation, shown: dict[str, Shown]
) -> None:
    asked = asking(app, shown["changes 92"])
    every = asked.get(at(HERE, "findings"), params={"limit": 500}).json()
    assert every["total"] == len(every["findings"]) > 10
    pages = [
        one
        for offset in range(0, every["total"], 7)
        for one in asked.get(at(HERE, "findings"), params={"limit": 7, "offset": offset}).json()[
            "findings"
        ]
    ]
    assert pages == every["findings"]
    queries = asked.get(
        at(HERE, "findings"), params={"severity": "query", "state": "open", "limit": 500}
    ).json()["findings"]
    assert queries
    assert queries == [
        one for one in every["findings"] if (one["severity"], one["state"]) == ("query", "open")
    ]
    one = next(line for line in queries if line["structure"] and line["question"])
    reply = {"reference": one["reference"], "kind": "confirmed", "reason": "vérifié <b>"}
    refused = asked.post(at(HERE, "replies"), json={**reply, "reason": ""})
    assert refused.status_code == 409
    first, second = (asked.post(at(HERE, "replies"), json=reply) for _ in range(2))
    assert (first.status_code, first.json()["new"]) == (201, True)
    assert (second.status_code, second.json()["new"]) == (200, False)
    (after,) = [
        line
        for line in asked.get(at(HERE, "findings"), params={"limit": 500}).json()["findings"]
        if (line["rule"], line["structure"], line["question"])
        == (one["rule"], one["structure"], one["question"])
    ]
    assert (after["state"], after["replied_by"]) == ("answered", "<b>of 92</b>")
    elsewhere = asking(app, shown["changes all"]).post(at(THERE, "replies"), json=reply)
    assert elsewhere.status_code == 409
    assert "référence" in elsewhere.json()["detail"]


def test_files_of_the_last_run_are_given(app: FastAPI, shown: dict[str, Shown]) -> None:
    asked = asking(app, shown["reads 92"])
    report = asked.get(at(HERE, "files", "rapport"))
    assert report.headers["content-disposition"].startswith("attachment")
    assert asked.get(at(HERE, "files", "classeur")).content[:2] == b"PK"
    assert asked.get(at(HERE, "files", "autre")).status_code == 422
    assert asked.get(at(HERE, "runs")).json()[0]["outcome"] == "loaded"


# --- What it refuses


def test_a_refusal_says_where_and_why_in_french(app: FastAPI, shown: dict[str, Shown]) -> None:
    asked = asking(app, shown["changes 92"])
    wrong = asked.post(at(HERE, "replies"), json={"kind": "peut-être", "autre": 1})
    assert wrong.status_code == 422
    told = {one["where"]: one["why"] for one in wrong.json()["errors"]}
    assert told["body.reference"] == "manque"
    assert told["body.kind"] == "n’est pas l’une des valeurs admises"
    assert told["body.autre"] == "n’est pas connu"
    assert asked.get(at(HERE, "findings"), params={"limit": "x"}).status_code == 422
    nothing = asked.post(at(HERE, "uploads"), content=b"a")
    assert "file_name" in nothing.json()["detail"]
    assert asked.post(at(HERE, "uploads"), data={"file": "texte"}).status_code == 409
    unknown = asked.get("/api/v1/nulle-part")
    assert unknown.headers["content-type"] == "application/problem+json"
    assert asked.put(at(HERE)).status_code == 405
    anonymous = asking(app, shown["none"]).get("/api/v1/territories")
    assert anonymous.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("text", ["\0", "a\0b", "x" * 5000, "\ud800", "' or 1=1 --", "%s"])
def test_odd_texts_are_refused_or_mean_nothing(
    app: FastAPI, shown: dict[str, Shown], text: str
) -> None:
    import json  # noqa: PLC0415

    asked = asking(app, shown["changes 92"])
    sent = json.dumps({"reference": text, "kind": "confirmed", "reason": text}).encode()
    headers = {"content-type": "application/json"}
    answer = asked.post(at(HERE, "replies"), content=sent, headers=headers)
    assert answer.status_code in (409, 422)
    if text.isprintable():
        for name in ("rule", "structure", "question"):
            answer = asked.get(at(HERE, "findings"), params={name: text})
            assert answer.status_code in (200, 422)
            assert answer.status_code == 422 or answer.json()["total"] == 0


def test_bodies_have_an_end(app: FastAPI, shown: dict[str, Shown]) -> None:
    asked = asking(app, shown["changes 92"])
    large = b"x" * 70_000
    assert asked.post(at(HERE, "replies"), content=large).status_code == 413
    assert asked.post(at(HERE, "uploads"), params={"file_name": "a.csv"}, content=large).is_success
    for name in ("reads 92", "changes france", "none"):
        sent = asking(app, shown[name]).post(at(HERE, "uploads"), content=large)
        assert sent.status_code == 413

    def without_length() -> Iterator[bytes]:
        yield b"{}"

    assert asked.post(at(HERE, "reruns"), content=without_length()).status_code == 411


def test_too_many_requests_wait_as_told(house: Installation, shown: dict[str, Shown]) -> None:
    from tests.support.portal_tokens import NOW  # noqa: PLC0415

    still = create_app(settings(), lambda: NOW.replace(second=15))
    asked = asking(still, shown["reads all"])
    statuses = [asked.get("/api/v1/territories").status_code for _ in range(REQUESTS_OF_TOKEN + 1)]
    assert statuses == [200] * REQUESTS_OF_TOKEN + [429]
    refused = asked.get("/api/v1/territories")
    assert refused.headers["retry-after"] == "45"
    assert "45 secondes" in refused.json()["detail"]
    assert asking(still, shown["changes 92"]).get("/api/v1/territories").status_code == 200


def test_no_other_site_reads_it(app: FastAPI, shown: dict[str, Shown]) -> None:
    foreign = {"origin": "https://ailleurs.example", "access-control-request-method": "GET"}
    asked = asking(app, shown["changes 92"])
    for method in ("OPTIONS", "GET", "POST"):
        answer = asked.request(method, at(HERE, "reruns"), headers=foreign, json={})
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


# --- What it says of itself


def test_the_page_says_all_of_it_and_needs_nobody_elses_files(
    app: FastAPI, shown: dict[str, Shown]
) -> None:
    asked = asking(app, shown["none"])
    described, page = asked.get("/api/v1/openapi.json").json(), asked.get("/api/v1").text
    assert described["openapi"] == "3.1.0"
    for path, methods in described["paths"].items():
        assert path in page
        for said in methods.values():
            assert said["security"] == [{"jeton": []}]
            assert "422" in said["responses"]
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!/|#)', page)
    said = [said for methods in described["paths"].values() for said in methods.values()]
    assert len(said) == len(routes(app))
    assert all(one["description"] for each in said for one in each.get("parameters", ()))
    for model in described["components"]["schemas"].values():
        assert "enum" in model or model["description"], model
        assert not re.search(r"\b(the|what|whether)\b", model.get("description", ""))


def test_the_examples_of_the_guide_are_what_the_interface_takes(
    app: FastAPI, shown: dict[str, Shown]
) -> None:
    paths = asking(app, shown["none"]).get("/api/v1/openapi.json").json()["paths"]
    text = (PROJECT_ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    calls = re.findall(r"^curl ((?:\\\n|.)*)", text, re.M)
    assert len(calls) >= 6
    for call in calls:
        address = re.search(r'"\$ADRESSE(/api/v1[^"?]*)', call)
        assert address, call
        fits = [
            path for path in paths if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", path), address[1])
        ]
        method = re.search(r"-X (\w+)", call)
        sends = re.search(r"--(?:form|json|data-binary)", call)
        used = (method[1] if method else "POST" if sends else "GET").lower()
        assert any(used in paths[path] for path in fits), call
        assert "Authorization: Bearer $JETON" in call or "--config" in call, call


# --- Whatever is sent


@pytest.mark.parametrize("name", ["changes 92", "changes all"])
@pytest.mark.parametrize("mode", GenerationMode)
def test_whatever_is_sent_is_answered_as_described(
    app: FastAPI, house: Installation, shown: dict[str, Shown], name: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    headers = {"Authorization": f"Bearer {shown[name].value}"}
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == len(routes(app))
    for operation in operations:

        @given(case=operation.as_strategy(generation_mode=mode), is_there=st.booleans())
        @effort(
            max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        def holds(case: schemathesis.Case, is_there: bool) -> None:
            if is_there and case.path_parameters:
                # Others end at the door.
                case.path_parameters.update(
                    {part: value for part, value in vars(HERE).items()
                     if part in case.path_parameters}
                )  # fmt: skip
            case.call_and_validate(
                headers=headers,
                checks=[
                    not_a_server_error,
                    status_code_conformance,
                    content_type_conformance,
                    response_schema_conformance,
                ],
            )

        holds()
    close_all(house)
