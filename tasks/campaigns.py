"""What campaigns declare, and what became of a territory whose run crashed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from prefect import State, task
from prefect.cache_policies import NO_CACHE

from senacs.codebook import in_order, load_collection
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.errors import CodebookError
from senacs.settings import settings


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
    batches = -(-len(keys) // settings().batch_size)
    return [keys[len(keys) * i // batches : len(keys) * (i + 1) // batches] for i in range(batches)]


@task(name="campaigns-between", cache_policy=NO_CACHE)
def campaigns_between(
    collections: Sequence[str], first_year: int, last_year: int
) -> list[tuple[str, int]]:
    """The (collection, data year) of every declared campaign, oldest first.

    A collection's register comes with it, before it in each year: without the register of its year
    a survey is not read. Registers that are loaded are `unchanged` and cost little.

    Raises:
        CodebookError: no such collection, or none of its campaigns is about these years.
    """
    codebook = settings().codebook
    asked = {name: load_collection(codebook, name) for name in collections}
    for name, collection in asked.items():
        if not any(first_year <= one.data_year <= last_year for one in collection.campaigns):
            years = sorted(one.data_year for one in collection.campaigns)
            known = f"those are {', '.join(map(str, years))}" if years else "it declares none"
            raise CodebookError(
                f"{name} declares no campaign about {first_year}-{last_year}; {known}"
            )
    taken = asked.keys() | {one.register_collection for one in asked.values()}
    in_turn = [load_collection(codebook, name) for name in in_order(codebook) if name in taken]
    return [
        (collection.collection, data_year)
        for data_year in range(first_year, last_year + 1)
        for collection in in_turn
        if data_year in {one.data_year for one in collection.campaigns}
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
    return not_ended(key, str(state.message or state.name))


def not_ended(key: TerritoryYear, why: str, tries: int = 1) -> RunOutcome:
    """The outcome of a territory whose run has left none; `why` in French."""
    return RunOutcome(UUID(int=0), key, Outcome.FAILED, f"Erreur interne : {why}", tries=tries)
