"""The scheduled collection: a frequent flow that asks the calendar whether anything is due.

Prefect plans runs at most a hundred days ahead: a yearly schedule would show nothing for most of
the year. So this runs daily and mostly finds nothing open.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from prefect import flow

from flows.campaign import campaign
from senacs.deliveries import RunOutcome
from tasks.campaigns import due_campaigns, outcomes_in

PARIS = ZoneInfo("Europe/Paris")


@flow(name="collection-round", flow_run_name="collection-round-{day}")
def collection_round(day: date | None = None) -> list[RunOutcome]:
    """Collecte toutes les campagnes ouvertes ce jour ; sans campagne ouverte, ne fait rien.

    Args:
        day: Jour du calendrier à considérer ; par défaut aujourd'hui, heure de Paris.
    """
    today = day or datetime.now(PARIS).date()
    return [
        ended
        for collection, data_year in due_campaigns(today)
        for ended in outcomes_in(campaign(collection, data_year, return_state=True))
    ]
