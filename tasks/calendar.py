"""What the calendar of campaigns asks for, done once: its steps are recorded with their effect.

All that is decided of a campaign is decided under its lock, in the transaction that records it. So
two rounds at once do nothing twice, and one that dies leaves to the next what it has not done.
"""

from collections.abc import Sequence, Set
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.calendar import (
    MEMORY,
    CampaignDates,
    Step,
    StepKind,
    campaign_steps_due,
    collection_due,
    is_over,
    paris_day,
    steps_due,
)
from senacs.codebook import in_order, load_collection
from senacs.deliveries import RunOutcome, TerritoryYear
from senacs.notices.campaign import Whole, of_campaign, of_territory
from senacs.notices.kinds import notice_kind
from senacs.notices.model import Notice
from senacs.settings import settings
from senacs.standing import Standing, standing
from senacs.warehouse.engine import warehouse, warehouse_as_owner
from senacs.warehouse.revisions import upgrade
from senacs.warehouse.statements import execute, fetch
from tasks.notices import post


@task(name="campaigns-under-way", cache_policy=NO_CACHE)
def campaigns_under_way(now: datetime) -> list[tuple[str, int]]:
    """The (collection, data year) of every campaign of which something may be due at that moment.

    From its first day until its last closing or edition is a month ago. A collection comes after
    the one that is its register.
    """
    upgrade(warehouse_as_owner())
    today = paris_day(now)
    with warehouse().connect() as connection:
        rows = fetch(connection, "intake/campaigns_moved", since=today - MEMORY)
    moved = {(row["collection"], row["data_year"]) for row in rows}
    codebook = settings().codebook
    return [
        (collection.collection, campaign.data_year)
        for collection in (load_collection(codebook, name) for name in in_order(codebook))
        for campaign in collection.campaigns
        if campaign.dates.opens <= today
        and (
            today <= campaign.dates.last + MEMORY
            or (collection.collection, campaign.data_year) in moved
        )
    ]


@task(name="sources-due", cache_policy=NO_CACHE)
def sources_due(collection: str, data_year: int, now: datetime) -> list[str]:
    """The codes of the territories whose source is to be asked at that moment."""
    with warehouse().connect() as connection:
        done = _Done(connection, collection, data_year)
        return [
            one.territory
            for one in standings(connection, collection, data_year)
            if collection_due(one.dates, done.of(one.territory), one.received, now)
        ]


@task(name="note-visits", cache_policy=NO_CACHE)
def note_visits(outcomes: Sequence[RunOutcome], now: datetime) -> None:
    """Note that these territories' sources were asked, and which of them did not answer."""
    with warehouse().begin() as connection:
        for ended in outcomes:
            execute(
                connection,
                "intake/note_visit",
                **vars(ended.key),
                run_id=ended.run_id,
                now=now,
                day=paris_day(now),
            )


@task(name="settle-calendar", cache_policy=NO_CACHE)
def settle(collection: str, data_year: int, now: datetime) -> list[tuple[str | None, StepKind]]:
    """Do what is due of a campaign and record it; each step with its territory, None for the whole.

    Every notice is posted in the transaction that records its step.
    """
    with warehouse().begin() as connection:
        execute(connection, "intake/lock_calendar", key=f"{collection}/{data_year}")
        territories = standings(connection, collection, data_year)
        if not territories:
            return []
        settled = _settle_territories(connection, collection, data_year, territories, now)
        return settled + _settle_campaign(connection, collection, data_year, territories, now)


def standings(connection: Connection, collection: str, data_year: int) -> list[Standing]:
    """Where each territory of a campaign stands, by its code."""
    rows = fetch(connection, "quality/campaign_state", collection=collection, data_year=data_year)
    return [standing(row) for row in rows]


class _Done:
    """The keys that are settled of a campaign."""

    def __init__(self, connection: Connection, collection: str, data_year: int) -> None:
        self._keys: dict[str | None, set[str]] = {}
        for row in fetch(
            connection, "intake/calendar_steps", collection=collection, data_year=data_year
        ):
            self._keys.setdefault(row["territory"], set()).add(row["key"])

    def of(self, territory: str | None) -> Set[str]:
        """Those of a territory, or (None) of the campaign as a whole."""
        return self._keys.get(territory, set())


def _settle_territories(
    connection: Connection,
    collection: str,
    data_year: int,
    territories: Sequence[Standing],
    now: datetime,
) -> list[tuple[str | None, StepKind]]:
    done = _Done(connection, collection, data_year)
    patience = notice_kind("source-silent").after_days
    settled: list[tuple[str | None, StepKind]] = []
    for one in territories:
        key = TerritoryYear(collection, one.territory, data_year)
        own = done.of(one.territory)
        for step in steps_due(one.dates, own, one.received, now, patience=patience):
            notice = of_territory(key, one, step, paris_day(now))
            _record(connection, key, step, notice, now)
            settled.append((one.territory, step.kind))
    return settled


def _settle_campaign(
    connection: Connection,
    collection: str,
    data_year: int,
    territories: Sequence[Standing],
    now: datetime,
) -> list[tuple[str | None, StepKind]]:
    """The same of the campaign as a whole, its territories being settled."""
    done = _Done(connection, collection, data_year)
    declared = load_collection(settings().codebook, collection)
    campaign = declared.campaign(data_year)
    dates = CampaignDates(
        min(one.dates.opens for one in territories),
        max(one.dates.closes for one in territories),
        campaign.provisional_edition,
        campaign.final_edition,
    )
    over = all(is_over(one.dates, done.of(one.territory), now) for one in territories)
    steps = campaign_steps_due(dates, done.of(None), now, all_over=over)
    whole = Whole(collection, data_year, declared.label, dates, territories)
    for step in steps:
        key = TerritoryYear(collection, "", data_year)
        _record(connection, key, step, of_campaign(whole, step), now)
    return [(None, step.kind) for step in steps]


def _record(
    connection: Connection, key: TerritoryYear, step: Step, notice: Notice | None, now: datetime
) -> None:
    """Record all that a step settles, with what it tells."""
    for settles in step.settles:
        execute(
            connection,
            "intake/insert_calendar_step",
            collection=key.collection,
            data_year=key.data_year,
            territory=key.territory or None,
            key=settles,
            kind=str(step.kind),
            now=now,
        )
    if notice is not None:
        post(connection, [notice])
