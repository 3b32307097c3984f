"""What keeps the collection going by itself: what died is done again, what waits is sent."""

from collections.abc import Sequence
from datetime import datetime

from prefect import State, flow

from flows.territory import road
from senacs.calendar import PARIS
from senacs.deliveries import Outcome, TerritoryYear
from tasks.crashed import begin_crashed_flows_again, crashed_territories
from tasks.notices import deliver
from tasks.prepare import prepare
from tasks.refresh import refresh
from tasks.requests import follow, fulfil
from tasks.summary import summarise


@flow(name="watch")
def watch(now: datetime | None = None) -> State[int]:
    """Reprend ce qui s'est interrompu, suit les demandes, envoie les avis en attente.

    Args:
        now: Moment à considérer, avec son fuseau ; par défaut maintenant.
    """
    moment = now or datetime.now(PARIS)
    for keys in crashed_territories():
        _again(keys)
    # Prefect's server may be what is missing, and people are to know what happened before.
    delivered = deliver(moment, return_state=True)
    begin_crashed_flows_again(moment)
    follow(moment)
    return delivered


def _again(keys: Sequence[TerritoryYear]) -> None:
    """Take these territories of one campaign along the road again, then its indicators."""
    collection, data_year = keys[0].collection, keys[0].data_year
    outcomes = road(keys, prepare(collection))
    if any(ended.outcome in (Outcome.LOADED, Outcome.UNCHANGED) for ended in outcomes):
        refresh(collection, data_year)
    for ended in outcomes:
        fulfil(ended)
    summarise(collection, data_year)
