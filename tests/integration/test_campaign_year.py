"""A campaign's year in seconds: what the calendar asks for is done, missed by nothing, never twice.

Time is a parameter of the flow. PostgreSQL, the exports and the mail server are real.
"""

# ruff: noqa: S608 - the statements are our own

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from typer.testing import CliRunner

from flows.campaign import campaign
from flows.collection_round import collection_round
from flows.watch import watch
from senacs.calendar import PARIS, StepKind, day_begun
from senacs.cli.main import app
from senacs.deliveries import RunOutcome, TerritoryYear
from senacs.errors import ReplyError, RequestError
from senacs.notices.kinds import Audience
from senacs.notices.subscription import Channel, Subscription
from senacs.settings import PROJECT_ROOT
from senacs.warehouse.engine import warehouse
from tasks.calendar import campaigns_under_way, settle
from tasks.decisions import Subject, decide
from tasks.prepare import prepare
from tasks.requests import RequestKind, ask
from tasks.returned import Taken, take_back
from tasks.subscriptions import subscribe
from tasks.uploads import take_upload
from tests.support.installation import Installation, installation, plain
from tests.support.postgres import Server
from tests.support.servers_smtp import MailServer, mail_server

YEAR = 2011
CODES = ("75", "92", "93", "94")
"""75 is late, 92 in time, 93 refused and then silent, 94 never answers and closes later."""
CAMPAIGNS = """
- data_year: 2011
  campaign_year: 2027
  opens: 2027-03-08
  deadline: 2027-06-30
  closes: 2027-10-31
  reminders: [2027-06-14, 2027-07-05, 2027-10-11]
  query_reminders: [2027-05-03, 2027-10-18]
  provisional_edition: 2027-12-06
  final_edition: 2028-02-01
  perimeter: export
  territories:
""" + "".join(
    f"""
    - code: "{code}"
      label: Territoire {code}
      departements: ["{code}"]
      source: {{url: "{{supplier}}/registre/registre_{code}_2011.csv"}}{own}
"""
    for code, own in zip(CODES, ("", "", "", "\n      dates: {closes: 2027-11-15}"), strict=True)
)
PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head></html>"


@pytest.fixture(scope="module")
def office() -> Iterator[MailServer]:
    with mail_server() as office:
        yield office


@pytest.fixture
def house(
    server: Server, prepared: str, tmp_path: Path, office: MailServer
) -> Iterator[Installation]:
    """Four territories, a mail server, and somebody to be told of each territory and of all."""
    codebook = tmp_path / "codebook"
    for name in ("registre",):
        _copied(PROJECT_ROOT / "codebook" / name, codebook / name)
    (codebook / "registre" / "campaigns.yml").write_text(CAMPAIGNS, encoding="utf-8")
    url = server.create(prepared)
    with installation(
        url, tmp_path, codebook=codebook, http_attempts=1, smtp_host="127.0.0.1",
        smtp_port=office.port, smtp_security="none", mail_from="senacs@senacs.example",
    ) as made:  # fmt: skip
        file_of(made, "92").rename(kept(made))
        for code in CODES:
            told(Audience.TERRITORY, f"{code}@caf.example", territory=code)
        told(Audience.NATIONAL, "national@cnaf.example")
        office.mails.clear()
        yield made
    server.drop(url)


def _copied(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(source)).write_bytes(path.read_bytes())


def told(audience: Audience, address: str, territory: str | None = None) -> None:
    subscribe(Subscription(audience, Channel.MAIL, address, None, "registre", territory), "essai")


def file_of(house: Installation, code: str) -> Path:
    return house.supplier / "registre" / f"registre_{code}_2011.csv"


def kept(house: Installation) -> Path:
    return house.home / "92.csv"


def delivered(house: Installation, code: str, structures: int = 3) -> None:
    """Let a territory's server have an export of some structures."""
    lines = kept(house).read_text("utf-8-sig").splitlines()[: structures + 1]
    text = "\n".join(lines).replace("92-0", f"{code}-0")
    for commune in ("92002", "92004"):
        text = text.replace(f";{commune};", f";{commune if code == '92' else f'{code}001'};")
    file_of(house, code).write_text(text, encoding="utf-8")


