"""What a campaign declares, and what became of a territory whose run crashed."""

from datetime import date
from typing import Any
from uuid import UUID

from prefect import State, task
from prefect.cache_policies import NO_CACHE

from senacs.codebook import in_order, load_collection
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.settings import settings

_AT_ONCE = 25
"""Territories whose exports go along the road together. More would save little, hold their locks
longer and lose more where a process dies."""


@task(name="campaign-batches", cache_policy=NO_CACHE)
def campaign_batches(collection: str, data_year: int) -> list[list[TerritoryYear]]:
    """The territories of a campaign in declared order, some at a time.

    Raises:
        CodebookError: no such collection or data year.
    """
    declared = load_collection(settings().codebook, collection)
    keys = [
        TerritoryYear(collection, territory.code, data_year)
        for territory in declared.campaign(data_year).territories
    ]
    # As many in each, so that no pass is made for a last one alone.
    batches = -(-len(keys) // _AT_ONCE)
    return [keys[len(keys) * i // batches : len(keys) * (i + 1) // batches] for i in range(batches)]


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
