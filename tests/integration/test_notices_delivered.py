"""Notices on their way, to a real mail server and a real web server."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from typer.testing import CliRunner

from senacs.cli.main import app
from senacs.errors import ConfigurationError
from senacs.notices.kinds import Audience
from senacs.notices.model import Notice
from senacs.notices.patience import TRIES, next_try
from senacs.notices.subscription import Channel, Subscription
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks.channels.webhook import MESSAGE, SIGNATURE, TIMESTAMP, checked_url, is_public
from tasks.notices import deliver, post
from tasks.subscriptions import subscribe, unsubscribe
from tests.support.installation import Installation, installation
from tests.support.postgres import Server
from tests.support.scripted_server import Answer, scripted
from tests.support.servers_smtp import PASSWORD, USER, MailServer, mail_server
from tests.support.servers_tls import self_signed

NOW = datetime(2027, 3, 1, 7, tzinfo=UTC)
REFUSED = Notice(
    "export-refused",
    "senacs",
    2012,
    "92",
    "abc",
    "Envoi refusé : Hauts-de-Seine",
    "2 colonnes manquent.\n\nVoir <le rapport>.",
    "Corrigez l'export, puis déposez-le.",
)


@contextmanager
def set_to(**given: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as env:
        for name, value in given.items():
            env.setenv(f"SENACS_{name.upper()}", str(value))
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture(scope="module")
def installed(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """One installation for all these tests: a database costs more than a test."""
    with installation(server.create(prepared), tmp_path_factory.mktemp("notices")) as made:
        yield made


@pytest.fixture
def desk(installed: Installation) -> Installation:
    """The same with an outbox that is empty."""
    with installed.engine.begin() as connection:
        connection.exec_driver_sql(
            "truncate notice.attempt, notice.delivery, notice.message, notice.subscription "
            "restart identity"
        )
    return installed


@pytest.fixture
def office(desk: Installation) -> Iterator[MailServer]:  # noqa: ARG001 - it is to be there
    """A mail server that the installation sends by."""
    with (
        mail_server() as office,
        set_to(
            smtp_host="127.0.0.1",
            smtp_port=office.port,
            smtp_security="none",
            mail_from="ne-pas-repondre@senacs.example",
            portal_url="https://portail.senacs.example",
        ),
    ):
        yield office


def to(address: str, **narrowed: str | None) -> int:
    number = subscribe(
        Subscription(Audience.TERRITORY, Channel.MAIL, address, **narrowed), "M. Essai"
    )
    assert number
    return number


def hook(url: str) -> None:
    subscribe(Subscription(Audience.TERRITORY, Channel.WEBHOOK, url, "hook"), "M. Essai")


def posted(*notices: Notice) -> None:
    with warehouse().begin() as connection:
        post(connection, notices)


def states(desk: Installation) -> dict[str, tuple[str, datetime | None]]:
    return {
        address: (state, due)
        for address, state, due in desk.ask(
            "select s.address, d.state, d.due_at from notice.delivery d "
            "join notice.subscription s using (subscription_no)"
        )
    }


def attempts(desk: Installation) -> list[tuple[str, str]]:
    return desk.ask("select outcome, reason from notice.attempt order by attempt_no")


class TestMail:
    def test_it_says_what_to_do_first_and_that_its_data_is_simulated(self, office: MailServer):
        to("nanterre@example.org")
        posted(REFUSED)

        assert deliver.fn(NOW) == 1

        (mail,) = office.mails
        assert mail["To"] == "nanterre@example.org"
        assert mail["Subject"].startswith("[Essai] [Senacs] Envoi refusé")
        assert mail["Auto-Submitted"] == "auto-generated"
        parts = {part.get_content_type(): part.get_content() for part in mail.walk()
                 if part.get_content_maintype() == "text"}  # fmt: skip
        text, html = parts["text/plain"], parts["text/html"]
        assert text.startswith("DONNÉES SIMULÉES")
        assert 0 < text.index("Corrigez") < text.index("2 colonnes") < text.index("Concerne")
        assert "territoire 92, données 2012" in text
        assert "https://portail.senacs.example" in text
        assert "&lt;le rapport&gt;" in html
        assert "<le rapport>" not in html

    def test_once_is_once(self, office: MailServer):
        to("nanterre@example.org")
        posted(REFUSED)
        assert [deliver.fn(NOW), deliver.fn(NOW + timedelta(days=1))] == [1, 0]
        posted(REFUSED)
        assert deliver.fn(NOW) == 0
        assert len(office.mails) == 1

    def test_a_bad_address_stops_no_other_and_is_not_asked_again(
        self, office: MailServer, desk: Installation
    ):
        for name in ("partie", "pleine", "bonne"):
            to(f"{name}@example.org")
        office.says = {
            "partie@example.org": "550 no such person",
            "pleine@example.org": "452 mailbox full",
        }
        posted(REFUSED)

        assert deliver.fn(NOW) == 1

        assert states(desk) == {
            "partie@example.org": ("given up", None),
            "pleine@example.org": ("waiting", NOW + timedelta(minutes=1)),
            "bonne@example.org": ("delivered", None),
        }
        assert attempts(desk) == [
            ("refused", "550 no such person"), ("failed", "452 mailbox full"), ("delivered", ""),
        ]  # fmt: skip
        assert deliver.fn(NOW + timedelta(seconds=59)) == 0
        office.says = {}
        assert deliver.fn(NOW + timedelta(minutes=1)) == 1
        assert deliver.fn(NOW + timedelta(days=9)) == 0

    def test_a_server_that_is_away_is_asked_once_a_round(
        self, office: MailServer, desk: Installation
    ):
        for name in ("a", "b", "c"):
            to(f"{name}@example.org")
        office.says = {"a@example.org": "hang up"}
        posted(REFUSED)

        assert deliver.fn(NOW) == 0

        assert [outcome for outcome, _ in attempts(desk)] == ["failed"]
        office.says = {}
        assert deliver.fn(NOW + timedelta(hours=1)) == 3

    def test_it_is_given_up_in_the_end(self, office: MailServer, desk: Installation):
        to("pleine@example.org")
        office.says = {"pleine@example.org": "452 mailbox full"}
        posted(REFUSED)
        for days in range(30):
            deliver.fn(NOW + timedelta(days=days))
        assert states(desk)["pleine@example.org"] == ("given up", None)
        assert len(office.asked) == TRIES

    @pytest.mark.usefixtures("office")
    def test_an_attempt_that_nobody_saw_end_is_made_again(self, desk: Installation):
        """As a process leaves it that dies while it sends."""
        to("nanterre@example.org")
        posted(REFUSED)
        with warehouse().begin() as connection:
            (row,) = fetch(connection, "notice/due", now=NOW)
            place = {name: row[name] for name in ("message_no", "subscription_no")}
            execute(connection, "notice/begin_attempt", **place, now=NOW)

        assert deliver.fn(NOW) == 1
        assert attempts(desk) == [(None, ""), ("delivered", "")]

    def test_two_rounds_at_once_send_once(self, office: MailServer):
        for number in range(20):
            to(f"{number}@example.org")
        posted(REFUSED)
        counts: list[int] = []
        rounds = [threading.Thread(target=lambda: counts.append(deliver.fn(NOW))) for _ in "1234"]
        for one in rounds:
            one.start()
        for one in rounds:
            one.join()
        assert sum(counts) == 20
        assert len(office.asked) == 20

    @pytest.mark.usefixtures("office")
    def test_who_has_unsubscribed_is_told_nothing_more(self, desk: Installation):
        number = to("nanterre@example.org")
        posted(REFUSED)
        unsubscribe(number, "M. Essai")
        assert deliver.fn(NOW) == 0
        assert states(desk)["nanterre@example.org"][0] == "given up"
        with pytest.raises(ConfigurationError, match="in force"):
            unsubscribe(number, "M. Essai")
        assert to("nanterre@example.org") != number

    @pytest.mark.usefixtures("desk")
    def test_by_starttls_with_a_login(self, tmp_path: Path):
        certificate = self_signed(tmp_path / "mail.pem")
        own = {"smtp_user": USER, "mail_from": "senacs@example.org", "smtp_host": "127.0.0.1"}
        to("nanterre@example.org")
        posted(REFUSED)
        with mail_server(certificate) as office:
            own["smtp_port"] = str(office.port)
            with set_to(**own, secret_smtp=PASSWORD):
                assert deliver.fn(NOW) == 0  # nobody we know has signed its certificate
            with set_to(**own, secret_smtp="faux", smtp_ca_file=certificate):
                assert deliver.fn(NOW + timedelta(hours=1)) == 0
            assert office.asked == []
            with set_to(**own, secret_smtp=PASSWORD, smtp_ca_file=certificate):
                assert deliver.fn(NOW + timedelta(days=1)) == 1
            assert office.encrypted == [True]

    def test_without_a_server_mail_waits_and_webhooks_go(self, desk: Installation):
        to("nanterre@example.org")
        with scripted() as web, set_to(secret_hook="clef"):
            web.say("/", Answer(204))
            hook(f"{web.url}/")
            posted(REFUSED)
            with pytest.raises(ConfigurationError, match="SENACS_SMTP_HOST"):
                deliver.fn(NOW)
            assert len(web.bodies) == 1
        assert states(desk)["nanterre@example.org"] == ("waiting", None)

    @pytest.mark.usefixtures("desk")
    def test_mail_never_leaves_in_the_clear(self):
        to("nanterre@example.org")
        posted(REFUSED)
        with (
            set_to(smtp_host="mail.example.org", smtp_security="none", mail_from="a@example.org"),
            pytest.raises(ConfigurationError, match="in the clear"),
        ):
            deliver.fn(NOW)


class TestWebhook:
    @pytest.fixture
    def web(self, desk: Installation):  # noqa: ARG002 - it is to be there
        with scripted() as web, set_to(secret_hook="clef"):
            yield web

    def test_it_is_signed(self, web):
        web.say("/recu", Answer(204))
        hook(f"{web.url}/recu")
        posted(REFUSED)

        assert deliver.fn(NOW) == 1

        (path, headers), (body,) = web.requests[0], web.bodies
        assert path == "/recu"
        moment = headers[TIMESTAMP]
        assert moment == str(int(NOW.timestamp()))
        wanted = hmac.digest(b"clef", moment.encode() + b"." + body, hashlib.sha256).hex()
        assert headers[SIGNATURE] == f"sha256={wanted}"
        content = json.loads(body)
        assert headers[MESSAGE] == str(content["number"])
        assert content["next_step"] == REFUSED.next_step
        assert (content["territory"], content["simulated"]) == ("92", True)

    @pytest.mark.parametrize(
        ("answer", "state", "reason"),
        [
            (Answer(500), "waiting", "HTTP 500"),
            (Answer(429), "waiting", "HTTP 429"),
            (Answer(hang_up=True), "waiting", "ConnectionError"),
            (Answer(404), "given up", "HTTP 404"),
            (Answer(302, headers={"Location": "/ailleurs"}), "given up", "HTTP 302"),
        ],
    )
    def test_an_answer_says_whether_to_try_again(self, web, desk, answer, state, reason):
        web.say("/recu", answer)
        web.say("/ailleurs", Answer(200))
        hook(f"{web.url}/recu")
        posted(REFUSED)

        assert deliver.fn(NOW) == 0

        assert states(desk)[f"{web.url}/recu"][0] == state
        assert attempts(desk)[0][1] == reason
        assert [path for path, _ in web.requests] == ["/recu"]

    @pytest.mark.parametrize(
        "places",
        [["127.0.0.1"], ["93.184.216.34", "10.0.0.7"], ["169.254.169.254"]],
    )
    def test_a_name_that_leads_home_is_not_followed(self, web, desk, monkeypatch, places):
        """As a name does whose owner lets it lead into the network that we stand in."""
        port = int(web.url.rpartition(":")[2])
        own = socket.getaddrinfo

        def led(host, *given, **named):
            if host != "caf.example":
                return own(host, *given, **named)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in places]

        hook(f"https://caf.example:{port}/recu")
        posted(REFUSED)
        # What names lead to is the attacker's, not ours.
        monkeypatch.setattr(socket, "getaddrinfo", led)

        assert deliver.fn(NOW) == 0

        assert web.requests == []
        ((outcome, reason),) = attempts(desk)
        assert outcome == "refused"
        assert "not public" in reason

    @pytest.mark.parametrize(
        "url",
        [
            "http://caf.example/recu",
            "ftp://caf.example/",
            "https://user:mot@caf.example/",
            "https:///recu",
            "caf.example",
        ],
    )
    def test_what_cannot_be_one_is_refused(self, url):
        with pytest.raises(ConfigurationError):
            checked_url(url)

    @pytest.mark.usefixtures("desk")
    def test_its_secret_has_to_be_there(self):
        for name in (None, "inconnu"):
            with pytest.raises(ConfigurationError, match="secret"):
                subscribe(
                    Subscription(Audience.NATIONAL, Channel.WEBHOOK, "https://caf.example", name),
                    "M. Essai",
                )


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing listens there
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


@given(
    some.integers(1, 40),
    some.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
)
def test_waits_grow_and_end(tries, now):
    due = next_try(tries, now)
    assert (due is None) == (tries >= TRIES)
    if due is not None and tries > 1:
        before = next_try(tries - 1, now)
        assert before is not None
        assert now < before <= due


@pytest.mark.parametrize(
    "address", ["", "a", "a@", "@b", "a b@c.fr", "a@b\nBcc: c@d", "é@b.fr", "A <a@b.fr>"]
)
def test_no_address_of_mail(address):
    with pytest.raises(ConfigurationError, match="address"):
        to(address)


def test_from_the_command_line(office: MailServer):
    def senacs(*arguments: str) -> str:
        ended = CliRunner().invoke(app, ["notices", *arguments], env={"COLUMNS": "200"})
        assert ended.exit_code == 0, ended.output + repr(ended.exception)
        return ended.output

    assert "told to nobody" in senacs("subscribers")
    narrowed = ("territory", "nanterre@example.org", "--territory", "92", "--author", "X")
    assert "subscription 1" in senacs("subscribe", *narrowed)
    assert "already" in senacs("subscribe", *narrowed)
    assert "nanterre@example.org  (all collections, 92)" in senacs("subscribers")
    posted(REFUSED)
    assert "1 delivered" in senacs("send")
    assert len(office.mails) == 1
    assert "senacs/92/2012" in senacs("list")
    assert "has ended" in senacs("unsubscribe", "1", "--author", "X")
