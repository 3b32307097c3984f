"""What a campaign declares, and what became of a territory whose run crashed."""

from datetime import date
from typing import Any
from uuid import UUID

from prefect import State, task
from prefect.cache_policies import NO_CACHE

from senacs.codebook import in_order, load_collection
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.settings import settings


@task(name="campaign-territories", cache_policy=NO_CACHE)
def campaign_territories(collection: str, data_year: int) -> list[TerritoryYear]:
    """The territories of a campaign, in declared order.

    Raises:
        CodebookError: no such collection or data year.
    """
    declared = load_collection(settings().codebook, collection)
    return [
        TerritoryYear(collection, territory.code, data_year)
        for territory in declared.campaign(data_year).territories
    ]


@task(name="due-campaigns", cache_policy=NO_CACHE)
def due_campaigns(today: date) -> list[tuple[str, int]]:
    """The (collection, data year) of every campaign that is open on that day.

    A collection comes after the one that is its register.
    """
    codebook = settings().codebook
    declared = [load_collection(codebook, name) for name in in_order(codebook)]
    return [
        (collection.collection, campaign.data_year)
        for collection in declared
        for campaign in collection.campaigns
        if campaign.opens <= today <= campaign.closes
    ]


def outcome_of(key: TerritoryYear, state: State[Any]) -> RunOutcome:
    """The outcome a territory's flow ended with; a flow that crashed has failed."""
    ended = state.result(raise_on_failure=False)
    if isinstance(ended, RunOutcome):
        return ended
    return RunOutcome(
        UUID(int=0), key, Outcome.FAILED, f"Erreur interne : {state.message or state.name}"
    )
