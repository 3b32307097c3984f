"""A collection's campaign about one data year: its territories, then the indicators."""

from prefect import State, flow, task
from prefect.cache_policies import NO_CACHE

from flows.territory import road
from senacs.codebook.parameters import CollectionName, DataYear
from senacs.deliveries import Outcome, RunOutcome
from tasks.campaigns import campaign_batches, campaign_state
from tasks.load import renew_statistics
from tasks.prepare import prepare
from tasks.refresh import refresh
from tasks.runners import taken_along
from tasks.summary import summarise

_along = task(name="batch", cache_policy=NO_CACHE)(road)


@flow(name="campaign", flow_run_name="campaign-{collection}-{data_year}")
def campaign(
    collection: CollectionName,
    data_year: DataYear,
    *,
    territories: list[str] | None = None,
    figures: bool = True,
) -> State[list[RunOutcome]]:
    """Collecte les territoires d'une campagne ; l'échec de l'un n'arrête pas les autres.

    Args:
        collection: Nom de la collecte, par exemple senacs.
        data_year: Année de l'activité décrite (et non année de la campagne).
        territories: Codes de territoires de collecte ; tous si rien n'est dit.
        figures: Recalcule aussi les indicateurs de l'année et de la suivante.
    """
    version = prepare(collection)
    outcomes = taken_along(_along, campaign_batches(collection, data_year, territories), version)
    if any(ended.outcome is Outcome.LOADED for ended in outcomes):
        renew_statistics(data_year)
    # Also where nothing is new: a run that died after its load left its indicators behind.
    if figures and any(ended.outcome in (Outcome.LOADED, Outcome.UNCHANGED) for ended in outcomes):
        refresh(collection, data_year)
    summarise(collection, data_year)
    return campaign_state(outcomes)
