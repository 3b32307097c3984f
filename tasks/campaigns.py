"""What campaigns declare, and what became of a territory whose run crashed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from prefect import State, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed

from senacs.codebook import declared_between, load_collection
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.notices.occasions import missing_of
from senacs.settings import settings


@task(name="campaign-batches", cache_policy=NO_CACHE)
def campaign_batches(
    collection: str, data_year: int, territories: Sequence[str] | None = None
) -> list[list[TerritoryYear]]:
    """The territories of a campaign in declared order, some at a time.

    Args:
        collection: of the campaign.
        data_year: of the campaign.
        territories: codes of those that are wanted; None for all.

    Raises:
        CodebookError: no such collection, data year or territory.
    """
    campaign = load_collection(settings().codebook, collection).campaign(data_year)
    wanted = (
        None if territories is None else {campaign.territory(code).code for code in territories}
    )
    keys = [
        TerritoryYear(collection, territory.code, data_year)
        for territory in campaign.territories
        if wanted is None or territory.code in wanted
    ]
    # As many in each, so that no pass is made for a last one alone.
    batches = -(-len(keys) // settings().batch_size)
    return [keys[len(keys) * i // batches : len(keys) * (i + 1) // batches] for i in range(batches)]


@task(name="campaigns-between", cache_policy=NO_CACHE)
def campaigns_between(
    collections: Sequence[str], first_year: int, last_year: int
) -> list[tuple[str, int]]:
    """The (collection, data year) of every declared campaign, oldest first, registers included.

    Raises:
        CodebookError: no such collection, or none of its campaigns is about these years.
    """
    found = declared_between(settings().codebook, collections, first_year, last_year)
    return [(collection, campaign.data_year) for collection, campaign in found]


def outcome_of(key: TerritoryYear, state: State[Any]) -> RunOutcome:
    """The outcome a territory's flow ended with; a flow that crashed has failed."""
    ended = state.result(raise_on_failure=False)
    if isinstance(ended, RunOutcome):
        return ended
    return not_ended(key, str(state.message or state.name))


def campaign_state(outcomes: list[RunOutcome]) -> State[list[RunOutcome]]:
    """How Prefect shows a campaign: `Partial`, with who is missing, where some are not loaded.

    It is completed all the same: what could be done is done, and no retry would do more.
    """
    missing = missing_of(outcomes)
    if not missing:
        return Completed(data=outcomes)
    names = ", ".join(f"{one.key.territory} ({one.outcome.french})" for one in missing)
    said = f"{len(missing)} territoires manquent sur {len(outcomes)} : {names}"
    return Completed(name="Partial", message=said, data=outcomes)


def outcomes_in(state: State[Any]) -> list[RunOutcome]:
    """What a campaign ended with.

    Raises:
        Exception: what ended it before its end.
    """
    found: list[RunOutcome] = state.result()
    return found


def not_ended(key: TerritoryYear, why: str, tries: int = 1) -> RunOutcome:
    """The outcome of a territory whose run has left none; `why` in French."""
    return RunOutcome(UUID(int=0), key, Outcome.FAILED, f"Erreur interne : {why}", tries=tries)