def round_at(house: Installation, now: datetime) -> list[RunOutcome]:
    """What the two deployments do at a moment."""

    def one_after_the_other(_: object, batches: list[list[TerritoryYear]], __: str) -> object:
        return [house.run(*vars(key).values()) for keys in batches for key in keys]

    collected = plain(campaign, taken_along=one_after_the_other)

    def as_subflow(*key: object, return_state: bool, **narrowed: object) -> object:
        assert return_state
        return collected(*key, **narrowed)

    ended = plain(collection_round, campaign=as_subflow)(now)
    plain(watch, begin_crashed_flows_again=_nothing, follow=_nothing)(now)
    return list(ended)


def _nothing(_now: datetime) -> None:
    """Prefect's part, which has tests of its own."""


@dataclass
class Year:
    """The year as it went: who was told what on which day, whose source was asked when."""

    house: Installation
    office: MailServer
    mails: list[tuple[str, str, date]] = field(default_factory=list)
    asked: dict[str, list[datetime]] = field(default_factory=dict)

    def round(self, now: datetime) -> list[RunOutcome]:
        self.office.mails.clear()
        ended = round_at(self.house, now)
        for one in ended:
            self.asked.setdefault(one.key.territory, []).append(now)
        day = now.astimezone(PARIS).date()
        self.mails += [(who(mail), what(mail), day) for mail in self.office.mails]
        return ended

    def until(self, last: datetime, *, every: timedelta = timedelta(days=5)) -> None:
        """Rounds up to a moment, the last one then."""
        while self.now + every < last:
            self.now += every
            self.round(self.now)
        self.down_until(last)

    def down_until(self, back: datetime) -> None:
        """An outage: no round before the server is there again."""
        self.now = back.astimezone(UTC)  # of a day in Paris, hours may be missing or doubled
        self.round(self.now)

    now: datetime = datetime(2027, 3, 5, 5, tzinfo=UTC)

    def told(self, address: str) -> list[tuple[str, date]]:
        return [(subject, day) for to, subject, day in self.mails if to.startswith(address)]


def who(mail: EmailMessage) -> str:
    return str(mail["To"]).rpartition("<")[2].rstrip(">")


def what(mail: EmailMessage) -> str:
    """The subject without who sends it."""
    return str(mail["Subject"]).rpartition("] ")[2].partition("\N{NO-BREAK SPACE}:")[0]


def loaded(house: Installation, code: str) -> int:
    """How many records of a territory are in place."""
    ((records,),) = house.ask(
        "select coalesce(sum(records), 0)::int from department.delivery where territory = %s", code
    )
    return int(records)


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[misc,arg-type]


def day(month: int, number: int, year: int = 2027) -> date:
    return date(year, month, number)


MORNING = (6, 30)
OFTEN, DAILY = timedelta(hours=2), timedelta(days=1)


def spring_and_summer(year: Year) -> None:
    """The opening, summer time, a source that falls silent, an outage of a day, late replies."""
    house = year.house
    delivered(house, "92", 40)

    # Nothing before it opens; the night of the opening is no time to tell anybody.
    year.until(moment(2027, 3, 8, 5, 30), every=timedelta(hours=12))
    assert (year.mails, year.asked) == ([], {})
    year.until(moment(2027, 3, 8, *MORNING))
    year.until(moment(2027, 3, 12, *MORNING), every=DAILY)

    # Summer time begins in the night of the 28th of March.
    year.until(moment(2027, 3, 27, 20))
    year.until(moment(2027, 3, 29, 7), every=OFTEN)
    file_of(house, "93").write_bytes(PAGE)
    year.until(moment(2027, 5, 3, *MORNING))
    file_of(house, "93").unlink()
    year.until(moment(2027, 5, 7, *MORNING), every=DAILY)

    # The server is down on the day of a reminder.
    year.until(moment(2027, 6, 13, 23))
    year.down_until(moment(2027, 6, 15, 9))
    year.until(moment(2027, 7, 5, *MORNING))
    delivered(house, "93")
    delivered(house, "75")
    year.until(moment(2027, 10, 8, 23), every=timedelta(days=20))


