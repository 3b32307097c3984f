"""A territory's rerun: its own delivery, then the indicators of that data year."""

from prefect import State, flow

from flows.territory import road
from senacs.codebook.parameters import CollectionName, DataYear, TerritoryCode
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from tasks.prepare import prepare
from tasks.refresh import refresh
from tasks.requests import fulfil
from tasks.runs import final_state
from tasks.summary import summarise


@flow(name="rerun", flow_run_name="rerun-{collection}-{territory}-{data_year}")
def rerun(
    collection: CollectionName, territory: TerritoryCode, data_year: DataYear
) -> State[RunOutcome]:
    """Relance un seul territoire puis recalcule les indicateurs de l'année ; ne touche aucun autre.

    Args:
        collection: Nom de la collecte, par exemple senacs.
        territory: Code du territoire de collecte, par exemple 92.
        data_year: Année de l'activité décrite (et non année de la campagne).
    """
    key = TerritoryYear(collection, territory, data_year)
    (ended,) = road([key], prepare(collection))
    # Also where nothing is new: a run that died after its load left its indicators behind.
    if ended.outcome in (Outcome.LOADED, Outcome.UNCHANGED):
        refresh(collection, data_year)
    fulfil(ended)
    summarise(collection, data_year)
    return final_state(ended)
