"""What correspondents do in the portal's pages, and what becomes of it."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from portal.app import create_app
from portal.authorisation import form_token
from senacs.accounts import Role
from senacs.settings import settings
from tasks import accounts
from tests.support.installation import Installation, installation
from tests.support.postgres import Server, name_of
from tests.support.returned import answered
from tests.support.watching import without_prefect

PLACE = "/territoires/92/senacs/2012"
PASSWORD = "une phrase assez longue"
UNIT = "92-037"


class Person:
    """Somebody signed in."""

    def __init__(self, email: str):
        value = accounts.sign_in(email, PASSWORD, "127.0.0.1", datetime.now(UTC))
        self.browser = TestClient(
            create_app(settings()),
            headers={"origin": "http://testserver"},
            follow_redirects=False,
        )
        self.browser.cookies.set("senacs_session", value)
        self.token = form_token(value)

    def read(self, address: str) -> str:
        answer = self.browser.get(f"{PLACE}{address}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, address: str, file: tuple[str, bytes] | None = None, **form: object):
        return self.browser.post(
            f"{PLACE}{address}",
            data={"jeton": self.token, **form},
            files={"fichier": file} if file else None,
        )


@pytest.fixture(scope="module")
def loaded_once(
    server: Server, loaded_home: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """All that the demonstration holds, with two accounts of the territory; not to be changed."""
    url, home = loaded_home
    own = tmp_path_factory.mktemp("pages") / "home"
    shutil.copytree(home, own)
    copy = server.create(name_of(url))
    with installation(copy, own):
        for email, name in (("a@exemple.fr", "Mme A"), ("b@exemple.fr", "M. B")):
            accounts.make_account(email, name, Role.CORRESPONDENT, "tests", datetime.now(UTC))
            accounts.set_password(email, PASSWORD, "tests")
            accounts.give_territory(email, "92", "tests", date(2012, 1, 1))
    yield name_of(copy), own
    server.drop(copy)


@pytest.fixture
def desk(server: Server, loaded_once: tuple[str, Path]) -> Iterator[Installation]:
    """A copy of it, whose requests wait: there is no Prefect."""
    name, home = loaded_once
    url = server.create(name)
    try:
        with (
            installation(url, home) as made,
            without_prefect(home),
        ):
            yield made
    finally:
        server.drop(url)


def item(desk: Installation, rule: str = "DOM-01", unit: str = UNIT) -> tuple[str, int]:
    (found,) = desk.ask(
        "select item_key, version from query.state where data_year = 2012 and (rule, unit_id) "
        "= (%s, %s)", rule, unit
    )  # fmt: skip
    return found


class TestFindings:
    def test_the_list_is_what_is_asked_and_filters_are_held(self, desk: Installation) -> None:
        reader = Person("a@exemple.fr")
        ((waiting,),) = desk.ask("select count(*) from query.state where collection = 'senacs' "
                                 "and data_year = 2012 and asked")  # fmt: skip
        assert f"{waiting}\N{NO-BREAK SPACE}constats" in reader.read("/constats")
        for given, rules in (
            ("regle=DOM-01", {"DOM-01"}),
            (f"structure={UNIT}&question=benevoles_activite", {"DOM-01"}),
            ("gravite=blocking", set()),
            ("etat=repondus", set()),
            ("regle='%20or%20true", set()),
        ):
            shown = set(re.findall(r'<span class="soft">([A-Z]{3}-\d\d)</span></p>',
                                   reader.read(f"/constats?{given}")))  # fmt: skip
            assert shown == rules, given

    def test_pages_hold_each_finding_once(
        self, desk: Installation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("portal.pages.findings._SHOWN", 5)
        reader = Person("a@exemple.fr")
        ((told,),) = desk.ask(
            "select count(*) from portal.shown_finding where collection = 'senacs' "
            "and data_year = 2012 and territory = '92'"
        )
        shown = []
        for number in range(1, -(-told // 5) + 1):
            shown += re.findall(r'<li class="(?:blocking|error|query|info)">',
                                reader.read(f"/constats?etat=tous&page={number}"))  # fmt: skip
        assert len(shown) == told > 5
        assert "Aucun constat" in reader.read(f"/constats?etat=tous&page={number + 1}")

    def test_an_answer_is_recorded_in_ones_name_and_said_twice_is_once(
        self, desk: Installation
    ) -> None:
        writer = Person("a@exemple.fr")
        key, version = item(desk)
        form = {"version": version, "reponse": "corrected", "valeur": " 40 ", "motif": "<i>vu</i>"}
        for _ in range(2):
            answer = writer.send(f"/constats/{key}?etat=tous&page=2", **form)
            assert answer.status_code == 303
            assert answer.headers["location"] == f"{PLACE}/constats?etat=tous&page=2&fait=repondu"
        assert desk.ask("select author, value, source from query.reply") == [
            ("Mme A", "40", "portail")
        ]
        assert desk.ask("select act, author from portal.event where about is not null") == [
            ("finding answered", "a@exemple.fr")
        ]
        assert "&lt;i&gt;vu&lt;/i&gt;" in writer.read(f"/constats/{key}")

    def test_what_cannot_be_taken_is_said_and_kept(self, desk: Installation) -> None:
        writer = Person("a@exemple.fr")
        key, version = item(desk)
        for form, said in (
            ({"reponse": "corrected", "valeur": "beaucoup"}, "beaucoup » ne convient pas"),
            ({"reponse": "confirmed", "motif": "compté"}, "ne se confirme pas"),
            ({"reponse": "confirmed", "valeur": "3"}, "choisissez l’un ou l’autre"),
            ({"reponse": "withdrawn"}, "Choisissez"),
        ):
            answer = writer.send(f"/constats/{key}", version=version, **form)
            assert answer.status_code == 422
            assert said in answer.text.replace("\N{NO-BREAK SPACE}", " ")
            assert f'value="{form.get("valeur", "")}"' in answer.text
        assert desk.ask("select count(*) from query.reply") == [(0,)]

    def test_who_comes_second_is_shown_what_the_first_has_said(self, desk: Installation) -> None:
        key, version = item(desk)
        form = {"version": version, "reponse": "corrected"}
        assert Person("a@exemple.fr").send(f"/constats/{key}", valeur="40", **form)
        answer = Person("b@exemple.fr").send(f"/constats/{key}", valeur="41", **form)
        assert answer.status_code == 422
        assert "a changé depuis que vous avez ouvert cette page" in answer.text
        assert "par Mme A" in answer.text
        assert desk.ask("select value from query.reply") == [("40",)]


class TestUploads:
    def test_an_export_is_kept_and_rehearsed_and_may_be_withdrawn(self, desk: Installation) -> None:
        sender = Person("a@exemple.fr")
        answer = sender.send("/envois", ("../../corrige.csv", b"a;b\n1;2\n"))
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{PLACE}/demandes/")
        assert desk.ask("select kind, state, author from intake.request") == [
            ("rehearsal", "open", "Mme A")
        ]
        ((upload, name),) = desk.ask("select upload_id::text, file_name from intake.upload")
        assert name == "corrige.csv"
        assert "dès que le service répond" in sender.browser.get(answer.headers["location"]).text

        other = Person("b@exemple.fr")
        busy = other.send("/envois", ("autre.csv", b"a;b\n1;3\n"))
        assert busy.status_code == 422
        assert "Le fichier est arrivé. Une autre demande" in busy.text
        assert other.send("/envois/retirer", envoi=upload).status_code == 303
        again = other.send("/envois/retirer", envoi=upload)
        assert again.status_code == 422
        assert "retiré" in again.text
        acts = desk.ask("select act, author from portal.event where about is not null "
                        "order by event_no")  # fmt: skip
        assert acts == [
            ("export sent", "a@exemple.fr"),
            ("rehearsal asked", "a@exemple.fr"),
            ("export sent", "b@exemple.fr"),
            ("upload withdrawn", "b@exemple.fr"),
        ]
        assert "M. B" in other.read("/historique")

    @pytest.mark.parametrize(
        ("file", "said"),
        [
            (("a.csv", b""), "vide"),
            (("a.xlsx", b"PK\x03\x04broken"), "ne s’ouvre pas"),
            (("a.yml", b"replies: 3"), "a.yml"),
            (None, "Choisissez un fichier"),
        ],
    )
    def test_what_cannot_be_taken_is_said(
        self, desk: Installation, file: tuple[str, bytes] | None, said: str
    ) -> None:
        answer = Person("a@exemple.fr").send("/envois", file)
        assert answer.status_code == 422
        assert said in answer.text
        assert desk.ask("select count(*) from intake.upload") == [(0,)]

    def test_an_answered_spreadsheet_is_taken_with_who_brought_it(self, desk: Installation) -> None:
        sender = Person("a@exemple.fr")
        sheet = sender.browser.get(f"{PLACE}/fichiers/classeur").content
        back = answered(
            sheet,
            [("DOM-01", UNIT, "corrigé", "40", "", "M. Autre")],
        )
        answer = sender.send("/envois", ("rempli.xlsx", back))
        assert answer.headers["location"] == f"{PLACE}/envois?repris=1#reponses"
        assert desk.ask("select author, source from query.reply") == [
            ("M. Autre", "rempli.xlsx (repris par Mme A)")
        ]
        assert desk.ask("select act, author from portal.event where about is not null") == [
            ("replies sent", "a@exemple.fr")
        ]
        page = sender.read("/envois?repris=1")
        assert "1\N{NO-BREAK SPACE}réponse reprise" in page
        elsewhere = sender.browser.post(
            "/territoires/92/senacs/2011/envois",
            data={"jeton": sender.token},
            files={"fichier": ("rempli.xlsx", back)},
        )
        assert elsewhere.status_code == 422
        assert "rien n’en est repris" in elsewhere.text

    @pytest.mark.usefixtures("desk")
    def test_there_is_an_end_to_files_in_an_hour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.incoming._MOST_AN_HOUR", 1)
        sender = Person("a@exemple.fr")
        assert sender.send("/envois", ("a.csv", b"a;b\n1;2\n")).status_code == 303
        refused = sender.send("/envois", ("a.csv", b"a;b\n1;2\n"))
        assert refused.status_code == 422
        assert "attendez un peu" in refused.text


@pytest.mark.usefixtures("desk")
def test_addresses_that_are_none_are_pages_of_ours() -> None:
    reader = Person("a@exemple.fr")
    for address in ("/territoires/92/senacs/abc", "/territoires/92/senacs/99999",
                    f"{PLACE}/demandes/x", f"{PLACE}/constats?page=0"):  # fmt: skip
        answer = reader.browser.get(address)
        assert answer.status_code == 404
        assert "n’existe pas" in answer.text