def autumn_and_winter(year: Year) -> None:
    """An outage of a week, winter time, the closing, who comes too late, a reopening, editions."""
    house = year.house

    # The server is down for a week in October, with another reminder in it.
    year.down_until(moment(2027, 10, 15, 9))
    year.until(moment(2027, 10, 18, *MORNING), every=DAILY)

    # Summer time ends in the night before the last day, in whose evening something comes.
    year.until(moment(2027, 10, 30, 20))
    year.until(moment(2027, 10, 31, 20), every=OFTEN)
    delivered(house, "92", 30)
    year.until(moment(2027, 11, 1, 7), every=OFTEN)
    assert loaded(house, "92") == 30

    # Too late: the round takes nothing, and neither does a person.
    delivered(house, "75", 5)
    year.until(moment(2027, 11, 10, *MORNING))
    assert loaded(house, "75") == 3
    late = TerritoryYear("registre", "75", YEAR)
    said = "close depuis le 31\N{NO-BREAK SPACE}octobre 2027"
    with pytest.raises(RequestError, match=said):
        take_upload(late, file_of(house, "75").read_bytes(), "75.csv", "Mme Essai")
    with pytest.raises(RequestError, match=said):
        ask(late, RequestKind.RERUN, "Mme Essai")
    ((raw,),) = house.ask(
        "select raw from department.answer where unit_id = '75-001' and question = 'nom'"
    )
    reply = (
        'collection: registre\nterritory: "75"\ndata_year: 2011\ncorrections:\n'
        f"  - {{unit: 75-001, question: nom, received: {raw}, value: Le Phare, author: A, "
        "on: 2027-11-05}\n"
    )
    with pytest.raises(ReplyError, match=said):
        take_back(reply.encode(), "retour.yml", "Mme Essai", late)
    assert house.ask("select count(*) from query.reply") == [(0,)]

    # 94 closes later by its own days, without an export, and is opened again.
    year.until(moment(2027, 11, 16, *MORNING))
    year.until(moment(2027, 11, 20, *MORNING))
    with warehouse().begin() as connection:
        decide(
            connection, TerritoryYear("registre", "94", YEAR), Subject.CLOSES, date(2027, 11, 30),
            author="M. National", reason="serveur en panne", now=year.now,
        )  # fmt: skip
    year.until(moment(2027, 11, 21, *MORNING))
    delivered(house, "94")
    year.until(moment(2027, 12, 2, *MORNING))
    assert loaded(house, "94") == 3
    year.until(moment(2027, 12, 6, *MORNING))
    year.until(moment(2028, 2, 1, *MORNING), every=timedelta(days=20))
    year.until(moment(2028, 2, 20), every=DAILY * 9)


