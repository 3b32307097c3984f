"""A campaign's year in seconds: what the calendar asks for is done, missed by nothing, never twice.

Time is a parameter of the flow. PostgreSQL, the exports and the mail server are real.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.campaign import campaign
from flows.collection_round import collection_round
from flows.watch import watch
from senacs.calendar import PARIS
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.errors import RequestError
from senacs.notices.kinds import Audience
from senacs.notices.subscription import Channel, Subscription
from senacs.settings import PROJECT_ROOT
from senacs.warehouse.engine import warehouse
from tasks.calendar import settle
from tasks.decisions import Subject, decide
from tasks.requests import RequestKind, ask
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


def round_at(now: datetime) -> list[RunOutcome]:
    """What the two deployments do at a moment."""
    made = plain(
        collection_round,
        campaign=lambda *args, return_state: _campaign(*args),
    )(now)
    plain(watch, begin_crashed_flows_again=_nothing, follow=_nothing)(now)
    return made  # type: ignore[no-any-return]


def _campaign(*args: object) -> object:
    def one_after_the_other(_batch: object, batches: list[list[TerritoryYear]], version: str):
        return [ended for keys in batches for ended in road(keys, version)]

    road = plain(campaign, taken_along=one_after_the_other)
    return road(*args)


def _nothing(_now: datetime) -> None:
    """Prefect's part, which has tests of its own."""
