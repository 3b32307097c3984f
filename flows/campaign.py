"""A collection's whole campaign about one data year: every territory, then the indicators."""

from prefect import flow

from flows.indicators import indicators
from flows.territory import territory
from senacs.codebook.parameters import CollectionName, DataYear
from senacs.deliveries import Outcome, RunOutcome
from tasks.campaigns import campaign_territories, outcome_of
from tasks.summary import summarise


@flow(name="campaign", flow_run_name="campaign-{collection}-{data_year}")
def campaign(collection: CollectionName, data_year: DataYear) -> list[RunOutcome]:
    """Collecte tous les territoires d'une campagne ; l'échec de l'un n'arrête pas les autres.

    Args:
        collection: Nom de la collecte, par exemple senacs.
        data_year: Année de l'activité décrite (et non année de la campagne).
    """
    outcomes = [
        outcome_of(key, territory(**vars(key), return_state=True))
        for key in campaign_territories(collection, data_year)
    ]
    # Also where nothing is new: a run that died after its load left its indicators behind.
    if any(ended.outcome in (Outcome.LOADED, Outcome.UNCHANGED) for ended in outcomes):
        indicators(collection, data_year)
    summarise(collection, data_year)
    return outcomes