def test_a_year(house: Installation, office: MailServer) -> None:
    year = Year(house, office)
    spring_and_summer(year)
    autumn_and_winter(year)

    opened, closed = "La collecte est ouverte", "La collecte est close"
    silent = "Source sans réponse depuis 3\N{NO-BREAK SPACE}jours"
    expected, late_word = "Export attendu", "Export en retard"
    assert year.told("92") == [(opened, date(2027, 3, 8)), (closed, date(2027, 11, 1))]
    assert year.told("75") == [
        (opened, date(2027, 3, 8)), (silent, date(2027, 3, 11)), (expected, date(2027, 6, 15)),
        (late_word, date(2027, 7, 5)), (closed, date(2027, 11, 1)),
    ]  # fmt: skip
    assert year.told("93") == [
        (opened, date(2027, 3, 8)), (silent, date(2027, 3, 11)),
        ("Envoi refusé", date(2027, 4, 3)), ("Constats sans réponse", date(2027, 5, 3)),
        (silent, date(2027, 5, 7)), (expected, date(2027, 6, 15)), (late_word, date(2027, 7, 5)),
        (closed, date(2027, 11, 1)),
    ]  # fmt: skip
    assert year.told("94") == [
        (opened, date(2027, 3, 8)), (silent, date(2027, 3, 11)), (expected, date(2027, 6, 15)),
        (late_word, date(2027, 7, 5)), (late_word, date(2027, 10, 15)),
        (closed, date(2027, 11, 16)), ("La collecte est rouverte", date(2027, 11, 21)),
        (closed, date(2027, 12, 1)),
    ]  # fmt: skip
    assert year.told("national") == [
        ("Campagne ouverte", date(2027, 3, 8)),
        *[(silent, date(2027, 3, 11))] * 3,
        (silent, date(2027, 5, 7)),
        ("Campagne close et incomplète", date(2027, 11, 16)),
        ("Campagne close", date(2027, 12, 1)),
        ("Édition provisoire à publier", date(2027, 12, 6)),
        ("Édition définitive à publier", date(2028, 2, 1)),
    ]
    for code, times in year.asked.items():
        # A day is asked once; the last one once more, when it is over.
        days = [(day_begun(now), now >= moment(2027, 11, 1)) for now in times]
        assert len(days) == len(set(days)), code
    assert house.ask("select count(*) from notice.delivery where state <> 'delivered'") == [(0,)]


OPENING = moment(2027, 3, 8, *MORNING)


def rows(house: Installation, table: str) -> int:
    ((count,),) = house.ask(f"select count(*) from {table}")
    return int(count)


def test_two_rounds_at_once_do_it_once(house: Installation) -> None:
    prepare.fn("registre")
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: settle.fn("registre", YEAR, OPENING), range(4)))
    assert sorted(len(steps) for steps in made) == [0, 0, 0, 5]
    assert rows(house, "intake.calendar_step") == rows(house, "notice.message") == 5


def test_a_round_that_dies_has_done_nothing_and_the_next_does_it(house: Installation) -> None:
    prepare.fn("registre")
    with house.engine.begin() as connection:
        # The last of its statements fails: the campaign as a whole comes after its territories.
        connection.exec_driver_sql(
            "alter table intake.calendar_step add constraint broken check (territory is not null)"
        )
    with pytest.raises(IntegrityError, match="broken"):
        settle.fn("registre", YEAR, OPENING)
    assert rows(house, "intake.calendar_step") == rows(house, "notice.message") == 0
    with house.engine.begin() as connection:
        connection.exec_driver_sql("alter table intake.calendar_step drop constraint broken")
    assert [kind for _, kind in settle.fn("registre", YEAR, OPENING)] == [StepKind.OPEN] * 5


def test_a_campaign_of_years_ago_is_announced_to_nobody_and_stays_open(house: Installation) -> None:
    """A new installation fetches its past years whenever it likes."""
    prepare.fn("registre")
    assert settle.fn("registre", YEAR, moment(2029, 1, 1, 8)) == []
    assert ("registre", YEAR) not in campaigns_under_way.fn(moment(2029, 1, 1, 8))
    assert rows(house, "intake.calendar_step") == 0
    delivered(house, "92", 40)
    key = TerritoryYear("registre", "92", YEAR)
    assert not isinstance(take_upload(key, file_of(house, "92").read_bytes(), "a.csv", "x"), Taken)


