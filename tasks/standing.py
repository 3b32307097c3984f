"""Where every territory of a campaign stands, read and written for the national team."""

from collections.abc import Sequence
from datetime import date, datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.calendar import paris_day
from senacs.codebook import load_collection
from senacs.pages.standing import StandingPage, standing_html, standing_page
from senacs.settings import settings
from senacs.warehouse.engine import Begin, in_warehouse
from tasks.calendar import standings
from tasks.outline import outline
from tasks.pages import replace_text


@task(name="newest-campaigns", cache_policy=NO_CACHE)
def newest_campaigns(collections: Sequence[str]) -> list[tuple[str, int]]:
    """The (collection, data year) of the last declared campaign of each of these collections."""
    declared = [load_collection(settings().codebook, name) for name in collections]
    return [
        (one.collection, max(campaign.data_year for campaign in one.campaigns))
        for one in declared
        if one.campaigns
    ]


@task(name="show-standing", cache_policy=NO_CACHE)
def show_standing(collection: str, data_year: int, now: datetime) -> str:
    """Write the French page about a campaign's territories, beside their reports; its path."""
    path = settings().home / "reports" / collection / f"{data_year}-avancement.html"
    replace_text(path, standing_html(standing_of(collection, data_year, paris_day(now))))
    return str(path)


def standing_of(
    collection: str, data_year: int, today: date, begin: Begin = in_warehouse
) -> StandingPage:
    """Where every territory of a campaign stands on that day, of those that the caller may read.

    Raises:
        CodebookError: no such collection or data year.
    """
    declared = load_collection(settings().codebook, collection)
    with begin() as connection:
        found = standings(connection, collection, data_year)
        return standing_page(declared, data_year, found, outline(connection), today)