class TestDecisions:
    def decided(self, key: TerritoryYear, subject: Subject, day: date, **given: str) -> None:
        said = {"author": "M. National", "reason": "serveur en panne"} | given
        with warehouse().begin() as connection:
            decide(connection, key, subject, day, now=OPENING, **said)

    def dates(self, house: Installation, code: str) -> tuple[date, date]:
        ((deadline, closes),) = house.ask(
            "select deadline, closes from quality.campaign_calendar where territory = %s "
            "and collection = 'registre' and data_year = 2011", code
        )  # fmt: skip
        return deadline, closes

    def test_the_last_one_counts_and_touches_no_other(self, house: Installation) -> None:
        prepare.fn("registre")
        key = TerritoryYear("registre", "75", YEAR)
        self.decided(key, Subject.CLOSES, date(2027, 12, 24))
        self.decided(key, Subject.DEADLINE, date(2027, 9, 1))
        self.decided(key, Subject.CLOSES, date(2027, 11, 20))
        assert self.dates(house, "75") == (date(2027, 9, 1), date(2027, 11, 20))
        assert self.dates(house, "92") == (date(2027, 6, 30), date(2027, 10, 31))
        with pytest.raises(DBAPIError, match="never changed"), house.engine.begin() as connection:
            connection.exec_driver_sql("update intake.calendar_decision set reason = ''")

    @pytest.mark.parametrize(("given", "said"), [
        ({"reason": " "}, "pourquoi"),
        ({"author": ""}, "qui décide"),
    ])  # fmt: skip
    def test_nobody_decides_without_a_reason(
        self, house: Installation, given: dict[str, str], said: str
    ) -> None:
        key = TerritoryYear("registre", "75", YEAR)
        with pytest.raises(RequestError, match=said):
            self.decided(key, Subject.CLOSES, date(2027, 12, 24), **given)
        assert rows(house, "intake.calendar_decision") == 0

    def test_a_day_that_is_over_or_a_place_that_is_none_is_refused(
        self, house: Installation
    ) -> None:
        with pytest.raises(RequestError, match="passé"):
            self.decided(TerritoryYear("registre", "75", YEAR), Subject.CLOSES, date(2027, 3, 7))
        with pytest.raises(RequestError, match="n'interroge"):
            self.decided(TerritoryYear("registre", "13", YEAR), Subject.CLOSES, date(2027, 4, 7))
        assert rows(house, "intake.calendar_decision") == 0


def test_the_command_says_where_everyone_stands(house: Installation) -> None:
    run = CliRunner().invoke
    delivered(house, "92", 40)
    file_of(house, "93").write_bytes(PAGE)
    round_at(house, moment(2027, 7, 1, *MORNING))

    shown = run(app, ["campaign", "status", "registre", "2011", "--on", "2027-07-01", "--json"])
    assert shown.exit_code == 0, shown.output
    (campaign_said,) = json.loads(shown.stdout)
    states = {one["territory"]: one["state"] for one in campaign_said["territories"]}
    assert states == {"75": "late", "92": "validated", "93": "refused", "94": "late"}
    assert campaign_said["simulated"] is True
    (late,) = [one for one in campaign_said["territories"] if one["territory"] == "75"]
    assert (late["next"], late["next_day"]) == ("rappel", "2027-07-05")
    before = run(app, ["campaign", "status", "registre", "2011", "--on", "2027-06-30", "--json"])
    assert '"expected"' in before.stdout

    table = run(app, ["campaign", "status", "registre", "2011", "--on", "2027-07-01"],
                env={"COLUMNS": "200"})  # fmt: skip
    assert "2 en retard, 1 refusé" in table.output.replace(
        "1 refusé, 2 en retard", "2 en retard, 1 refusé"
    )
    assert "75 Territoire 75" in table.output
    moved = ["campaign", "reopen", "registre", "75", "2011", "--until", "2999-12-31",
             "--author", "M. National", "--reason", "serveur en panne"]  # fmt: skip
    assert run(app, moved).exit_code == 0
    later = ["campaign", "postpone", "registre", "75", "2011", "--to", "2999-12-01",
             "--author", "M. National", "--reason", "congés"]  # fmt: skip
    assert run(app, later).exit_code == 0
    said = run(app, ["campaign", "decisions"], env={"COLUMNS": "200"}).output
    assert "serveur en panne" in said
    assert "2999-12-01" in said

    page = (house.home / "reports" / "registre" / "2011-avancement.html").read_text("utf-8")
    assert "à ne pas publier" in page
    assert "Données simulées" in page
    assert "Territoire 75" in page
